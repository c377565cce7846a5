"""Cells, and the pixels in them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from passerby.frame import Size
from passerby.redact.grid import Grid

SIZES = st.builds(Size, st.integers(1, 2200), st.integers(1, 1300))


@given(SIZES, st.data())
def test_every_pixel_of_a_box_is_in_its_cells(size: Size, data: st.DataObject) -> None:
    left, right = sorted(data.draw(st.integers(-200, 4 * size.width + 200)) / 4 for _ in range(2))
    top, bottom = sorted(data.draw(st.integers(-200, 4 * size.height + 200)) / 4 for _ in range(2))
    grid = Grid(size)
    hidden = grid.pixels(grid.touched(np.array([[left, top, right, bottom]])))
    assert hidden.shape == (size.height, size.width)
    inside = hidden[max(int(np.floor(top)), 0) : max(int(np.ceil(bottom)), 0)]
    assert inside[:, max(int(np.floor(left)), 0) : max(int(np.ceil(right)), 0)].all()


@given(SIZES, st.integers(0, 9))
def test_rectangles_are_all_of_the_cells_and_each_once(size: Size, tenths: int) -> None:
    grid = Grid(size)
    cells = np.random.default_rng(size.width).random(grid.shape) < tenths / 9
    counts = np.zeros(grid.shape, int)
    for left, top, right, bottom in grid.rectangles(cells).tolist():
        counts[top:bottom, left:right] += 1
    assert (counts == cells).all()


def test_a_box_is_one_rectangle() -> None:
    grid = Grid(Size(640, 480))
    cells = grid.nothing()
    cells[4:20, 7:] = True
    assert grid.rectangles(cells).tolist() == [[7, 4, grid.shape[1], 20]]


@given(SIZES)
def test_what_is_seen_in_the_small_picture_is_hidden_in_the_large_one(size: Size) -> None:
    grid = Grid(size)
    small = np.zeros((max(size.height >> grid.halvings, 1), max(size.width >> grid.halvings, 1)), np.uint8)
    assert not grid.holding(small).any()
    small[-1, -1] = 255
    hidden = grid.pixels(grid.holding(small))
    px = 1 << grid.halvings
    assert hidden[(small.shape[0] - 1) * px :, (small.shape[1] - 1) * px :].all()


@given(SIZES, st.lists(st.tuples(*[st.floats(0, 1, exclude_max=True)] * 4), min_size=1, max_size=4))
def test_a_mask_grows_to_its_box_and_never_shrinks(size: Size, corners: list[tuple[float, ...]]) -> None:
    grid = Grid(size)
    rows, columns = grid.shape
    cells = grid.nothing()
    for x, y, wide, tall in corners:
        cells[int(y * rows) : int(y * rows + tall * rows / 4) + 1, int(x * columns)] = True
        cells[min(int(y * rows), rows - 1), int(x * columns) : int(x * columns + wide * columns / 4) + 1] = True
    boxed = grid.boxed(cells)
    assert (boxed >= cells).all()
    assert not grid.boxed(grid.nothing()).any()


def test_the_mask_of_one_body_is_a_box_and_that_of_a_crowd_keeps_its_outline() -> None:
    grid = Grid(Size(640, 480))
    leaning = np.eye(*grid.shape, dtype=np.bool_)
    leaning |= np.roll(leaning, 1, axis=1)
    body = leaning.copy()
    body[10:] = False
    assert grid.boxed(body)[:10, :11].all()
    assert (grid.boxed(leaning) == leaning).all()


def test_what_is_near_to_an_edge_of_the_picture_goes_on_to_it() -> None:
    grid = Grid(Size(640, 480))
    cells = grid.nothing()
    cells[30, -3] = cells[2, 20] = cells[20, 40] = True
    rim = grid.to_the_rim(cells)
    assert rim[30, -3:].all()
    assert rim[:3, 20].all()
    assert (rim >= cells).all()
    assert np.count_nonzero(rim) == 7


def test_what_is_far_or_at_an_edge_lasts_and_what_is_near_does_not() -> None:
    grid = Grid(Size(640, 480))
    cells = grid.nothing()
    cells[10:14, 10:12] = cells[20:40, 30:40] = cells[20:40, -8:] = True
    lasting = grid.lasting(cells)
    assert lasting[10:14, 10:12].all()
    assert not lasting[20:40, 30:40].any()
    assert lasting[20:40, -3:].all()
    assert not lasting[20:40, -8:-3].any()
    assert (lasting <= cells).all()
