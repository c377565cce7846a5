"""How long after the one before it each road user passes a line, one way: `headway_s`.

The time headway of the Highway Capacity Manual (chapter 4): from one passing a point to the next, all lanes of the
line and all counted classes together. Its mean is the inverse of the flow. The first pass of a film, and the first
after a gap, has none.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from passerby.classes import Label
from passerby.geometry import Line
from passerby.measures.line import LineMeasure
from passerby.records import Observation, Way
from passerby.stages import Scene

_GAP_S: Final = 2.0  # without a frame: who passed then was not seen
_LATE_S: Final = 60.0  # a pass may become certain so long after others that came later


class HeadwayMeasure:
    """Counts passes over `at` as `line` does, each with its headway; only `classes` where they are given."""

    def __init__(self, at: Line, *, classes: Sequence[Label] | None = None) -> None:
        self._line = LineMeasure(at, classes=classes)
        self._passed: dict[Way, list[float]] = {"in": [], "out": []}  # s, rising
        self._now_s = 0.0

    def update(self, scene: Scene) -> Iterable[Observation]:
        """Passes that became certain with this frame, with `headway_s` where there was one before."""
        if scene.time_s - self._now_s > _GAP_S:
            self._passed = {"in": [], "out": []}
        self._now_s = scene.time_s
        found = sorted((seen for _, seen in self._line.passes(scene)), key=lambda seen: seen.time_s)
        for seen in found:
            before = self._before(seen.way, seen.time_s)
            insort(self._passed[seen.way], seen.time_s)
            values = {} if before is None else {"headway_s": seen.time_s - before}
            yield replace(seen, values={**seen.values, **values})
        for times in self._passed.values():
            del times[: min(bisect_right(times, scene.time_s - _LATE_S), max(len(times) - 1, 0))]

    def _before(self, way: Way, time_s: float) -> float | None:
        """When the one before passed, or went through the line and is about to have passed."""
        passed = self._passed[way]
        known = passed[: bisect_right(passed, time_s)][-1:]
        return max([*known, *(t for t in self._line.crossing(way) if t < time_s)], default=None)
