"""The share of time in which a place is occupied: occupancy, from 0 to 1.

That of a presence detector such as an induction loop: the time in which it is occupied by the time it watched
(Highway Capacity Manual, chapter 4; `occupancy` of NGSI-LD TrafficFlowObserved). The detector is what was drawn. A
zone is occupied while a foot is in it, so it is to be drawn as long along the way as a vehicle and the loop are
together. A line is occupied while what somebody stands on lies across it, which of a box is the lower part::

    person  the lower edge       cycle  a quarter       all others  half of the box
      ┌─┐                         ┌──┐                    ┌───────┐
      │ │                         │  │                    │┄┄┄┄┄┄┄│
    ──└━┘────── line              └┄┄┘                    └───────┘

The shares fit drawn streets that are seen about 15 degrees from the level; of a car, two thirds of the box lie on
the ground at 35 degrees, and all of it from above: `base` sets that.

Each pass carries `occupied_s`, the time in which the place was occupied since the pass before it. Its mean times
the number of passes, by the time watched, is the occupancy again: so it can be said of many passes together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class, Label, parse
from passerby.geometry import Line, Zone, heights
from passerby.measures.line import LineMeasure
from passerby.measures.zone import ZoneMeasure
from passerby.records import Observation, Pass, Sample
from passerby.stages import Scene

Floats = NDArray[np.float64]

_BASE: Final = {"foot": 0.0, "cycle": 0.25}  # by mode: share of a box that lies on the ground; of all others:
_BROAD: Final = 0.5
_GAP_S: Final = 2.0  # without a frame: what was there then was not seen
_HIDDEN_S: Final = 0.5  # who was not found for so long covers no line


class OccupancyMeasure:
    """Samples whether `at` is occupied (1) or free (0), by `classes` where they are given, and counts its passes.

    `base`: share of the height of a box, from below, that lies on the ground; by default half, of cycles a
    quarter, of people nothing. `sample_s`: s between two samples; a sample is of the place, and of class `unknown`
    unless one class is given.
    """

    def __init__(
        self,
        at: Line | Zone,
        *,
        classes: Sequence[Label] | None = None,
        base: float | None = None,
        sample_s: float = 0.2,
    ) -> None:
        if base is not None and not 0 <= base <= 1:
            raise ValueError(f"base is a share of a box's height from 0 to 1, not {base:g}")
        if sample_s <= 0:
            raise ValueError(f"sample_s is a time above 0, not {sample_s:g}")
        self._place = at
        self._counts = (
            LineMeasure(at, classes=classes) if isinstance(at, Line) else ZoneMeasure(at, classes=classes)
        )
        self._classes = frozenset(Class if classes is None else map(parse, classes))
        self._class = min(self._classes) if len(self._classes) == 1 else Class.UNKNOWN
        self._base = np.array([_BASE.get(c.mode, _BROAD) if base is None else base for c in Class])
        self._sample_s = sample_s
        self._sampled = -np.inf
        self._seen_s = -np.inf
        self._occupied_s = 0.0  # since the last pass

    def update(self, scene: Scene) -> Iterable[Observation]:
        """Passes that became certain with this frame, each with `occupied_s`, then a sample where one is due."""
        passes = [seen for _, seen in self._counts.passes(scene)]
        occupied = self._occupied(scene)
        since_s = scene.time_s - self._seen_s
        self._seen_s = scene.time_s
        if occupied and since_s <= _GAP_S:
            self._occupied_s += since_s
        yield from self._share(passes)
        due = np.floor(scene.time_s / self._sample_s + 1e-6)
        if due > self._sampled and not scene.over:
            self._sampled = due
            yield Sample(self._place.name, scene.time_s, "occupancy", self._class, float(occupied))

    def _share(self, passes: Sequence[Pass]) -> Iterator[Pass]:
        """Those who passed in one frame share the time since the last pass."""
        for seen in passes:
            yield replace(seen, values={**seen.values, "occupied_s": self._occupied_s / len(passes)})
        if passes:
            self._occupied_s = 0.0

    def _occupied(self, scene: Scene) -> bool:
        if isinstance(self._counts, ZoneMeasure):
            return any(class_ in self._classes for class_ in self._counts.within().values())
        tracks = scene.tracks
        counted = [class_ in self._classes for class_ in tracks.class_id.tolist()]
        here = tracks.keep(tracks.confirmed & (tracks.lost_s <= _HIDDEN_S) & np.array(counted, np.bool_))
        width, height = (here.xyxy[:, 2:] - here.xyxy[:, :2]).astype(np.float64).T
        tall = np.where(np.isfinite(here.height), here.height, 0.0)
        wide = tall * width / np.maximum(height, 1e-9)
        feet = heights(here.foot, scene.aspect)
        low = feet + np.column_stack([wide / 2, np.zeros(len(here))])
        high = feet - np.column_stack([wide / 2, tall * self._base[here.class_id]])
        a, b = heights(self._place.points, scene.aspect)
        return bool(across(a, b, high, low).any())


def across(a: Floats, b: Floats, low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Which upright rectangles from `low` to `high` (n, 2) the way from a to b (2,) touches.

    Liang and Barsky 1984, "A new concept and method for line clipping".
    """
    along = np.where(b == a, 1e-12, b - a)
    one, other = (low - a) / along, (high - a) / along
    enters = np.minimum(one, other).max(axis=1, initial=0.0)
    leaves = np.maximum(one, other).min(axis=1, initial=1.0)
    touched: NDArray[np.bool_] = enters <= leaves
    return touched
