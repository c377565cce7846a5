"""The last seconds of every track on the ground, from which speeds are taken.

A speed is the slope of the way over time, fitted to all sightings within a window by the median of the slopes
between pairs of them (Theil 1950, "A rank-invariant method of linear and polynomial regression analysis"; Sen
1968, "Estimates of the regression coefficient based on Kendall's tau"), so that a foot that jumps does not count.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.stages import Scene

Floats = NDArray[np.float64]

LEAST_S: Final = 0.25  # a window that is covered by less tells no speed
_PAIRS: Final = 40  # sightings that are compared with each other at most


class Trails:
    """Where each track was on the ground in the last `keep_s`."""

    def __init__(self, keep_s: float) -> None:
        self._keep_s = keep_s
        self._trails: dict[int, deque[tuple[float, float, float]]] = {}  # s, m, m

    def update(self, scene: Scene) -> None:
        """Take in what one frame saw; a scene without ground adds nothing."""
        since_s = scene.time_s - self._keep_s
        if scene.ground is not None:
            seen = (scene.tracks.lost_s <= 0) & np.isfinite(scene.ground).all(axis=1)
            for row in np.flatnonzero(seen):
                x, y = scene.ground[row].tolist()
                trail = self._trails.setdefault(int(scene.tracks.ids[row]), deque())
                trail.append((scene.time_s, x, y))
        for key, trail in list(self._trails.items()):
            while trail and trail[0][0] < since_s:
                trail.popleft()
            if not trail:
                del self._trails[key]

    def speed(self, key: int, start_s: float, end_s: float) -> float | None:
        """How fast a track went between two times, m/s; None where it was seen for too short."""
        trail = np.array([at for at in self._trails.get(key, ()) if start_s <= at[0] <= end_s])
        if len(trail) < 3 or trail[-1, 0] - trail[0, 0] < LEAST_S:
            return None
        trail = trail[np.unique(np.linspace(0, len(trail) - 1, _PAIRS).round().astype(int))]
        times, way = trail[:, 0], trail[:, 1:]
        late = times - times.mean()
        towards: Floats = late @ (way - way.mean(axis=0))
        length = float(np.hypot(*towards))
        if length == 0:
            return 0.0
        along = way @ (towards / length)
        one, other = np.triu_indices(len(times), 1)
        return max(0.0, float(np.median((along[other] - along[one]) / (times[other] - times[one]))))
