"""When each known object must be looked at again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.detections import Tracks
from passerby.look.regions import Floats, grown, meets, sizes
from passerby.rectangles import overlaps

_SHARE: Final = 0.35  # of the time it has been known that may pass until the next look
_CROWDED: Final = 0.7  # of the doubt that is borne is borne among others
_NEAR: Final = 0.2  # sizes: objects so near to each other hide each other soon
_RESTS: Final = 0.15  # sizes/s: what is slower, and does not stir, stands
_SAME: Final = 0.5  # overlap (IoU) from which a box found is that of something known
_YOUNG_S: Final = 0.6  # s after which nobody is new any more
_STIRS: Final = 0.04  # share of a box that stirs where something moves
_STRAYS: Final = 0.5  # sizes/s by which the doubt grows with a tracker that does not say how sure it is
_TINY_S: Final = 1e-6  # s by which times may differ from what they stand for


Stirs = Callable[[Floats], Floats]  # boxes (n, 4) px -> share (n,) of each that stirs


@dataclass(frozen=True, slots=True)
class Pace:
    """How often objects are looked at."""

    doubt: float = 0.15  # own sizes by which something may be elsewhere (one sigma) when it is looked at again;
    moving_s: float = 0.5  # s after which it is anyway,
    still_s: float = 0.5  # and if it stands
    soon_s: float = 0.15  # the least of these for something new; and the first wait after a look in vain


class Known:
    """Remembers of each track when it was last looked at, and how often in vain.

    A track is looked at again when it may have got too far away from where it should be: at once while its speed
    is unknown, seldom when it goes its way as foretold, sooner among others. What stands is looked at in a rhythm
    of its own, and what was looked for in vain ever more seldom.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._ids: NDArray[np.uint64] = np.empty(0, np.uint64)
        self._boxes: Floats = np.empty((0, 4))
        self._sizes = np.empty(0)
        self._since_s = np.empty(0)
        self._looked_s = np.empty(0)
        self._vain = np.empty(0)
        self._rests: NDArray[np.bool_] = np.empty(0, np.bool_)
        self._doubt = np.empty(0)
        self._urgency = np.empty(0)
        self._young: NDArray[np.bool_] = np.empty(0, np.bool_)

    @property
    def boxes(self) -> Floats:
        """Where the tracks are (n, 4) px."""
        return self._boxes

    @property
    def sizes(self) -> Floats:
        """How large they are (n,) px, as `regions.sizes` says."""
        return self._sizes

    @property
    def doubt(self) -> Floats:
        """By how many own sizes (n,) each may be elsewhere, one sigma."""
        return self._doubt

    @property
    def urgency(self) -> Floats:
        """How badly each wants to be looked at (n,); from 1 on it is due."""
        return self._urgency

    def calls(self, most: float) -> float:
        """How badly the most urgent wants to be looked at; only what is new does so by more than `most`."""
        new = float(self._urgency[self._young].max(initial=0.0))
        return max(new, min(float(self._urgency.max(initial=0.0)), most))

    def has_new(self, ids: NDArray[np.uint64]) -> bool:
        """Whether any of these tracks is new, or was a moment ago."""
        return bool(self._young.any()) or not np.array_equal(ids, self._ids)

    def update(self, time_s: float, tracks: Tracks, height: int, stirs: Stirs | None) -> None:
        """These are there now, in a picture of `height` px; `stirs` is None where it is not known what does."""
        if not np.array_equal(tracks.ids, self._ids):
            self._follow(tracks.ids, time_s - tracks.lost_s)
        self._boxes = tracks.xyxy.astype(np.float64)
        self._sizes = sizes(self._boxes)
        self._urgency = self._urgent(time_s, tracks, height, stirs)

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

    def _urgent(self, time_s: float, tracks: Tracks, height: int, stirs: Stirs | None) -> Floats:
        pace, length = self._pace, self._sizes
        elapsed = time_s - self._looked_s + _TINY_S
        self._vain[tracks.lost_s <= elapsed] = 0.0
        self._doubt = tracks.sigma * height / length
        told = np.isfinite(self._doubt)
        if not told.all():
            self._doubt = np.where(told, self._doubt, _STRAYS * elapsed)
        speed = np.hypot(tracks.velocity[:, 0], tracks.velocity[:, 1]) * height / length
        rests = (speed < _RESTS) & (stirs is not None)
        if stirs is not None and rests.any():
            rests[rests] = stirs(self._boxes[rests]) < _STIRS
        self._rests = rests
        near = meets(grown(self._boxes, _NEAR * length), self._boxes).sum(axis=1) > 1
        doubt = self._doubt / np.where(near, _CROWDED * pace.doubt, pace.doubt)
        age = time_s - self._since_s
        self._young = age < _YOUNG_S
        wait_s = np.minimum(pace.moving_s, np.maximum(_SHARE * age, pace.soon_s))
        if rests.any():
            doubt[rests] = 0.0
            wait_s[rests] = np.minimum(pace.still_s, np.maximum(_SHARE * age[rests], pace.soon_s))
        urgency = np.maximum(doubt, elapsed / wait_s)
        vain = self._vain > 0
        if vain.any():
            in_vain_s = np.minimum(pace.soon_s * 2.0 ** np.minimum(self._vain, 8), pace.still_s)
            urgency[vain] = np.minimum(urgency, elapsed / in_vain_s)[vain]
        return urgency

    def saw(self, time_s: float, looked: Floats) -> None:
        """These rectangles (m, 4) were looked at; in vain, unless a track turns out to have been found."""
        middle = (self._boxes[:, :2] + self._boxes[:, 2:]) / 2
        asked = meets(np.concatenate([middle, middle], axis=1), looked).any(axis=1)
        self._looked_s[asked] = time_s
        self._vain[asked] += 1.0

    def steadied(self, found: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes found (n, 4), where those of what stands are where it stands.

        What does not stir in the picture has not moved. Its box still wavers, because it is seen at another place
        of another input each time, and a board that wavers would pass for somebody who sways.
        """
        if not len(found) or not self._rests.any():
            return found
        still = self._boxes[self._rests]
        alike = overlaps(found.astype(np.float64), still)
        best = alike.argmax(axis=1)
        return np.where((alike.max(axis=1) >= _SAME)[:, None], still[best].astype(np.float32), found)
