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
LARGEST = st.tuples(st.integers(1, 6), st.integers(1, 6)).map(lambda s: (s[0] * 32, s[1] * 32))


@given(SIZES, LARGEST, GRIDS)
def test_every_rectangle_lies_whole_on_a_sheet_that_may_be(
    sizes: list[tuple[int, int]], largest: tuple[int, int], grid: int | None
) -> None:
    packing = pack(sizes, largest=largest, grid=grid)
    assert len(packing.rooms) == len(sizes)
    for room in packing.rooms:
        width, height = packing.sheets[room.sheet]
        assert 0 <= room.left < room.left + room.width <= width
        assert 0 <= room.top < room.top + room.height <= height
    assert {room.sheet for room in packing.rooms} == set(range(len(packing.sheets)))
    for width, height in packing.sheets:
        assert (width, height) == largest if grid is None else width % grid == height % grid == 0
        assert width <= largest[0]
        assert height <= largest[1]


@given(SIZES, LARGEST, GRIDS)
def test_no_two_rooms_overlap(sizes: list[tuple[int, int]], largest: tuple[int, int], grid: int | None) -> None:
    for a, b in combinations(pack(sizes, largest=largest, grid=grid).rooms, 2):
        is_beside = a.left + a.width <= b.left or b.left + b.width <= a.left
        is_below = a.top + a.height <= b.top or b.top + b.height <= a.top
        assert a.sheet != b.sheet or is_beside or is_below


@given(SIZES, LARGEST, GRIDS)
def test_a_room_holds_its_rectangle_shrunk_only_if_no_sheet_could(
    sizes: list[tuple[int, int]], largest: tuple[int, int], grid: int | None
) -> None:
    for size, room in zip(sizes, pack(sizes, largest=largest, grid=grid).rooms, strict=True):
        assert room.scale == min(1, largest[0] / size[0], largest[1] / size[1])
        for side, needed in zip((room.width, room.height), size, strict=True):
            assert side >= max(1, round(needed * room.scale))


def unpacked(packing: Packing, sheets: list[np.ndarray]) -> list[np.ndarray]:
    return [sheets[s.sheet][s.top : s.top + s.height, s.left : s.left + s.width] for s in packing.rooms]


@given(st.lists(st.tuples(st.integers(1, 128), st.integers(1, 128)), max_size=20), GRIDS)
def test_unpacking_gives_back_what_was_packed(sizes: list[tuple[int, int]], grid: int | None) -> None:
    packing = pack(sizes, largest=(128, 128), grid=grid)
    sheets = [np.full((height, width), -1) for width, height in packing.sheets]
    pictures = [np.full((height, width), number) for number, (width, height) in enumerate(sizes)]
    for room, picture in zip(unpacked(packing, sheets), pictures, strict=True):
        room[: len(picture), : len(picture[0])] = picture
    for room, picture in zip(unpacked(packing, sheets), pictures, strict=True):
        assert np.array_equal(room[: len(picture), : len(picture[0])], picture)


def test_nothing_needs_no_sheet() -> None:
    assert pack([], largest=(64, 64), grid=32) == Packing((), ())


def test_a_sheet_is_cut_to_what_lies_on_it() -> None:
    assert pack([(416, 312)], largest=(416, 416), grid=32).sheets == ((416, 320),)
    assert pack([(40, 70)], largest=(416, 416), grid=32).sheets == ((64, 96),)
    assert pack([(40, 70)], largest=(416, 416), grid=None).sheets == ((416, 416),)


def test_what_is_left_of_a_sheet_is_shared() -> None:
    (first, second), (sheet,) = (p := pack([(30, 60), (20, 40)], largest=(416, 416), grid=32)).rooms, p.sheets
    assert sheet == (64, 64)
    assert (first.width * first.height) + (second.width * second.height) == 64 * 64


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
    assert used <= 1.5 * sum(w * h for w, h in sizes)
