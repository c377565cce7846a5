"""What a silhouette may be, from its shape and from how tall a person would be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.motion.bodies import bodies
from passerby.motion.people import people

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]  # px: left, top, right, bottom

FAR: Final = 9.0  # px: where people are lower than this, silhouettes have no shape any more
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
    area = float(np.count_nonzero(mask))
    if tall is None:
        class_ = Class.PERSON if w < 0.7 * h else Class.VEHICLE if w > 1.2 * h else Class.UNKNOWN
        return [Guess((0.0, 0.0, w, h), class_, 0.4)] if area >= LEAST else []
    person = float(tall[min(h, len(tall) - 1)])
    if h < 0.4 * person or area < 0.06 * person**2:
        return []
    if person < FAR:
        return [Guess((0.0, 0.0, w, h), Class.PERSON if w < 0.7 * h else Class.UNKNOWN, 0.3)]
    if w <= 0.62 * person and h <= 1.35 * person:
        return [Guess((0.0, 0.0, w, h), Class.PERSON, 0.9 if 0.7 * person < h < 1.25 * person else 0.5)]
    found, rest = bodies(mask.view(np.uint8), person)
    if found:
        return [_vehicle(box, float(tall[min(box[3], len(tall) - 1)])) for box in found] + _people(
            rest > 0, tall, 0.5
        )
    return _rider(mask, person) or _people(mask, tall, 0.35)


def _vehicle(box: tuple[int, int, int, int], person: float) -> Guess:
    left, top, right, bottom = box
    size = (right - left) * (bottom - top) / person**2
    class_ = Class.CAR if size < 4.2 else Class.VEHICLE if size < 7 else Class.BUS
    return Guess((float(left), float(top), float(right), float(bottom)), class_, 0.8)


def _rider(mask: NDArray[np.bool_], person: float) -> list[Guess]:
    """A cyclist is as tall as a person and wider, and narrow above."""
    h, w = mask.shape
    upper = np.flatnonzero(mask[: round(0.4 * h)].any(axis=0))
    if not (
        0.75 < h / person < 1.3 and 0.6 < w / person < 1.3 and np.ptp(upper) + 1 <= min(0.6 * w, 0.5 * person)
    ):
        return []
    return [Guess((0.0, 0.0, w, h), Class.BICYCLE, 0.7)]


def _people(mask: NDArray[np.bool_], tall: Floats, worth: float) -> list[Guess]:
    return [Guess(row[:4], Class.PERSON, row[4]) for row in people(mask, tall, worth)]
