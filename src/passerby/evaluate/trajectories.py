"""Boxes with identities over the frames of a film."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Trajectories:
    """Where each identity was in each frame, in order of frame; an identity has one box a frame at most.

    Identities are numbers that mean something only within one comparison.
    """

    frame: NDArray[np.int64]  # (n,) from 1, as in MOTChallenge
    identity: NDArray[np.int64]  # (n,)
    xyxy: NDArray[np.float64]  # (n, 4) px: left, top, right, bottom

    def __post_init__(self) -> None:
        n = len(self.frame)
        if self.identity.shape != (n,) or self.xyxy.shape != (n, 4):
            raise ValueError(
                f"Trajectories: expected identity {(n,)} and xyxy {(n, 4)}, "
                f"got {self.identity.shape} and {self.xyxy.shape}"
            )

    def __len__(self) -> int:
        return len(self.frame)

    @classmethod
    def of(cls, frame: ArrayLike, identity: ArrayLike, xyxy: ArrayLike) -> Self:
        """Rows in any order; ValueError if an identity has two boxes in one frame."""
        frames = np.asarray(frame, np.int64).reshape(-1)
        identities = np.asarray(identity, np.int64).reshape(-1)
        boxes = np.asarray(xyxy, np.float64).reshape(-1, 4)
        order = np.lexsort((identities, frames))
        frames, identities, boxes = frames[order], identities[order], boxes[order]
        twice = (np.diff(frames) == 0) & (np.diff(identities) == 0)
        if twice.any():
            row = int(np.argmax(twice))
            raise ValueError(f"identity {identities[row]} has two boxes in frame {frames[row]}")
        return cls(frames, identities, boxes)

    def between(self, first: int, last: int) -> Self:
        """The rows of the frames from first to last, both included."""
        return self.keep((self.frame >= first) & (self.frame <= last))

    def keep(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Self:
        """The chosen rows (mask or indices in ascending order)."""
        return type(self)(self.frame[rows], self.identity[rows], self.xyxy[rows])

    def foot(self) -> NDArray[np.float64]:
        """Bottom centre of each box, (n, 2) px."""
        return np.stack([self.xyxy[:, [0, 2]].mean(axis=1), self.xyxy[:, 3]], axis=1)


@dataclass(slots=True)
class Recorder:
    """Gathers the boxes of one frame after another into trajectories, numbering ids as they first appear."""

    _numbers: dict[int, int] = field(default_factory=dict)
    _rows: list[tuple[int, int]] = field(default_factory=list)
    _boxes: list[NDArray[np.float64]] = field(default_factory=list)

    def add(self, frame: int, ids: Iterable[int], xyxy: ArrayLike) -> None:
        """Take the boxes (n, 4) px of one frame (from 1) with the id of each."""
        self._rows += [(frame, self._numbers.setdefault(int(i), len(self._numbers))) for i in ids]
        self._boxes.append(np.asarray(xyxy, np.float64).reshape(-1, 4))

    def trajectories(self) -> Trajectories:
        """All that was taken so far."""
        rows = np.array(self._rows, np.int64).reshape(-1, 2)
        return Trajectories.of(rows[:, 0], rows[:, 1], np.concatenate([np.empty((0, 4)), *self._boxes]))
