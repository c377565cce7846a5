"""Judging the view as a whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from motion.drawn import place
from passerby.motion import view

EMPTY = view.reduce(place())


@given(st.floats(0.5, 1.4), st.floats(0, 0.3))
def test_the_gain_is_found_beside_objects(factor: float, covered: float) -> None:
    now = EMPTY * factor
    now[:, : round(covered * now.shape[1])] = 20
    found = view.gain(now, EMPTY)
    assert found == pytest.approx(factor, abs=0.05) or (found == 1.0 and abs(factor - 1) < 0.08)


def test_a_large_object_is_no_gain() -> None:
    now = EMPTY.copy()
    now[:, : round(0.6 * now.shape[1])] = 30
    assert view.gain(now, EMPTY) == 1.0


@given(st.floats(-0.8, 0.8), st.floats(-0.8, 0.8))
def test_small_shifts_are_measured(right: float, down: float) -> None:
    soft = ndimage.gaussian_filter(EMPTY, 1.0)
    moved = ndimage.shift(soft, (down, right), order=3, mode="nearest").astype(np.float32)
    assert view.shift(moved, soft) == pytest.approx((right, down), abs=0.15)


def test_walkers_do_not_pull_the_view() -> None:
    now = EMPTY.copy()
    now[20:50, 10:20] = 255
    assert view.shift(now, EMPTY) == pytest.approx((0, 0), abs=0.03)


def test_a_flat_view_has_no_shift() -> None:
    flat = np.full((60, 80), 100, np.float32)
    assert view.shift(flat + 3, flat) == (0.0, 0.0)


@given(st.floats(0.4, 1.3), st.floats(-20, 20))
def test_texture_outlasts_light(factor: float, lift: float) -> None:
    assert view.same_texture(EMPTY * np.float32(factor) + np.float32(lift), EMPTY) == pytest.approx(1.0)


def test_another_view_has_another_texture() -> None:
    same = view.same_texture(view.reduce(place(seed=77))[:, ::-1].copy(), EMPTY)
    assert same is not None
    assert same < 0.4


def test_a_flat_view_has_no_texture_to_compare() -> None:
    assert view.same_texture(EMPTY, np.full_like(EMPTY, 90)) is None


def test_dusk_is_not_blindness_but_a_cloth_is() -> None:
    seen = view.View()
    picture = place()
    for minute in range(30):
        darker = (picture * (1 - minute / 40)).astype(np.uint8)
        assert not seen.is_blind(darker, view.reduce(darker), minute * 60.0)
    cloth = np.full_like(picture, 25)
    assert seen.is_blind(cloth, view.reduce(cloth), 1800.2)
