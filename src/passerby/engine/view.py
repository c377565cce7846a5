"""One camera in an engine worker: what waits to be looked at, and what there is to tell the office."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from passerby.engine import headers
from passerby.engine.emptying import Emptying
from passerby.engine.headers import EndHeader, FrameHeader, FreeHeader, RingHeader
from passerby.engine.messages import Anchored, Ended, Message, Missed, Observed, Shown, Watched
from passerby.engine.streamtime import Placed, StreamTime
from passerby.engine.wire import Channel
from passerby.frame import Frame, Size
from passerby.ghost import Limiter, glyphs
from passerby.motion.home import Home
from passerby.pipeline import Camera
from passerby.records import Health
from passerby.ring import Ring
from passerby.stages import Crop, Look, Step

_LEAST_S: Final = 0.5  # over which a rate is told


@dataclass(slots=True, eq=False)
class _Waiting:
    frame: Frame
    read_s: float
    placed: Placed
    notes: list[Message]  # to be told before what is seen in it


@dataclass(frozen=True, slots=True, eq=False)
class _End:
    time_s: float
    is_final: bool
    reason: str = ""


@dataclass(slots=True)
class _Counts:
    frames: int = 0
    analysed: int = 0
    dropped: int = 0
    at_s: float = 0.0  # of the machine's clock


@dataclass(slots=True)
class Clocks:
    """The machine's clock, the same in all processes, and the time of day (UTC)."""

    monotonic: Callable[[], float]
    utc: Callable[[], datetime]


