"""How sizes change over the picture, learned from who walks through it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.trackers.kalman import Noise, State, born
from passerby.trackers.perspective import Perspective

HORIZON = 0.2


def walkers(n: int, seed: int = 1, horizon: float = HORIZON) -> tuple[np.ndarray, np.ndarray]:
    """Rows of feet and heights of people of different statures under a horizon."""
    random = np.random.default_rng(seed)
    rows = random.uniform(0.35, 0.95, n)
    return rows, 0.4 * (rows - horizon) * random.normal(1.0, 0.08, n)


def taught(rows: np.ndarray, heights: np.ndarray, at_once: int = 3) -> Perspective:
    perspective = Perspective()
    for k in range(0, len(rows), at_once):
        perspective.learn(rows[k : k + at_once], heights[k : k + at_once])
    return perspective


def grown(perspective: Perspective, before: float, after: float) -> float:
    return float(perspective.growth(np.array([before]), np.array([after]))[0])


@pytest.mark.parametrize("at_once", [1, 3, 40])
def test_who_comes_nearer_grows_as_the_horizon_says(at_once: int) -> None:
    perspective = taught(*walkers(120), at_once)
    assert perspective.trust > 0.9
    assert grown(perspective, 0.5, 0.8) == pytest.approx((0.8 - HORIZON) / (0.5 - HORIZON), rel=0.1)


def test_nothing_is_known_before_anybody_walked() -> None:
    assert Perspective().trust == 0
    assert grown(Perspective(), 0.3, 0.9) == 1


def test_people_in_one_row_tell_nothing_of_others() -> None:
    perspective = taught(np.full(60, 0.6), np.random.default_rng(2).normal(0.2, 0.02, 60))
    assert perspective.trust < 0.1
    assert grown(perspective, 0.6, 0.7) == pytest.approx(1.0, abs=0.02)


def test_seen_from_straight_above_nobody_grows() -> None:
    rows = np.random.default_rng(3).uniform(0.1, 0.9, 200)
    perspective = taught(rows, np.random.default_rng(4).normal(0.1, 0.01, 200))
    assert grown(perspective, 0.2, 0.8) == pytest.approx(1.0, abs=0.15)


def test_some_boxes_of_half_a_person_do_not_bend_the_line() -> None:
    rows, heights = walkers(300)
    heights[np.random.default_rng(5).random(300) < 0.1] *= 0.5
    assert grown(taught(rows, heights), 0.5, 0.8) == pytest.approx(2.0, rel=0.15)


def test_a_camera_that_was_turned_is_learned_anew() -> None:
    (rows, heights), (later, others) = walkers(400), walkers(2000, seed=6, horizon=-0.4)
    perspective = taught(np.concatenate([rows, later]), np.concatenate([heights, others]))
    assert grown(perspective, 0.5, 0.8) == pytest.approx(1.2 / 0.9, rel=0.1)


def test_a_box_that_comes_nearer_is_expected_larger_and_surer_than_without() -> None:
    state = born(np.array([[[0.4, 0.45], [0.38, 0.5]]]), np.array([0.0]), Noise())
    state = State(state.mean + np.array([0, 0, 0.1]) * [[0.0], [1.0]], state.cov)
    blind = Perspective().ahead(state, 1.0, Noise())
    knows = taught(*walkers(200)).ahead(state, 1.0, Noise())
    assert blind.extent[0, 1] == pytest.approx(0.12)
    assert knows.extent[0, 1] == pytest.approx(0.12 * 0.4 / 0.3, rel=0.05)
    assert knows.cov[0, 1, 1, 1] < blind.cov[0, 1, 1, 1]


@given(
    st.lists(st.tuples(st.floats(-0.5, 1.5), st.floats(1e-4, 2.0)), max_size=30),
    st.floats(-1, 2),
    st.floats(-1, 2),
)
def test_growth_is_always_sound(seen: list[tuple[float, float]], before: float, after: float) -> None:
    rows, heights = np.array(seen).reshape(-1, 2).T
    perspective = taught(rows, heights)
    assert 0 <= perspective.trust <= 1
    there, back = grown(perspective, before, after), grown(perspective, after, before)
    assert np.isfinite(there)
    assert there > 0
    assert there * back == pytest.approx(1.0)
