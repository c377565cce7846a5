"""One camera's frames on their way out of a decode worker: into free slots, else only the newest waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from passerby.engine import headers
from passerby.engine.headers import EndHeader, FrameHeader, RingHeader
from passerby.engine.wire import Channel
from passerby.frame import Frame
from passerby.ring import Ring

SLOTS: Final = 2  # one is being looked at while the next one waits


class Lane:
    """Hands frames to whichever engine worker is attached.

    ::

        frame due ──► waiting (the newest only) ──► a free slot ──► engine
                          └ an older one is dropped and counted       │
                                        free again ◄──────────────────┘

    With `keeps` nothing is dropped: whoever brings a frame waits for a slot. Two threads meet here, the camera's
    own and the one that hears from the engine.
    """

    def __init__(
        self,
        camera: int,
        *,
        keeps: bool = False,
        slots: int = SLOTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._camera, self._keeps, self._slots, self._clock = camera, keeps, slots, clock
        self._changed = threading.Condition()
        self._engine: Channel | None = None
        self._ring: Ring | None = None
        self._generation = 0
        self._free: list[int] = []
        self._waiting: tuple[Frame, int, float] | None = None  # with its connection, and when it was read
        self._owed: EndHeader | None = None  # an end that no engine has heard of yet
        self._closed = False
        self.frames = 0  # decoded
        self.dropped = 0
        self.last_read_s = clock()

    def attach(self, engine: Channel) -> None:
        """Send to this engine from now on."""
        with self._changed:
            self._engine = engine
            self._flush()
            self._changed.notify_all()

    def detach(self) -> None:
        """The engine is gone, and what it was looking at with it."""
        with self._changed:
            self._engine = None
            self._drop_ring()

    def seen(self) -> None:
        """Note that a frame was decoded, whether it is due or not."""
        self.frames += 1
        self.last_read_s = self._clock()

    def bring(self, frame: Frame, connection: int) -> None:
        """Take over a frame that is due."""
        with self._changed:
            if self._closed:
                frame.close()
                return
            if self._waiting is not None:
                self._waiting[0].close()
                self.dropped += 1
            self._waiting = frame, connection, self._clock()
            self._flush()
            if self._keeps:
                self._changed.wait_for(lambda: self._waiting is None or self._closed)

    def free(self, generation: int, slot: int) -> None:
        """The engine is done with a slot."""
        with self._changed:
            if generation == self._generation and self._ring is not None:
                self._free.append(slot)
                self._flush()
                self._changed.notify_all()

    def end(self, connection: int, time_s: float, *, is_final: bool, reason: str = "") -> None:
        """The connection is over; a frame that still waits is sent before."""
        with self._changed:
            self._owed = EndHeader(
                self._camera, connection, time_s, is_final, self.frames, self.dropped, reason.encode()
            )
            self._flush()

    def close(self) -> None:
        """Take no more, and let go; the engine may still look at the slots that it holds, and wipes them."""
        with self._changed:
            if self._waiting is not None:
                self._waiting[0].close()
                self._waiting = None
            self._flush()
            self._closed = True
            if self._ring is not None:
                self._ring.leave()
                self._ring = None
            self._changed.notify_all()

    def _flush(self) -> None:
        if self._engine is None or self._closed:
            return
        try:
            if self._waiting is not None:
                self._send_waiting(self._engine, *self._waiting)
            if self._waiting is None and self._owed is not None:
                self._engine.send(headers.pack(self._owed))
                self._owed = None
        except ConnectionError:
            self._engine = None
            self._drop_ring()

    def _send_waiting(self, engine: Channel, frame: Frame, connection: int, read_s: float) -> None:
        if self._ring is None or self._ring.size != frame.size:
            self._new_ring(engine, frame)
        if not self._free or self._ring is None:
            return
        slot = self._free.pop()
        with frame:
            self._ring.write(slot, frame)
        self._waiting = None
        header = FrameHeader(
            self._camera, self._generation, slot, connection, frame.index, frame.time_s, read_s,
            self.frames, self.dropped,
        )  # fmt: skip
        engine.send(headers.pack(header))

    def _new_ring(self, engine: Channel, frame: Frame) -> None:
        if self._ring is not None:
            self._ring.leave()  # the engine wipes the slots that it holds; all others are wiped
        self._ring = Ring.create(frame.size, self._slots)
        self._generation += 1
        self._free = list(range(self._slots))
        header = RingHeader(self._camera, self._generation, *frame.size, self._slots)
        engine.send(headers.pack(header), [self._ring.fd])

    def _drop_ring(self) -> None:
        if self._ring is not None:
            self._ring.close()
            self._ring = None
        self._free = []
