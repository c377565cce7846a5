"""What a film says about its ground: whether the one that was given can be right, or a first guess of one."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.ground import Ground, Stature, guess
from passerby.ground.stature import whole_people
from passerby.pipeline import Played

_EVERY_S: Final = 0.5  # between two looks: people are as tall a moment later
_MOST: Final = 20_000  # boxes


class Grounding:
    """Watches how tall people are while a film is counted; `wanted`: a guess, where no ground was given."""

    def __init__(self, ground: Ground | None, *, wanted: bool) -> None:
        self._ground = ground
        self._stature = None if ground is None else Stature(ground)
        self._wanted = wanted and ground is None
        self._boxes: list[NDArray[np.float64]] = []
        self._size = (16, 9)
        self._due_s = 0.0

    def add(self, played: Played) -> None:
        """Take in one frame."""
        if played.step is None or played.time_s < self._due_s or not len(played.step.tracks):
            return
        self._due_s = played.time_s + _EVERY_S
        self._size = played.size
        if self._stature is not None:
            self._stature.add(played.step.tracks, played.size)
        elif self._wanted and sum(map(len, self._boxes)) < _MOST:
            self._boxes.append(whole_people(played.step.tracks, played.size))

    def notes(self) -> list[str]:
        """What the user should know, one sentence each."""
        notes = []
        if self._stature is not None and (complaint := self._stature.complaint()):
            notes.append(complaint)
        if self._ground is not None and self._ground.guess:
            notes.append("The ground is a guess from people's height: speeds and lengths may be off by a third.")
        if self._wanted:
            boxes = np.concatenate([np.empty((0, 4)), *self._boxes])
            found = guess(boxes, self._size[0] / self._size[1])
            notes.append(
                "Too few people stand whole in the picture to guess the ground from."
                if found is None
                else f"A first guess of the ground from {found.people} boxes of people, if the lens shows "
                f"{found.fov_deg:g} degrees across: {found.table(self._size)}"
            )
        return notes
