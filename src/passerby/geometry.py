"""Places drawn on a picture: directed lines and polygons in shares of the picture, and the tests on points.

Coordinates run from 0 to 1 to the right and downwards. Distances in shares mean different things along x and
y unless the picture is square, so whoever needs a length multiplies x by the picture's aspect (width / height)
first and gets *heights* of the picture.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Point = tuple[float, float]
Points = NDArray[np.float64]  # (n, 2)


def _revision(points: Iterable[Point]) -> str:
    packed = b"".join(struct.pack("<2d", *p) for p in points)
    return hashlib.sha256(packed).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Line:
    """A directed line; what goes from its left to its right is ``in``.

    ::

              b
              ▲
       left   │   right          a pass from left to right is "in",
        ──────┼─────► in         standing at `a` and looking to `b`
              │
              a
    """

    name: str
    a: Point
    b: Point

    @property
    def points(self) -> tuple[Point, ...]:
        """Both ends, in the order of the arrow."""
        return (self.a, self.b)

    @property
    def revision(self) -> str:
        """Changes when the line is moved: a moved line is a new place."""
        return _revision(self.points)


@dataclass(frozen=True, slots=True)
class Zone:
    """A polygon; its border belongs to it."""

    name: str
    points: tuple[Point, ...]

    @property
    def revision(self) -> str:
        """Changes when the zone is redrawn: a redrawn zone is a new place."""
        return _revision(self.points)


Place = Line | Zone


@dataclass(frozen=True, slots=True)
class Cells:
    """Square cells side by side on the ground, in rows along x; the raster of a map of the crowd."""

    origin: Point  # m: the corner from which x and y rise
    side: float  # m
    rows: int  # along y
    columns: int  # along x

    @property
    def centres(self) -> Points:
        """The middle of each cell (rows, columns, 2), m."""
        x, y = (np.arange(n) for n in (self.columns, self.rows))
        grid = np.stack(np.meshgrid(x, y), axis=-1)
        return np.asarray(self.origin + (grid + 0.5) * self.side, np.float64)

    def count(self, points: ArrayLike, weights: ArrayLike | None = None) -> NDArray[np.float64]:
        """How many points (n, 2) m, or how much of their weights (n,), lie in each cell (rows, columns)."""
        p = np.asarray(points, np.float64).reshape(-1, 2)
        column, row = np.floor((p - self.origin) / self.side).astype(np.int64).T
        here = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        chosen = None if weights is None else np.asarray(weights, np.float64)[here]
        flat = np.bincount(row[here] * self.columns + column[here], chosen, self.rows * self.columns)
        return flat.reshape(self.rows, self.columns).astype(np.float64)


def heights(points: ArrayLike, aspect: float) -> Points:
    """Shares of the picture -> heights of the picture, in which lengths along x and y compare."""
    return np.asarray(points, np.float64) * (aspect, 1.0)


def offset(points: ArrayLike, a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Signed distance of points (n, 2) from the endless line through a and b; right of the arrow is positive.

    Unit: that of the coordinates given. In a picture y grows downwards, so "right" is as seen on the screen.
    """
    p, start, end = (np.asarray(v, np.float64) for v in (points, a, b))
    along = end - start
    rel = p - start
    cross: NDArray[np.float64] = along[0] * rel[..., 1] - along[1] * rel[..., 0]
    return cross / float(np.hypot(*along))


def share_along(points: ArrayLike, a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Where points (n, 2) lie along the line: 0 at a, 1 at b, outside it beyond the ends."""
    p, start, end = (np.asarray(v, np.float64) for v in (points, a, b))
    along = end - start
    share: NDArray[np.float64] = ((p - start) @ along) / float(along @ along)
    return share


def inside(points: ArrayLike, polygon: ArrayLike) -> NDArray[np.bool_]:
    """Which points (n, 2) lie in the polygon (m, 2) or on its border (even-odd rule)."""
    p = np.asarray(points, np.float64).reshape(-1, 1, 2)
    start = np.asarray(polygon, np.float64)
    end = np.roll(start, -1, axis=0)
    (x, y), (x1, y1), (x2, y2) = np.moveaxis(p, 2, 0), start.T, end.T
    cross = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
    spans = (y1 > y) != (y2 > y)
    odd = (spans & ((cross < 0) == (y2 < y1))).sum(axis=1) % 2 == 1
    within = (np.minimum(x1, x2) <= x) & (x <= np.maximum(x1, x2))
    within &= (np.minimum(y1, y2) <= y) & (y <= np.maximum(y1, y2))
    on_border = ((np.abs(cross) <= 1e-12) & within).any(axis=1)
    result: NDArray[np.bool_] = odd | on_border
    return result


def area(polygon: ArrayLike) -> float:
    """Area of a polygon (m, 2) by the shoelace formula, in squared units of the coordinates."""
    x, y = np.asarray(polygon, np.float64).T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def simple(polygon: ArrayLike) -> bool:
    """Whether the sides of a polygon (m, 2), 3 or more, meet only at corners, each with its two neighbours."""
    corners = [(float(x), float(y)) for x, y in np.asarray(polygon, np.float64).reshape(-1, 2)]
    if len(corners) < 3 or len(set(corners)) < len(corners):
        return False
    sides = list(zip(corners, corners[1:] + corners[:1], strict=True))
    for i, (a, b) in enumerate(sides):
        c = sides[(i + 1) % len(sides)][1]
        if _on(a, (b, c)) or _on(c, (a, b)):  # the next side folds back on this one
            return False
        if any(
            _meet((a, b), other) for j, other in enumerate(sides[i + 2 :]) if (i, i + 2 + j) != (0, len(sides) - 1)
        ):
            return False
    return True


def _turn(a: Point, b: Point, c: Point) -> float:
    """Twice the signed area of a triangle; below rounding error it is 0."""
    turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return turn if abs(turn) > 1e-12 else 0.0


def _on(p: Point, side: tuple[Point, Point]) -> bool:
    (x1, y1), (x2, y2) = side
    within = min(x1, x2) <= p[0] <= max(x1, x2) and min(y1, y2) <= p[1] <= max(y1, y2)
    return within and _turn(*side, p) == 0


def _meet(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two sides have a point in common."""
    if _turn(*one, other[0]) * _turn(*one, other[1]) < 0 and _turn(*other, one[0]) * _turn(*other, one[1]) < 0:
        return True
    return any(_on(p, other) for p in one) or any(_on(p, one) for p in other)
