"""A detector that knows the truth: shows what attention costs and what it misses, without a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Detections
from passerby.frame import Size
from passerby.stages import Crop

Boxes = Callable[[float], NDArray[np.float64]]  # s -> (n, 4) px


class Oracle:
    """Finds what lies wholly in a crop, and writes down what it was shown; `least` px are too small to be seen."""

    name = "oracle"

    def __init__(self, truth: Boxes, *, side: int = 416, least: float = 12.0) -> None:
        self._truth, self._size, self._least = truth, Size(side, side), least
        self.shown: list[Crop] = []

    @property
    def input(self) -> Size:
        """As a small model's."""
        return self._size

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        """The true boxes of each crop."""
        self.shown += crops
        return [self._in(crop) for crop in crops]

    def _in(self, crop: Crop) -> Detections:
        boxes = np.clip(self._truth(crop.frame.time_s), 0, (*crop.frame.size, *crop.frame.size)).reshape(-1, 4)
        low, high = np.array(crop.region[:2]), np.array(crop.region[2:])
        edge = np.array(crop.frame.size)
        whole = ((boxes[:, :2] > low) | (low == 0)) & ((boxes[:, 2:] < high) | (high == edge))
        sides = boxes[:, 2:] - boxes[:, :2]
        seen = whole.all(axis=1) & (boxes[:, :2] >= low).all(axis=1) & (boxes[:, 2:] <= high).all(axis=1)
        seen &= (sides > 4).all(axis=1) & (sides[:, 1] * crop.scale >= self._least)
        n = np.count_nonzero(seen)
        return Detections(
            boxes[seen].astype(np.float32), np.full(n, 0.9, np.float32), np.full(n, Class.PERSON, np.uint8)
        )