class View:
    """Takes frames of a camera from its ring, newest first, and gives them to its `pipeline.Camera`."""

    def __init__(
        self, number: int, camera: Camera, *, live: bool, clocks: Clocks, tell: Callable[[Message], None]
    ) -> None:
        self.name, self._number, self._camera, self._live = camera.name, number, camera, live
        self._clocks, self._tell = clocks, tell
        self.cost = 1.0  # detector inputs that a frame has needed lately
        self.analysed_s = float("-inf")  # when a frame was last looked at
        self.is_shown = False
        self.emptying: Emptying | None = None  # the picture of the empty place, while it is collected
        self.is_over = False
        self.decoder: Channel | None = None
        self._ring: Ring | None = None
        self._generation = 0
        self._queue: deque[_Waiting | _End] = deque()
        self._time = StreamTime()
        self._limiter = Limiter()
        self._before, self._now = _Counts(at_s=clocks.monotonic()), _Counts()
        self._heard = _Counts()  # as of the decode worker's last header
        self._last = _Last()
        self._home = Home()

    # -- from the decode worker ------------------------------------------------------------------------------

    def take_ring(self, header: RingHeader, fd: int, decoder: Channel) -> None:
        """Frames come through this memory from now on; raises ValueError if it is not what the header says."""
        ring = Ring.join(fd, Size(header.width, header.height), header.slots)
        self._leave_ring()
        self._ring, self._generation = ring, header.generation
        if decoder is not self.decoder:
            self.decoder, self._heard = decoder, _Counts()

    def take_frame(self, header: FrameHeader) -> None:
        """A slot holds a frame; raises ValueError where there is no such slot."""
        if self._ring is None or header.generation != self._generation or header.slot >= self._ring.slots:
            raise ValueError(f"{self.name}: a frame in a slot that is not there")
        self._count(header)
        placed = self._time.place(header.connection, header.index, header.time_s, header.read_s)
        frame = self._ring.frame(
            header.slot, camera=self.name, index=placed.index, time_s=placed.time_s,
            release=partial(self._release, self.decoder, header.generation, header.slot),
        )  # fmt: skip
        self._queue.append(_Waiting(frame, header.read_s, placed, self._notes(header, placed)))

    def take_end(self, header: EndHeader) -> None:
        """No more frames come through this connection."""
        self._count(header)
        time_s = self._time.at(header.connection, header.time_s)
        self._queue.append(_End(time_s, header.is_final, header.reason.decode(errors="replace")))

    def lose(self) -> None:
        """The decode worker is gone; what it has sent is wiped."""
        self.decoder = None
        self._drop_waiting(keep=0)
        if self._ring is not None:
            self._ring.close()
            self._ring = None
        self._queue.append(_End(self._time.at(0, 0.0), is_final=False))

    # -- looking ---------------------------------------------------------------------------------------------

    def next_frame(self) -> Frame | None:
        """The frame to be looked at next; live, the newest there is. An end that comes before it is settled."""
        if self._live:
            self._drop_waiting(keep=1)
        while self._queue and isinstance(end := self._queue[0], _End):
            self._queue.popleft()
            self._settle(end)
        first = self._queue[0] if self._queue else None
        return first.frame if isinstance(first, _Waiting) else None

    def drop_late(self, most_s: float) -> None:
        """Let go of a frame that has waited too long: a newer one will take its place."""
        newest = self._queue[-1] if self._queue else None
        if isinstance(newest, _Waiting) and self._clocks.monotonic() - newest.read_s > most_s:
            self._drop_waiting(keep=0)

    def ask(self) -> list[Crop]:
        """What must be looked at in the frame that waits."""
        frame = self.next_frame()
        if frame is None:
            return []
        more = [] if self.emptying is None else self.emptying.ask(frame)
        return self._camera.ask(frame) + more

    def looked(self, looks: Sequence[Look]) -> None:
        """Take in what was found in the frame that waits, tell the office, and let go of the frame."""
        waiting = self._queue.popleft()
        assert isinstance(waiting, _Waiting)
        with waiting.frame as frame:
            emptying = self.emptying
            mine, others = ([], looks) if emptying is None else emptying.parted(looks)
            step = self._camera.tell(frame, others)
            if emptying is not None:
                emptying.see(frame, mine, step)
            aspect = frame.size.width / frame.size.height
            is_home = self._home.update(frame, step.health.state)
            health = step.health if is_home else replace(step.health, state="moved")
            self._last = _Last(waiting.placed.time_s, health, frame.size)
        self._now.analysed += 1
        self.analysed_s = self._clocks.monotonic()
        for note in waiting.notes:
            self._tell(note)
        self._tell_step(step, aspect)

    def report(self) -> None:
        """Tell the office how well the camera was watched since the last report."""
        now_s = self._clocks.monotonic()
        before, now, past_s = self._before, self._now, max(now_s - self._before.at_s, _LEAST_S)
        analysed, dropped = now.analysed - before.analysed, now.dropped - before.dropped
        health = self._last.health
        self._tell(
            Watched(
                self.name, self._last.time_s, now.frames, now.analysed, now.dropped,
                rate=analysed / past_s, wanted=(analysed + dropped) / past_s, state=health.state,
                looked=health.looked, pictures=health.pictures,
                width=self._last.size.width, height=self._last.size.height,
            )
        )  # fmt: skip
        self._before = _Counts(now.frames, now.analysed, now.dropped, now_s)
        if self.emptying is not None:
            self.emptying.report()

    def stop(self, *, is_final: bool) -> None:
        """Settle what is open, and let go of everything; `is_final`: for good."""
        self._drop_waiting(keep=0)
        if not self.is_over:
            self._settle(_End(self._last.time_s, is_final))
        self._leave_ring()

    def _settle(self, end: _End) -> None:
        if not self.is_over and self._now.analysed:
            self._tell_step(self._camera.end(end.time_s), None)
        if end.is_final and not self.is_over:
            self.is_over = True
            self.report()
            self._tell(Ended(self.name, end.time_s, end.reason))
            self._leave_ring()

    def _tell_step(self, step: Step, aspect: float | None) -> None:
        if step.observations:
            self._tell(Observed(self.name, step.time_s, step.observations))
        if self.is_shown and aspect is not None and self._limiter.due(step.time_s):
            self._tell(Shown(self.name, step.time_s, glyphs(step.tracks, aspect)))

    def _drop_waiting(self, keep: int) -> None:
        """Let go of all frames but the newest `keep`; what they had to tell is told with the next one."""
        frames = [item for item in self._queue if isinstance(item, _Waiting)]
        late, kept = frames[: len(frames) - keep], frames[len(frames) - keep :]
        if not late:
            return
        notes = [note for item in late for note in item.notes]
        for item in late:
            item.frame.close()
            self._queue.remove(item)
        self._now.dropped += len(late)
        if kept:
            kept[0].notes[:0] = notes
        else:
            for note in notes:
                self._tell(note)

    def _count(self, header: FrameHeader | EndHeader) -> None:
        """Add what the decode worker has counted since its last header; it began at 0 when it was started."""
        self._now.frames += header.frames - self._heard.frames
        self._now.dropped += header.dropped - self._heard.dropped
        self._heard.frames, self._heard.dropped = header.frames, header.dropped

    def _notes(self, header: FrameHeader, placed: Placed) -> list[Message]:
        notes: list[Message] = []
        if placed.is_new:
            if placed.before_s is not None:
                notes.append(Missed(self.name, placed.before_s, placed.time_s))
            late_s = self._clocks.monotonic() - header.read_s
            notes.append(Anchored(self.name, placed.time_s, self._clocks.utc() - timedelta(seconds=late_s)))
        return notes

    def _release(self, decoder: Channel | None, generation: int, slot: int) -> None:
        if decoder is None or decoder is not self.decoder:
            return
        try:
            decoder.send(headers.pack(FreeHeader(self._number, generation, slot)))
        except ConnectionError:
            return  # it is gone, which its channel is about to say

    def _leave_ring(self) -> None:
        if self._ring is not None:
            self._ring.leave()
            self._ring = None


@dataclass(frozen=True, slots=True)
class _Last:
    time_s: float = 0.0
    health: Health = field(default_factory=Health)
    size: Size = field(default_factory=lambda: Size(0, 0))  # px of the frame
