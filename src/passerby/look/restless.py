"""What stirs and is no track: whether it is worth a look, and how often it was looked at in vain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from passerby.look.regions import Floats, Rect, meet

_AGAIN_S: Final = 0.5  # s within which something must stir twice in a place to be looked at
_FORGET_S: Final = 5.0  # s after which a place that has come to rest is forgotten
_FIRST_S: Final = 0.4  # s to wait after a first look in vain; each further one doubles it,
_LONGEST_S: Final = 3.0  # up to this


@dataclass(slots=True)
class _Place:
    """Where something stirs, followed from frame to frame by overlap."""

    box: Rect
    since_s: float
    seen_s: float
    due_s: float
    wait_s: float = _FIRST_S


class Restless:
    """Remembers where something stirs that nobody knows.

    ::

        stirs ──► stirs again ──► look ──► found: it becomes a track, and is no longer asked about
                                     └───► nothing: wait 0.4 s, 0.8 s, 1.6 s ... 3 s while it stirs on

    A flag in the wind costs a look every few seconds, and so does a car that the detector does not know, since
    a place moves along with what stirs in it.
    """

    def __init__(self) -> None:
        self._places: list[_Place] = []
        self._asked: list[_Place] = []

    def update(self, time_s: float, boxes: Floats) -> Floats:
        """Where something stirs now, boxes (n, 4) px; which of them to look at (m, 4)."""
        self._places = [p for p in self._places if time_s - p.seen_s <= _FORGET_S]
        old = [(place, place.box) for place in self._places]
        self._asked = []
        for box in map(Rect._make, boxes.tolist()):
            near = [place for place, before in old if meet(box, before)]
            if not near:
                self._places.append(_Place(box, time_s, time_s, time_s))
                continue
            # What was looked at most often in vain tells most about a place.
            place = max(near, key=lambda p: p.wait_s)
            again = time_s - place.seen_s <= _AGAIN_S
            place.box, place.seen_s = box, time_s
            if again and time_s >= place.due_s:
                self._asked.append(place)
        return np.array([p.box for p in self._asked]).reshape(-1, 4)

    def saw(self, time_s: float, looked: Floats, found: Floats) -> None:
        """These rectangles (m, 4) were looked at, and boxes (n, 4) were found in them."""
        if not self._asked:
            return
        seen, there = (list(map(Rect._make, boxes.tolist())) for boxes in (looked, found))
        for place in self._asked:
            if any(meet(place.box.middle, rect) for rect in seen):
                full = any(meet(place.box, box) for box in there)
                place.due_s = time_s + (_FIRST_S if full else place.wait_s)
                place.wait_s = _FIRST_S if full else min(2 * place.wait_s, _LONGEST_S)
