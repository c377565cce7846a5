"""Learning how tall people are at each place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from passerby.motion.stature import PERSON_M, Stature

SIZE = (240, 320)  # height, width


def walk(
    stature: Stature,
    a: float,
    b: float,
    *,
    people: int = 20,
    wrong: float = 0.0,
    seed: int = 0,
    seconds: float = 30,
) -> None:
    """Let people walk through whose height is a + b y; a share of the blobs is of any height."""
    rng = np.random.default_rng(seed)
    for step in range(people * 6):
        y, x = rng.uniform(0.3, 0.95), rng.uniform(0, 1.3)
        height = max(a + b * y, 0.01) * rng.normal(1, 0.05) if rng.random() >= wrong else rng.uniform(0.02, 0.5)
        stature.learn(np.array([[x, y]]), np.array([height]), np.array([True]), step * seconds / (people * 6))


@settings(max_examples=30)
@given(st.floats(-0.3, 0.15), st.floats(0.2, 0.5), st.integers(0, 1000))
def test_the_line_is_found_among_blobs_that_are_no_people(horizon: float, b: float, seed: int) -> None:
    stature, a = Stature(), -b * horizon
    walk(stature, a, b, wrong=0.25, seed=seed)
    tall = stature.tall(SIZE)
    assert tall is not None
    for y in (0.4, 0.6, 0.9):
        expected = max(a + b * y, 0.01)
        assert tall.at(160, y * 240) / 240 == pytest.approx(expected, rel=0.15, abs=0.01)


def test_it_knows_nothing_at_first_and_of_noise() -> None:
    stature = Stature()
    assert stature.tall(SIZE) is None
    rng = np.random.default_rng(1)
    for step in range(200):
        feet, height = rng.uniform(0, 1, (1, 2)), 10 ** rng.uniform(-2, -0.2, 1)
        stature.learn(feet, height, np.array([True]), step / 5)
    assert stature.tall(SIZE) is None


def test_what_stays_in_one_place_counts_once() -> None:
    """A flickering sign of one size is outvoted by few people who walk."""
    stature = Stature()
    for step in range(300):
        stature.learn(np.array([[0.5, 0.5]]), np.array([0.4]), np.array([True]), step / 10)
    walk(stature, 0.0, 0.2, people=4)
    tall = stature.tall(SIZE)
    assert tall is not None
    assert tall.at(160, 120) == pytest.approx(0.1 * 240, rel=0.15)


class Metre:
    """A ground on which a metre spans a tenth of the picture's height times y."""

    def px_per_m(self, points: ArrayLike, size: tuple[int, int]) -> NDArray[np.float64]:
        return 0.1 * np.asarray(points, np.float64)[:, 1] * size[1]


def test_the_ground_says_it_where_it_is_known() -> None:
    stature = Stature(Metre())
    assert not stature.learns
    tall = stature.tall(SIZE)
    assert tall is not None
    assert tall.at(10, 240) == pytest.approx(0.1 * PERSON_M * 240, rel=0.1)
    assert tall.at(10, 120) == pytest.approx(tall.at(10, 240) / 2, rel=0.05)
    assert len(tall.down(10, 100)) >= 240
