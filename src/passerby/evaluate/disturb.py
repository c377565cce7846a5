"""Spoils true trajectories in known ways from a seed, so that a metric has something to find."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passerby.evaluate.trajectories import Trajectories


@dataclass(frozen=True, slots=True)
class Faults:
    """How much of each fault."""

    jitter: float = 0.06  # standard deviation of each box edge, in parts of the box's size
    missed: float = 0.1  # share of the boxes left out
    false: float = 0.08  # false boxes, as a share of the true ones
    swaps: float = 0.01  # share of the frames at which two identities change places for good
    breaks: float = 0.01  # share of the boxes at which an identity goes on as a new one


def disturb(truth: Trajectories, faults: Faults, rng: np.random.Generator) -> Trajectories:
    """The truth with these faults, boxes rounded to 0.01 px; the same generator state gives the same result."""
    identity = _reidentified(truth, faults, rng)
    size = np.tile(truth.xyxy[:, 2:] - truth.xyxy[:, :2], 2)
    boxes = truth.xyxy + rng.normal(0, faults.jitter, truth.xyxy.shape) * size
    seen = rng.random(len(truth)) >= faults.missed
    frame, boxes, identity = truth.frame[seen], boxes[seen], identity[seen]
    again = rng.choice(len(truth), round(len(truth) * faults.false))
    strays = truth.xyxy[again] + np.tile(rng.normal(0, 1, (len(again), 2)), 2) * size[again]
    fresh = int(identity.max(initial=0)) + 1 + np.arange(len(again)) // 3  # three strays share an identity
    return Trajectories.of(
        *_once(
            np.concatenate([frame, truth.frame[again]]),
            np.concatenate([identity, fresh]),
            np.concatenate([boxes, strays]).round(2),
        )
    )


def _reidentified(truth: Trajectories, faults: Faults, rng: np.random.Generator) -> NDArray[np.int64]:
    now = {int(i): int(i) for i in np.unique(truth.identity)}
    fresh = max(now) + 1
    result = truth.identity.copy()
    for frame in np.unique(truth.frame):
        rows = np.flatnonzero(truth.frame == frame)
        here = [int(i) for i in truth.identity[rows]]
        if len(here) > 1 and rng.random() < faults.swaps:
            a, b = (int(i) for i in rng.choice(here, 2, replace=False))
            now[a], now[b] = now[b], now[a]
        for i in here:
            if rng.random() < faults.breaks:
                now[i], fresh = fresh, fresh + 1
        result[rows] = [now[i] for i in here]
    return result


def _once(
    frame: NDArray[np.int64], identity: NDArray[np.int64], boxes: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Without the boxes that an identity has beyond its first in a frame."""
    _, rows = np.unique(np.stack([frame, identity]), axis=1, return_index=True)
    rows.sort()
    return frame[rows], identity[rows], boxes[rows]
