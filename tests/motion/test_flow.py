"""How far things moved from one frame to the next."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from motion.drawn import SIZE, frame, place
from passerby.frame import Gray
from passerby.motion.flow import Flow

CLOTH = ndimage.gaussian_filter(np.random.default_rng(8).uniform(0, 255, (90, 50)), 2.0)
CLOTH = (CLOTH - CLOTH.min()) * (255 / np.ptp(CLOTH))


def walker(x: float, y: float, background: Gray | None = None, *, wide: int = 24, high: int = 60) -> Gray:
    """A figure in a patterned coat whose top left is at (x, y), drawn to a part of a pixel."""
    picture = (place() if background is None else background).astype(float)
    height, width = picture.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(float)
    coat = ndimage.map_coordinates(CLOTH, [rows - y + 5, columns - x + 5], order=1, mode="nearest")
    cover = np.clip(columns - x + 0.5, 0, 1) * np.clip(x + wide - columns + 0.5, 0, 1)
    cover *= np.clip(rows - y + 0.5, 0, 1) * np.clip(y + high - rows + 0.5, 0, 1)
    drawn: Gray = np.clip(picture + (coat - picture) * cover, 0, 255).astype(np.uint8)
    return drawn


def box(x: float, y: float, wide: int = 24, high: int = 60) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.array([[x, y, x + wide, y + high]], np.float32)


def see(flow: Flow, picture: Gray, time_s: float) -> None:
    with frame(picture, time_s) as shown:
        flow.see(shown)


@settings(max_examples=25)
@given(st.floats(-8, 8), st.floats(-5, 5))
def test_the_shift_is_that_of_the_object(right: float, down: float) -> None:
    flow = Flow()
    see(flow, walker(150, 100), 0.0)
    with frame(walker(150 + right, 100 + down), 0.1) as shown:
        found = flow.shift(shown, box(150, 100))
    assert found[0] == pytest.approx((right, down), abs=0.02 * 60)  # own heights, as trackers expect


def test_the_place_behind_a_thin_person_does_not_hold_them() -> None:
    wide = 6
    mask = np.zeros((SIZE[1], SIZE[0]), np.bool_)
    mask[100:160, 150 : 150 + wide + 6] = True
    flow = Flow()
    loose = box(147, 100, wide + 6)
    see(flow, walker(150, 100, wide=wide), 0.0)
    with frame(walker(153, 100, wide=wide), 0.1) as shown:
        found = flow.shift(shown, loose, mask)
    assert np.isnan(found).all() or found[0] == pytest.approx((3, 0), abs=1.0)


def test_who_stands_has_not_moved() -> None:
    flow = Flow()
    see(flow, walker(150, 100), 0.0)
    with frame(walker(150, 100), 0.1) as shown:
        found = flow.shift(shown, box(150, 100), np.zeros((30, 40), np.bool_))
    assert found[0] == pytest.approx((0, 0), abs=0.1)


def test_who_went_behind_something_is_not_told() -> None:
    wall = np.full_like(place(), 128)
    wall[::7] = 90
    flow = Flow()
    see(flow, walker(150, 100), 0.0)
    with frame(wall, 0.1) as shown:
        assert np.isnan(flow.shift(shown, box(150, 100))).all()


def test_a_flat_place_tells_nothing() -> None:
    flat = np.full_like(place(), 120)
    flow = Flow()
    with frame(flat, 0.0, noise=0) as shown:
        flow.see(shown)
    with frame(flat, 0.1, noise=0) as shown:
        assert np.isnan(flow.shift(shown, box(150, 100))).all()


def test_the_first_frame_and_another_size_tell_nothing() -> None:
    flow = Flow()
    with frame(place(), 0.0) as shown:
        assert np.isnan(flow.shift(shown, box(150, 100))).all()
    with frame(place(size=(640, 480)), 0.1) as shown:
        assert np.isnan(flow.shift(shown, box(150, 100))).all()
    with frame(place(size=(640, 480)), 0.2) as shown:
        assert flow.shift(shown, np.empty((0, 4), np.float32)).shape == (0, 2)


@settings(max_examples=25)
@given(
    st.integers(1, 300),
    st.integers(1, 200),
    st.lists(st.tuples(*[st.floats(-1e6, 1e6, width=32)] * 4), min_size=1, max_size=6),
)
def test_boxes_and_frames_of_any_size_are_taken(width: int, height: int, rows: list[tuple[float, ...]]) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (height, width), np.uint8)
    flow = Flow()
    see(flow, picture, 0.0)
    with frame(picture, 0.1) as shown:
        found = flow.shift(shown, np.array(rows, np.float32), np.ones((height, width), np.bool_))
    assert found.shape == (len(rows), 2)
    assert found.dtype == np.float32


def test_only_the_last_small_picture_is_kept() -> None:
    flow = Flow()
    for index in range(5):
        with frame(walker(100 + 5 * index, 100), index / 10) as shown:
            flow.shift(shown, box(100 + 5 * index, 100))
    kept = [value for value in vars(flow).values() if isinstance(value, np.ndarray)]
    assert [picture.shape for picture in kept] == [(SIZE[1], SIZE[0])]
