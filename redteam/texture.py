"""The canary: a texture that nothing else has, and a drawn place in which somebody wears it."""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

CELLS: Final = 12  # a side of the texture; a person wears it one and a half times, one above the other
CELL: Final = 5  # px of a picture, a side
WIDTH, HEIGHT = 320, 180  # px
PERSON: Final = (CELLS * CELL, CELLS * CELL * 3 // 2)  # px: width, height
_DARK, _BRIGHT = 50.0, 200.0  # grey levels (video range)
_TINT: Final = 0.2  # of a cell's level that is in its colours, too, so that each plane holds the texture
_CROSSES_S: Final = 16.0  # from one side to the other,
_AWAY_S: Final = 8.0  # and until the way back begins

Grey = NDArray[np.uint8]  # (h, w)
Floats = NDArray[np.float32]


@cache
def pattern() -> Floats:
    """The texture, a number a cell, (12, 12): each row is a permutation of the same levels; not writeable."""
    rng = np.random.default_rng(20261122)
    levels = np.linspace(_DARK, _BRIGHT, CELLS, dtype=np.float32)
    cells = np.array([rng.permutation(levels) for _ in range(CELLS)], np.float32)
    cells.flags.writeable = False
    return cells


@cache
def person() -> Grey:
    """What somebody looks like, grey (90, 60); not writeable."""
    cells = np.kron(pattern(), np.ones((CELL, CELL), np.float32)).round().astype(np.uint8)
    worn = np.vstack([cells, cells])[: PERSON[1]]
    worn.flags.writeable = False
    return worn


@cache
def empty() -> Grey:
    """The place when nobody is there, grey (180, 320): a smooth floor, a wall with windows; not writeable."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    place = 90 + 40 * x / WIDTH + 25 * y / HEIGHT
    for left in range(12, WIDTH - 30, 44):
        place[10:34, left : left + 24] -= 30
    drawn = place.round().astype(np.uint8)
    drawn.flags.writeable = False
    return np.asarray(drawn, np.uint8)


def where(time_s: float) -> tuple[int, int] | None:
    """Left and top of who crosses the place, px, both even; None while nobody is there."""
    lap, since_s = divmod(time_s, _CROSSES_S + _AWAY_S)
    if since_s > _CROSSES_S:
        return None
    share = since_s / _CROSSES_S
    share = share if int(lap) % 2 == 0 else 1 - share
    return int(share * (WIDTH - PERSON[0])) // 2 * 2, (HEIGHT - PERSON[1] - 12) // 2 * 2


def i420(time_s: float) -> Grey:
    """The picture at a time as I420, (270, 320)."""
    grey, u, v = empty().copy(), *(np.full((HEIGHT // 2, WIDTH // 2), 128, np.uint8) for _ in range(2))
    if (at := where(time_s)) is not None:
        left, top = at
        w, h = PERSON
        grey[top : top + h, left : left + w] = person()
        tint = (
            cv2.resize(person(), (w // 2, h // 2), interpolation=cv2.INTER_AREA).astype(np.float32) - 128
        ) * _TINT
        inside = np.s_[top // 2 : (top + h) // 2, left // 2 : (left + w) // 2]
        u[inside] = (128 + tint).round()
        v[inside] = (128 - tint).round()
    half = (HEIGHT // 4, WIDTH)
    return np.asarray(np.vstack([grey, u.reshape(half), v.reshape(half)]), np.uint8)


def bgr(time_s: float) -> NDArray[np.uint8]:
    """The picture at a time, (180, 320, 3)."""
    return np.asarray(cv2.cvtColor(i420(time_s), cv2.COLOR_YUV2BGR_I420), np.uint8)
