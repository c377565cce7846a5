"""How far found boxes overlap true ones, frame by frame, which is all that the tracking metrics look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import lap
import numpy as np
from numpy.typing import NDArray

from passerby.evaluate.trajectories import Trajectories

EPS = float(np.finfo(np.float64).eps)

Boxes = NDArray[np.float64]  # (n, 4) px: left, top, right, bottom
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class FrameOverlap:
    """One frame: which identities are in it, true and found, and how their boxes overlap."""

    truth: Rows  # (n,) index of the identity
    found: Rows  # (m,) index of the identity
    iou: NDArray[np.float64]  # (n, m) 0-1


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """All frames of a comparison; identities are numbered 0, 1, ... on either side."""

    frames: tuple[FrameOverlap, ...]
    truth_boxes: NDArray[np.int64]  # (i,) boxes of each true identity
    found_boxes: NDArray[np.int64]  # (j,) boxes of each found identity

    @classmethod
    def of(cls, truth: Trajectories, found: Trajectories) -> Overlap:
        """Compare over the truth's first to last frame; what was found outside them does not count.

        Raises ValueError if the truth is empty.
        """
        if not len(truth):
            raise ValueError("there is no truth to compare with")
        first, last = int(truth.frame[0]), int(truth.frame[-1])
        found = found.between(first, last)
        true_ids, true_index = np.unique(truth.identity, return_inverse=True)
        found_ids, found_index = np.unique(found.identity, return_inverse=True)
        frames = tuple(
            FrameOverlap(true_index[t], found_index[f], iou(truth.xyxy[t], found.xyxy[f]))
            for t, f in _frames(truth, found, first, last)
        )
        return cls(
            frames,
            np.bincount(true_index, minlength=len(true_ids)),
            np.bincount(found_index, minlength=len(found_ids)),
        )


def _frames(truth: Trajectories, found: Trajectories, first: int, last: int) -> Iterator[tuple[slice, slice]]:
    edges = np.arange(first, last + 2)
    true_at, found_at = np.searchsorted(truth.frame, edges), np.searchsorted(found.frame, edges)
    for i in range(len(edges) - 1):
        yield slice(*true_at[i : i + 2]), slice(*found_at[i : i + 2])


def iou(a: Boxes, b: Boxes) -> NDArray[np.float64]:
    """Intersection over union of boxes (n, 4) with boxes (m, 4), as (n, m); 0 for boxes without area."""
    near = np.maximum(a[:, None, :2], b[None, :, :2])
    far = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.clip(far - near, 0, None).prod(axis=2)
    union = _area(a)[:, None] + _area(b)[None, :] - shared
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0), np.float64)


def _area(boxes: Boxes) -> NDArray[np.float64]:
    sides = np.clip(boxes[:, 2:] - boxes[:, :2], 0, None)
    return np.asarray(sides.prod(axis=1), np.float64)


def best_pairs(score: NDArray[np.float64]) -> tuple[Rows, Rows]:
    """One-to-one pairs of rows and columns whose scores add up to the most; pairs of score 0 are left out.

    Scores (n, m) are 0 or more. Solved with the method of Jonker and Volgenant ("A shortest augmenting path
    algorithm for dense and sparse linear assignment problems", Computing 38, 1987).
    """
    if not score.size:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    _, columns, _ = lap.lapjv(-score, extend_cost=True)
    column = np.asarray(columns, np.intp)
    row = np.flatnonzero(column >= 0)
    row = row[score[row, column[row]] > 0]
    return row, column[row]
