"""How sizes change with the row of the foot, learned from people who walk through the picture.

A pinhole camera without roll over a flat ground shows a person of one stature at a height that is a line over
the row of the foot, ``h = a + b y`` (Hoiem, Efros and Hebert, "Putting Objects in Perspective", 2006)::

      horizon ─ ─ ─ ─ ─ ─ ─ ─ ─      where the line meets 0
                    o
                    ┴   ○            whoever comes nearer grows by (a + b y') / (a + b y), whatever
                        │            their own stature is, and whatever they are
                        ┴     ○
                              │
                              ┴

It is a regression in which old samples fade, with a slope that is taken for 0 until rows differ enough to tell.
Only sums are kept, of nobody in particular.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.trackers.kalman import Noise, State, predict, scaled

Floats = NDArray[np.float64]

_FADES: Final = 1 / 500  # share of what is known that each new sample replaces
_DOUBT: Final = 0.01  # variance of rows, times samples, at which a slope is believed by half
_ODD: Final = 0.25  # share of its height by which a sample may be off; beyond that it weighs less
_FLOOR: Final = 0.25  # of the mean height: nothing is believed to shrink below that
_ENOUGH: Final = 5.0  # samples before which nothing is odd


class Perspective:
    """The line of heights over rows; all lengths are heights of the picture."""

    def __init__(self) -> None:
        self._sums = np.zeros(6)  # of w, w y, w h, w y y, w y h and of samples
        self._line: tuple[float, float] | None = None  # None: nothing is known well enough to call anything odd
        self._least = 0.0  # no height on the line is taken to be lower
        self.trust = 0.0  # 0-1: how far the slope is believed

    def learn(self, rows: Floats, heights: Floats) -> None:
        """Take in upright people: the rows (n,) of their feet and their heights (n,)."""
        for y, h in zip(rows.tolist(), heights.tolist(), strict=True):
            expected = self._height(y) or h
            odd = abs(h / expected - 1) / _ODD
            weight = min(1.0, odd**-2 if odd > 1 else 1.0) / expected**2
            self._sums *= 1 - _FADES
            self._sums += (weight, weight * y, weight * h, weight * y * y, weight * y * h, 1.0)
        if len(rows):
            self._fit()

    def ahead(self, state: State, dt_s: float, noise: Noise) -> State:
        """Where boxes should be `dt_s` later, and how large."""
        if not self.trust or dt_s <= 0 or not len(state):
            return predict(state, dt_s, noise)
        ahead = predict(state, dt_s, noise, tilt=(1 - self.trust) * noise.tilt)
        return scaled(ahead, self.growth(state.foot[:, 1], ahead.foot[:, 1]))

    def growth(self, before: Floats, after: Floats) -> Floats:
        """How many times larger (n,) something is with its foot in row `after` than `before`."""
        if self._line is None:
            return np.ones(len(before))
        a, b = self._line
        ratio: Floats = np.maximum(a + b * after, self._least) / np.maximum(a + b * before, self._least)
        return ratio

    def _height(self, y: float) -> float:
        """Of a person whose foot is in this row; 0 where that is not known."""
        return 0.0 if self._line is None else max(self._line[0] + self._line[1] * y, self._least)

    def _fit(self) -> None:
        w, wy, wh, wyy, wyh, n = self._sums.tolist()
        row, height = wy / w, wh / w
        spread = max(wyy / w - row * row, 0.0)
        if n < _ENOUGH:
            return
        self.trust = spread / (spread + _DOUBT / n)
        slope = max((wyh / w - row * height) / max(spread, 1e-9), 0.0) * self.trust
        self._line = (height - slope * row, slope)
        self._least = _FLOOR * height
