"""Which box belongs to which track: overlaps, distances and the best one-to-one pairing."""

from __future__ import annotations

import lap
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


def areas(edges: Floats) -> Floats:
    """Area (n,) of boxes given as edges (n, 2, 2): [[left, right], [top, bottom]]."""
    return _product(edges[:, :, 1] - edges[:, :, 0])


def intersections(a: Floats, b: Floats) -> Floats:
    """Common area (n, m) of boxes a (n, 2, 2) and b (m, 2, 2)."""
    low = np.maximum(a[:, None, :, 0], b[:, :, 0])
    high = np.minimum(a[:, None, :, 1], b[:, :, 1])
    return _product(high - low)


def _product(lengths: Floats) -> Floats:
    lengths = np.maximum(lengths, 0.0)
    product: Floats = lengths[..., 0] * lengths[..., 1]
    return product


def overlaps(a: Floats, b: Floats) -> Floats:
    """Intersection over union (n, m)."""
    common = intersections(a, b)
    union = areas(a)[:, None] + areas(b) - common
    return common / np.maximum(union, 1e-12)


def pair(cost: Floats, limit: float) -> tuple[Rows, Rows]:
    """Rows and columns of the pairs with the least total cost; none of them costs more than `limit`.

    Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment
    problems" (1987), as in lapx; leaving a row and a column alone costs `limit`.
    """
    near = cost <= limit
    if not near.any():
        return np.empty(0, np.intp), np.empty(0, np.intp)
    if near.sum(axis=0).max() == 1 == near.sum(axis=1).max():  # nobody has a choice
        alone = near.nonzero()
        return alone[0], alone[1]
    columns, _ = lap.lapjv(np.where(near, cost, 1e6), extend_cost=True, cost_limit=limit, return_cost=False)
    rows = np.flatnonzero(columns >= 0)
    return rows, columns[rows].astype(np.intp)
