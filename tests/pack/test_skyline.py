"""The skyline: each rectangle as high up as it goes, and no higher."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from passerby.pack.skyline import place, place_all


def test_side_by_side_then_below() -> None:
    assert [*place([(4, 5), (4, 3), (2, 2), (6, 1)], (10, 10))] == [(0, 0), (4, 0), (8, 0), (4, 3)]


def test_what_has_no_room_is_left_out_and_the_rest_goes_on() -> None:
    sizes = [(3, 3), (4, 4), (5, 1), (2, 3)]
    assert [*place(sizes, (5, 4))] == [(0, 0), None, (0, 3), None]
    assert place_all(sizes, (5, 4)) is None
    assert place_all(sizes[::2], (5, 4)) == [(0, 0), (0, 3)]


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=12), st.integers(1, 12))
def test_every_rectangle_rests_on_the_top_or_on_another(sizes: list[tuple[int, int]], width: int) -> None:
    laid: list[tuple[int, int, int, int]] = []
    for xy, (w, h) in zip(place(sizes, (width, 40)), sizes, strict=True):
        if xy is None:
            assert w > width or sum(bottom - top for _, top, _, bottom in laid) + h > 40
            continue
        left, top = xy
        assert left + w <= width
        assert top + h <= 40
        above = [r for r in laid if r[0] < left + w and r[2] > left]
        assert all(r[3] <= top for r in above)
        assert top == max((r[3] for r in above), default=0)
        laid.append((left, top, left + w, top + h))
