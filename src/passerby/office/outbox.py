"""What a receiver has not taken yet: written on a thread of its own, tried again, dropped when it is too much."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from passerby.errors import OutletError
from passerby.outlets import Sink
from passerby.records import Bands, Record

Tell = Callable[[str, str], None]  # name of the outbox, and what is to be said of it

LIMIT: Final = 10_000  # records
_PAUSES_S: Final = (1.0, 60.0)  # the first, and the longest


class Outbox:
    """A sink behind a bounded queue: `offer` never waits, and the oldest make room for the newest.

    ::

        office ──offer──► queue ──write──► sink        a failure is told once, and tried again after a pause
                            └ the oldest are dropped and counted
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
    ) -> None:
        self.name = name
        self._sink, self._say, self._limit = sink, tell, limit
        self._pauses_s, self._jitter = pauses_s, jitter
        self._changed = threading.Condition()
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

    def close(self, patience_s: float) -> int:
        """Write what waits, for so long at most, and close the sink; returns how many records are lost."""
        with self._changed:
            self._patient_until_s = time.monotonic() + patience_s
            self._changed.notify()
        self._thread.join(patience_s)
        return self._held

    def _run(self) -> None:
        pause_s = self._pauses_s[0]
        is_failing = False
        while (batch := self._next()) is not None:
            try:
                self._sink.write(batch)
            except OutletError as error:
                self._forget_moments()
                if not is_failing:
                    self._say(self.name, f"{error} It is tried again.")
                is_failing = True
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

    def _forget_moments(self) -> None:
        """Drop what is true for a moment only: nobody gets it late."""
        with self._changed:
            for _ in range(len(self._queue)):
                batch = self._queue.popleft()
                lasting = tuple(record for record in batch if not isinstance(record, Bands))
                self._held -= len(batch) - len(lasting)
                if lasting or not batch:
                    self._queue.append(batch if len(lasting) == len(batch) else lasting)

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
