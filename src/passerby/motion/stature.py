"""How tall a person appears at each place of the picture, from the ground plane or learned from what passes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

PERSON_M: Final = 1.7  # as good a guess of a passer's height as is needed here
UPRIGHT: Final = 0.92  # share of a height that a camera looking down by about 25 degrees shows
KEPT: Final = 600  # blobs remembered: their place and height, nothing else
FRESH_S: Final = 10.0  # a blob like one of the last seconds, at the same place, teaches nothing new
ENOUGH: Final = 5  # blobs before a line is trusted
FIT_S: Final = 1.0  # the line is fitted this often
BELOW: Final = 1.5  # heights of the picture: feet may be so far down, below its edge
LOWEST: Final = 0.01  # heights of the picture: nobody is lower
PAIR: Final = 0.3  # weight of a pair among single people
AGREE: Final = 0.2  # blobs within this share of the line's height agree with it,
AGREEING: Final = 0.5  # and this share of them must, else they are not people


class Scale(Protocol):
    """Knows how large things are at a place of the picture; `ground.Ground` does."""

    def px_per_m(self, points: ArrayLike, size: tuple[int, int]) -> Floats:
        """Pixels of a picture of (width, height) that a metre spans at points (n, 2) in shares of it; (n,)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Tall:
    """Heights of standing people in px, by where their feet are."""

    table: Floats  # (rows, columns) px; rows of the picture and beyond its lower edge, columns even over its width
    width: int  # px of the picture

    def at(self, x: float, y: float) -> float:
        """Height of someone whose foot is at (x, y) px."""
        rows, columns = self.table.shape
        return float(self.table[min(max(round(y), 0), rows - 1), self._column(x, columns)])

    def down(self, x: float, top: int) -> Floats:
        """Heights (n,) of people whose feet are in column x px, in the rows from `top` on."""
        return self.table[min(max(top, 0), len(self.table) - 1) :, self._column(x, self.table.shape[1])]

    def _column(self, x: float, columns: int) -> int:
        return min(max(int(x / self.width * columns), 0), columns - 1)


class Stature:
    """The height of a standing person as a line over the foot's row, h = a + b y, all in heights of the picture.

    A pinhole camera without roll over a flat ground gives such a line (Hoiem, Efros and Hebert, 2006).
    """

    def __init__(self, scale: Scale | None = None) -> None:
        self._scale = scale
        self._seen: deque[tuple[float, float, float]] = deque(maxlen=KEPT)  # foot y, height, weight
        self._lately: dict[tuple[int, int, int], float] = {}  # about where and how high: stream time
        self._line: tuple[float, float] | None = None
        self._grid: Floats | None = None  # of `scale`: heights by place
        self._fitted_s = float("-inf")

    @property
    def learns(self) -> bool:
        """Whether it wants to be shown blobs: not where the ground is known."""
        return self._scale is None

    def learn(self, feet: Floats, heights: Floats, single: NDArray[np.bool_], time_s: float) -> None:
        """Take in blobs that look like people: feet (n, 2) and heights (n,) in heights of the picture.

        Those that look like one person are `single`; a pair is often taller than one of its people.

        What stands or flickers in one place counts once in a while, what moves counts again and again.
        """
        self._lately = {key: t for key, t in self._lately.items() if time_s - t < FRESH_S}
        for (x, y), height, one in zip(feet, heights, single, strict=True):
            key = (round(x * 32), round(y * 32), round(8 * np.log(height)))
            if key not in self._lately:
                self._lately[key] = time_s
                self._seen.append((float(y), float(height), 1.0 if one else PAIR))
        if len(self._seen) >= ENOUGH and time_s - self._fitted_s >= FIT_S:
            self._fitted_s = time_s
            self._line = _fit(np.array(self._seen))

    def tall(self, shape: tuple[int, ...]) -> Tall | None:
        """How tall people are in a picture of (height, width) px; None if that is not known yet."""
        height, width = shape[:2]
        if self._scale is not None:
            if self._grid is None:
                self._grid = _grid(self._scale, width / height)
            rows = np.arange(round(BELOW * height) + 1) / height
            known = np.linspace(0, BELOW, len(self._grid))
            columns = [np.interp(rows, known, column) for column in self._grid.T]
            return Tall(np.stack(columns, axis=1) * height, width)
        if self._line is None:
            return None
        a, b = self._line
        below = np.arange(round(BELOW * height) + 1)
        return Tall(np.maximum(a * height + b * below, LOWEST * height)[:, None], width)


def _grid(scale: Scale, aspect: float) -> Floats:
    """Heights of people in heights of the picture, at 64 rows down to `BELOW` and 8 columns."""
    x, y = np.meshgrid((np.arange(8) + 0.5) / 8, np.linspace(0, BELOW, 64))
    spans = scale.px_per_m(np.column_stack([x.ravel(), y.ravel()]), (round(aspect * 1000), 1000)) / 1000
    return np.maximum(np.nan_to_num(spans) * PERSON_M * UPRIGHT, LOWEST).reshape(64, 8)


def _fit(seen: Floats) -> tuple[float, float] | None:
    """The line (a, b) with which most of (n, 3) rows of y, height and weight agree; None if too few do.

    Tries lines through pairs of blobs (RANSAC, Fischler and Bolles, 1981), all of them in an even choice, then
    fits the blobs that agree by least squares.
    """
    y, h, weight = seen.T
    first, second = np.triu_indices(min(len(seen), 40), 1)
    picked = np.linspace(0, len(seen) - 1, min(len(seen), 40)).round().astype(np.intp)
    order = picked[np.argsort(y[picked])]
    first, second = order[first], order[second]
    apart = np.abs(y[second] - y[first])
    slope = np.where(apart > 0.05, (h[second] - h[first]) / np.maximum(apart, 0.05), h[first] / (y[first] + 0.1))
    slope = np.clip(slope, 0.0, 2.0)
    start = h[first] - slope * y[first]
    lines = start[:, None] + slope[:, None] * y
    agree = np.abs(h - lines) <= AGREE * np.maximum(lines, 0.02)
    votes = agree @ weight
    best = agree[int(votes.argmax())]
    if votes.max() < AGREEING * weight.sum():
        return None
    if np.ptp(y[best]) < 0.1:
        a, b = start[int(votes.argmax())], slope[int(votes.argmax())]
    else:
        b, a = np.polyfit(y[best], h[best], 1, w=weight[best])
    return float(a), max(float(b), 0.0)
