"""A canvas: what pieces of frames look like where they are shown, and that nothing else changes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from passerby.frame import Canvas, Frame, Planes, Region

SIDES = st.tuples(st.integers(1, 40), st.integers(1, 40))


def textured(size: tuple[int, int]) -> Frame:
    picture = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3), np.uint8)
    return Frame(Planes.from_bgr(picture), camera="", index=0, time_s=0)


@given(SIDES, SIDES, SIDES)
def test_a_piece_looks_the_same_wherever_it_is_shown(
    half_corner: tuple[int, int], size: tuple[int, int], at: tuple[int, int]
) -> None:
    frame = textured((120, 120))
    left, top = (2 * side for side in half_corner)
    region = Region(left, top, left + size[0], top + size[1])
    left, top = (2 * side for side in at)
    place = Region(left, top, left + 24, top + 16)
    canvas = Canvas((110, 101))
    canvas.fill(114)
    frame.show(region, canvas, place)
    picture = canvas.bgr()
    assert picture.shape == (101, 110, 3)
    assert (picture[place.top : place.bottom, place.left : place.right] == frame.bgr(region, (24, 16))).all()
    picture[place.top : place.bottom, place.left : place.right] = 114
    assert (picture == 114).all()


def test_an_odd_piece_does_not_reach_beyond_its_place() -> None:
    canvas = Canvas((40, 30))
    canvas.fill(114)
    textured((64, 48)).show(Region(3, 5, 40, 33), canvas, Region(7, 3, 20, 14))
    bright = canvas.planes.y != 114
    assert bright[3:14, 7:20].mean() > 0.9
    bright[3:14, 7:20] = False
    assert not bright.any()


def test_a_canvas_that_is_filled_shows_nothing_of_what_it_showed() -> None:
    canvas = Canvas((64, 48))
    textured((64, 48)).show(Region(0, 0, 64, 48), canvas, Region(0, 0, 64, 48))
    canvas.fill(60)
    assert len(np.unique(canvas.bgr())) == 1
