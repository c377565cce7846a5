"""How much of somebody is in a picture of an empty place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Bgr
from passerby.plate.pictures import NEUTRAL
from redteam.plates.scenes import Box, Floats, Person, paint

LEAST_SHOWN: Final = 0.1  # share of a box without grey, below which there is no picture to be compared


def share(plate: Bgr, empty: Floats, person: Person, box: Box) -> float:
    """The share of a person's texture in a plate, where they stood.

    The slope of the plate over the texture, beside those over the empty place and a constant (so that another
    light is no trace), of what is shown; times how much of the texture that is.
    """
    drawn, rows, columns = _drawn(empty, person, box)
    if drawn.size == 0:
        return 0.0
    here = plate[rows, columns].astype(np.float64)
    is_shown = ~np.all(here == NEUTRAL, axis=-1)
    there = empty[rows, columns].mean(axis=-1)
    return abs(_slope(here.mean(axis=-1), there, drawn - there, is_shown))


def _slope(seen: Floats, there: Floats, more: Floats, is_shown: NDArray[np.bool_]) -> float:
    """Of `seen` over `more`, beside `there` and a constant."""
    if is_shown.sum() < max(LEAST_SHOWN * is_shown.size, 8):
        return 0.0
    known = np.stack([there[is_shown], np.ones(int(is_shown.sum()))], axis=1)
    wanted, shown = more[is_shown].astype(np.float64), seen[is_shown].astype(np.float64)
    wanted = wanted - known @ np.linalg.lstsq(known, wanted, rcond=None)[0]
    everything = more - more.mean()
    return float(wanted @ shown) / max(float((everything * everything).sum()), 1.0)


def likeness(plate: Bgr, people: Iterable[tuple[Person, Box]]) -> float:
    """The best correlation (-1 to 1) of anybody's texture with the plate, near where they stood."""
    grey, best = plate.mean(axis=-1).astype(np.float32), 0.0
    for person, (left, top, right, bottom) in people:
        width, height = round(right - left), round(bottom - top)
        skin = cv2.resize(person.skin, (width, height), interpolation=cv2.INTER_AREA)
        near = width // 2
        x0, y0 = max(round(left) - near, 0), max(round(top) - near, 0)
        part = grey[y0 : round(bottom) + near, x0 : round(right) + near]
        if part.shape[0] >= height and part.shape[1] >= width and float(part.std()) > 1.0:
            found = cv2.matchTemplate(part, skin, cv2.TM_CCOEFF_NORMED)
            best = max(best, float(np.nan_to_num(found, nan=0.0, posinf=0.0, neginf=0.0).max()))
    return best


def _drawn(empty: Floats, person: Person, box: Box) -> tuple[Floats, slice, slice]:
    """The place (h, w) with them in it, inside the box, and which rows and columns that is."""
    columns = slice(max(int(box[0]), 0), min(int(box[2]) + 1, empty.shape[1]))
    rows = slice(max(int(box[1]), 0), min(int(box[3]) + 1, empty.shape[0]))
    picture = empty[rows, columns].copy()
    left, top = columns.start, rows.start
    paint(picture, person.skin, (box[0] - left, box[1] - top, box[2] - left, box[3] - top))
    return picture.mean(axis=-1), rows, columns
