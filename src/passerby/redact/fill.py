"""What stands in the place of hidden cells: one colour, or a coarse or blurred picture of what was there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import cv2
import numpy as np

from passerby.frame import Gray, Planes
from passerby.redact.grid import Cells, Grid

Style = Literal["solid", "pixelate", "blur"]

_SOLID: Final = (40, 128, 128)  # y, u, v: a dark grey, the same everywhere
_BLOCKS: Final = 36  # blocks in a picture's height
_BLURRED: Final = 60  # standard deviations in a picture's height
_LEAST: Final = 2  # px of a plane


def blank(planes: Planes) -> None:
    """Hide a whole picture, whatever the style."""
    for plane, value in zip((planes.y, planes.u, planes.v), _SOLID, strict=True):
        plane.fill(value)


def hide(planes: Planes, cells: Cells, grid: Grid, style: Style = "solid") -> None:
    """Hide these cells (rows, columns) of a picture in its planes."""
    rectangles = grid.rectangles(cells)
    for plane, value, halved in zip((planes.y, planes.u, planes.v), _SOLID, (0, 1, 1), strict=True):
        sides = (rectangles * (grid.side >> halved)).tolist()
        if style == "solid":
            for left, top, right, bottom in sides:
                plane[top:bottom, left:right] = value
        else:
            coarse = _COARSE[style](plane)
            for left, top, right, bottom in sides:
                plane[top:bottom, left:right] = coarse[top:bottom, left:right]


def _pixelated(plane: Gray) -> Gray:
    height, width = plane.shape
    side = max(height / _BLOCKS, _LEAST)
    blocks = (max(round(width / side), 1), max(round(height / side), 1))
    small = cv2.resize(plane, blocks, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def _blurred(plane: Gray) -> Gray:
    sigma = max(plane.shape[0] / _BLURRED, _LEAST)
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma), np.uint8)


_COARSE: Final[dict[Style, Callable[[Gray], Gray]]] = {"pixelate": _pixelated, "blur": _blurred}
