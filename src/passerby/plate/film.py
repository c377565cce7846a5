"""The empty place of a film, for its owner: what a live camera may show goes through the gate.

::

    time ──►   stretch 0   stretch 1   stretch 2  ...  stretch K-1      each pixel: the first look in a stretch
               ┌───────┐   ┌───────┐   ┌───────┐       ┌───────┐        in which nobody is, or was a moment ago
               │ sample│   │ sample│   │ sample│       │ sample│
               └───────┘   └───────┘   └───────┘       └───────┘        plate: the median over the stretches

A film has no known length, so when the stretches are used up neighbours are joined and all become twice as long.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from passerby.frame import Bgr, Frame
from passerby.motion import Moving
from passerby.plate.pictures import NEUTRAL, png
from passerby.records import Picture

STRETCHES: Final = 24  # samples of a pixel: enough for a median, 24 x 0.7 MB at 640 x 360
SHORTEST_S: Final = 0.5  # the length of a stretch at first
TAKES: Final = 4  # frames of a stretch that samples are taken from
LINGER_S: Final = 3.0  # a place stays busy so long after somebody was last seen there,
LINGER: Final = 2.0  # but no more than so many stretches: short films have no time to wait;
LINGER_LOOKS: Final = 3.0  # and so many looks of the detector, which misses somebody now and then
BESIDE: Final = 0.15  # a box is widened by this share of its height on all sides: hair, hands, bags, shadows
RIM: Final = 1 / 80  # what moves is widened by this share of the picture's width
FEWEST: Final = 3  # samples without which a pixel is not shown,
FEWEST_SHARE: Final = 1 / 6  # nor with less than this share of the stretches so far


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """A picture of the empty place; pixels that were never seen empty are a neutral grey."""

    bgr: Bgr  # (h, w, 3)
    seen: NDArray[np.bool_]  # (h, w) where it shows the place

    @property
    def coverage(self) -> float:
        """Share of the picture that it shows, 0-1."""
        return float(self.seen.mean())

    def picture(self) -> Picture:
        """The plate as a PNG, encoded in memory."""
        return png(self.bgr)


class PlateBuilder:
    """Collects looks at the empty parts of one camera's frames; `width` (px) is that of the plate.

    What it promises rests on what it is told. A pixel is used only where neither the detector's boxes nor the
    motion stage see anything, now or in the last seconds:

    * whom the detector finds, even now and then only, stays out however long they stand;
    * who came and stays is kept out by the motion stage, and so is whoever was there from the first frame and
      left before the last: what was collected there before is thrown away;
    * who was there before the first frame, does not move until after the last one and is not found by a detector
      cannot be told from a statue, and is shown. A plate built without a detector therefore needs an eye on it.
    """

    def __init__(self, width: int = 640) -> None:
        self._width = width
        self._samples: _Samples | None = None

    def add(self, frame: Frame, busy: ArrayLike | None, moving: Moving | None = None) -> None:
        """Take in one frame, the boxes (n, 4) px that were found in it, and what moves, where that is known.

        `busy` is None for a frame that the detector did not look at: nothing is taken from it, only what moves is
        noted. Where there is no detector, give no boxes, or those of the motion stage. Frames of a camera come in
        the order of their time. A moved camera begins anew; while the light changes or the camera is covered
        nothing is taken.
        """
        if moving is not None and moving.state == "moved":
            self._samples = None
        if moving is not None and moving.state != "ok":
            return
        if self._samples is None or self._samples.of != frame.size:
            self._samples = _Samples(frame, self._width)
        boxes = None if busy is None else np.asarray(busy, np.float64).reshape(-1, 4)
        self._samples.take(frame, boxes, moving)

    def build(self) -> Plate | None:
        """The plate as far as it was seen; None if no pixel was seen empty often enough."""
        return None if self._samples is None else self._samples.plate()


class _Samples:
    """What was seen of each pixel, one colour a stretch of time."""

    def __init__(self, first: Frame, width: int) -> None:
        self.of = first.size
        w = min(width, first.size.width)
        h = max(round(w * first.size.height / first.size.width), 1)
        self._start_s = first.time_s
        self._stretch_s = SHORTEST_S
        self._found_s = 0.0  # when boxes were last given
        self._taken_s = -math.inf  # when a sample was last taken
        self._colours = np.zeros((STRETCHES, h, w, 3), np.uint8)
        self._filled = np.zeros((STRETCHES, h, w), np.bool_)
        self._busy_until_s = np.full((h, w), -math.inf, np.float32)

    def take(self, frame: Frame, boxes: NDArray[np.float64] | None, moving: Moving | None) -> None:
        now_s = frame.time_s - self._start_s
        linger_s = min(LINGER_S, LINGER * self._stretch_s)
        if moving is not None:
            self._mark_moving(moving, now_s + linger_s)
        if boxes is None:
            return
        apart_s, self._found_s = now_s - self._found_s, now_s
        self._mark_boxes(boxes, now_s + max(linger_s, LINGER_LOOKS * apart_s))
        if now_s - self._taken_s < self._stretch_s / TAKES:
            return
        self._taken_s = now_s
        while now_s >= STRETCHES * self._stretch_s:
            self._join()
        stretch = int(now_s / self._stretch_s)
        free = (self._busy_until_s < now_s) & ~self._filled[stretch]
        if free.any():
            height, width = free.shape
            self._colours[stretch][free] = frame.bgr(frame.whole, (width, height))[free]
            self._filled[stretch] |= free

    def plate(self) -> Plate | None:
        begun = int(self._filled.any(axis=(1, 2)).sum())
        count = self._filled.sum(axis=0)
        seen = count >= max(FEWEST, FEWEST_SHARE * begun)
        if not seen.any():
            return None
        picture = np.full((*seen.shape, 3), NEUTRAL, np.uint8)
        for row in np.flatnonzero(seen.any(axis=1)):
            filled = self._filled[:, row, :, None]
            ordered = np.sort(np.where(filled, self._colours[:, row], 255), axis=0)
            middle = ((count[row] - 1) // 2).clip(0)[None, :, None]
            picture[row] = np.take_along_axis(ordered, middle, axis=0)[0]
        picture[~seen] = NEUTRAL
        return Plate(picture, seen)

    def _mark_boxes(self, boxes: NDArray[np.float64], until_s: float) -> None:
        """Remember where somebody is."""
        height, width = self._busy_until_s.shape
        scale = np.tile((width / self.of.width, height / self.of.height), 2)
        for left, top, right, bottom in boxes * scale:
            beside = BESIDE * (bottom - top) + 1
            columns = slice(max(math.floor(left - beside), 0), max(math.ceil(right + beside), 0))
            rows = slice(max(math.floor(top - beside), 0), max(math.ceil(bottom + beside), 0))
            there = self._busy_until_s[rows, columns]
            np.maximum(there, until_s, out=there)

    def _mark_moving(self, moving: Moving, until_s: float) -> None:
        """Remember where something moves or came to stay, and forget what was taken for empty and was not."""
        there = self._widened(moving.mask | moving.stayed)
        self._busy_until_s[there] = np.maximum(self._busy_until_s[there], until_s)
        if moving.uncovered.any():
            self._filled[:, self._widened(moving.uncovered)] = False

    def _widened(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        height, width = self._busy_until_s.shape
        side = 2 * math.ceil(RIM * width) + 1
        large = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
        return np.asarray(cv2.dilate(large, np.ones((side, side), np.uint8)) > 0, np.bool_)

    def _join(self) -> None:
        """Make the stretches twice as long, the earlier look winning."""
        half = STRETCHES // 2
        for i in range(half):
            a, b = 2 * i, 2 * i + 1
            both = self._filled[a] | self._filled[b]
            self._colours[i] = np.where(self._filled[a][..., None], self._colours[a], self._colours[b])
            self._filled[i] = both
        self._filled[half:] = False
        self._stretch_s *= 2
