"""Tells a shadow, which darkens what is there, from an object, which hides it."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from passerby.frame import Gray
from passerby.motion.background import Mask

# Grey levels on a logarithmic scale: there, light that falls by a factor is a constant difference.
_DARK = 8.0  # grey levels below which noise is larger than any ratio
_PER_E: Final = 255.0 / np.log1p(255.0 / _DARK)  # units for a factor of e
LOGARITHM: Final = np.round(_PER_E * np.log1p(np.arange(256) / _DARK)).astype(np.uint8)  # (256,)

LIGHTEST: Final = 3  # units (about 4 % darker): less is no shadow
DARKEST: Final = 62  # units (about 57 % darker): more is an object
UNEVEN: Final = 7  # units: how much a shadow's depth may vary from pixel to pixel
SQUARE: Final = np.ones((3, 3), np.uint8)


def shadows(picture: Gray, empty: Gray, foreground: Mask) -> Mask:
    """Where (h, w) foreground is evenly darker than the empty picture, so that its texture still shows.

    The ratio test of Horprasert, Harwood and Davis (1999), with the evenness of the ratio in place of colour.
    """
    darker = cv2.subtract(cv2.LUT(empty, LOGARITHM), cv2.LUT(picture, LOGARITHM))
    in_range = cv2.inRange(darker, np.array(LIGHTEST), np.array(DARKEST))
    uneven = cv2.morphologyEx(darker, cv2.MORPH_GRADIENT, SQUARE)
    even = cv2.inRange(uneven, np.array(0), np.array(UNEVEN))
    return np.asarray(cv2.bitwise_and(cv2.bitwise_and(in_range, even), foreground), np.uint8)
