"""How far the picture moved at each box from one frame to the next, measured on a few points of each."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Frame, Gray, Size
from passerby.motion.halves import Halves, half

Boxes = NDArray[np.float32]  # (n, 4) px of the frame
Mask = NDArray[np.bool_]  # (h, w) of any small picture of the same view

# Points in shares of a box: on the trunk of a person, away from swinging legs and from what is beside them.
ACROSS: Final = (0.35, 0.65)
DOWN: Final = (0.12, 0.3, 0.48, 0.66, 0.84)
POINTS: Final = np.array([(x, y) for y in DOWN for x in ACROSS], np.float32)  # (k, 2)
LEAST: Final = 3  # points that must be found again
STIRRING: Final = 0.4  # share of the points that must lie in what stirs, if any does: else it is hidden
ALIKE: Final = 15.0  # grey levels by which a point's surroundings may have changed
WINDOW: Final = (7, 7)  # px of the small picture that are a point's surroundings
TALL: Final = 14.0  # px of the small picture: it is halved further while most boxes stay so tall
LEVELS: Final = 2  # halvings by which a fast object is found again
STEPS: Final = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 3, 0.05)  # at most 3, to 0.05 px


class Flow:
    """One camera's sense for how things move between two frames; give it the frames in the order of their time.

    Points are followed by pyramidal Lucas-Kanade (Bouguet, 2001). All that is kept is the small grey picture of
    the last frame, until the next one replaces it: nothing is remembered of how anyone looks.
    `width` (px): the small grey picture is this wide or up to twice as wide; half of it where all boxes are large.
    """

    def __init__(self, *, width: int = 320) -> None:
        self._width = width
        self._size: Size | None = None  # px of the frames
        self._last: Gray | None = None

    def see(self, frame: Frame | Halves) -> None:
        """Take in a frame in which nobody asks for shifts, so that the next can be held against it."""
        halves = Halves.of(frame)
        self._size, self._last = halves.size, self._small(halves)

    def shift(self, frame: Frame | Halves, boxes: Boxes, mask: Mask | None = None) -> NDArray[np.float32]:
        """How far (n, 2) px, right and down, what is in these boxes of the frame before has moved to this one.

        Nan where that cannot be told: at the first frame, where it is flat, hidden or too fast. `mask` is what
        stirs in this frame: where it does in a box, only that is followed, so that the place behind a thin
        person is not taken for the person.
        """
        halves = Halves.of(frame)
        size, last = self._size, self._last
        self.see(halves)
        unknown = np.full((len(boxes), 2), np.nan, np.float32)
        if last is None or self._last is None or size != halves.size or not len(boxes):
            return unknown
        times = halves.times(self._width)
        now = self._last
        for _ in range(_spare(boxes, times, halves.size.height)):
            last, times = half(last), times + 1
            now = halves.halved(times)
        side = float(1 << times)
        start = (boxes[:, None, :2] + POINTS * (boxes[:, 2:] - boxes[:, :2])[:, None]) / side
        end, good = _follow(last, now, start.astype(np.float32))
        if mask is not None:
            stirs = _inside(mask, end * (side / np.array(halves.size)).astype(np.float32))
            count = stirs.sum(axis=1, keepdims=True)
            good &= np.where(count > 0, stirs & (count >= STIRRING * len(POINTS)), True)
        found = good.sum(axis=1)
        moved = np.sort(np.where(good[..., None], end - start, np.float32(np.inf)), axis=1)
        median = moved[np.arange(len(boxes)), np.maximum(found - 1, 0) // 2]
        return np.where((found >= LEAST)[:, None], median * side, unknown).astype(np.float32)

    def _small(self, halves: Halves) -> Gray:
        times = halves.times(self._width)
        small = halves.halved(times)
        return small.copy() if times == 0 else small  # the frame's own pixels are wiped with it


def _spare(boxes: Boxes, times: int, height: int) -> int:
    """How often a picture that was halved so many times can be halved again, for all but the smallest boxes."""
    tall = float(np.nan_to_num(np.sort(boxes[:, 3] - boxes[:, 1])[len(boxes) // 5]))
    return int(np.log2(max(min(tall, height) / (1 << times) / TALL, 1.0)))


def _follow(last: Gray, now: Gray, start: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Where points (n, k, 2) of the last picture (h, w) are in this one, and which were found (n, k)."""
    points = np.ascontiguousarray(start.reshape(-1, 1, 2))
    end, status, changed = cv2.calcOpticalFlowPyrLK(
        last, now, points, np.empty_like(points), winSize=WINDOW, maxLevel=LEVELS, criteria=STEPS
    )
    good = (status.ravel() > 0) & (changed.ravel() < ALIKE)
    return np.asarray(end, np.float32).reshape(start.shape), good.reshape(start.shape[:2])


def _inside(mask: Mask, shares: NDArray[np.float32]) -> Mask:
    """Which points (n, k, 2), in shares of the picture, lie in a mask (h, w)."""
    height, width = mask.shape
    at = np.nan_to_num(shares * (width, height)).astype(np.intp)
    inside: Mask = mask[at[..., 1].clip(0, height - 1), at[..., 0].clip(0, width - 1)]
    return inside
