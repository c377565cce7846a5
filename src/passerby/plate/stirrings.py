"""Tells what passes from what only stirs where it is, as somebody does who sits there and is not found.

::

    a blob ──► followed by overlap ──► got away by its own size ──► it passes
                                └────► never did, and nothing passed there ──► somebody may sit there
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.motion import Moving

Boxes = NDArray[np.float64]  # (n, 4) px

SPECK: Final = 20  # px of the small picture, widened by one: fewer are noise
GONE_S: Final = 1.5  # s without being seen after which it has come to rest,
GONE_LOOKS: Final = 2.5  # or so many frames, if these are rarer
LONG_S: Final = 5.0  # s after which what has not got away is told at once, and again as often
AWAY: Final = 1.0  # own sizes it must have got away to be on its way
OFTEN: Final = 2  # frames it must have been seen in: once is noise, unless frames are rare
RARE_S: Final = 1.0  # s between frames that are rare


@dataclass(slots=True, eq=False)
class Stirring:
    """One thing that moves."""

    box: Boxes  # (4,) px, of now
    since_s: float
    seen_s: float
    told_s: float
    origin: Boxes = field(default_factory=lambda: np.zeros(2))  # its middle at first
    union: Boxes = field(default_factory=lambda: np.zeros(4))  # all places it was in since it was told
    times: int = 1
    passes: bool = False

    def see(self, box: Boxes, time_s: float) -> None:
        """It is here now."""
        self.box, self.seen_s, self.times = box, time_s, self.times + 1
        self.union = _hull(self.union, box)
        size = float(np.sqrt(np.prod(np.maximum(box[2:] - box[:2], 1.0))))
        self.passes |= float(np.hypot(*(_middle(box) - self.origin))) >= AWAY * size


class Stirrings:
    """All that moves in one camera's picture."""

    def __init__(self) -> None:
        self._all: list[Stirring] = []
        self._time_s: float | None = None

    def update(self, time_s: float, blobs: Boxes) -> tuple[Boxes, list[Stirring]]:
        """Take in the blobs (n, 4) px of a frame; where things pass now, and what has stirred without passing."""
        apart_s = 0.0 if self._time_s is None else time_s - self._time_s
        self._time_s = time_s
        for row, known in self._pairs(blobs):
            if known is None:
                new = Stirring(blobs[row], time_s, time_s, time_s, _middle(blobs[row]), blobs[row].copy())
                self._all.append(new)
            else:
                known.see(blobs[row], time_s)
        gone_s, fewest = max(GONE_S, GONE_LOOKS * apart_s), 1 if apart_s > RARE_S else OFTEN
        gone = [s for s in self._all if time_s - s.seen_s > gone_s]
        self._all = [s for s in self._all if time_s - s.seen_s <= gone_s]
        long = [s for s in self._all if not s.passes and time_s - s.told_s >= LONG_S]
        for stirring in long:
            stirring.told_s = time_s
        local = [s for s in gone if not s.passes and s.times >= fewest] + long
        passing = [s.union for s in self._all if s.passes and s.seen_s == time_s]
        for stirring in self._all:
            if stirring.passes and stirring.seen_s == time_s:
                stirring.union = stirring.box.copy()
        return np.array(passing, np.float64).reshape(-1, 4), local

    def _pairs(self, blobs: Boxes) -> list[tuple[int, Stirring | None]]:
        """Which blob is which: the one that it covers most of; None for a new one."""
        if not len(blobs) or not self._all:
            return [(row, None) for row in range(len(blobs))]
        known = np.array([s.box for s in self._all])
        low = np.maximum(blobs[:, None, :2], known[None, :, :2])
        high = np.minimum(blobs[:, None, 2:], known[None, :, 2:])
        common = np.maximum(high - low, 0.0).prod(axis=2)
        pairs: list[tuple[int, Stirring | None]] = []
        for row in range(len(blobs)):
            best = int(common[row].argmax())
            pairs.append((row, self._all[best] if common[row, best] > 0 else None))
            common[:, best] = 0.0
        return pairs


def pieces(moving: Moving) -> Boxes:
    """Boxes (n, 4) px of the frame around each piece of what moves."""
    height, width = moving.mask.shape
    joined = cv2.dilate(moving.mask.astype(np.uint8), np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    large = stats[1:][stats[1:, cv2.CC_STAT_AREA] >= SPECK].astype(np.float64)
    boxes = np.hstack([large[:, :2], large[:, :2] + large[:, 2:4]])
    return np.asarray(boxes * np.tile((moving.size.width / width, moving.size.height / height), 2), np.float64)


def _hull(a: Boxes, b: Boxes) -> Boxes:
    return np.concatenate([np.minimum(a[:2], b[:2]), np.maximum(a[2:], b[2:])])


def _middle(box: Boxes) -> Boxes:
    middle: Boxes = (box[:2] + box[2:]) / 2
    return middle
