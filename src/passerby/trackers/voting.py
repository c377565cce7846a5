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
_WIDEST_PERSON: Final = 0.65  # width to height
_FASTEST_PERSON: Final = 2.5  # own heights/s: 4.3 m/s
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


def settled(votes: Floats, guessed: NDArray[np.bool_], speed: Floats, shape: Floats) -> NDArray[np.uint8]:
    """The class (n,) of tracks whose votes are partly guesses from single frames, settled by their whole lives.

    `guessed` (n,): most votes are guesses. `speed` (n,) in own heights per second and `shape` (n,), width to
    height, are means over the life. Who is as wide as a car or faster than a runner is no person, whatever a
    frame's silhouette looked like; then the other votes decide, and `unknown` where there are none.
    """
    person, unknown = int(Class.PERSON), int(Class.UNKNOWN)
    no_person = guessed & ((shape > _WIDEST_PERSON) | (speed > _FASTEST_PERSON))
    if not no_person.any():
        return elected(votes)
    votes = votes.copy()
    votes[no_person, person] = 0.0
    votes[no_person, unknown] += 1e-9
    return elected(votes)
