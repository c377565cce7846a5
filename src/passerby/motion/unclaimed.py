"""Moving things that nothing else accounts for: vehicles from above and whatever else a model does not know."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Detections
from passerby.motion.stir import Stirred
from passerby.rectangles import areas, shared

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]  # left, top, right, bottom

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
    """One moving thing; there are a handful, for which plain numbers are faster than arrays."""

    box: Box  # px
    since_s: float
    seen_s: float
    origin: tuple[float, float]  # px: where its middle was first
    velocity: tuple[float, float] = (0.0, 0.0)  # px/s, of the middle
    broad: float = 0.0  # px: its shorter side, at its longest
    proved: bool = False  # that it goes somewhere
    times: int = 1  # how often it was seen,
    claimed: int = 0  # and how often something accounted for it

    def at(self, time_s: float) -> Box:
        """Where it should be."""
        (left, top, right, bottom), elapsed_s = self.box, time_s - self.seen_s
        across, down = self.velocity[0] * elapsed_s, self.velocity[1] * elapsed_s
        return left + across, top + down, right + across, bottom + down

    def see(self, box: Box, time_s: float, *, claimed: bool) -> None:
        """It is here now."""
        elapsed_s = max(time_s - self.seen_s, 1e-3)
        (x, y), (x_before, y_before), (across, down) = _middle(box), _middle(self.box), self.velocity
        rate = 1 - math.exp(-elapsed_s / HASTE_S)
        across += rate * ((x - x_before) / elapsed_s - across)
        down += rate * ((y - y_before) / elapsed_s - down)
        self.box, self.seen_s, self.velocity = box, time_s, (across, down)
        left, top, right, bottom = box
        self.broad = max(self.broad, min(right - left, bottom - top))
        went = math.hypot(x - self.origin[0], y - self.origin[1]) >= WAY * _size(box)
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

    def update(self, stirred: Stirred, claimed: Callable[[], NDArray[np.float32]]) -> Detections:
        """What else moves, given the boxes (n, 4) px of all that was found or is followed: `vehicle` or `unknown`.

        To be handed to the tracker as `rough`. Boxes that were born from these very blobs claim nothing. `claimed`
        is asked only where something large enough moves.
        """
        time_s = stirred.time_s
        self._movers = [m for m in self._movers if time_s - m.seen_s <= GAP_S]
        large = _large(stirred) if stirred.state == "ok" else []
        if not large:
            return Detections.empty()
        blobs = np.array(large)
        taken = (shared(blobs, claimed().astype(np.float64)).sum(axis=1) > CLAIMED * areas(blobs)).tolist()
        found = []
        for row, mover in self._pairs(blobs, time_s):
            mover.see(large[row], time_s, claimed=taken[row])
            if mover.proved and not taken[row] and mover.claimed <= OFTEN * mover.times:
                found.append(mover)
        if not found:
            return Detections.empty()
        height = stirred.size.height
        return Detections(
            np.array([m.box for m in found], np.float32),
            np.full(len(found), SURE, np.float32),
            np.array([_class(m, height) for m in found], np.uint8),
        )

    def _pairs(self, blobs: Floats, time_s: float) -> list[tuple[int, _Mover]]:
        """Which blob is which mover, best first; blobs that are nobody's become new ones."""
        should = np.array([m.at(time_s) for m in self._movers]).reshape(-1, 4)
        common, area = shared(blobs, should), areas(should)
        overlap = common / np.maximum(areas(blobs)[:, None] + area - common, 1e-9)
        merged = (common > INSIDE * area).sum(axis=1) > 1
        overlap[merged] = 0.0
        pairs = []
        while overlap.size and overlap.max() >= SAME:
            row, column = divmod(int(overlap.argmax()), len(self._movers))
            pairs.append((row, self._movers[column]))
            overlap[row], overlap[:, column] = 0.0, 0.0
        known = {row for row, _ in pairs}
        for row, box in enumerate(map(tuple, blobs.tolist())):
            if row not in known and not merged[row]:
                self._movers.append(_Mover(box, time_s, time_s, _middle(box)))
        return pairs


def _large(stirred: Stirred) -> list[Box]:
    """The blobs, px, that are large and full enough."""
    width, height = stirred.size
    mask = stirred.mask.view(np.uint8)
    across, down = mask.shape[1] / width, mask.shape[0] / height
    found: list[Box] = []
    for left, top, right, bottom in stirred.blobs.tolist():
        wide, high = right - left, bottom - top
        if wide * high < LEAST * width * height or min(wide, high) < SLIM * height:
            continue
        part = mask[round(top * down) : round(bottom * down), round(left * across) : round(right * across)]
        if cv2.countNonZero(part) >= FULL * part.size:
            found.append((left, top, right, bottom))
    return found


def _class(mover: _Mover, height: int) -> Class:
    fast = math.hypot(*mover.velocity) > FAST * _size(mover.box)
    return Class.VEHICLE if fast or mover.broad >= BROAD * height else Class.UNKNOWN


def _size(box: Box) -> float:
    left, top, right, bottom = box
    return math.sqrt((right - left) * (bottom - top))


def _middle(box: Box) -> tuple[float, float]:
    left, top, right, bottom = box
    return (left + right) / 2, (top + bottom) / 2
