"""When each known object must be looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Tracks
from passerby.look.regions import Floats, grown, meets, sizes

_SHARE: Final = 0.35  # of the time it has been known that may pass until the next look,
_CROWDED: Final = 0.6  # of that among others
_NEAR: Final = 0.2  # sizes: objects so near to each other hide each other soon
_RESTS: Final = 0.15  # sizes/s: what is slower, and does not stir, stands
_SAME: Final = 0.5  # overlap (IoU) from which a box found is that of something known
_SETTLED_S: Final = 0.6  # s after which a speed can be told
_WHEELED: Final = np.array([c.mode in ("motor", "cycle") for c in Class])
_STIRS: Final = 0.04  # share of a box that stirs where something moves


@dataclass(frozen=True, slots=True)
class Pace:
    """How often objects are looked at, in seconds."""

    soon_s: float = 0.15  # something new, or missed
    moving_s: float = 0.5  # something well known that moves,
    step: float = 0.2  # and before it has gone so many of its own sizes
    still_s: float = 0.5  # something that stands


class Known:
    """Remembers of each track when it was last looked at, and how often in vain.

    The time until the next look grows with the time for which something has been known, up to that of its
    kind; among others it is shorter, and after a look in vain it doubles.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._ids: NDArray[np.uint64] = np.empty(0, np.uint64)
        self._boxes: Floats = np.empty((0, 4))
        self._since_s = np.empty(0)
        self._looked_s = np.empty(0)
        self._vain = np.empty(0)
        self._due_s = np.empty(0)
        self._rests: NDArray[np.bool_] = np.empty(0, np.bool_)
        self.fastest = 0.0  # sizes/s; inf: something may be as fast as can be

    @property
    def boxes(self) -> Floats:
        """Where the tracks are (n, 4) px."""
        return self._boxes

    @property
    def looked_s(self) -> Floats:
        """When each was last looked at (n,)."""
        return self._looked_s

    @property
    def due_s(self) -> Floats:
        """When each must be looked at (n,)."""
        return self._due_s

    def update(self, time_s: float, tracks: Tracks, height: int, stirs: Floats | None) -> None:
        """These are there now, in a picture of `height` px; share (n,) of each that stirs, None = not known."""
        if not np.array_equal(tracks.ids, self._ids):
            self._follow(tracks.ids, time_s - tracks.lost_s)
        self._boxes = tracks.xyxy.astype(np.float64)
        self._due_s = self._looked_s + self._wait_s(time_s, tracks, height, stirs)

    def _follow(self, ids: NDArray[np.uint64], born_s: Floats) -> None:
        """Others are there than before, born at these times (n,)."""
        rows = {i: row for row, i in enumerate(self._ids.tolist())}
        old = np.array([rows.get(i, -1) for i in ids.tolist()], np.intp)
        new = old < 0

        def carried(values: Floats, fresh: Floats | float) -> Floats:
            return np.where(new, fresh, np.append(values, 0.0)[old])

        self._since_s = carried(self._since_s, born_s)
        self._looked_s = carried(self._looked_s, born_s)
        self._vain = carried(self._vain, 0.0)
        self._ids = ids

    def _wait_s(self, time_s: float, tracks: Tracks, height: int, stirs: Floats | None) -> Floats:
        pace, length = self._pace, sizes(self._boxes)
        speed = np.hypot(tracks.velocity[:, 0], tracks.velocity[:, 1]) * height / length
        settled = time_s - self._since_s > _SETTLED_S
        rushes = ~settled & _WHEELED[tracks.class_id]
        self.fastest = np.inf if rushes.any() else float(speed[settled].max(initial=0.0))
        rests = speed < _RESTS
        if stirs is not None:
            rests &= stirs < _STIRS
        self._rests = rests if stirs is not None else rests & False
        most = np.where(rests, pace.still_s, np.minimum(pace.moving_s, pace.step / np.maximum(speed, 1e-3)))
        near = np.count_nonzero(meets(grown(self._boxes, _NEAR * length), self._boxes), axis=1) > 1
        wait = np.minimum(_SHARE * (time_s - self._since_s), most) * np.where(near & ~rests, _CROWDED, 1.0)
        wait = np.maximum(wait, pace.soon_s) * 2.0 ** np.minimum(self._vain, 8)
        return np.asarray(np.minimum(wait, np.maximum(most, pace.still_s)), np.float64)

    def saw(self, time_s: float, looked: Floats, found: Floats) -> None:
        """These rectangles (m, 4) were looked at, and boxes (n, 4) were found in them."""
        centres = np.tile((self._boxes[:, :2] + self._boxes[:, 2:]) / 2, 2)
        asked = meets(centres, looked).any(axis=1)
        there = meets(centres, found).any(axis=1)
        self._looked_s[asked] = time_s
        self._vain[asked & there] = 0.0
        self._vain[asked & ~there] += 1.0

    def steadied(self, found: Floats) -> Floats:
        """Boxes found (n, 4), where those of what stands are where it stands.

        What does not stir in the picture has not moved. Its box still wavers, because it is seen at another place
        of another input each time, and a board that wavers would pass for somebody who sways.
        """
        if not len(found) or not self._rests.any():
            return found
        still = self._boxes[self._rests]
        low = np.maximum(found[:, None, :2], still[:, :2])
        high = np.minimum(found[:, None, 2:], still[:, 2:])
        common = np.maximum(high - low, 0.0).prod(axis=2)
        union = (sizes(found) ** 2)[:, None] + sizes(still) ** 2 - common
        alike = common / union
        best = alike.argmax(axis=1)
        return np.where((alike.max(axis=1) >= _SAME)[:, None], still[best], found)
