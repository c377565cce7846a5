"""The filter on the edges of boxes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from passerby.trackers import kalman

NOISE = kalman.Noise()
NONE_CUT = np.zeros((1, 2, 2), np.bool_)
SURE = np.ones(1)


def edges(x: float, foot: float, wide: float = 0.1, tall: float = 0.2) -> NDArray[np.float64]:
    return np.array([[[x - wide / 2, x + wide / 2], [foot - tall, foot]]])


def walked(speed: float, steps: int = 60, dt_s: float = 0.1) -> kalman.State:
    state = kalman.born(edges(0.0, 0.5), SURE, NOISE)
    for k in range(1, steps):
        state = kalman.predict(state, dt_s, NOISE)
        state = kalman.correct(state, edges(speed * k * dt_s, 0.5), NONE_CUT, SURE, NOISE)
    return state


def test_it_finds_position_extent_and_velocity() -> None:
    state = walked(0.15)
    assert state.foot[0] == pytest.approx([0.15 * 5.9, 0.5], abs=0.002)
    assert state.extent[0] == pytest.approx([0.1, 0.2], abs=0.002)
    assert state.velocity[0] == pytest.approx([0.15, 0.0], abs=0.005)
    assert state.edges[0] == pytest.approx(edges(0.15 * 5.9, 0.5)[0], abs=0.003)


def test_predicting_twice_half_as_far_is_the_same() -> None:
    once = kalman.predict(walked(0.15), 1.0, NOISE)
    twice = kalman.predict(kalman.predict(walked(0.15), 0.5, NOISE), 0.5, NOISE)
    assert once.mean == pytest.approx(twice.mean)
    assert once.cov == pytest.approx(twice.cov)


def test_it_is_the_textbook_filter_where_nothing_jumps() -> None:
    """Edges one after the other = all at once with an inverse (Kalman 1960)."""
    state = kalman.predict(walked(0.15), 0.1, NOISE)
    seen = state.edges + 0.001
    got = kalman.correct(state, seen, NONE_CUT, SURE, NOISE)
    for axis, share in enumerate(([-0.5, 0.5], [-1.0, 0.0])):
        h = np.array([[1.0, share[0], 0.0], [1.0, share[1], 0.0]])
        p, m = state.cov[0, axis], state.mean[0, axis]
        r = np.eye(2) * (NOISE.edge * state.size[0]) ** 2
        gain = p @ h.T @ np.linalg.inv(h @ p @ h.T + r)
        assert got.mean[0, axis] == pytest.approx(m + gain @ (seen[0, axis] - h @ m))
        assert got.cov[0, axis] == pytest.approx(p - gain @ h @ p)


def test_covariances_stay_sound_for_long() -> None:
    state = walked(0.15, steps=5000)
    assert np.linalg.eigvalsh(state.cov).min() > 0
    assert state.cov == pytest.approx(np.swapaxes(state.cov, -1, -2))


def test_a_bottom_that_jumps_in_moves_the_foot_little() -> None:
    state = kalman.predict(walked(0.0), 0.1, NOISE)
    cut = edges(0.0, 0.44, tall=0.14)  # the top is where it was
    assert kalman.correct(state, cut, NONE_CUT, SURE, NOISE).foot[0, 1] == pytest.approx(0.5, abs=0.005)


def test_a_new_size_is_believed_after_some_seconds() -> None:
    state = walked(0.0)
    for _ in range(40):
        state = kalman.correct(
            kalman.predict(state, 0.1, NOISE), edges(0.0, 0.5, 0.06, 0.12), NONE_CUT, SURE, NOISE
        )
    assert state.extent[0] == pytest.approx([0.06, 0.12], abs=0.02)


def test_a_cut_edge_says_how_far_it_reaches_at_least() -> None:
    state = kalman.predict(walked(0.0), 0.1, NOISE)
    bottom = np.array([[[False, False], [False, True]]])
    shorter = kalman.correct(state, edges(0.0, 0.45, tall=0.15), bottom, SURE, NOISE)
    longer = kalman.correct(state, edges(0.0, 0.55, tall=0.25), bottom, SURE, NOISE)
    assert shorter.foot[0, 1] == pytest.approx(0.5, abs=0.001)
    assert longer.foot[0, 1] > 0.505


def test_doubt_makes_it_hear_less() -> None:
    state = kalman.predict(walked(0.0), 0.1, NOISE)
    believed, doubted = (
        kalman.correct(state, edges(0.01, 0.5), NONE_CUT, np.array([d]), NOISE).foot[0, 0] for d in (1.0, 4.0)
    )
    assert 0 < doubted < believed / 2


def test_a_nudge_moves_the_foot_and_nothing_if_it_is_unknown() -> None:
    state = kalman.predict(walked(0.15), 1.0, NOISE)
    there = np.array([[0.9, 0.5]])
    assert kalman.nudge(state, there, np.array([0.001])).foot[0] == pytest.approx([0.9, 0.5], abs=0.002)
    assert kalman.nudge(state, there, np.array([np.inf])).foot[0] == pytest.approx(state.foot[0], abs=1e-5)
