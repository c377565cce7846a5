"""Packing: nothing lost, nothing overlaps, everything inside, and back again."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.pack import Packing, pack

SIZES = st.lists(st.tuples(st.integers(1, 300), st.integers(1, 300)), max_size=25)
GRIDS = st.sampled_from([None, 32])
GUTTERS = st.integers(0, 20)
LARGEST = st.tuples(st.integers(1, 6), st.integers(1, 6)).map(lambda s: (s[0] * 32, s[1] * 32))


@given(SIZES, LARGEST, GRIDS, GUTTERS)
def test_every_rectangle_lies_whole_on_a_sheet_that_may_be(
    sizes: list[tuple[int, int]], largest: tuple[int, int], grid: int | None, gutter: int
) -> None:
    packing = pack(sizes, largest=largest, grid=grid, gutter=gutter)
    assert len(packing.spots) == len(sizes)
    for spot in packing.spots:
        width, height = packing.sheets[spot.sheet]
        assert 0 <= spot.left < spot.left + spot.width <= width
        assert 0 <= spot.top < spot.top + spot.height <= height
    assert {spot.sheet for spot in packing.spots} == set(range(len(packing.sheets)))
    for width, height in packing.sheets:
        assert (width, height) == largest if grid is None else width % grid == height % grid == 0
        assert width <= largest[0]
        assert height <= largest[1]


@given(SIZES, LARGEST, GRIDS, GUTTERS)
def test_no_two_come_closer_than_the_gutter(
    sizes: list[tuple[int, int]], largest: tuple[int, int], grid: int | None, gutter: int
) -> None:
    spots = pack(sizes, largest=largest, grid=grid, gutter=gutter).spots
    for a, b in combinations(spots, 2):
        apart_x = max(b.left - a.left - a.width, a.left - b.left - b.width)
        apart_y = max(b.top - a.top - a.height, a.top - b.top - b.height)
        assert a.sheet != b.sheet or max(apart_x, apart_y) >= gutter


@given(SIZES, LARGEST, GRIDS)
def test_what_fits_keeps_its_size_and_what_does_not_keeps_its_shape(
    sizes: list[tuple[int, int]], largest: tuple[int, int], grid: int | None
) -> None:
    for (width, height), spot in zip(sizes, pack(sizes, largest=largest, grid=grid).spots, strict=True):
        if width <= largest[0] and height <= largest[1]:
            assert (spot.width, spot.height, spot.scale) == (width, height, 1)
        else:
            assert spot.scale < 1
            assert spot.width == pytest.approx(max(1, width * spot.scale), abs=1)
            assert spot.height == pytest.approx(max(1, height * spot.scale), abs=1)
            assert spot.width == largest[0] or spot.height == largest[1]


def unpacked(packing: Packing, sheets: list[np.ndarray]) -> list[np.ndarray]:
    return [sheets[s.sheet][s.top : s.top + s.height, s.left : s.left + s.width] for s in packing.spots]


@given(st.lists(st.tuples(st.integers(1, 128), st.integers(1, 128)), max_size=20), GRIDS, GUTTERS)
def test_unpacking_gives_back_what_was_packed(sizes: list[tuple[int, int]], grid: int | None, gutter: int) -> None:
    packing = pack(sizes, largest=(128, 128), grid=grid, gutter=gutter)
    sheets = [np.full((height, width), -1) for width, height in packing.sheets]
    pictures = [np.full((height, width), number) for number, (width, height) in enumerate(sizes)]
    for spot, picture in zip(unpacked(packing, sheets), pictures, strict=True):
        spot[:] = picture
    for spot, picture in zip(unpacked(packing, sheets), pictures, strict=True):
        assert np.array_equal(spot, picture)


def test_nothing_needs_no_sheet() -> None:
    assert pack([], largest=(64, 64), grid=32) == Packing((), ())


def test_what_fills_a_sheet_is_not_shrunk_for_the_gutter() -> None:
    assert pack([(416, 312)], largest=(416, 416), grid=32, gutter=16).sheets == ((416, 320),)
    assert pack([(200, 416), (200, 416)], largest=(416, 416), grid=None, gutter=16).sheets == ((416, 416),)


def test_sheets_of_one_size_are_as_few_as_can_be() -> None:
    sizes = [(20, 40), (44, 24), (20, 24), (40, 20), (24, 40), (64, 64)]
    assert len(pack(sizes, largest=(64, 64), grid=None).sheets) == 3


@pytest.mark.parametrize("seed", range(5))
def test_people_are_packed_without_much_waste(seed: int) -> None:
    rng = np.random.default_rng(seed)
    heights = rng.uniform(40, 140, 10)
    sizes = [(round(h * share), round(h)) for h, share in zip(heights, rng.uniform(0.5, 0.8, 10), strict=True)]
    packing = pack(sizes, largest=(416, 416), grid=32)
    used = sum(w * h for w, h in packing.sheets)
    assert used <= 1.4 * sum(w * h for w, h in sizes)
