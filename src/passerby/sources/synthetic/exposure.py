"""What a camera makes of a clean picture: light that changes slowly, a mast that shakes, a sensor's noise."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from passerby.frame import Bgr

_FIELDS: Final = 3  # of noise, drawn once; each picture takes a random piece of one
_HAZE: Final = 150.0  # grey level towards which contrast is lost
_RIM: Final = 64  # px that a field is larger than the picture
_WAVES: Final = ((47.0, 0.6), (19.0, 0.4))  # of the light: period in s, share
_SHAKES: Final = ((1.3, 0.5), (2.9, 0.3), (5.3, 0.2))  # of the mast: Hz, share


class Exposure:
    """Light, shake and noise of one camera, the same for the same seed, picture by picture.

    `noise` is its standard deviation in parts of full white, `drift` by how much the light changes at
    most, `shake` how far the picture moves at most, in parts of its height. `contrast` below 1 is haze.
    """

    def __init__(
        self,
        size: tuple[int, int],
        seed: int,
        *,
        noise: float,
        drift: float,
        shake: float,
        contrast: float = 1.0,
    ) -> None:
        rng = np.random.default_rng([seed, 5])
        self._size, self._seed = size, seed
        self._drift, self._shake, self._contrast = drift, shake, contrast
        self._phases = rng.uniform(0, 2 * math.pi, 8)
        shape = (size[1] + _RIM, size[0] + _RIM)
        self._fields = [_noise(rng, shape, 255 * noise) for _ in range(_FIELDS if noise > 0 else 0)]

    def light(self, time_s: float) -> float:
        """How bright it is at `time_s`, around 1."""
        waves = (
            a * math.sin(2 * math.pi * time_s / p + f) for (p, a), f in zip(_WAVES, self._phases, strict=False)
        )
        return 1 + self._drift * sum(waves)

    def moved(self, time_s: float) -> tuple[float, float]:
        """How far the picture has moved at `time_s` to the right and down, px."""
        way = [
            sum(a * math.sin(2 * math.pi * hz * time_s + self._phases[2 + 3 * axis + i]) for i, (hz, a) in shakes)
            for axis, shakes in ((0, enumerate(_SHAKES)), (1, enumerate(_SHAKES)))
        ]
        reach = self._shake * self._size[1]
        return reach * way[0], reach * way[1]

    def expose(self, picture: Bgr, time_s: float, index: int) -> Bgr:
        """The picture (h, w, 3) as the camera sees it; `index` picks the noise."""
        if self._shake > 0:
            right, down = self.moved(time_s)
            move = np.array([(1, 0, right), (0, 1, down)], np.float64)
            moved = cv2.warpAffine(picture, move, self._size, borderMode=cv2.BORDER_REPLICATE)
            picture = np.asarray(moved, np.uint8)
        if self._contrast != 1:
            haze = _HAZE * (1 - self._contrast)
            picture = np.asarray(cv2.convertScaleAbs(picture, alpha=self._contrast, beta=haze), np.uint8)
        if self._drift > 0:
            picture = np.asarray(cv2.convertScaleAbs(picture, alpha=self.light(time_s)), np.uint8)
        if self._fields:
            rng = np.random.default_rng([self._seed, 6, index])
            field, x, y = (int(v) for v in rng.integers(0, (_FIELDS, _RIM, _RIM)))
            piece = np.s_[y : y + self._size[1], x : x + self._size[0]]
            brighter, darker = self._fields[field]
            picture = np.asarray(cv2.subtract(cv2.add(picture, brighter[piece]), darker[piece]), np.uint8)
        return picture


def _noise(rng: np.random.Generator, shape: tuple[int, int], spread: float) -> tuple[Bgr, Bgr]:
    """Grey noise with a little colour, as what it adds and what it takes away, (h, w, 3) each."""
    grey = rng.standard_normal((*shape, 1), np.float32) * 0.85
    noise = np.rint((grey + rng.standard_normal((*shape, 3), np.float32) * 0.5) * spread)
    return tuple(np.clip(sign * noise, 0, 255).astype(np.uint8) for sign in (1, -1))
