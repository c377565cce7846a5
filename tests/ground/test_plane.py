"""The ground plane."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from passerby.errors import ConfigError
from passerby.ground import Ground

STREET = [[0.12, 0.91, 0, 0], [0.88, 0.93, 6, 0], [0.71, 0.40, 6, 20], [0.30, 0.39, 0, 20]]

shares = st.floats(0.02, 0.98)
points = st.lists(st.tuples(shares, shares), min_size=1, max_size=20).map(np.array)


def upright(height_m: float, tilt_deg: float, focal: float) -> NDArray[np.float64]:
    """Ground (m, right and ahead) -> shares of a 16:9 picture, for a camera over the origin."""
    tilt = np.radians(tilt_deg)
    turn = np.array([[1, 0, 0], [0, -np.sin(tilt), -np.cos(tilt)], [0, np.cos(tilt), -np.sin(tilt)]])
    camera = np.column_stack([turn[:, 0], turn[:, 1], turn @ (0, 0, -height_m)])
    lens = np.array([[focal * 9 / 16, 0, 0.5], [0, focal, 0.5], [0, 0, 1]])
    onto: NDArray[np.float64] = lens @ camera
    return onto


def seen(onto: NDArray[np.float64], metres: NDArray[np.float64]) -> NDArray[np.float64]:
    p = np.column_stack([metres, np.ones(len(metres))]) @ onto.T
    shown: NDArray[np.float64] = p[:, :2] / p[:, 2:]
    return shown


def test_the_given_points_come_out_where_they_were_given() -> None:
    ground = Ground.fit(STREET)
    rows = np.array(STREET)
    assert ground.metres(rows[:, :2]) == pytest.approx(rows[:, 2:], abs=1e-4)
    assert ground.rms_m < 1e-4


@settings(max_examples=50)
@given(points)
def test_there_and_back(at: NDArray[np.float64]) -> None:
    ground = Ground.fit(STREET)
    metres = ground.metres(at)
    onto = np.isfinite(metres).all(axis=1)
    assert ground.picture(metres[onto]) == pytest.approx(at[onto], abs=1e-6)


@settings(max_examples=50)
@given(st.floats(2.5, 30), st.floats(5, 80), st.floats(0.5, 2))
def test_any_upright_camera_is_found_from_five_points(height_m: float, tilt_deg: float, focal: float) -> None:
    ahead = height_m / np.tan(np.radians(tilt_deg))
    reach = height_m / 3
    metres = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [0.3, 0.2]]) * reach + (0, ahead)
    onto = upright(height_m, tilt_deg, focal)
    assume((np.column_stack([metres, np.ones(5)]) @ onto[2] > 0.1).all())
    ground = Ground.fit(np.hstack([seen(onto, metres), metres]).tolist())
    other = np.array([[0.1, -0.4], [0.9, 0.9]]) * reach + (0, ahead)
    assert ground.metres(seen(onto, other)) == pytest.approx(other, rel=1e-3, abs=1e-3)


def test_there_is_no_ground_beyond_the_horizon() -> None:
    onto = upright(5, 10, 1.0)
    metres = np.array([[-2.0, 15], [2, 15], [2, 40], [-2, 40]])
    ground = Ground.fit(np.hstack([seen(onto, metres), metres]).tolist())
    horizon = 0.5 - np.tan(np.radians(10))
    assert np.isnan(ground.metres([[0.5, horizon - 0.01]])).all()
    assert np.isfinite(ground.metres([[0.5, horizon + 0.01]])).all()
    assert np.isnan(ground.picture([[0.0, -50.0]])).all()
    assert np.isnan(ground.px_per_m([[0.5, horizon - 0.01]], (640, 360))).all()


def test_rms_is_the_error_in_metres() -> None:
    rows: list[list[float]] = [[0, 1, 0, 0], [1, 1, 10, 0], [1, 0, 10, 10], [0, 0, 0, 10], [0.5, 0.5, 5, 5]]
    assert Ground.fit(rows).rms_m < 1e-4
    rows[4] = [0.5, 0.5, 6, 5]
    assert 0.1 < Ground.fit(rows).rms_m < 0.5


def test_pixels_per_metre_of_a_flat_map() -> None:
    ground = Ground.fit([[0, 1, 0, 0], [1, 1, 10, 0], [1, 0, 10, 20], [0, 0, 0, 20]])
    assert ground.px_per_m([[0.5, 0.5], [0.1, 0.9]], (640, 360)) == pytest.approx([64, 64], rel=1e-3)


def test_near_ground_spans_more_pixels_than_far_ground() -> None:
    near, far = Ground.fit(STREET).px_per_m([[0.5, 0.9], [0.5, 0.4]], (640, 360))
    assert near == pytest.approx(0.76 * 640 / 6, rel=0.05)
    assert far == pytest.approx(0.41 * 640 / 6, rel=0.05)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "four or more points"),
        (STREET[:3], "four or more points"),
        ([[0, 0, 0]] * 5, "four or more points"),
        ([*STREET[:3], [0.5, 0.5, float("nan"), 1]], "four or more points"),
        ([[0, 0, 0, 0], [0.3, 0.3, 3, 3], [0.6, 0.6, 6, 6], [1, 1, 10, 10]], "lie on one line"),
        ([[0, 0, 0, 0], [0.5, 0.5, 5, 5], [1, 1, 10, 10], [0.2, 0.9, 2, 9]], "lie on one line"),
        ([[0.5, 0.5, 1, 1]] * 4, "lie on one line"),
        ([[0, 0, 0, 0], [1, 0, 10, 0], [1, 1, 0, 10], [0, 1, 10, 10]], "contradict"),
    ],
)
def test_points_that_tell_no_plane_are_refused(rows: list[list[float]], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Ground.fit(rows)
