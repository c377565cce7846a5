"""Counts what the service does, for its own health: what workers report, and what was released."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from passerby.engine import Died, Message, Spent, Watched
from passerby.records import Measurement, Record

TOGETHER: Final = "together"  # series that a row does not tell apart
OFFICE: Final = "office"  # this process, beside the workers


class Rising:
    """A number that only rises, though whoever tells it begins at 0 again when it is started anew."""

    def __init__(self) -> None:
        self._before = self._last = 0.0

    def hear(self, told: float) -> None:
        """Take what it is now."""
        if told < self._last:
            self._before += self._last
        self._last = told

    @property
    def value(self) -> float:
        """In all."""
        return self._before + self._last


@dataclass(frozen=True, slots=True)
class Frames:
    """Of one camera, in all."""

    frames: int  # decoded
    analysed: int
    dropped: int


class Counters:
    """All counters of a service; takes records as an outlet does. `cpu_s`: what this process has cost."""

    def __init__(self, cpu_s: Callable[[], float] = time.process_time) -> None:
        self.name = OFFICE
        self._cpu_s = cpu_s
        self._lock = threading.Lock()  # records come from the office, and whoever reads is on another thread
        self._frames: dict[str, tuple[Rising, ...]] = {}
        self._latest: dict[str, Watched] = {}
        self._spent: defaultdict[str, Rising] = defaultdict(Rising)
        self._restarts: Counter[str] = Counter()
        self._released: Counter[tuple[str, str, str]] = Counter()

    def hear(self, message: Message) -> None:
        """Take what a worker says of itself and of its cameras."""
        with self._lock:
            match message:
                case Watched(camera=camera, frames=frames, analysed=analysed, dropped=dropped):
                    counts = self._frames.setdefault(camera, (Rising(), Rising(), Rising()))
                    for count, told in zip(counts, (frames, analysed, dropped), strict=True):
                        count.hear(told)
                    self._latest[camera] = message
                case Spent(worker, cpu_s):
                    self._spent[worker].hear(cpu_s)
                    self._restarts[worker] += 0
                case Died(worker):
                    self._restarts[worker] += 1

    def offer(self, records: Sequence[Record]) -> None:
        """Count the passes of released rows by mode and way: of one cut only, so that none counts twice."""
        with self._lock:
            for row in records:
                if isinstance(row, Measurement) and row.quantity == "passes" and row.cut == "mode":
                    part = row.part[0] if len(row.part) == 1 else TOGETHER
                    self._released[row.camera, row.place, part] += row.count or 0

    def latest(self, camera: str) -> Watched | None:
        """What was last said of a camera; None: nothing yet."""
        with self._lock:
            return self._latest.get(camera)

    def frames(self) -> dict[str, Frames]:
        """By camera."""
        with self._lock:
            return {
                camera: Frames(*(int(count.value) for count in counts)) for camera, counts in self._frames.items()
            }

    def released(self) -> dict[tuple[str, str, str], int]:
        """Passes in rows that were released: by camera, place and part ("foot in"; `TOGETHER`)."""
        with self._lock:
            return dict(self._released)

    def cpu_s(self) -> dict[str, float]:
        """What each worker has cost, and this process."""
        with self._lock:
            return {OFFICE: self._cpu_s()} | {name: spent.value for name, spent in self._spent.items()}

    def restarts(self) -> dict[str, int]:
        """How often each worker was started again because it had died."""
        with self._lock:
            return dict(self._restarts)
