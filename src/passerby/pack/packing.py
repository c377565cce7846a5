"""Decides which sheets to use, and which room each rectangle gets on them.

::

    regions of frames, each at its scale        a sheet of a model that takes any multiple of 32
    ┌────┐ ┌──┐ ┌───────────┐ ┌──┐              ┌────────────┬─────┐
    │ a  │ │b │ │     c     │ │d │              │     c      │  a  │   what is left between them and
    │    │ │  │ └───────────┘ │  │   ──pack──►  ├──┬─────────┤     │   the sheet's edge, they share:
    └────┘ │  │               └──┘              │b │    d    │     │   more of the picture around a
           └──┘                                 │  │         │     │   region costs nothing there
                                                └──┴─────────┴─────┘
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from passerby.pack.skyline import Wh, Xy, place, place_all

_Box = tuple[int, int, int, int]  # left, top, width, height


class Room(NamedTuple):
    """What one rectangle has of a sheet to itself: as much as it needs, or more."""

    sheet: int
    left: int  # px of the sheet
    top: int
    width: int
    height: int
    scale: float  # 1: the rectangle fits as it is; below: it must be shrunk by this to fit the largest sheet


class Packing(NamedTuple):
    """Sheets, and one room for each rectangle in the order in which they were given."""

    sheets: tuple[Wh, ...]
    rooms: tuple[Room, ...]


def pack(
    sizes: Sequence[Wh],  # (width, height) px, 1 or more
    *,
    largest: Wh,  # px; multiples of the grid
    grid: int | None,  # px: sheets may have any multiple up to the largest; None: all are of that size
) -> Packing:
    """Give every rectangle a room of its own on as few pixels of sheets as are found.

    Rooms do not overlap. A rectangle that is larger than the largest sheet is shrunk, both sides alike, and its
    room says so. The same sizes in the same order give the same packing.
    """
    scales = [min(1.0, largest[0] / w, largest[1] / h) for w, h in sizes]
    needed = [
        (max(1, min(largest[0], round(w * scale))), max(1, min(largest[1], round(h * scale))))
        for (w, h), scale in zip(sizes, scales, strict=True)
    ]
    waiting = sorted(range(len(sizes)), key=lambda i: (-needed[i][1], -needed[i][0]))
    sheets: list[Wh] = []
    rooms: dict[int, Room] = {}
    while waiting:
        corners = _next_sheet([needed[i] for i in waiting], largest, grid)
        placed: dict[int, _Box] = {
            i: (*xy, *needed[i]) for i, xy in zip(waiting, corners, strict=True) if xy is not None
        }
        sheet = largest if grid is None else _around(placed.values(), grid)
        for i, room in zip(placed, _grown(list(placed.values()), sheet), strict=True):
            rooms[i] = Room(len(sheets), *room, scales[i])
        sheets.append(sheet)
        waiting = [i for i in waiting if i not in placed]
    return Packing(tuple(sheets), tuple(rooms[i] for i in range(len(sizes))))


def _next_sheet(sizes: Sequence[Wh], largest: Wh, grid: int | None) -> list[Xy | None]:
    """Where each rectangle lies on the next sheet, None for those that must wait for another."""
    on_one = None if grid is None else _on_one_sheet(sizes, largest, grid)
    return list(place(sizes, largest)) if on_one is None else [*on_one]


def _on_one_sheet(sizes: Sequence[Wh], largest: Wh, grid: int) -> list[Xy] | None:
    """Where all rectangles lie on the smallest sheet that is found for them; None where they need several."""
    best: list[Xy] | None = None
    cost = _cost(largest)
    for shape in _shapes(sizes, largest, grid):
        if best is not None and _cost(shape) >= cost:
            break
        corners = place_all(sizes, (shape[0], min(largest[1], cost[0] // shape[0])))  # taller would gain nothing
        if corners is not None:
            found = _cost(_around([(*xy, *size) for xy, size in zip(corners, sizes, strict=True)], grid))
            if best is None or found < cost:
                best, cost = corners, found
    return best


def _shapes(sizes: Sequence[Wh], largest: Wh, grid: int) -> list[Wh]:
    """For each width of a sheet the smallest that might hold all rectangles, the cheapest first."""
    area = sum(w * h for w, h in sizes)
    widest, tallest = (max(sides) for sides in zip(*sizes, strict=True))
    widths = range(_up(widest, grid), largest[0] + 1, grid)
    shapes = ((width, _up(max(tallest, -(-area // width)), grid)) for width in widths)
    return sorted((shape for shape in shapes if shape[1] <= largest[1]), key=_cost)


def _cost(sheet: Wh) -> tuple[int, int]:
    """Pixels; of equals the squarest, for the least of it lies at an edge."""
    width, height = sheet
    return width * height, width + height


def _around(boxes: Iterable[_Box], grid: int) -> Wh:
    """The smallest sheet that holds all boxes."""
    right, bottom = (max(ends) for ends in zip(*((x + w, y + h) for x, y, w, h in boxes), strict=True))
    return _up(right, grid), _up(bottom, grid)


def _grown(boxes: list[_Box], sheet: Wh) -> list[_Box]:
    """The same boxes with the free space to their right and then below them."""
    grown: list[_Box] = []
    for left, top, _, height in boxes:
        ahead = (x for x, y, _, h in boxes if x > left and y < top + height and top < y + h)
        grown.append((left, top, min(ahead, default=sheet[0]) - left, height))
    for at, (left, top, width, _) in enumerate(grown):
        below = (y for x, y, w, _ in grown if y > top and x < left + width and left < x + w)
        grown[at] = (left, top, width, min(below, default=sheet[1]) - top)
    return grown


def _up(px: int, grid: int) -> int:
    return -(-px // grid) * grid
