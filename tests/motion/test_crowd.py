"""The estimation of drawn crowds, and the geometry and texture under it."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from passerby.frame import Frame, Planes
from passerby.ground import Ground
from passerby.motion.crowd import Crowd, smooth
from passerby.motion.texture import describe
from passerby.motion.windows import HEAD_M, SAMPLES, Windows
from passerby.scene import Gathering, Pinhole, crowd
from passerby.sources.synthetic import Drawn, Painter

SIZE = (640, 480)
CAMERA = Pinhole(height_m=9, tilt_deg=32, pan_deg=10, focal=1.1)
LOW, HIGH = (-2.0, 9.5), (7.5, 18.5)


def plane(camera: Pinhole = CAMERA) -> Ground:
    shares = np.array([(0.2, 0.9), (0.8, 0.9), (0.8, 0.6), (0.2, 0.6)])
    return Ground.fit(np.concatenate([shares, camera.ground(shares)], axis=1).tolist())


@cache
def square(density: float) -> Painter:
    return Drawn(
        crowd(11, [Gathering(LOW, HIGH, density, stand=0.5)], camera=CAMERA, duration_s=3), size=SIZE
    ).painter()


def show(
    eye: Crowd, painter: Painter, start_s: float, *, boxes: bool = False, times: tuple[float, ...] = (0, 2)
) -> None:
    for time_s in times:
        picture = painter.picture(time_s)
        people = painter.street.people(time_s)
        feet = CAMERA.picture(np.column_stack([people, np.zeros(len(people))])) if boxes else None
        with Frame(Planes.from_bgr(picture), camera="c", index=0, time_s=start_s + time_s) as frame:
            eye.update(frame, feet)


def zone(eye: Crowd) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    assert eye._map is not None
    middle = eye._map.cells.centres
    within = (middle > np.array(LOW) + 2).all(axis=-1) & (middle < np.array(HIGH) - 2).all(axis=-1)
    return within & np.isfinite(eye._map.people), eye._map.people


@pytest.mark.parametrize("density", [3.0, 5.5])
def test_a_drawn_crowd_is_estimated(density: float) -> None:
    painter = square(density)
    eye = Crowd(plane())
    show(eye, square(0), 0, times=(0,))
    show(eye, painter, 10)
    here, people = zone(eye)
    assert eye._map is not None
    true = painter.street.density(eye._map.cells, 2)[here].mean()
    assert here.sum() >= 20
    assert people[here].mean() == pytest.approx(true, rel=0.35)
    assert abs(people[here].mean() - true) < 2 * eye._map.error[here].mean()


def test_an_empty_square_holds_nobody() -> None:
    eye = Crowd(plane())
    show(eye, square(0), 0, times=(0, 2, 4))
    here, people = zone(eye)
    assert people[here].mean() < 0.02


def test_boxes_of_sparse_times_teach_a_factor_and_dense_ones_do_not() -> None:
    empty = square(0)
    taught, plain = Crowd(plane()), Crowd(plane())
    for eye, given in ((taught, True), (plain, False)):
        show(eye, empty, 0, times=(0,))
        show(eye, square(0.3), 10, boxes=given, times=(0, 2, 2.9))
    assert plain.factor == 1
    assert taught.factor != 1
    factor = taught.factor
    show(taught, square(5.5), 20, boxes=True, times=(0, 2))
    assert taught.factor == pytest.approx(factor)


def test_it_looks_no_more_often_than_it_was_told() -> None:
    eye = Crowd(plane(), every_s=5)
    show(eye, square(1.0), 0, times=(0,))
    first = eye._map
    show(eye, square(1.0), 1, times=(0, 2))
    assert eye._map is first
    show(eye, square(1.0), 5, times=(0,))
    assert eye._map is not first


def test_ground_that_is_hardly_seen_gets_no_map() -> None:
    tiny = Ground.fit([(0, 0, 0, 0), (1, 0, 900, 0), (1, 1, 900, 900), (0, 1, 0, 900)])
    frame = Frame(Planes.from_bgr(np.zeros((480, 640, 3), np.uint8)), camera="c", index=0, time_s=0)
    assert Crowd(tiny).update(frame) is None


def test_windows_stand_upright_over_their_cells() -> None:
    windows = Windows.over(plane(), SIZE, SIZE)
    assert windows is not None
    middle = windows.cells.centres.reshape(-1, 2)[windows.rows]
    near = int(np.argmin(np.hypot(*(middle - (2.5, 14.0)).T)))
    head = CAMERA.picture((*middle[near], HEAD_M)) * SIZE
    picture = np.zeros(SIZE[::-1], np.uint8)
    cv2.circle(picture, (round(head[0]), round(head[1])), 4, (255,), -1)
    window = windows.heads(picture)[near]
    row, column = np.unravel_index(int(window.argmax()), window.shape)
    assert abs(row - SAMPLES / 2) < 5
    assert abs(column - SAMPLES / 2) < 5
    assert float(CAMERA.scale((*middle[near], 0.0))) * SIZE[1] == pytest.approx(windows.scale[near], rel=0.1)


def test_texture_does_not_care_for_contrast_and_counts_what_stands_out() -> None:
    rng = np.random.default_rng(1)
    few, many = np.zeros((2, SAMPLES, SAMPLES), np.float32)
    for window, n in ((few, 4), (many, 25)):
        for _ in range(n):
            at = tuple(int(v) for v in rng.integers(3, SAMPLES - 3, 2))
            cv2.circle(window, at, 2, (200.0,), -1)
    power, peaks = describe(np.stack([few, many, 0.5 * many + 40]))
    assert peaks[1, 1] > peaks[0, 1]
    assert peaks[2] == pytest.approx(peaks[1])
    relative = power / power.sum(axis=1, keepdims=True)
    assert relative[2] == pytest.approx(relative[1], rel=1e-3)


def test_smoothing_keeps_the_unknown_unknown_and_a_plane_a_plane() -> None:
    values = np.full((4, 5, 2), 3.0)
    values[1, 2] = np.nan
    smoothed = smooth(values)
    assert np.isnan(smoothed[1, 2]).all()
    assert np.nanmax(np.abs(smoothed - 3)) == pytest.approx(0)
