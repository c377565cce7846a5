"""What a receiver has not taken yet: written on a thread of its own, tried again, dropped when it is too much."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

from passerby.errors import OutletError
from passerby.office.waiting import still_told
from passerby.outlets import Sink
from passerby.records import Record

Tell = Callable[[str, str], None]  # name of the outbox, and what is to be said of it

LIMIT: Final = 10_000  # records
SPOOL_S: Final = 60.0  # between two times that what waits is written to the disk
_BATCH: Final = 100  # records that are taken up together
_PAUSES_S: Final = (1.0, 60.0)  # the first, and the longest


class Spool(Protocol):
    """Keeps what waits for a receiver while nobody is there to tell it."""

    def load(self) -> Sequence[Record]:
        """What was saved last and may still be told; nothing where that cannot be read."""
        ...

    def save(self, records: Sequence[Record]) -> None:
        """Keep these in the place of those before, as far as they may be kept; raises OSError."""
        ...


def _utc() -> datetime:
    return datetime.now(UTC)


class Outbox:
    """A sink behind a bounded queue: `offer` never waits, and the oldest make room for the newest.

    ::

        office ──offer──► queue ──write──► sink        a failure is told once, and tried again after a pause
                            ├ the oldest are dropped and counted
                            └──► spool                 while it fails, and at the end

    `spool`: keeps what waits, and gives it back to the outbox that comes after this one (`take_up`).
    `clock`: the time of day (UTC), by which what waits grows old.
    """

    def __init__(
        self,
        name: str,
        sink: Sink,
        *,
        tell: Tell,
        limit: int = LIMIT,
        pauses_s: tuple[float, float] = _PAUSES_S,
        jitter: Callable[[], float] = random.random,
        spool: Spool | None = None,
        clock: Callable[[], datetime] = _utc,
    ) -> None:
        self.name = name
        self._spool, self._clock = spool, clock
        self._spooled_s: float | None = None  # when it was last written; None: nothing is in it
        self._is_spool_broken = False
        self._sink, self._say, self._limit = sink, tell, limit
        self._pauses_s, self._jitter = pauses_s, jitter
        self._changed = threading.Condition()
        self._spooling = threading.Lock()  # one write after the other
        self._queue: deque[Sequence[Record]] = deque()  # batches as they were offered
        self._held = 0  # records in the queue
        self._patient_until_s: float | None = None  # once it is closing
        self.dropped = 0  # records, in all
        self._thread = threading.Thread(target=self._run, name=f"outbox {name}", daemon=True)
        self._thread.start()

    def __len__(self) -> int:
        """Records that wait."""
        return self._held

    def offer(self, records: Sequence[Record]) -> None:
        """Queue records that belong together; none at all wakes a sink that has something of its own to do."""
        with self._changed:
            self._queue.append(tuple(records))
            self._held += len(records)
            while self._held > self._limit and len(self._queue) > 1:
                dropped = len(self._queue.popleft())
                self._held -= dropped
                self.dropped += dropped
            self._changed.notify()

    def take_up(self) -> None:
        """Queue what an outbox before this one left; before anything is offered."""
        if self._spool is None:
            return
        waiting = tuple(self._spool.load())
        if waiting:
            self._spooled_s = 0.0
        for start in range(0, len(waiting), _BATCH):
            self.offer(waiting[start : start + _BATCH])

    def close(self, patience_s: float) -> int:
        """Write what waits, for so long at most, and close the sink; returns how many records are lost."""
        with self._changed:
            self._patient_until_s = time.monotonic() + patience_s
            self._changed.notify()
        self._thread.join(patience_s)
        is_kept = self._save() if self._held or self._spooled_s is not None else True
        return 0 if self._spool is not None and is_kept else self._held

    def _run(self) -> None:
        pause_s = self._pauses_s[0]
        is_failing = False
        while (batch := self._next()) is not None:
            try:
                self._sink.write(batch)
            except OutletError as error:
                self._grow_old()
                if not is_failing:
                    self._say(self.name, f"{error} It is tried again.")
                is_failing = True
                self._save_sometimes()
                if not self._wait(pause_s * (0.5 + 0.5 * self._jitter())):
                    break
                pause_s = min(2 * pause_s, self._pauses_s[1])
                continue
            except Exception as error:  # noqa: BLE001 - a stranger's plugin must not end the house
                self.dropped += len(batch)
                self._say(self.name, f"it failed by a mistake of its own ({type(error).__name__}).")
            self._taken(batch)
            if is_failing:
                self._say(self.name, f"it takes records again; {self.dropped} were dropped so far.")
            pause_s, is_failing = self._pauses_s[0], False
            if not self._held and self._spooled_s is not None:
                self._save()
        self._sink.close()

    def _next(self) -> Sequence[Record] | None:
        """The oldest batch, which stays in the queue until it is taken; None: nothing is left to do."""
        with self._changed:
            while not self._queue and self._patient_until_s is None:
                self._changed.wait()
            return self._queue[0] if self._queue else None

    def _taken(self, batch: Sequence[Record]) -> None:
        with self._changed:
            if self._queue and self._queue[0] is batch:  # else it was dropped meanwhile
                self._queue.popleft()
                self._held -= len(batch)

    def _grow_old(self) -> None:
        """Leave out what nobody is told late."""
        with self._changed:
            self._queue = deque(still_told(self._queue, self._clock()))
            self._held = sum(map(len, self._queue))

    def _save_sometimes(self) -> None:
        """Keep what waits, as of now or of a minute ago; the file's own time then tells nothing of an alert."""
        if self._spooled_s is None or time.monotonic() - self._spooled_s >= SPOOL_S:
            self._save()

    def _save(self) -> bool:
        """Keep what waits, or that nothing does; whether it is kept."""
        if self._spool is None:
            return False
        with self._spooling:
            with self._changed:
                waiting = [record for batch in self._queue for record in batch]
            try:
                self._spool.save(waiting)
            except OSError as error:
                if not self._is_spool_broken:
                    self._say(self.name, f"what waits cannot be kept on the disk ({error.strerror}).")
                self._is_spool_broken = True
                return False
            self._is_spool_broken = False
            self._spooled_s = time.monotonic() if waiting else None
            return True

    def _wait(self, pause_s: float) -> bool:
        """Pause before the next try; False: there is no time for one."""
        until_s = time.monotonic() + pause_s
        with self._changed:
            while True:
                now_s = time.monotonic()
                if self._patient_until_s is not None:
                    until_s = min(until_s, now_s + self._pauses_s[0] / 10)
                    if now_s >= self._patient_until_s:
                        return False
                if now_s >= until_s:
                    return True
                self._changed.wait(until_s - now_s)
