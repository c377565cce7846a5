"""Overlaps and the best pairing."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.trackers.association import areas, intersections, overlaps, pair

UNIT = np.array([[[0.0, 1.0], [0.0, 1.0]]])


def test_overlap_of_boxes() -> None:
    others = np.array([[[0.5, 1.5], [0.0, 1.0]], [[2.0, 3.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 1.0]]])
    assert areas(others) == pytest.approx([1, 1, 1])
    assert intersections(UNIT, others)[0] == pytest.approx([0.5, 0, 1])
    assert overlaps(UNIT, others)[0] == pytest.approx([1 / 3, 0, 1])


def test_boxes_without_area_overlap_nothing() -> None:
    flat = np.array([[[0.5, 0.5], [0.0, 1.0]]])
    assert overlaps(flat, flat)[0, 0] == 0


def test_nothing_pairs_with_nothing() -> None:
    for shape in ((0, 0), (0, 3), (3, 0)):
        rows, columns = pair(np.empty(shape), 1.0)
        assert len(rows) == len(columns) == 0


def test_pairs_beyond_the_limit_stay_apart() -> None:
    rows, columns = pair(np.array([[0.2, 0.9], [0.3, np.inf]]), 0.8)
    assert (rows.tolist(), columns.tolist()) == ([0], [0])


@given(st.integers(1, 4), st.integers(1, 4), st.randoms(use_true_random=False))
def test_no_other_pairing_costs_less(n: int, m: int, random: st.random.Random) -> None:  # type: ignore[name-defined]
    """Against trying all; leaving a pair alone costs the limit."""
    limit = 0.7
    cost = np.array([[random.random() for _ in range(m)] for _ in range(n)])
    rows, columns = pair(cost, limit)
    assert len(set(rows.tolist())) == len(rows)
    assert len(set(columns.tolist())) == len(columns)
    padded = np.full((n, m + n), limit)
    padded[:, :m] = np.minimum(cost, limit)
    best = min(sum(padded[i, j] for i, j in enumerate(order)) for order in permutations(range(m + n), n))
    got = cost[rows, columns].sum() + limit * (n - len(rows))
    assert got == pytest.approx(best)
