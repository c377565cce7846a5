"""Decides which sheets to use, and what lies where on them.

::

    regions of frames, each at its scale        sheets of a model that takes any multiple of 32
    ┌────┐ ┌──┐ ┌───────────┐ ┌──┐              ┌────────────┬─┬────┐
    │ a  │ │b │ │     c     │ │d │              │     c      │g│ a  │   g: gutter, so wide that what
    │    │ │  │ └───────────┘ │  │   ──pack──►  ├──┬─┬──┬────┤ │    │      lies beside is not seen
    └────┘ │  │               └──┘              │b │g│d │    │ │    │
           └──┘                                 │  │ └──┘    └─┴────┘   cost: px of the sheets, and a
                                                └──┴──────────────────┘ constant for each run
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from passerby.pack.skyline import Wh, Xy, place


class Spot(NamedTuple):
    """Where one rectangle lies."""

    sheet: int
    left: int  # px of the sheet
    top: int
    width: int  # as asked, or smaller where no sheet is large enough
    height: int
    scale: float  # 1: as asked; below: shrunk to fit the largest sheet


class Packing(NamedTuple):
    """Sheets, and one spot for each rectangle in the order in which they were given."""

    sheets: tuple[Wh, ...]
    spots: tuple[Spot, ...]


def pack(
    sizes: Sequence[Wh],  # (width, height) px, 1 or more
    *,
    largest: Wh,  # px; a multiple of the grid
    grid: int | None,  # px: sheets may be any multiple up to the largest; None: all sheets are of that size
    gutter: int = 0,  # px kept free between two rectangles, not along a sheet's edge
    run_px: int = 0,  # what a sheet costs beside its pixels, in pixels
) -> Packing:
    """Place every rectangle, for the least cost found: pixels of all sheets and `run_px` for each.

    Rectangles do not overlap and stay `gutter` apart. One that is larger than the largest sheet is shrunk, both
    sides alike, and its spot's scale says so. The same sizes in the same order give the same packing.
    """
    fitted = [_fitted(size, largest) for size in sizes]
    padded = [(w + gutter, h + gutter) for (w, h), _ in fitted]
    room = (largest[0] + gutter, largest[1] + gutter)
    order = sorted(range(len(sizes)), key=lambda i: (-padded[i][1], -padded[i][0]))
    sheets: list[Wh] = []
    at: dict[int, tuple[int, Xy]] = {}
    while order:
        chosen, corners = _next_sheet([padded[i] for i in order], room, grid, gutter)
        at |= {i: (len(sheets), xy) for i, xy in zip(order, corners, strict=True) if xy is not None}
        order = [i for i, xy in zip(order, corners, strict=True) if xy is None]
        sheets.append(chosen)
    spots = (Spot(at[i][0], *at[i][1], *size, scale) for i, (size, scale) in enumerate(fitted))
    return Packing(tuple(sheets), tuple(spots))


def _fitted(size: Wh, largest: Wh) -> tuple[Wh, float]:
    """A size no larger than the largest sheet, of the same shape, and what it was multiplied by."""
    scale = min(1.0, largest[0] / size[0], largest[1] / size[1])
    width, height = (max(1, min(most, round(side * scale))) for side, most in zip(size, largest, strict=True))
    return (width, height), scale


def _next_sheet(padded: Sequence[Wh], room: Wh, grid: int | None, gutter: int) -> tuple[Wh, list[Xy | None]]:
    """The next sheet, and where each rectangle lies on it, None for those that must wait for another sheet."""
    if grid is None:
        return (room[0] - gutter, room[1] - gutter), place(padded, room)
    best: tuple[int, Wh, list[Xy | None]] | None = None
    for bound, width in _widths(padded, room, grid, gutter):
        if best is not None and bound >= best[0]:
            break
        corners = place(padded, (width + gutter, room[1]))
        if None not in corners:
            sheet = _trimmed(padded, corners, grid, gutter)
            if best is None or sheet[0] * sheet[1] < best[0]:
                best = (sheet[0] * sheet[1], sheet, corners)
    if best is not None:
        return best[1:]
    corners = place(padded, room)
    return _trimmed(padded, corners, grid, gutter), corners


def _widths(padded: Sequence[Wh], room: Wh, grid: int, gutter: int) -> list[tuple[int, int]]:
    """Widths of sheets that may hold all rectangles, with the fewest pixels that each would need, best first."""
    area = sum(w * h for w, h in padded)
    widest, tallest = (max(sides) for sides in zip(*padded, strict=True))
    found = []
    for width in range(_up(widest - gutter, grid), room[0] - gutter + 1, grid):
        height = _up(max(tallest, -(-area // (width + gutter))) - gutter, grid)
        if height + gutter <= room[1]:
            found.append((width * height, width))
    return sorted(found)


def _trimmed(padded: Sequence[Wh], corners: Sequence[Xy | None], grid: int, gutter: int) -> Wh:
    """The smallest sheet that holds what was placed."""
    ends = [(xy[0] + w, xy[1] + h) for xy, (w, h) in zip(corners, padded, strict=True) if xy is not None]
    right, bottom = (max(sides) for sides in zip(*ends, strict=True))
    return _up(right - gutter, grid), _up(bottom - gutter, grid)


def _up(px: int, grid: int) -> int:
    return -(-px // grid) * grid
