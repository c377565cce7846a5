"""What differs from an empty place in light or colour, and what of it can be no shadow.

A shadow takes the same share of every colour away (Horprasert, Harwood and Davis, 1999), so what has another tint
than the ground there is none, however dark.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Bgr, Gray
from passerby.motion import view
from passerby.motion.background import DRIFT_S, Background
from passerby.motion.shade import shadows

_SQUARE: Final = np.ones((3, 3), np.uint8)
TINT: Final = 7.0  # grey levels by which blue or red lies beside green, more or less than on the empty ground


class Empty:
    """The empty place in light and colour; what stays for `settle_s` belongs to it."""

    def __init__(self, settle_s: float) -> None:
        self._settle_s = settle_s
        self._background: Background | None = None
        self._tint: NDArray[np.float32] = np.empty((0, 0, 2), np.float32)
        self._time_s = -math.inf

    def differs(self, picture: Gray, colours: Bgr, time_s: float) -> tuple[Gray, Gray]:
        """Where (h, w) a picture, in grey and in colours (h, w, 3), is not empty, and where by no shadow: 255.

        A shadow's rim, which is as uneven as an object, is too thin to stay.
        """
        soft = np.asarray(cv2.GaussianBlur(picture, (3, 3), 0), np.uint8)
        tint = _tint(colours)
        if self._background is None:
            self._background = Background(soft, time_s, settle_s=self._settle_s)
            self._tint, self._time_s = tint, time_s
        background = self._background
        gain = view.gain(view.reduce(soft), view.reduce(background.picture))
        if gain != 1.0:
            background.relight(gain, time_s=time_s)
            self._tint *= np.float32(gain)
        brighter = (soft + np.float32(1)) / (background.picture + np.float32(1))
        stray = np.abs(tint - self._tint * np.minimum(brighter, 1)[..., None]).max(axis=2)
        tinted = cv2.medianBlur((stray > TINT).astype(np.uint8) * np.uint8(255), 3)
        darker = cv2.compare(cv2.absdiff(soft, background.picture), background.step, cv2.CMP_GT)
        changed = np.asarray(cv2.bitwise_or(cv2.medianBlur(darker, 3), tinted), np.uint8)
        shade = cv2.bitwise_and(shadows(soft, background.picture, changed), cv2.bitwise_not(tinted))
        solid = cv2.morphologyEx(cv2.bitwise_and(changed, cv2.bitwise_not(shade)), cv2.MORPH_OPEN, _SQUARE)
        self._learn(background, soft, tint, changed, time_s)
        return changed, np.asarray(solid, np.uint8)

    def _learn(
        self, background: Background, soft: Gray, tint: NDArray[np.float32], changed: Gray, time_s: float
    ) -> None:
        stayed = background.stayed.copy()
        background.learn(soft, changed, changed, time_s)
        anew = background.uncovered | (background.stayed & ~stayed)
        self._tint[anew] = tint[anew]
        rate = 1 - math.exp(-max(time_s - self._time_s, 0) / DRIFT_S)
        self._time_s = time_s
        for part in range(2):
            plane = np.ascontiguousarray(self._tint[..., part])
            cv2.accumulateWeighted(
                np.ascontiguousarray(tint[..., part]), plane, rate, mask=cv2.bitwise_not(changed)
            )
            self._tint[..., part] = plane


def _tint(colours: Bgr) -> NDArray[np.float32]:
    """How far blue and red lie above green (h, w, 2), grey levels, with less of the noise."""
    soft = np.asarray(cv2.blur(colours, (3, 3)), np.float32)
    return np.stack([soft[..., 0] - soft[..., 1], soft[..., 2] - soft[..., 1]], axis=-1)
