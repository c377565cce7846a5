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


def test_a_shift_is_taken_in_as_by_a_filter_that_keeps_the_position_before() -> None:
    """Against the same with seven numbers an object: those of both axes, and both positions as they were."""
    before, elapsed_s, sigma = walked(0.15), 0.4, 0.004
    ahead = kalman.predict(before, elapsed_s, NOISE)
    shift = (ahead.foot - before.foot) + np.array([[0.003, -0.002]])
    found = kalman.moved(before, ahead, elapsed_s, shift, np.array([sigma]), NOISE)
    move = np.array([[1.0, 0.0, elapsed_s], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    for axis in (0, 1):
        then, now = before.cov[0, axis], ahead.cov[0, axis]
        cross = move @ then[:, :1]
        cov = np.block([[now, cross], [cross.T, then[:1, :1]]])
        seen = np.array([[1.0, 0.0, 0.0, -1.0]])
        gain = cov @ seen.T / (seen @ cov @ seen.T + sigma**2)
        off = shift[0, axis] - (ahead.foot - before.foot)[0, axis]
        assert found.mean[0, axis] == pytest.approx(ahead.mean[0, axis] + gain[:3, 0] * off)
        assert found.cov[0, axis] == pytest.approx((cov - gain @ seen @ cov)[:3, :3], abs=1e-12)


def test_shifts_do_not_make_it_deaf() -> None:
    """However often and exactly it is told how far something moved, where it was to begin with stays unsure."""
    state = walked(0.0)
    unsure = state.cov[0, 0, 0, 0]
    for _ in range(50):
        ahead = kalman.predict(state, 0.1, NOISE)
        state = kalman.moved(state, ahead, 0.1, np.zeros((1, 2)), np.array([1e-4]), NOISE)
    assert state.cov[0, 0, 0, 0] > unsure / 2
    assert state.cov[0, 0, 2, 2] < walked(0.0).cov[0, 0, 2, 2]


def test_a_shift_that_cannot_be_is_hardly_heard_and_an_unknown_one_not_at_all() -> None:
    before = walked(0.0)
    ahead = kalman.predict(before, 0.1, NOISE)
    wild, unknown = (
        kalman.moved(before, ahead, 0.1, np.full((1, 2), by), np.array([0.002]), NOISE) for by in (1.0, np.nan)
    )
    assert np.abs(wild.foot - ahead.foot).max() < 0.05
    assert np.array_equal(unknown.mean, ahead.mean)
    assert np.array_equal(unknown.cov, ahead.cov)
