"""What to remember of a track that ended, so that one born beside it a moment later goes on where it stopped.

Trackers lose people who stop, meet or walk behind a pole, and find them again under another id. Within one
view, within seconds and within about one body height that is the same walk going on; nothing else links them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

State = TypeVar("State")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _End(Generic[State]):
    foot: Floats  # (2,) heights of the picture
    height: float  # heights of the picture
    time_s: float
    state: State


class Handover(Generic[State]):
    """Keeps the states of tracks that ended for `wait_s`; a newborn within `near` of its own heights takes one."""

    def __init__(self, wait_s: float = 2.5, near: float = 1.0) -> None:
        self._wait_s, self._near = wait_s, near
        self._ends: list[_End[State]] = []

    def leave(self, foot: Floats, height: float, time_s: float, state: State) -> None:
        """A track was last seen here and then, and is gone."""
        self._ends.append(_End(foot, height, time_s, state))

    def claim(self, foot: Floats, height: float, time_s: float) -> State | None:
        """The state of the nearest end that this newborn may go on from; it is given away once."""
        best, best_far = None, self._near
        for end in self._ends:
            far = float(np.hypot(*(foot - end.foot))) / max(height, end.height)
            if far <= best_far and 0 < time_s - end.time_s <= self._wait_s:
                best, best_far = end, far
        if best is None:
            return None
        self._ends = [end for end in self._ends if end is not best]
        return best.state

    def expired(self, time_s: float) -> list[State]:
        """States that nobody claimed in time, in the order in which they were left."""
        if not self._ends:
            return []
        old = [end.state for end in self._ends if time_s - end.time_s > self._wait_s]
        self._ends = [end for end in self._ends if time_s - end.time_s <= self._wait_s]
        return old
