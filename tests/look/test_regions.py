from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.look.regions import Floats, Price, Rect, grown, meets, merged, sizes, snapped, tiles

SIZE = (768, 576)
PRICE = Price(frame=8.0, piece=1500.0)
FREE = Price(frame=0.0, piece=0.0)


@st.composite
def boxes(draw: st.DrawFn, most: int = 8) -> Floats:
    rows = draw(
        st.lists(
            st.tuples(st.floats(0, 700), st.floats(0, 500), st.floats(4, 120), st.floats(4, 200)), max_size=most
        )
    )
    found = np.array(rows, np.float64).reshape(-1, 4)
    found[:, 2:] += found[:, :2]
    return np.clip(found, 0, (*SIZE, *SIZE))


def inside(inner: Floats, outer: Floats) -> bool:
    return bool((inner[:2] >= outer[:2] - 1e-9).all() and (inner[2:] <= outer[2:] + 1e-9).all())


@given(boxes(), boxes(), st.sampled_from([PRICE, FREE]))
def test_regions_hold_what_is_wanted_and_neither_overlap_nor_cut_what_is_known(
    wanted: Floats, known: Floats, price: Price
) -> None:
    rects, scales = merged(wanted, np.full(len(wanted), 0.5), known, price)
    assert len(rects) == len(scales) <= len(wanted)
    for box in wanted:
        assert any(inside(box, rect) for rect in rects)
    assert (np.count_nonzero(meets(rects, rects), axis=1) == 1).all()
    for box in known:
        for rect in rects[meets(rects, box[None])[:, 0]]:
            assert inside(box, rect)


@given(boxes(most=2), st.floats(0.1, 1), st.floats(0.1, 1))
def test_two_become_one_only_where_that_costs_no_more_and_each_gets_its_scale(
    wanted: Floats, one: float, other: float
) -> None:
    least = np.array([one, other][: len(wanted)])
    rects, scales = merged(wanted, least, np.empty((0, 4)), PRICE)
    alone = sum(PRICE.of(_rect(b), s) for b, s in zip(wanted, least, strict=True))
    together = sum(PRICE.of(_rect(r), s) for r, s in zip(rects, scales, strict=True))
    apart = np.count_nonzero(meets(wanted, wanted)) == len(wanted)
    assert together <= alone + 1e-6 or not apart
    for box, scale in zip(wanted, least, strict=True):
        assert any(inside(box, r) and s >= scale for r, s in zip(rects, scales, strict=True))


def _rect(box: Floats) -> Rect:

    return Rect(*box.tolist())


def test_two_that_are_near_become_one_where_a_region_has_its_price() -> None:
    near = np.array([[0, 0, 40, 80], [50, 0, 90, 80]], np.float64)
    scale = np.full(2, 0.5)
    assert len(merged(near, scale, np.empty((0, 4)), PRICE)[0]) == 1
    assert len(merged(near, scale, np.empty((0, 4)), FREE)[0]) == 2
    far = near + np.array([[0, 0, 0, 0], [500, 0, 500, 0]])
    assert len(merged(far, scale, np.empty((0, 4)), PRICE)[0]) == 2


@given(boxes())
def test_snapping_only_widens_to_even_px_of_the_picture(wanted: Floats) -> None:
    whole = snapped(grown(wanted, sizes(wanted)), SIZE)
    assert (whole >= 0).all()
    assert (whole[:, 2:] <= SIZE).all()
    assert (whole % 2 == 0).all()
    for box, rect in zip(wanted, whole, strict=True):
        assert inside(box, rect.astype(np.float64))


@given(
    st.integers(100, 4000),
    st.integers(100, 2200),
    st.floats(200, 900),
    st.floats(200, 900),
    st.floats(0, 90),
    st.data(),
)
def test_whatever_is_smaller_than_the_overlap_lies_wholly_in_a_tile(
    width: int, height: int, across: float, down: float, overlap: float, data: st.DataObject
) -> None:
    rects = tiles((width, height), (across, down), overlap)
    assert (rects[:, 2:] - rects[:, :2] <= (across + 1e-6, down + 1e-6)).all()
    left = data.draw(st.floats(0, width - min(overlap, width)))
    top = data.draw(st.floats(0, height - min(overlap, height)))
    small = np.array([left, top, left + min(overlap, width) * 0.999, top + min(overlap, height) * 0.999])
    assert any(inside(small, rect) for rect in rects)


def test_tiles_are_no_larger_than_their_number_wants() -> None:
    rects = tiles((640, 360), (416.0, 416.0), 100.0)
    assert rects.tolist() == [[0, 0, 370, 360], [270, 0, 640, 360]]


def test_a_picture_that_is_not_larger_than_a_tile_is_one() -> None:
    assert tiles((640, 360), (700.0, 400.0), 50.0).tolist() == [[0, 0, 640, 360]]


def test_a_size_is_the_side_of_a_square_of_the_same_area() -> None:
    assert sizes(np.array([[0, 0, 20, 80]], np.float64)) == pytest.approx([40.0])
