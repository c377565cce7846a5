"""The pinhole camera: there and back, and what is where in the picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.scene import Pinhole

cameras = st.builds(
    Pinhole,
    height_m=st.floats(2, 20),
    tilt_deg=st.floats(2, 60),
    pan_deg=st.floats(-80, 80),
    focal=st.floats(0.5, 4),
    aspect=st.floats(0.5, 2.4),
)


@given(cameras, st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_the_ground_seen_at_a_share_is_seen_at_that_share(camera: Pinhole, x: float, y: float) -> None:
    ground = camera.ground([x, y])
    if y < camera.horizon + 0.02:
        return
    assert camera.picture([*ground, 0.0]) == pytest.approx([x, y], abs=1e-6)


def test_nothing_of_the_ground_is_seen_at_and_above_the_horizon() -> None:
    camera = Pinhole(tilt_deg=15)
    shares = [(0.5, camera.horizon - 0.001), (0.1, camera.horizon - 0.1), (0.5, camera.horizon + 0.01)]
    assert np.isnan(camera.ground(shares)).all(axis=1).tolist() == [True, True, False]


def test_the_view_axis_meets_the_middle_of_the_picture() -> None:
    camera = Pinhole(height_m=5, tilt_deg=45, pan_deg=0)
    assert camera.picture([0, 5, 0]) == pytest.approx([0.5, 0.5])
    assert camera.depth([0, 5, 0]) == pytest.approx(5 * np.sqrt(2))


def test_right_is_right_and_up_is_up() -> None:
    camera = Pinhole()
    middle, along, above = camera.picture([(15, 8, 0), (16, 8, 0), (15, 8, 1)])
    assert along[0] > middle[0]
    assert above[1] < middle[1]


def test_a_metre_is_as_large_as_the_scale_says() -> None:
    camera = Pinhole(pan_deg=0)
    left, right = camera.picture([(-0.5, 12, 0), (0.5, 12, 0)])
    assert (right[0] - left[0]) * camera.aspect == pytest.approx(float(camera.scale([0, 12, 0])))
