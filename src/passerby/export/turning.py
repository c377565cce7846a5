"""Whether a movement through a junction goes straight on or turns, by where its arms lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from passerby.geometry import Place, heights
from passerby.ground import Ground

Turn = Literal["left", "through", "right", "u-turn"]

TURNS: Final[tuple[Turn, ...]] = ("left", "through", "right", "u-turn")  # in the order of tables
_ASPECT: Final = 16 / 9  # of a picture that is not known here; only the sense of a turn hangs on it
_STRAIGHT_DEG: Final = 45.0  # to either side


def turns(movements: Sequence[str], places: Sequence[Place], ground: Ground | None = None) -> dict[str, Turn]:
    """Whether each movement goes through or turns, by where its arms lie around the middle of all arms.

    Angles are those on the ground where there is one, else in the picture.
    """
    named = {place.name: place for place in places}
    arms = list(dict.fromkeys(arm for movement in movements for arm in movement.split(">")))
    shown = np.array([np.mean(heights(named[arm].points, _ASPECT), axis=0) for arm in arms]).reshape(-1, 2)
    on_ground = shown
    if ground is not None:
        found = np.array([ground.metres(named[arm].points).mean(axis=0) for arm in arms]).reshape(-1, 2)
        on_ground = found if np.isfinite(found).all() else shown
    found_turns: dict[str, Turn] = {}
    for movement in movements:
        origin, exit_ = (arms.index(arm) for arm in movement.split(">"))
        found_turns[movement] = _turn(origin, exit_, shown, on_ground)
    return found_turns


def _turn(origin: int, exit_: int, shown: NDArray[np.float64], ground: NDArray[np.float64]) -> Turn:
    if origin == exit_:
        return "u-turn"
    (x1, y1), (x2, y2) = _legs(ground, origin, exit_)
    angle = np.degrees(np.arctan2(abs(x1 * y2 - y1 * x2), x1 * x2 + y1 * y2))
    if angle < _STRAIGHT_DEG:
        return "through"
    (x1, y1), (x2, y2) = _legs(shown, origin, exit_)
    return "right" if x1 * y2 - y1 * x2 > 0 else "left"  # y grows downwards


def _legs(arms: NDArray[np.float64], origin: int, exit_: int) -> NDArray[np.float64]:
    """The way in and the way out (2, 2), through the middle of all arms."""
    middle = arms.mean(axis=0)
    return np.array([middle - arms[origin], arms[exit_] - middle])
