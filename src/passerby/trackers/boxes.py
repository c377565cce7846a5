"""What one frame shows a tracker: one row an object, in heights of the picture."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.stages import Sight
from passerby.trackers import kalman
from passerby.trackers.association import overlaps, pair
from passerby.trackers.voting import ballots, elected

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]

BORDER: Final = 0.004  # heights of the picture: an edge so near to the picture's border is cut by it
_SAME: Final = 0.6  # overlap from which two boxes are one object
_RIDDEN: Final = (Class.BICYCLE, Class.MOTORCYCLE)


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """Objects found in one frame."""

    edges: Floats  # (n, 2, 2) heights of the picture: [[left, right], [top, bottom]]
    cut: Mask  # (n, 2, 2) the edge lies on the picture's border, so the object may go on beyond it
    score: Floats  # (n,) 0-1
    votes: Floats  # (n, classes)
    rough: Mask  # (n,) a moving blob, whose class is a guess

    def __len__(self) -> int:
        return len(self.score)

    @classmethod
    def none(cls) -> Self:
        """Nothing found."""
        flags = np.empty((0, 2, 2), np.bool_)
        return cls(np.empty((0, 2, 2)), flags, np.empty(0), np.empty((0, len(Class))), flags[:, 0, 0])

    def keep(self, rows: Rows | Mask) -> Self:
        """The chosen rows."""
        return type(self)(*(getattr(self, f.name)[rows] for f in fields(self)))

    @property
    def foot(self) -> Floats:
        """Bottom centres (n, 2)."""
        return kalman.feet(self.edges)


def boxes(sight: Sight, least: float) -> Boxes:
    """What was found with a score of at least `least`, each object once, best first."""
    found, (width, height) = sight.found, sight.size
    edges = found.xyxy.astype(np.float64).reshape(-1, 2, 2).transpose(0, 2, 1) / height
    score = found.score.astype(np.float64)
    rough = sight.rough if len(sight.rough) else np.zeros(len(found), np.bool_)
    good = np.flatnonzero((score >= least) & (edges[:, :, 1] > edges[:, :, 0]).all(axis=1))
    good = good[np.argsort(-score[good], kind="stable")]
    edges, score = edges[good], score[good]
    border = np.array([[0.0, width / height], [0.0, 1.0]])
    cut = np.abs(edges - border) < BORDER
    return _riders(_once(Boxes(edges, cut, score, ballots(found.class_id[good], score), rough[good])))


def _once(boxes: Boxes) -> Boxes:
    """Of boxes that nearly coincide, whatever their labels, the best stays and gets all their votes."""
    alike = overlaps(boxes.edges, boxes.edges) >= _SAME
    if np.count_nonzero(alike) == len(boxes):
        return boxes
    stays = np.ones(len(boxes), np.bool_)
    votes = boxes.votes.copy()
    for row in range(len(boxes)):
        if stays[row]:
            twins = alike[row] & stays
            twins[: row + 1] = False
            votes[row] += boxes.votes[twins].sum(axis=0)
            stays &= ~twins
    merged = Boxes(boxes.edges, boxes.cut, boxes.score, votes, boxes.rough)
    return merged.keep(stays)


def _riders(boxes: Boxes) -> Boxes:
    """Whoever sits on a cycle is one road user with it: the cycle, as large as both.

    A rider is seen more surely than what is under them, so a frame that shows both has two votes.
    """
    if not boxes.votes[:, _RIDDEN].any():
        return boxes
    labels = elected(boxes.votes)
    cycles = np.flatnonzero((labels == Class.BICYCLE) | (labels == Class.MOTORCYCLE))
    people = np.flatnonzero(labels == Class.PERSON)
    cycle, person = boxes.edges[cycles][:, None], boxes.edges[people][None]
    tall = person[..., 1, 1] - person[..., 1, 0]
    middle = person[..., 0, :].mean(axis=-1)
    sits = (cycle[..., 0, 0] < middle) & (middle < cycle[..., 0, 1])
    sits &= (person[..., 1, 0] < cycle[..., 1, 0]) & (cycle[..., 1, 0] < person[..., 1, 1])
    sits &= np.abs(person[..., 1, 1] - cycle[..., 1, 1]) < 0.35 * tall
    away = np.abs(middle - cycle[..., 0, :].mean(axis=-1))
    row, column = pair(np.where(sits, away, np.inf), 1e3)
    cycles, riders = cycles[row], people[column]
    edges, votes, score = boxes.edges.copy(), boxes.votes.copy(), boxes.score.copy()
    edges[cycles, :, 0] = np.minimum(edges[cycles, :, 0], edges[riders, :, 0])
    edges[cycles, :, 1] = np.maximum(edges[cycles, :, 1], edges[riders, :, 1])
    score[cycles] = np.maximum(score[cycles], score[riders])
    votes[cycles] *= 2
    cut = boxes.cut | False
    cut[cycles] |= boxes.cut[riders]
    joined = Boxes(edges, cut, score, votes, boxes.rough)
    return joined.keep(np.setdiff1d(np.arange(len(boxes)), riders))
