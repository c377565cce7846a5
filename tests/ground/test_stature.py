"""People as a check of the ground, and as a first guess of it."""

from __future__ import annotations

import numpy as np
import pytest
from streets import SIZE, tracks

from passerby.ground import Ground, Stature, ground, guess
from passerby.ground.stature import whole_people
from passerby.scene import Pinhole, street

CAMERA = Pinhole()
FORM = {
    "height_m": CAMERA.height_m,
    "tilt_deg": CAMERA.tilt_deg,
    "focal_px": CAMERA.focal * SIZE[1],
    "size": [*SIZE],
}


@pytest.fixture(scope="module")
def seen() -> list[object]:
    drawn = street(5, duration_s=20)
    return [tracks(drawn.truth(float(t))) for t in range(20)]


def stature(plane: Ground, seen: list[object]) -> Stature:
    found = Stature(plane)
    for moment in seen:
        found.add(moment, SIZE)  # type: ignore[arg-type]
    return found


def test_the_right_ground_is_not_complained_of(seen: list[object]) -> None:
    found = stature(ground(FORM), seen)
    assert found.metres == pytest.approx(1.7, abs=0.12)
    assert found.complaint() == ""


def test_a_camera_that_hangs_lower_than_it_is_said_to_is_noticed(seen: list[object]) -> None:
    found = stature(ground({**FORM, "height_m": 4.4}), seen)
    assert found.complaint().startswith("By this ground a person here would be 1.1 m tall: check its points")


def test_a_ground_that_no_camera_sees_is_noticed(seen: list[object]) -> None:
    squeezed = ground([[0, 1, 0, 0], [1, 1, 60, 0], [1, 0, 60, 1], [0, 0, 0, 1]])
    assert "no camera with square pixels" in stature(squeezed, seen).complaint()


def test_a_few_people_say_nothing(seen: list[object]) -> None:
    found = stature(ground({**FORM, "height_m": 3.0}), seen[:1])
    assert (found.metres, found.complaint()) == (None, "")


def test_a_guess_from_people_of_a_drawn_street(seen: list[object]) -> None:
    boxes = np.concatenate([whole_people(moment, SIZE) for moment in seen])  # type: ignore[arg-type]
    fov = float(np.degrees(2 * np.arctan(CAMERA.aspect / 2 / CAMERA.focal)))
    found = guess(boxes, CAMERA.aspect, fov)
    assert found is not None
    assert found.ground.guess
    assert found.height_m == pytest.approx(CAMERA.height_m, rel=0.15)
    assert found.tilt_deg == pytest.approx(CAMERA.tilt_deg, abs=3)
    assert guess(boxes[:10], CAMERA.aspect) is None
    written = found.table(SIZE)
    assert written.startswith("ground = { height_m = ")
    assert "guess = true" in written
