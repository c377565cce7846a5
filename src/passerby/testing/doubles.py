"""Doubles for tests: a scripted source, a sink that keeps what it got, a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from passerby.errors import BrokenSource, SinkError, SourceError
from passerby.frame import Frame, Planes
from passerby.records import Measurement, Record, Statistics

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)


class _Item(Enum):
    END = "end"
    LOST = "lost"


END = _Item.END  # the stream ends here
LOST = _Item.LOST  # the connection breaks here; reading again goes on after it


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing comes for a while: the stream's time goes on without a frame."""

    seconds: float


Item = NDArray[np.uint8] | Pause | _Item


class ScriptedSource:
    """A source that plays a script of BGR pictures (h, w, 3), `Pause`, `LOST` and `END`.

    Frames are `1 / fps` seconds apart, and a pause is longer by what it says. `LOST` raises `BrokenSource`, or
    `SourceError` where no frame came before it; the next `frames` goes on with the item after it, as a camera
    that was reconnected does. A script without `END` ends with its last item.
    """

    def __init__(self, script: Sequence[Item], *, camera: str = "scripted", fps: float = 10.0) -> None:
        self._rest = iter(tuple(script))
        self._camera = camera
        self._step_s = 1 / fps
        self._time_s = 0.0
        self._index = 0

    def frames(self) -> Iterator[Frame]:
        """The frames up to the next `LOST` or `END`."""
        first = True
        for item in self._rest:
            if item is END:
                self._rest = iter(())
                return
            if item is LOST:
                raise SourceError("the script breaks here.") if first else BrokenSource("the script breaks here.")
            if isinstance(item, Pause):
                self._time_s += item.seconds
            elif not isinstance(item, _Item):
                yield self._frame(item)
                first = False

    def _frame(self, picture: NDArray[np.uint8]) -> Frame:
        frame = Frame(Planes.from_bgr(picture), camera=self._camera, index=self._index, time_s=self._time_s)
        self._index += 1
        self._time_s += self._step_s
        return frame


@dataclass(slots=True)
class ListSink:
    """A sink that keeps what it is given, and refuses as often as it is told to."""

    refusals: int = 0
    records: list[Record] = field(default_factory=list)
    closed: bool = False

    def write(self, records: Sequence[Record]) -> None:
        """Keep records; raises `SinkError` while refusals are left."""
        if self.refusals > 0:
            self.refusals -= 1
            raise SinkError("the sink was told to refuse.")
        self.records.extend(records)

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


@dataclass(slots=True)
class HandClock:
    """A clock that stands still until it is moved."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        """The time, UTC."""
        return self.now

    def advance(self, seconds: float) -> datetime:
        """Move the clock and return its time."""
        self.now += timedelta(seconds=seconds)
        return self.now


def rows(count: int, *, camera: str = "scripted", begin: datetime = BEGIN) -> tuple[Measurement, ...]:
    """Measurements such as `release` makes, a quarter of an hour each, in the order of a store."""
    step = timedelta(minutes=15)
    return tuple(_row(i, camera, begin + i * step, begin + (i + 1) * step) for i in range(count))


def _row(i: int, camera: str, start: datetime, end: datetime) -> Measurement:
    if i % 4 == 3:
        return Measurement(
            camera, "square", "89abcdef", "inside", "all", (), False, start, end, 0.5,
            mean=20.0 + i, p95=30.5 + i, bands={"20-24": 10.0, "25-29": 5.0}, detector="scripted", version="0",
        )  # fmt: skip
    speed = Statistics(1.4, 1.3, 1.9, ((0.0, 1.5, 12), (1.5, 3.0, 8 + i)))
    return Measurement(
        camera, "gate", "01234567", "passes", "mode", ("foot in", "foot out") if i % 2 else ("foot in",),
        bool(i % 2), start, end, 1.0, count=20 + i, values={"speed_m_s": speed}, detector="scripted", version="0",
    )  # fmt: skip
