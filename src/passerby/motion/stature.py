"""How tall a person appears at each place of the picture, from the ground plane or learned from what passes."""

from __future__ import annotations

from collections import deque
from typing import Final, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

PERSON_M: Final = 1.7  # as good a guess of a passer's height as is needed here
UPRIGHT: Final = 0.92  # share of a height that a camera looking down by about 25 degrees shows
ENOUGH: Final = 25  # blobs before the learned line is used
LASTING_S: Final = 1.0  # and the time over which they must have been seen
KEPT: Final = 800  # blobs remembered: their place and height, nothing else
FIT_S: Final = 2.0  # the line is fitted this often


class Scale(Protocol):
    """Knows how large things are at a place of the picture; `ground.Ground` does."""

    def px_per_m(self, points: ArrayLike, size: tuple[int, int]) -> Floats:
        """Pixels of a picture of (width, height) that a metre spans at points (n, 2) in shares of it; (n,)."""
        ...


class Stature:
    """The height of a standing person as a line over the foot's row, h = a + b y, all in heights of the picture.

    A pinhole camera without roll over a flat ground gives such a line (Hoiem, Efros and Hebert, 2006).
    """

    def __init__(self, scale: Scale | None = None) -> None:
        self._scale = scale
        self._seen: deque[tuple[float, float, float]] = deque(maxlen=KEPT)  # time s, foot y, height
        self._line: tuple[float, float] | None = None
        self._fitted_s = float("-inf")

    def learn(self, feet_y: Floats, heights: Floats, time_s: float) -> None:
        """Take in blobs that look like one person each: rows of feet (n,) and heights (n,)."""
        if self._scale is not None:
            return
        self._seen.extend((time_s, float(y), float(h)) for y, h in zip(feet_y, heights, strict=True))
        if time_s - self._fitted_s < FIT_S and self._line is not None:
            return
        if len(self._seen) < ENOUGH or self._seen[-1][0] - self._seen[0][0] < LASTING_S:
            return
        self._fitted_s = time_s
        self._line = _fit(np.array(self._seen)[:, 1:])

    def heights(self, feet: Floats, aspect: float) -> Floats | None:
        """Expected heights (n,) of people with feet at (n, 2) in shares of the picture; None if unknown yet."""
        if self._scale is not None:
            spans = self._scale.px_per_m(feet, (round(aspect * 1000), 1000)) / 1000
            return np.asarray(np.nan_to_num(spans) * PERSON_M * UPRIGHT, np.float64)
        if self._line is None:
            return None
        a, b = self._line
        return np.asarray(np.maximum(a + b * feet[:, 1], 0.01), np.float64)


def _fit(seen: Floats) -> tuple[float, float]:
    """A line through (n, 2) rows of y and height that outliers do not bend: least squares, reweighted (Tukey).

    Two heavy made-up rows hold the slope where all were seen at about the same height of the picture: there
    the horizon is taken to lie at a quarter of the way above the picture's middle.
    """
    y, h = seen.T
    middle_y, middle_h = float(np.median(y)), float(np.median(h))
    slope = middle_h / max(middle_y - 0.1, 0.2)
    held_y = np.array([middle_y - 0.1, middle_y + 0.1])
    held_h = middle_h + slope * (held_y - middle_y)
    all_y, all_h = np.concatenate([y, held_y]), np.concatenate([h, held_h])
    weights = np.ones(len(all_y))
    a = b = 0.0
    for _ in range(8):
        root = np.sqrt(weights)
        (a, b), *_ = np.linalg.lstsq(np.column_stack([root, root * all_y]), root * all_h, rcond=None)
        off = np.abs(all_h - a - b * all_y) / np.maximum(a + b * all_y, 0.02)
        reach = max(3.0 * float(np.median(off)), 0.15)
        weights = np.square(np.clip(1 - np.square(off / reach), 0, 1)) + 1e-6
        weights[-2:] = 2.0
    return float(a), max(float(b), 0.0)
