"""Places rectangles on one sheet, each as high up as it goes.

::

    ┌───────┬────┬──────┐     The skyline is the lower edge of what lies already, as steps
    │   1   │ 2  │  3   │     (left, top, width). The next rectangle goes where it lies
    │       ├────┼──┐   │     highest, left before right: the bottom-left rule of Burke,
    │       │ 4  │5 │   │     Kendall, Whitwell: A new placement heuristic for the orthogonal
    └───────┤    └──┴───┘     stock-cutting problem, Operations Research 52 (2004), turned
            └────┘            upside down, as pictures grow downwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Wh = tuple[int, int]  # width, height in px
Xy = tuple[int, int]  # left, top in px

_Step = tuple[int, int, int]  # left, top, width of a step of the skyline


def place(sizes: Sequence[Wh], within: Wh) -> Iterator[Xy | None]:
    """Left and top of each rectangle in the order given, None for what finds no room any more."""
    width, height = within
    line: list[_Step] = [(0, 0, width)]
    for w, h in sizes:
        yield _place_one(line, w, h, width, height)


def place_all(sizes: Sequence[Wh], within: Wh) -> list[Xy] | None:
    """Left and top of each rectangle in the order given; None as soon as one finds no room."""
    corners: list[Xy] = []
    for xy in place(sizes, within):
        if xy is None:
            return None
        corners.append(xy)
    return corners


def _place_one(line: list[_Step], w: int, h: int, width: int, height: int) -> Xy | None:
    best_top, best, best_end = height - h + 1, -1, -1
    for first, (left, top, step) in enumerate(line):
        right, last = left + w, first
        if right > width:
            break
        end = left + step
        while top < best_top and end < right:
            last += 1
            _, next_top, step = line[last]
            end += step
            top = max(top, next_top)
        if top < best_top:
            best_top, best, best_end = top, first, last
    if best < 0:
        return None
    left, right = line[best][0], line[best][0] + w
    end_left, end_top, end_step = line[best_end]
    rest = end_left + end_step - right
    line[best : best_end + 1] = (
        [(left, best_top + h, w), (right, end_top, rest)] if rest else [(left, best_top + h, w)]
    )
    return left, best_top
