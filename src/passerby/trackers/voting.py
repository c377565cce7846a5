"""What a track is: votes for classes over its life, and what its shape and speed allow where votes are guesses."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class

Floats = NDArray[np.float64]

# How fast a class usually moves, in its own heights per second: 1.4 m/s on foot is 0.8, 10 m/s in a car is 6.
_SPEEDS: Final = {"foot": 1.0, "cycle": 3.0, "motor": 5.0, "rail": 5.0, "other": 3.0}
USUAL_SPEED: Final[Floats] = np.array([_SPEEDS[c.mode] for c in Class])
WHEELS: Final = np.array([c.mode in ("motor", "rail") for c in Class])


def ballots(class_id: NDArray[np.uint8], score: Floats) -> Floats:
    """One vote a box (n, classes), as heavy as its score."""
    votes = np.zeros((len(class_id), len(Class)))
    votes[np.arange(len(class_id)), class_id] = score
    return votes


def elected(votes: Floats) -> NDArray[np.uint8]:
    """The class (n,) with most votes; the first of the list where two are even."""
    most: NDArray[np.uint8] = votes.argmax(axis=1).astype(np.uint8)
    return most
