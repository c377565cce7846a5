"""How fast road users pass a line: the speed on the ground, of each pass as `speed_mps`.

The spot speed at a point of the way: its mean is the *time mean speed* of those who passed (Highway Capacity
Manual, chapter 4), its 85th percentile the one that speed limits are compared with (MUTCD, speed limit signs). It
is taken from where the foot was on the ground within a window around the crossing (`trails`), in metres a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from passerby.classes import Label
from passerby.geometry import Line
from passerby.ground import Ground, needed
from passerby.measures.line import LineMeasure
from passerby.measures.trails import Trails
from passerby.records import Observation
from passerby.stages import Scene

_MEMORY_S: Final = 10.0  # who stands on the line for longer before the pass is certain has no speed


class SpeedMeasure:
    """Counts passes over `at` as `line` does, each with its speed on the ground; only `classes` where given.

    `window_s`: s before and after the crossing from which the speed is taken; longer is steadier, and blinder to
    braking.
    """

    def __init__(
        self,
        at: Line,
        *,
        classes: Sequence[Label] | None = None,
        window_s: float = 1.0,
        ground: Ground | None = None,
    ) -> None:
        if window_s <= 0:
            raise ValueError(f"window_s is a time above 0, not {window_s:g}")
        needed(ground, "a speed", at)
        self._line = LineMeasure(at, classes=classes)
        self._window_s = window_s
        self._trails = Trails(max(_MEMORY_S, 2 * window_s))

    def update(self, scene: Scene) -> Iterable[Observation]:
        """Passes that became certain with this frame, with `speed_mps` where they were seen long enough."""
        self._trails.update(scene)
        for key, seen in self._line.passes(scene):
            speed = self._trails.speed(key, seen.time_s - self._window_s, seen.time_s + self._window_s)
            yield seen if speed is None else replace(seen, values={**seen.values, "speed_mps": speed})
