"""Splitting silhouettes into people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from motion.drawn import stand
from passerby.motion.people import people


def silhouette(size: tuple[int, int], *figures: tuple[float, float, float]) -> NDArray[np.bool_]:
    """Figures (x, foot, tall) px in black on white, as a mask (h, w) with its legs closed."""
    picture = np.full((size[1], size[0]), 255, np.uint8)
    for x, foot, tall in figures:
        stand(picture, x, foot, tall, 20)
    return picture < 128


def flat(tall: float, rows: int = 400) -> NDArray[np.float64]:
    return np.full(rows, tall)


@pytest.mark.parametrize("tall", [14.0, 30.0, 80.0])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_people_side_by_side_are_counted(tall: float, count: int) -> None:
    pace = 0.42 * tall
    figures = [((i + 0.8) * pace, 1.1 * tall, tall) for i in range(count)]
    mask = silhouette((round((count + 1) * pace), round(1.2 * tall)), *figures)
    found = people(mask, flat(tall), 0.3)
    assert len(found) == count
    middles = sorted((left + right) / 2 for left, _, right, _, _ in found)
    assert np.allclose(middles, [x for x, _, _ in figures], atol=0.12 * tall + 1)
    assert np.allclose([bottom for *_, bottom, _ in found], 1.1 * tall, atol=0.1 * tall + 1)


def test_someone_behind_is_as_small_as_they_are_there() -> None:
    """The height comes with the row of the foot, so two at different depths are told apart."""
    tall = np.linspace(10, 70, 140)
    mask = silhouette((60, 140), (20, 130, float(tall[130])), (42, 90, float(tall[90])))
    boxes = sorted(people(mask, tall, 0.3))
    assert len(boxes) == 2
    for (_, top, _, bottom, _), foot in zip(boxes, (130, 90), strict=True):
        assert bottom == pytest.approx(foot, abs=6)
        assert bottom - top == pytest.approx(tall[foot], rel=0.15)


def test_nothing_is_found_in_nothing() -> None:
    assert people(np.zeros((30, 20), np.bool_), flat(25), 0.3) == []


@settings(max_examples=40)
@given(st.integers(1, 60), st.integers(1, 60), st.floats(2, 200), st.integers(0, 2**32 - 1))
def test_any_mask_is_taken(width: int, height: int, tall: float, seed: int) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < 0.7
    for left, top, right, bottom, score in people(mask, flat(tall), 0.3):
        assert left < right
        assert top < bottom
        assert 0.4 <= score <= 0.9
