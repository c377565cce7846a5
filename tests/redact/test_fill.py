"""What stands in the place of hidden cells."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.frame import Planes, Size
from passerby.redact import fill
from passerby.redact.fill import Style
from passerby.redact.grid import Grid

SIZES = st.builds(Size, st.integers(2, 900), st.integers(2, 700))


def noise(size: Size) -> Planes:
    """Colours that no fill has."""
    random = np.random.default_rng(1)
    half = ((size.height + 1) // 2, (size.width + 1) // 2)
    y, u, v = (random.integers(180, 220, s).astype(np.uint8) for s in ((size.height, size.width), half, half))
    return Planes(y, u, v)


@given(SIZES)
def test_grey_is_hidden_in_its_cells_and_colour_with_the_grey_that_it_belongs_to(size: Size) -> None:
    grid, planes, before = Grid(size), noise(size), noise(size)
    cells = np.random.default_rng(size.width).random(grid.shape) < 0.5
    fill.hide(planes, cells, grid)
    hidden = grid.pixels(cells)
    assert ((planes.y == 40) == hidden).all()
    for colour, was in ((planes.u, before.u), (planes.v, before.v)):
        assert ((colour == 128) == hidden[::2, ::2]).all()
        assert (colour[~hidden[::2, ::2]] == was[~hidden[::2, ::2]]).all()
    assert (planes.y[~hidden] == before.y[~hidden]).all()


@pytest.mark.parametrize("style", ["pixelate", "blur"])
def test_a_coarse_picture_is_laid_over_hidden_cells_only(style: Style) -> None:
    size = Size(320, 240)
    grid, planes, before = Grid(size), noise(size), noise(size)
    cells = grid.nothing()
    cells[10:30, 20:40] = True
    fill.hide(planes, cells, grid, style)
    hidden = grid.pixels(cells)
    assert (planes.y[~hidden] == before.y[~hidden]).all()
    assert planes.y[hidden].std() < before.y[hidden].std() / 3
