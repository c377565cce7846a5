"""Splits the silhouette of a group into its people by laying person shapes over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

# A standing person in own heights: a body, and a narrower head above it.
BODY: Final = 0.34
HEAD: Final = 0.16
HEAD_HIGH: Final = 0.15
EMPTY: Final = 1.2  # cost of a pixel of the shape that lies where nothing moves
FINE: Final = 24.0  # px: a person is looked for at this height; finer is dearer, not better
MOST: Final = 60

Box = tuple[float, float, float, float, float]  # left, top, right, bottom, score


def people(mask: NDArray[np.bool_], tall: Floats, worth: float) -> list[Box]:
    """Boxes, in px of the mask, of the people who together make a silhouette (h, w).

    `tall` (n,) px is the height of someone whose foot is in a row of the mask, and below it. Greedy search for the
    shapes that explain most of what moves and cover least of what does not, a plain form of the marked point
    processes of Ge and Collins (2009). Each must explain `worth` of its area that no other does.
    """
    height, width = mask.shape
    scale = min(1.0, FINE / float(tall[min(height, len(tall) - 1)]))
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    small = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    gain = small * (1 + EMPTY) - EMPTY
    shapes = _Shapes.over(size, np.interp(np.arange(2 * size[1]) / scale, np.arange(len(tall)), tall) * scale)
    found: list[Box] = []
    while len(found) < MOST:
        score = shapes.scores(gain)
        best = int(score.argmax())
        if score[best] < worth:
            break
        left, top, right, bottom = (int(v[best]) for v in shapes.box)
        inside = gain[max(top, 0) : bottom, max(left, 0) : right]
        inside[inside > 0] = 0.0
        sure = min(0.9, 0.4 + 0.5 * float(score[best]))
        found.append((left / scale, top / scale, right / scale, bottom / scale, sure))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Shapes:
    """All places of a person in a picture, one a row."""

    box: tuple[Rows, Rows, Rows, Rows]  # left, top, right, bottom; may lie outside the picture
    body: tuple[Rows, Rows, Rows, Rows]
    head: tuple[Rows, Rows, Rows, Rows]
    area: Floats  # (n,) px
    empty: Floats  # (n,) px outside the picture

    @classmethod
    def over(cls, size: tuple[int, int], tall: Floats) -> _Shapes:
        width, height = size
        rows = np.arange(max(height // 3, 1), height + max(height // 3, 3))
        high = tall[np.minimum(rows, len(tall) - 1)]
        feet, middles = (a.ravel() for a in np.meshgrid(np.arange(len(rows)), np.arange(width + 1), indexing="ij"))
        bottom, tops = rows[feet], (rows - np.maximum(np.round(high), 4)).astype(np.intp)[feet]
        neck = tops + np.maximum(np.round(HEAD_HIGH * high[feet]), 1).astype(np.intp)
        half, crown = (np.maximum(np.round(share * high[feet] / 2), 1).astype(np.intp) for share in (BODY, HEAD))
        body = (middles - half, neck, middles + half, bottom)
        head = (middles - crown, tops, middles + crown, neck)
        inside = [_clip(part, size) for part in (body, head)]
        area = _area(body) + _area(head)
        empty = area - _area(inside[0]) - _area(inside[1])
        return cls((middles - half, tops, middles + half, bottom), inside[0], inside[1], area, empty)

    def scores(self, worth: NDArray[np.float32]) -> Floats:
        """What each place explains (n,), in parts of the shape's area."""
        total = cv2.integral(worth)
        parts = [total[b, r] - total[t, r] - total[b, le] + total[t, le] for le, t, r, b in (self.body, self.head)]
        return np.asarray((parts[0] + parts[1] - EMPTY * self.empty) / self.area, np.float64)


def _clip(box: tuple[Rows, Rows, Rows, Rows], size: tuple[int, int]) -> tuple[Rows, Rows, Rows, Rows]:
    left, top, right, bottom = box
    width, height = size
    return left.clip(0, width), top.clip(0, height), right.clip(0, width), bottom.clip(0, height)


def _area(box: tuple[Rows, Rows, Rows, Rows]) -> Floats:
    left, top, right, bottom = box
    return np.asarray((right - left) * (bottom - top), np.float64)
