"""Which tracks go on where others ended, for measures that remember something of each track."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from passerby.geometry import heights
from passerby.measures.handover import Handover
from passerby.measures.sides import USUAL_HEIGHT
from passerby.stages import Scene

Floats = NDArray[np.float64]


class Heirs:
    """Follows all tracks of a view; the rule is that of `Handover`, so that lines and zones agree with it."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[Floats, float, float]] = {}  # foot, height (heights of the picture), s
        self._ended: Handover[int] = Handover()

    def update(self, scene: Scene) -> list[tuple[int, int]]:
        """Take in one frame: pairs of a track that ended and the newborn that goes on from it."""
        tracks = scene.tracks
        feet = heights(tracks.foot, scene.aspect)
        tall = np.where(np.isfinite(tracks.height), tracks.height, USUAL_HEIGHT)
        ids = tracks.ids.tolist()
        for key in [key for key in self._last if key not in set(ids)]:
            self._ended.leave(*self._last.pop(key), key)
        pairs = []
        for row, key in enumerate(ids):
            if tracks.lost_s[row] > 0:
                continue
            if key not in self._last:
                before = self._ended.claim(feet[row], float(tall[row]), scene.time_s)
                if before is not None:
                    pairs.append((before, key))
            self._last[key] = feet[row], float(tall[row]), scene.time_s
        return pairs

    def gone(self, scene: Scene) -> list[int]:
        """Tracks from which nobody went on in time: what was remembered of them is to be forgotten."""
        return self._ended.expired(scene.time_s)
