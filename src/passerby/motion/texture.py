"""How fine the texture of a crowd is: the more people, the less is seen of each, and the finer it gets.

Two descriptions of a window, both without regard to its contrast and brightness: its power in bands of lateral and
vertical frequency, in cycles a metre, and its number of peaks and pits at several scales, a square metre. Texture
as a measure of density is Marana, Velastin, Costa and Lotufo's (1998); segments, edges and texture together, with
a regression learned from them, Chan, Liang and Vasconcelos' "Privacy preserving crowd monitoring" (2008). Nothing
here finds or describes one person.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.motion.windows import SAMPLES, WINDOW_M, Pixels

Floats = NDArray[np.float64]

_BANDS: Final = (0, 1, 3, 5, 8, 12, 17)  # coefficients of the cosine transform; each is a quarter cycle a metre
_BLURS_M: Final = (0.045, 0.07, 0.11)
_STRONG: Final = 0.5  # standard deviations by which a strong peak or pit stands out
_RIM: Final = 1  # samples at the rim of a window whose neighbours are not known


def describe(windows: Pixels) -> tuple[Floats, Floats]:
    """Power in bands (n, 36), and peaks and pits a square metre (n, 12), of windows (n, SAMPLES, SAMPLES)."""
    return power(windows), peaks(windows)


def power(windows: Pixels) -> Floats:
    """Mean power (n, 36) in 6 vertical by 6 lateral bands."""
    hann = np.hanning(SAMPLES + 2)[1:-1].astype(np.float32)
    weight = hann[:, None] * hann
    mean = (windows * weight).sum(axis=(1, 2), keepdims=True) / weight.sum()
    cosines = _cosines(SAMPLES)
    spectrum = (cosines @ ((windows - mean) * weight) @ cosines.T) ** 2
    starts = _BANDS[:-1]
    summed = np.add.reduceat(
        np.add.reduceat(spectrum[:, : _BANDS[-1], : _BANDS[-1]], starts, axis=1), starts, axis=2
    )
    sizes = np.diff(_BANDS)
    return np.asarray((summed / (sizes[:, None] * sizes)).reshape(len(windows), -1), np.float64)


def peaks(windows: Pixels) -> Floats:
    """Peaks, pits, and those of them that stand out, a square metre (n, 12), at three scales."""
    n = len(windows)
    inner = np.s_[:, _RIM:-_RIM, _RIM:-_RIM]
    area = ((SAMPLES - 2 * _RIM) / SAMPLES * WINDOW_M) ** 2
    stack = windows.reshape(n * SAMPLES, SAMPLES)  # one tall picture; only rims see the windows beside them
    found = []
    for blur in _BLURS_M:
        sigma = blur * SAMPLES / WINDOW_M
        side = 2 * round(3 * sigma) + 1
        soft = np.stack([cv2.GaussianBlur(w, (side, side), sigma) for w in stack.reshape(n, SAMPLES, SAMPLES)])
        tall = soft.reshape(n * SAMPLES, SAMPLES)
        mean, spread = soft.mean(axis=(1, 2)), soft.std(axis=(1, 2))
        for sign in (1, -1):
            here = sign * tall
            top = (here >= cv2.dilate(here, np.ones((3, 3), np.uint8))).reshape(soft.shape)[inner]
            stands_out = (sign * (soft - mean[:, None, None]) > _STRONG * spread[:, None, None])[inner]
            found += [top.sum(axis=(1, 2)) / area, (top & stands_out).sum(axis=(1, 2)) / area]
    return np.stack(found, axis=1).astype(np.float64)


def _cosines(n: int) -> Pixels:
    """The orthonormal discrete cosine transform (n, n) (Ahmed, Natarajan and Rao, 1974)."""
    k, i = np.arange(n)[:, None], np.arange(n)
    matrix = np.sqrt(2 / n) * np.cos(np.pi * (2 * i + 1) * k / (2 * n))
    matrix[0] /= np.sqrt(2)
    return np.asarray(matrix, np.float32)
