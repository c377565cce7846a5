"""Whether people are as tall as people are: a check of the ground by those who walk on it."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Tracks
from passerby.ground.plane import Ground
from passerby.ground.upright import Upright

USUAL_M: Final = 1.7  # adults of all countries, shoes on (NCD-RisC 2016: means of 1.49 to 1.83 m)
_TALL: Final = (1.35, 2.1)  # m: a median outside is no town's
_LEAST: Final = 30  # boxes before anything is said
_MOST: Final = 20_000  # boxes that are kept
_EDGE: Final = 0.01  # shares: a box so near to the picture's edge may be cut


class Stature:
    """How tall people are, by the ground that a camera has been given."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._upright: Upright | None = None
        self._aspect = 0.0
        self._metres: deque[float] = deque(maxlen=_MOST)

    def add(self, tracks: Tracks, size: tuple[int, int]) -> None:
        """Take in whoever is seen whole; size: (width, height) of the frame, px."""
        aspect = size[0] / size[1]
        if aspect != self._aspect:
            self._aspect, self._upright = aspect, Upright.of(self._ground, aspect)
        if self._upright is None or not len(tracks):
            return
        boxes = whole_people(tracks, size)
        feet = np.column_stack([boxes[:, [0, 2]].mean(axis=1), boxes[:, 3]])
        tall = self._upright.tall(self._ground, feet, boxes[:, 1])
        self._metres.extend(tall[np.isfinite(tall)].tolist())

    @property
    def metres(self) -> float | None:
        """The median of all that was seen, m; None where that is too little."""
        return float(np.median(self._metres)) if len(self._metres) >= _LEAST else None

    def complaint(self) -> str:
        """What is wrong with the ground, in one sentence; empty where nothing is known to be."""
        if self._aspect and self._upright is None:
            return (
                "The ground is one that no camera with square pixels sees like this: check its points, and "
                "'distortion' for a wide lens."
            )
        if self.metres is None or _TALL[0] <= self.metres <= _TALL[1]:
            return ""
        return (
            f"By this ground a person here would be {self.metres:.1f} m tall: check its points; speeds and "
            f"lengths are about {self.metres / USUAL_M:.2g} times what they should be."
        )


def whole_people(tracks: Tracks, size: tuple[int, int]) -> NDArray[np.float64]:
    """Boxes (n, 4), in shares, of people who are seen now and not cut by the picture's edge."""
    boxes: NDArray[np.float64] = tracks.xyxy / np.array([*size, *size], np.float64)
    seen = (tracks.class_id == Class.PERSON) & tracks.confirmed & (tracks.lost_s <= 0)
    whole = np.all((boxes > _EDGE) & (boxes < 1 - _EDGE), axis=1)
    return np.asarray(boxes[seen & whole], np.float64)
