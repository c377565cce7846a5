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
Silhouette = NDArray[np.bool_]  # (h, w)
Box = tuple[float, float, float, float]  # px: left, top, right, bottom

LEAST: Final = 42  # px: without a measure, smaller silhouettes are not believed
SHAPED: Final = 12  # px: and lower ones are not sure
FAR: Final = 9.0  # px: where people are lower than this, silhouettes have no shape any more

# In heights of a person:
NARROW, LOW = 0.5, 1.2  # what is no wider and no higher is one person,
CROWN, HEAD = 0.22, 0.3  # and so is, with a bicycle maybe, what is no broader than a head so far down,
ASTRIDE, CYCLE = 1.3, 0.65  # if it is no wider than the first; it is a cyclist if wider than the second;
BROAD, HIGH = 0.62, 1.35  # what is no larger than this is one person, too, where people cannot be told apart in it
NEW: Final = 0.3  # share of a shape that a person in a group must explain that no other does,
NEW_BESIDE: Final = 0.5  # and beside a vehicle, which leaves rims and shadows
CAR, LORRY = 4.2, 7.0  # areas of the box, in squared heights: a car is no larger, and what is larger is a bus


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


def guess(mask: Silhouette, tall: Floats | None) -> list[Guess]:
    """Which road users make a silhouette (h, w).

    `tall` (n,) px is the height of a person whose foot is in a row of the mask, and below; None if unknown.
    Scores say how sure that is: below 0.4 it is not enough to begin with.
    """
    h, w = mask.shape
    area = float(np.count_nonzero(mask))
    if tall is None:
        return [_unmeasured(mask)] if area >= LEAST else []
    person = float(tall[min(h, len(tall) - 1)])
    if h < 0.4 * person or area < 0.06 * person**2:
        return []
    if person < FAR:
        return [Guess(_whole(mask), Class.PERSON if w < 0.7 * h else Class.UNKNOWN, 0.3)]
    one = Guess(_whole(mask), Class.PERSON, 0.9 if 0.7 * person < h < LOW * person else 0.5)
    if h <= LOW * person and (w <= NARROW * person or (w <= ASTRIDE * person and _has_one_head(mask, person))):
        return [one if w <= CYCLE * person else Guess(_whole(mask), Class.BICYCLE, 0.7)]
    found, rest = bodies(mask.view(np.uint8), person)
    if found:
        return [_vehicle(box, tall) for box in found] + _people(rest > 0, tall, NEW_BESIDE)
    group = _people(mask, tall, NEW)
    return [one] if len(group) < 2 and w <= BROAD * person and h <= HIGH * person else group


def _whole(mask: Silhouette) -> Box:
    return 0.0, 0.0, float(mask.shape[1]), float(mask.shape[0])


def _unmeasured(mask: Silhouette) -> Guess:
    """By its proportions alone."""
    h, w = mask.shape
    class_ = Class.PERSON if w < 0.7 * h else Class.VEHICLE if w > 1.2 * h else Class.UNKNOWN
    return Guess(_whole(mask), class_, 0.4 if h >= SHAPED else 0.3)


def _vehicle(box: tuple[int, int, int, int], tall: Floats) -> Guess:
    left, top, right, bottom = box
    person = float(tall[min(bottom, len(tall) - 1)])
    size = (right - left) * (bottom - top) / person**2
    class_ = Class.CAR if size < CAR else Class.VEHICLE if size < LORRY else Class.BUS
    return Guess((float(left), float(top), float(right), float(bottom)), class_, 0.8)


def _has_one_head(mask: Silhouette, person: float) -> bool:
    """Whether the silhouette ends above in one narrow piece."""
    upper = np.flatnonzero(mask[: max(round(CROWN * person), 1)].any(axis=0))
    return bool(np.ptp(upper) + 1 <= HEAD * person)


def _people(mask: Silhouette, tall: Floats, worth: float) -> list[Guess]:
    return [Guess(row[:4], Class.PERSON, row[4]) for row in people(mask, tall, worth)]
