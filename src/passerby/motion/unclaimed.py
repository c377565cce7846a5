"""Moving things that nothing else accounts for: vehicles from above and whatever else a model does not know."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Detections
from passerby.motion.stir import Stirred

Floats = NDArray[np.float64]

LEAST: Final = 0.012  # share of the picture: what is smaller is left to the detector,
SLIM: Final = 0.05  # heights of the picture: and so is what is slimmer
FULL: Final = 0.4  # share of its box that must stir: less is a flock or a shadow's rim
CLAIMED: Final = 0.25  # share of it that others account for, above which it is theirs
OFTEN: Final = 0.5  # share of its life in which it may have been
SAME: Final = 0.35  # intersection over union with where it should be
INSIDE: Final = 0.6  # share of another's box: of two such a blob says nothing, for they pass each other
SEEN_S: Final = 0.3  # s for which it must have been seen,
WAY: Final = 0.3  # and own sizes it must have got away from where it was first, once
GAP_S: Final = 1.5  # s without being seen after which it is forgotten
HASTE_S: Final = 0.4  # s over which its speed is a mean
BROAD: Final = 0.3  # heights of the picture: no side of a person is seen so broad,
FAST: Final = 2.5  # own sizes a second: nor runs one so fast
SURE: Final = 0.5  # score


@dataclass(slots=True, eq=False)
class _Mover:
    """One moving thing."""

    box: Floats  # (4,) px
    velocity: Floats  # (2,) px/s, of the middle
    since_s: float
    seen_s: float
    origin: Floats  # (2,) px: where its middle was first
    broad: float = 0.0  # px: its shorter side, at its longest
    proved: bool = False  # that it goes somewhere
    times: int = 1  # how often it was seen,
    claimed: int = 0  # and how often something accounted for it

    def at(self, time_s: float) -> Floats:
        """Where it should be."""
        return self.box + np.tile(self.velocity * (time_s - self.seen_s), 2)

    def see(self, box: Floats, time_s: float, *, claimed: bool) -> None:
        """It is here now."""
        elapsed_s = max(time_s - self.seen_s, 1e-3)
        speed = (_middle(box) - _middle(self.box)) / elapsed_s
        self.velocity += (1 - math.exp(-elapsed_s / HASTE_S)) * (speed - self.velocity)
        self.box, self.seen_s = box, time_s
        self.broad = max(self.broad, float((box[2:] - box[:2]).min()))
        went = _length(_middle(box) - self.origin) >= WAY * _size(box)
        self.proved |= went and time_s - self.since_s >= SEEN_S
        self.times += 1
        self.claimed += claimed


class Unclaimed:
    """One camera's moving blobs that no box or track accounts for, once they have proved to be something.

    So conservative that what a model finds now and then is left to it: a blob must be large and full, have gone
    its way for a while, and have been nobody else's for most of its life. Shadows, fragments and crowds are not.
    """

    def __init__(self) -> None:
        self._movers: list[_Mover] = []

    def update(self, stirred: Stirred, claimed: NDArray[np.float32]) -> Detections:
        """What else moves, given the boxes (n, 4) px of all that was found or is followed: `vehicle` or `unknown`.

        To be handed to the tracker as `rough`. Boxes that were born from these very blobs claim nothing.
        """
        time_s = stirred.time_s
        self._movers = [m for m in self._movers if time_s - m.seen_s <= GAP_S]
        if stirred.state != "ok":
            return Detections.empty()
        blobs = _large(stirred)
        if not len(blobs):
            return Detections.empty()
        taken = _common(blobs, claimed.astype(np.float64)).sum(axis=1) > CLAIMED * _areas(blobs)
        found = []
        for row, mover in self._pairs(blobs, time_s):
            mover.see(blobs[row], time_s, claimed=bool(taken[row]))
            if mover.proved and not taken[row] and mover.claimed <= OFTEN * mover.times:
                found.append(mover)
        height = stirred.size.height
        return Detections(
            np.array([m.box for m in found], np.float32).reshape(-1, 4),
            np.full(len(found), SURE, np.float32),
            np.array([_class(m, height) for m in found], np.uint8),
        )

    def _pairs(self, blobs: Floats, time_s: float) -> list[tuple[int, _Mover]]:
        """Which blob is which mover, best first; blobs that are nobody's become new ones."""
        should = np.array([m.at(time_s) for m in self._movers]).reshape(-1, 4)
        common = _common(blobs, should)
        area = _areas(should)
        overlap = common / np.maximum(_areas(blobs)[:, None] + area - common, 1e-9)
        merged = (common > INSIDE * area).sum(axis=1) > 1
        overlap[merged] = 0.0
        pairs = []
        while overlap.size and overlap.max() >= SAME:
            row, column = np.unravel_index(int(overlap.argmax()), overlap.shape)
            pairs.append((int(row), self._movers[column]))
            overlap[row], overlap[:, column] = 0.0, 0.0
        known = {row for row, _ in pairs}
        for row in np.flatnonzero(~merged):
            if row not in known:
                self._movers.append(_Mover(blobs[row], np.zeros(2), time_s, time_s, _middle(blobs[row])))
        return pairs


def _large(stirred: Stirred) -> Floats:
    """The blobs (n, 4) px that are large and full enough."""
    width, height = stirred.size
    mask = stirred.mask.view(np.uint8)
    across, down = mask.shape[1] / width, mask.shape[0] / height
    rows = []
    for row, (left, top, right, bottom) in enumerate(
        stirred.blobs.tolist()
    ):  # a handful: plain numbers are faster
        wide, high = right - left, bottom - top
        if wide * high < LEAST * width * height or min(wide, high) < SLIM * height:
            continue
        part = mask[round(top * down) : round(bottom * down), round(left * across) : round(right * across)]
        if cv2.countNonZero(part) >= FULL * part.size:
            rows.append(row)
    return stirred.blobs[rows].astype(np.float64)


def _class(mover: _Mover, height: int) -> Class:
    fast = _length(mover.velocity) > FAST * _size(mover.box)
    return Class.VEHICLE if fast or mover.broad >= BROAD * height else Class.UNKNOWN


def _size(box: Floats) -> float:
    return math.sqrt(float(_areas(box)))


def _middle(box: Floats) -> Floats:
    middle: Floats = (box[:2] + box[2:]) / 2
    return middle


def _length(way: Floats) -> float:
    return float(np.hypot(*way))


def _areas(boxes: Floats) -> Floats:
    sides = np.maximum(boxes[..., 2:] - boxes[..., :2], 0.0)
    areas: Floats = sides[..., 0] * sides[..., 1]
    return areas


def _common(a: Floats, b: Floats) -> Floats:
    """Common areas (n, m) of boxes a (n, 4) and b (m, 4)."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    return _areas(np.concatenate([low, high], axis=2))
