"""What a configuration may say of the ground."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerby.errors import ConfigError
from passerby.ground import Upright, ground
from passerby.ground.forms import overhead
from passerby.ground.lens import Lens
from passerby.scene import Pinhole

CORNERS = [[0.12, 0.91], [0.88, 0.93], [0.71, 0.40], [0.30, 0.39]]
METRES = [[0, 0], [6, 0], [6, 20], [0, 20]]
POINTS = [[*corner, *spot] for corner, spot in zip(CORNERS, METRES, strict=True)]
CAMERA = {"height_m": 6.8, "tilt_deg": 14, "fov_deg": 56.14, "size": [768, 576]}


def test_a_list_points_and_a_rectangle_are_the_same() -> None:
    forms: list[Any] = [POINTS, {"points": POINTS}, {"rectangle": CORNERS, "width_m": 6, "length_m": 20}]
    spots = [ground(form).metres([[0.5, 0.6], [0.2, 0.9]]) for form in forms]
    assert spots[1] == pytest.approx(spots[0])
    assert spots[2] == pytest.approx(spots[0])


def test_coordinates_become_metres_east_and_north() -> None:
    north, east = 20 / 111_200, 6 / (111_320 * math.cos(math.radians(38.7)))
    rows = [[*c, 38.7 + y / 20 * north, -9.14 + x / 6 * east] for c, (x, y) in zip(CORNERS, METRES, strict=True)]
    plane = ground({"wgs84": rows})
    found = plane.metres(CORNERS)
    assert found - found[0] == pytest.approx(np.array(METRES), abs=0.06)


def test_the_camera_of_a_drawn_street() -> None:
    camera = Pinhole()
    fov = math.degrees(2 * math.atan(camera.aspect / 2 / camera.focal))
    plane = ground({**CAMERA, "fov_deg": fov})
    shown = np.array([[0.2, 0.9], [0.8, 0.6], [0.5, 0.5]])
    true = camera.ground(shown)
    turn = math.radians(camera.pan_deg)
    ahead = true @ [math.sin(turn), math.cos(turn)]
    right = true @ [math.cos(turn), -math.sin(turn)]
    assert plane.metres(shown) == pytest.approx(np.column_stack([right, ahead]))
    in_px = {k: v for k, v in CAMERA.items() if k != "fov_deg"} | {"focal_px": camera.focal * 576}
    assert ground(in_px).metres(shown) == pytest.approx(plane.metres(shown))


@settings(max_examples=60)
@given(st.floats(2, 40), st.floats(5, 70), st.floats(-15, 15), st.floats(0.6, 3))
def test_the_implied_camera_is_the_one_it_was_made_of(
    height: float, tilt: float, roll: float, focal: float
) -> None:
    plane = overhead(height, tilt, roll, focal, 16 / 9)
    upright = Upright.of(plane, 16 / 9)
    assert upright is not None
    assert (upright.height_m, upright.focal) == pytest.approx((height, focal), rel=1e-4)
    foot = plane.metres([[0.5, 0.9]])
    if np.isfinite(foot).all():
        top = upright.top(foot, 1.7)
        assert upright.tall(plane, plane.picture(foot), top)[0] == pytest.approx(1.7, rel=0.1 if roll else 1e-6)


@settings(max_examples=60)
@given(st.floats(-0.1, 0.3), st.floats(-0.02, 0.05), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_a_lens_is_straightened_and_bent_back(k1: float, k2: float, x: float, y: float) -> None:
    lens = Lens(k1, k2, 4 / 3)
    there = lens.straight(np.array([[x, y]]))
    assert lens.bent(there)[0] == pytest.approx([x, y], abs=2e-3)
    assert Lens(0, 0, 1).straight(np.array([[x, y]]))[0] == pytest.approx([x, y])


def test_a_ground_with_a_lens_goes_there_and_back() -> None:
    plane = ground({"points": POINTS, "distortion": [0.05], "size": [1280, 720]})
    shown = np.array([[0.3, 0.8], [0.7, 0.5]])
    assert plane.picture(plane.metres(shown)) == pytest.approx(shown, abs=1e-4)
    assert plane.metres(CORNERS) == pytest.approx(np.array(METRES), abs=1e-3)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (2, "a list of points or a table"),
        ({}, "given in one way, and here is none of points, wgs84, rectangle, height_m"),
        ({"points": POINTS, "rectangle": CORNERS}, "here is points and rectangle"),
        ({"pionts": POINTS}, "'pionts' is not a key of a ground .*; did you mean 'points'"),
        ({"points": POINTS, "width_m": 3}, "'width_m' does not go with 'points'"),
        ({"points": POINTS, "distortion": [0.1]}, "'distortion' needs 'size'"),
        ({"points": POINTS, "distortion": 0.1, "size": [4, 3]}, r"'distortion' is \[k1\] or \[k1, k2\]"),
        ([[0.1, 0.2, "a", 0]], "list of points of 4 numbers"),
        ({"rectangle": CORNERS[:3], "width_m": 6, "length_m": 20}, "four corners, not 3"),
        ({"rectangle": CORNERS, "width_m": 6}, "'length_m' is missing"),
        ({"rectangle": CORNERS, "width_m": -6, "length_m": 2}, "'width_m' is a number from 0.1 to 10000, not -6"),
        ({"rectangle": [[0, 0], [0.5, 0.5], [1, 1], [0.2, 0.2]], "width_m": 6, "length_m": 2}, "lie on one line"),
        ({"wgs84": [[*c, 100, 8] for c in CORNERS]}, "degrees: check their order"),
        ({"wgs84": [[*c, 38 + n, 8] for n, c in enumerate(CORNERS)]}, "more than 5 km apart"),
        ({"height_m": 5, "tilt_deg": 20}, "either 'fov_deg' or 'focal_px'"),
        ({"height_m": 5, "tilt_deg": 20, "fov_deg": 60}, "'height_m' needs 'size'"),
        ({**CAMERA, "focal_px": 700}, "either 'fov_deg' or 'focal_px'"),
        ({**CAMERA, "tilt_deg": 0}, "'tilt_deg' is a number from 1 to 90, not 0"),
        ({**CAMERA, "tilt_deg": "steep"}, "'tilt_deg' is a number from 1 to 90, not steep"),
        ([[0.1, 0.9, 0, 0], [0.9, 0.9, 6, 0], [0.7, 0.5, 5, 10], [0.5, 0.1, 3, 2]], "lies below the horizon"),
    ],
)
def test_what_tells_no_ground_is_said_in_one_sentence(written: Any, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        ground(written)
