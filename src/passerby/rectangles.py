"""Rectangles as rows of left, top, right and bottom: their areas, and what two of them share."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Real = TypeVar("_Real", np.float32, np.float64)


def areas(boxes: NDArray[_Real]) -> NDArray[_Real]:
    """Area (n,) of boxes (n, 4); 0 where a side is less than nothing."""
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 0)
    area: NDArray[_Real] = sides[:, 0] * sides[:, 1]
    return area


def shared(a: NDArray[_Real], b: NDArray[_Real]) -> NDArray[_Real]:
    """Area (n, m) that boxes a (n, 4) and b (m, 4) have in common."""
    sides = np.minimum(a[:, None, 2:], b[:, 2:])
    sides -= np.maximum(a[:, None, :2], b[:, :2])
    np.maximum(sides, 0, out=sides)
    area: NDArray[_Real] = sides[..., 0] * sides[..., 1]
    return area


def overlaps(a: NDArray[_Real], b: NDArray[_Real]) -> NDArray[_Real]:
    """Intersection over union (n, m) of boxes a (n, 4) and b (m, 4); 0 where neither has an area."""
    common = shared(a, b)
    union = areas(a)[:, None] + areas(b) - common
    over: NDArray[_Real] = common / np.maximum(union, 1e-9)
    return over
