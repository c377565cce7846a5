"""Which pieces of a frame a detector must look at to say that nobody is in the picture."""

from __future__ import annotations

import math
from typing import Final

from passerby.frame import Frame, Region, Size
from passerby.stages import Crop

MOST: Final = 3  # parts of a side: looking at smaller ones costs more than it finds


def looks(frame: Frame, wants: Size, turn: int, due_s: float) -> list[Crop]:
    """The whole picture, and in a large one the part whose turn it is: people would be too small in the whole."""
    parts = [frame.whole, *_part(frame.size, wants, turn)]
    return [Crop(frame, part, _scale(part.size, wants), due_s) for part in parts]


def _scale(of: Size, wants: Size) -> float:
    return min(wants.width / of.width, wants.height / of.height, 1.0)


def _part(of: Size, wants: Size, turn: int) -> list[Region]:
    columns, rows = (min(math.ceil(a / b), MOST) for a, b in zip(of, wants, strict=True))
    if columns * rows == 1:
        return []
    row, column = divmod(turn % (columns * rows), columns)
    left, right = _piece(of.width, columns, column)
    top, bottom = _piece(of.height, rows, row)
    return [Region(left, top, right, bottom)]


def _piece(length: int, parts: int, at: int) -> tuple[int, int]:
    """One of `parts` pieces of a length that overlap by a quarter."""
    piece = math.ceil(length / (parts - (parts - 1) / 4))
    start = round(at * (length - piece) / max(parts - 1, 1))
    return start, min(start + piece, length)
