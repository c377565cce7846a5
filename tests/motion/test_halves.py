"""Grey pictures halved once for all who look."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.drawn import frame
from passerby.motion.halves import Halves


@settings(max_examples=25)
@given(st.integers(1, 90), st.integers(1, 70), st.integers(0, 4))
def test_a_halved_pixel_is_the_mean_of_those_it_covers(width: int, height: int, times: int) -> None:
    picture = np.random.default_rng(3).integers(0, 256, (height, width), np.uint8)
    with frame(picture, 0.0, noise=0) as shown:
        small = Halves(shown).halved(times).copy()
    side = 1 << times
    if min(width, height) >= side:
        assert small.shape == (height // side, width // side)
        cut = picture[: small.shape[0] * side, : small.shape[1] * side].astype(float)
        means = cut.reshape(small.shape[0], side, small.shape[1], side).mean(axis=(1, 3))
        assert np.abs(small - means).max() <= 0.5 * max(times, 1) + 1e-9  # each halving rounds once


@given(st.integers(1, 5000), st.integers(1, 700))
def test_it_is_halved_to_between_once_and_twice_the_width(width: int, least: int) -> None:
    with frame(np.zeros((2, width), np.uint8), 0.0, noise=0) as shown:
        times = Halves(shown).times(least)
    assert times == 0 or width >> times >= least
    assert width >> (times + 1) < least


def test_all_share_one_picture() -> None:
    with frame(np.zeros((40, 60), np.uint8), 1.5) as shown:
        halves = Halves(shown)
        assert Halves.of(halves) is halves
        assert halves.halved(1) is Halves.of(halves).halved(1)
        assert (halves.time_s, halves.size) == (1.5, (60, 40))
