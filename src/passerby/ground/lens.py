"""Radial distortion of a lens: where a point of the picture would be if straight lines were straight.

The model of Tsai (1987, "A versatile camera calibration technique"), with a second coefficient:
straight = middle + bent x (1 + k1 r² + k2 r⁴), r being the distance from the middle in heights of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEPS: Final = 20  # of the iteration back; more change nothing for lenses that show a street


@dataclass(frozen=True, slots=True)
class Lens:
    """A lens that bends towards (k1 > 0, a barrel) or away from the middle of the picture."""

    k1: float
    k2: float
    aspect: float  # width / height of the picture

    def straight(self, points: Floats) -> Floats:
        """Shares of the picture (n, 2) as a lens without distortion would show them."""
        bent = self._heights(points)
        return self._shares(bent * self._stretch(bent))

    def bent(self, points: Floats) -> Floats:
        """The other way, by fixed-point iteration; far outside the picture it may find nothing good."""
        straight = self._heights(points)
        bent = straight
        for _ in range(_STEPS):
            bent = straight / np.maximum(self._stretch(bent), 0.2)
        return self._shares(bent)

    def _stretch(self, bent: Floats) -> Floats:
        square = (bent**2).sum(axis=1, keepdims=True)
        stretch: Floats = 1 + self.k1 * square + self.k2 * square**2
        return stretch

    def _heights(self, points: Floats) -> Floats:
        heights: Floats = (points - 0.5) * (self.aspect, 1.0)
        return heights

    def _shares(self, heights: Floats) -> Floats:
        shares: Floats = heights / (self.aspect, 1.0) + 0.5
        return shares
