"""Splits the silhouette of a group into its people by laying person shapes over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
Boxes = tuple[Rows, Rows, Rows, Rows]  # left, top, right, bottom

# A standing person in own heights: a body, and a narrower head above it.
BODY: Final = 0.30
HEAD: Final = 0.16
HEAD_HIGH: Final = 0.15
BESIDE: Final = 0.10  # strips on both sides of the body, in which there should be nobody
EMPTY: Final = 1.2  # cost of a pixel of the shape that lies where nothing moves,
CROWDED: Final = 1.0  # and of one beside it that moves and belongs to nobody yet
FINE: Final = 28.0  # px: a person is looked for at this height; finer is dearer, not better
MOST: Final = 60

Box = tuple[float, float, float, float, float]  # left, top, right, bottom, score


def people(mask: NDArray[np.bool_], tall: Floats, worth: float) -> list[Box]:
    """Boxes, in px of the mask, of the people who together make a silhouette (h, w).

    `tall` (n,) px is the height of someone whose foot is in a row of the mask, and below it. Greedy search for the
    shapes that explain most of what moves and cover least of what does not, a plain form of the marked point
    processes of Ge and Collins (2009). Each must explain `worth` of its area that no other does. What moves
    beside a shape counts against it, so that a group is taken apart from its sides and not from its middle.
    """
    height, width = mask.shape
    scale = min(1.0, FINE / float(tall[min(height, len(tall) - 1)]))
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    left_over = np.asarray(cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA), np.float32)
    empty = np.asarray(EMPTY * (1 - left_over), np.float32)
    shapes = _Shapes.over(size, np.interp(np.arange(2 * size[1]) / scale, np.arange(len(tall)), tall) * scale)
    found: list[Box] = []
    loss = shapes.loss(empty)
    explained, score = shapes.scores(left_over, loss, shapes.all)
    while len(found) < MOST and explained[best := int(score.argmax())] >= worth:
        box = left, top, right, bottom = tuple(int(v[best]) for v in shapes.box)
        left_over[max(top, 0) : bottom, max(left, 0) : right] = 0
        sure = min(0.9, 0.4 + 0.5 * float(explained[best]))
        found.append((left / scale, top / scale, right / scale, bottom / scale, sure))
        near = shapes.near(box)
        explained[near], score[near] = shapes.scores(left_over, loss, near)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Shapes:
    """All places of a person in a picture, one a row."""

    box: Boxes  # px; may lie outside the picture
    body: Boxes  # px; cut at the picture's edge, as are the next two
    head: Boxes
    around: Boxes  # the body and the strips beside it
    area: Floats  # (n,) px
    outside: Floats  # (n,) px of the area that lie outside the picture

    @classmethod
    def over(cls, size: tuple[int, int], tall: Floats) -> _Shapes:
        """Shapes of people `tall` (rows,) px whose feet are in these rows of a picture of (width, height)."""
        width, height = size
        rows = np.arange(max(height // 3, 1), height + max(height // 3, 3))
        high = tall[np.minimum(rows, len(tall) - 1)]
        columns = np.arange(width + 1)
        feet, middle = np.repeat(np.arange(len(rows)), len(columns)), np.tile(columns, len(rows))
        bottom, high = rows[feet], high[feet]
        top = bottom - _px(high, 4)
        neck = top + _px(HEAD_HIGH * high, 1)
        half, crown, strip = _px(BODY / 2 * high, 1), _px(HEAD / 2 * high, 1), _px(BESIDE * high, 1)
        body = (middle - half, neck, middle + half, bottom)
        head = (middle - crown, top, middle + crown, neck)
        around = (middle - half - strip, neck, middle + half + strip, bottom)
        cut = [_cut(part, size) for part in (body, head, around)]
        area = _area(body) + _area(head)
        outside = area - _area(cut[0]) - _area(cut[1])
        return cls((middle - half, top, middle + half, bottom), cut[0], cut[1], cut[2], area, outside)

    @property
    def all(self) -> Rows:
        """All rows."""
        return np.arange(len(self.area))

    def near(self, box: tuple[int, ...]) -> Rows:
        """Rows of the places that a box touches with anything that counts."""
        left, top, right, bottom = box
        (a, _, b, d), c = self.around, self.box[1]
        return np.flatnonzero((a < right) & (b > left) & (c < bottom) & (d > top))

    def loss(self, empty: NDArray[np.float32]) -> Floats:
        """What each place costs (n,) in px, from what covering each pixel (h, w) costs."""
        costs = cv2.integral(empty)
        return _sum(costs, self.body, self.all) + _sum(costs, self.head, self.all) + EMPTY * self.outside

    def scores(self, left_over: NDArray[np.float32], loss: Floats, rows: Rows) -> tuple[Floats, Floats]:
        """What the places in `rows` explain, and how well they fit (k,), in parts of a shape's area.

        `left_over` (h, w) 0-1 is what nobody explains yet.
        """
        moves = cv2.integral(left_over)
        body = _sum(moves, self.body, rows)
        explained = (body + _sum(moves, self.head, rows) - loss[rows]) / self.area[rows]
        return explained, explained - CROWDED * (_sum(moves, self.around, rows) - body) / self.area[rows]


def _px(length: Floats, least: int) -> Rows:
    return np.maximum(np.round(length), least).astype(np.intp)


def _cut(box: Boxes, size: tuple[int, int]) -> Boxes:
    left, top, right, bottom = box
    width, height = size
    return left.clip(0, width), top.clip(0, height), right.clip(0, width), bottom.clip(0, height)


def _area(box: Boxes) -> Floats:
    left, top, right, bottom = box
    return np.asarray((right - left) * (bottom - top), np.float64)


def _sum(integral: NDArray[np.generic], box: Boxes, rows: Rows) -> Floats:
    left, top, right, bottom = (edge[rows] for edge in box)
    corners = np.asarray(integral, np.float64)
    return corners[bottom, right] - corners[top, right] - corners[bottom, left] + corners[top, left]
