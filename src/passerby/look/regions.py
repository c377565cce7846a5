"""Rectangles of a picture to look at: grown, merged where that saves pixels, cutting nothing known."""

from __future__ import annotations

from math import inf
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SNAP: Final = 2  # px: colour is stored for squares of this side
_OUTWARD: Final[NDArray[np.float64]] = np.array([-1.0, -1.0, 1.0, 1.0])


def sizes(boxes: Floats) -> Floats:
    """The length (n,) in which margins around boxes (n, 4) are measured: the side of a square of their area."""
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 1.0)
    length: Floats = np.sqrt(sides[:, 0] * sides[:, 1])
    return length


def grown(boxes: Floats, by: Floats) -> Floats:
    """Boxes (n, 4) with `by` (n,) px more on each side."""
    larger: Floats = boxes + by[:, None] * _OUTWARD
    return larger


def snapped(boxes: Floats, size: tuple[int, int]) -> NDArray[np.int64]:
    """Boxes (n, 4) widened to whole, even px and cut to a picture of `size` (width, height)."""
    low = np.floor(boxes[:, :2] / _SNAP) * _SNAP
    high = np.ceil(boxes[:, 2:] / _SNAP) * _SNAP
    cut: Floats = np.clip(np.hstack([low, high]), 0, (*size, *size))
    return cut.astype(np.int64)


def meets(a: Floats, b: Floats) -> NDArray[np.bool_]:
    """Which boxes a (n, 4) and b (m, 4) have a piece in common (n, m)."""
    (left, top, right, bottom), (left_b, top_b, right_b, bottom_b) = a.T[..., None], b.T
    both: NDArray[np.bool_] = (left < right_b) & (left_b < right) & (top < bottom_b) & (top_b < bottom)
    return both


def merged(boxes: Floats, least: Floats, known: Floats, price: Price) -> tuple[Floats, Floats]:
    """Rectangles (m, 4) around boxes (n, 4) that do not overlap, and the scale that each needs (m,).

    `least` (n,) is the scale that each box needs; a rectangle needs the largest of its boxes'. Two become one
    where they overlap, or where one costs no more than two. A rectangle that cuts a box of `known` (k, 4) is
    widened to hold it.
    """
    kept = [Rect(*box) for box in known.tolist()]
    rects = [_whole(Rect(*box), kept) for box in boxes.tolist()]
    scales: list[float] = least.tolist()
    costs = [price.of(rect, scale) for rect, scale in zip(rects, scales, strict=True)]

    def gain(i: int, j: int) -> float:
        """What is saved by making two rectangles one; inf where they must be one, for they overlap."""
        if meet(rects[i], rects[j]):
            return inf
        return costs[i] + costs[j] - price.of(_union(rects[i], rects[j]), max(scales[i], scales[j]))

    gains = [[gain(i, j) for i in range(j)] for j in range(len(rects))]
    while (best := _best(gains)) is not None:
        i, j = best
        rects[i], scales[i] = _whole(_union(rects[i], rects[j]), kept), max(scales[i], scales[j])
        costs[i] = price.of(rects[i], scales[i])
        del rects[j], scales[j], costs[j], gains[j]
        for row in gains[j:]:
            del row[j]
        for k in range(len(rects)):
            if k != i:
                gains[max(i, k)][min(i, k)] = gain(i, k)
    return np.array(rects, np.float64).reshape(-1, 4), np.array(scales)


class Rect(NamedTuple):
    """A rectangle in px: for a handful of them plain numbers are several times faster than arrays."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> Rect:
        """The point in its middle."""
        x, y = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        return Rect(x, y, x, y)


class Price(NamedTuple):
    """What a region costs, in px of a detector's input."""

    frame: float  # px more on each axis
    piece: float  # px for each region, whatever its size

    def of(self, rect: Rect, scale: float) -> float:
        """The cost of a rectangle at a scale."""
        left, top, right, bottom = rect
        return ((right - left) * scale + self.frame) * ((bottom - top) * scale + self.frame) + self.piece


# Most of the time that a merger takes is spent in these, hence without `min` and `max`, which cost a call each.


def meet(a: Rect, b: Rect) -> bool:
    """Whether two rectangles have a piece in common."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _union(a: Rect, b: Rect) -> Rect:
    left, top, right, bottom = a
    left_b, top_b, right_b, bottom_b = b
    return Rect(
        left if left < left_b else left_b,
        top if top < top_b else top_b,
        right if right > right_b else right_b,
        bottom if bottom > bottom_b else bottom_b,
    )


def _whole(rect: Rect, kept: list[Rect]) -> Rect:
    """The rectangle, widened until it cuts none of those."""
    left, top, right, bottom = rect
    cuts = True
    while cuts:
        cuts = False
        for left_b, top_b, right_b, bottom_b in kept:
            if left_b >= right or right_b <= left or top_b >= bottom or bottom_b <= top:
                continue
            if left_b < left:
                left, cuts = left_b, True
            if top_b < top:
                top, cuts = top_b, True
            if right_b > right:
                right, cuts = right_b, True
            if bottom_b > bottom:
                bottom, cuts = bottom_b, True
    return Rect(left, top, right, bottom)


def _best(gains: list[list[float]]) -> tuple[int, int] | None:
    """The pair i < j whose gain, `gains[j][i]`, is most, of equals the last; None where none gains."""
    mosts = [max(row, default=0.0) for row in gains]
    most = max(mosts, default=0.0)
    if most <= 0:
        return None
    return max((len(row) - 1 - row[::-1].index(most), j) for j, row in enumerate(gains) if mosts[j] == most)


def middle(values: Floats, share: float) -> float:
    """The value above which a share of the others (n,) does not lie; np.quantile takes ten times as long."""
    return float(np.sort(values)[int(share * (len(values) - 1) + 0.5)])


def tiles(size: tuple[int, int], side: tuple[float, float], overlap: float) -> Floats:
    """Rectangles (n, 4) of at most `side` (width, height) px that cover a picture of `size`.

    They are as small as so many can be if neighbours share `overlap` px: whatever is smaller than that lies wholly
    in one of them. A picture that is no larger than `side` is one tile.
    """
    axes = []
    for full, most in zip(size, side, strict=True):
        step = max(most - overlap, most / 2)
        count = 1 if full <= most else int(np.ceil((full - most) / step)) + 1
        long = min(most, (full + (count - 1) * overlap) / count)
        axes.append([(start, start + long) for start in np.linspace(0.0, full - long, count)])
    return np.array([(left, top, right, bottom) for top, bottom in axes[1] for left, right in axes[0]])
