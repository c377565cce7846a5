"""What a silhouette may be, from its shape and from how tall a person would be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.motion.people import people

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]  # px: left, top, right, bottom

LEAST: Final = 42  # px: without a measure, smaller silhouettes are not believed


@dataclass(frozen=True, slots=True)
class Guess:
    """One road user in a silhouette."""

    box: Box  # px
    class_: Class
    score: float

    def moved(self, right: float, down: float) -> Guess:
        """The same elsewhere."""
        left, top, r, bottom = self.box
        return Guess((left + right, top + down, r + right, bottom + down), self.class_, self.score)


def guess(mask: NDArray[np.bool_], tall: Floats | None) -> list[Guess]:
    """Which road users make a silhouette (h, w).

    `tall` (n,) px is the height of a person whose foot is in a row of the mask, and below; None if unknown.
    """
    h, w = mask.shape
    box = (0.0, 0.0, float(w), float(h))
    area = float(np.count_nonzero(mask))
    if tall is None:
        class_ = Class.PERSON if w < 0.7 * h else Class.VEHICLE if w > 1.2 * h else Class.UNKNOWN
        return [Guess(box, class_, 0.4)] if area >= LEAST else []
    person = float(tall[min(h, len(tall) - 1)])
    wide, high, fill = w / person, h / person, area / (w * h)
    if high < 0.4 or area < 0.06 * person * person:
        return []
    if wide <= 0.62 and high <= 1.35:
        return [Guess(box, Class.PERSON, 0.9 if 0.7 < high < 1.25 else 0.5)]
    if fill >= 0.68 and wide >= 0.9:
        return [Guess(box, Class.BUS if wide > 3.5 or high > 1.7 else Class.CAR, 0.8)]
    upper = np.flatnonzero(mask[: h // 2].any(axis=0))
    if 0.62 < wide <= 1.25 and 0.75 <= high <= 1.3 and np.ptp(upper) + 1 <= 0.6 * w:
        return [Guess(box, Class.BICYCLE, 0.6)]
    return [Guess(row[:4], Class.PERSON, row[4]) for row in people(mask, tall)]
