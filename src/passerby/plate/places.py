"""Where in a picture nobody can be, as far as is known: not now, not lately, and not suspected for minutes."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from passerby.frame import Size
from passerby.motion import Moving

Mask = NDArray[np.bool_]  # (h, w)
Boxes = NDArray[np.float64]  # (n, 4) px of the frame

BESIDE: Final = 0.15  # a box is widened by this share of its height on all sides: hair, hands, bags, shadows
RIM: Final = 1 / 80  # what moves is widened by this share of the picture's width


class Places:
    """Maps of one picture: where somebody is, where somebody passed, and where there may be somebody unseen."""

    def __init__(self, size: tuple[int, int], of: Size) -> None:
        width, height = size
        self._scale = np.tile((width / of.width, height / of.height), 2)
        self._busy_until_s = np.full((height, width), -math.inf, np.float32)
        self._doubt_until_s = np.full((height, width), -math.inf, np.float32)
        self._passed_s = np.full((height, width), -math.inf, np.float32)
        side = 2 * math.ceil(RIM * width) + 1
        self._rim = np.ones((side, side), np.uint8)

    def boxes(self, boxes: ArrayLike, until_s: float) -> None:
        """Somebody is in these boxes."""
        for part in self._parts(boxes):
            np.maximum(self._busy_until_s[part], until_s, out=self._busy_until_s[part])

    def moving(self, mask: Mask, until_s: float) -> None:
        """Something is where a small picture (h, w) differs."""
        there = self.widened(mask)
        self._busy_until_s[there] = np.maximum(self._busy_until_s[there], until_s)

    def passed(self, boxes: ArrayLike, time_s: float) -> None:
        """Somebody is on the way through these boxes: what else stirs there is part of it."""
        for part in self._parts(boxes):
            self._passed_s[part] = time_s

    def doubt(self, boxes: ArrayLike, until_s: float) -> Mask:
        """Somebody may be in these boxes who is not seen; where (h, w) that is."""
        doubted = np.zeros(self._busy_until_s.shape, np.bool_)
        for part in self._parts(boxes):
            doubted[part] = True
        self.doubt_where(doubted, until_s)
        return doubted

    def doubt_where(self, mask: Mask, until_s: float) -> None:
        """Somebody may be there (h, w) who is not seen."""
        self._doubt_until_s[mask] = np.maximum(self._doubt_until_s[mask], until_s)

    def was_passed(self, box: Boxes, since_s: float) -> float:
        """The share of a box (4,) through which somebody has passed since then."""
        for part in self._parts(box[None], beside=0.0):
            return float((self._passed_s[part] >= since_s).mean())
        return 0.0

    def busy(self, time_s: float) -> Mask:
        """Where (h, w) somebody is, or was a moment ago."""
        return np.asarray(self._busy_until_s >= time_s, np.bool_)

    def doubtful(self, time_s: float) -> Mask:
        """Where (h, w) there may be somebody."""
        return np.asarray(self._doubt_until_s >= time_s, np.bool_)

    def inside(self, boxes: ArrayLike) -> Mask:
        """Where (h, w) these boxes are, as they are."""
        there = np.zeros(self._busy_until_s.shape, np.bool_)
        for part in self._parts(boxes, beside=0.0):
            there[part] = True
        return there

    def widened(self, mask: Mask) -> Mask:
        """A mask of any size at this size (h, w), with a rim."""
        height, width = self._busy_until_s.shape
        large = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST_EXACT)
        return np.asarray(cv2.dilate(large, self._rim) > 0, np.bool_)

    def _parts(self, boxes: ArrayLike, beside: float = BESIDE) -> list[tuple[slice, slice]]:
        height, width = self._busy_until_s.shape
        parts = []
        for left, top, right, bottom in np.asarray(boxes, np.float64).reshape(-1, 4) * self._scale:
            more = beside * (bottom - top) + (1 if beside else 0)
            columns = _within(left - more, right + more, width)
            rows = _within(top - more, bottom + more, height)
            if columns.start < columns.stop and rows.start < rows.stop:
                parts.append((rows, columns))
        return parts


def moving_share(boxes: Boxes, moving: Moving) -> NDArray[np.float64]:
    """Which share (n,) of each box (n, 4) px moves."""
    height, width = moving.mask.shape
    sums = np.pad(moving.mask.astype(np.int64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    cells = np.rint(boxes * np.tile((width / moving.size.width, height / moving.size.height), 2))
    cells = np.clip(cells, 0, np.tile((width, height), 2)).astype(int)
    left, top, right, bottom = cells.T
    inside = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return np.asarray(inside / np.maximum((right - left) * (bottom - top), 1), np.float64)


def _within(low: float, high: float, most: int) -> slice:
    return slice(min(max(math.floor(low), 0), most), min(max(math.ceil(high), 0), most))
