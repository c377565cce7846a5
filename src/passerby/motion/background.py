"""What an empty picture looks like at each pixel, learned in seconds of stream time, never in frames."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Gray

Mask = NDArray[np.uint8]  # (h, w), 0 or 255: the form in which OpenCV wants masks
Floats = NDArray[np.float32]

LEARN_S: Final = 0.2  # learning this often is enough: only comparing is paid for on each frame
DRIFT_S: Final = 4.0  # empty pixels follow slow changes of light this fast,
SHADE_S: Final = 20.0  # shaded ones so fast,
SPREAD_S: Final = 10.0  # and their noise so fast
FLICKER_S: Final = 15.0  # leaves and water are told from road users over this time
STILL_S: Final = 0.6  # what has looked the same for so long is not moving
HELD_SHARE: Final = 0.2  # of each new look in what is held
SURE_S: Final = 3.0  # after so long, less clear a case is taken for a ghost
GHOSTS_S: Final = 0.5  # ghosts are looked for this often
SPREADS: Final = 4.5  # an object differs by so many times the mean absolute deviation of the empty pixel,
LEAST_STEP: Final = 7  # and by so many grey levels,
FLICKER_STEP: Final = 25  # and by so many more for each change a second beyond the first
MOST_STEP: Final = 60
STRONG: Final = 2  # somewhere it differs by so many such steps
EDGE_NOISE: Final = 1.0  # grey levels a pixel: edges differ by so much by themselves
SQUARE: Final = np.ones((3, 3), np.uint8)


class Background:
    """The empty picture, how far each pixel strays from it by itself, and what may replace it.

    A pixel that differs is foreground. It is taken into the background when it has looked the same for `settle_s`
    (someone who stands is not lost before), or at once where it proves to be a ghost: the hole that something left
    which was there when the background was learned. A ghost is known by its outline, which the background shows
    and the picture does not.
    """

    def __init__(self, first: Gray, time_s: float, *, settle_s: float) -> None:
        self._settle_s = settle_s
        self.rebase(first, time_s, hurry_s=0.0)

    def rebase(self, picture: Gray, time_s: float, *, hurry_s: float) -> None:
        """Forget everything and take this picture (h, w) as empty; for `hurry_s` learn fast whatever stays."""
        self._mean: Floats = picture.astype(np.float32)  # grey levels
        self._spread = np.full(picture.shape, 1.5, np.float32)  # mean absolute deviation of the empty pixel
        self._flicker = np.zeros(picture.shape, np.float32)  # changes of being empty, FLICKER_STEP for one a s
        self._candidate: Floats = self._mean.copy()  # what looks the same for a while
        self._held_s = np.zeros(picture.shape, np.float32)  # how long the candidate has been seen there
        self._nothing = np.zeros(picture.shape, np.float32)
        self._before: Mask = np.zeros(picture.shape, np.uint8)
        self.stayed = np.zeros(picture.shape, np.bool_)  # what came and was taken into the background
        self.uncovered = np.zeros(picture.shape, np.bool_)  # what a ghost gave free when last learned
        self.since_s = time_s  # when it began
        self._learned_s = self._ghosts_at_s = time_s
        self._hurry_until_s = time_s + hurry_s
        self._refresh()

    @property
    def picture(self) -> Gray:
        """The empty picture (h, w) as of now; read it, do not write to it."""
        return self._picture

    @property
    def step(self) -> Gray:
        """How many grey levels a pixel (h, w) must differ by."""
        return self._step

    @property
    def strong_step(self) -> Gray:
        """How many grey levels a pixel (h, w) of an object differs by somewhere."""
        return self._strong_step

    def relight(self, factor: float | Floats, *, time_s: float, hurry_s: float = 0.0) -> None:
        """Make it brighter by a factor: one for the whole picture, or one a pixel (h, w)."""
        np.clip(self._mean * factor, 0, 255, out=self._mean)
        self._hurry_until_s = max(self._hurry_until_s, time_s + hurry_s)
        self._refresh()

    def learn(self, picture: Gray, foreground: Mask, changed: Mask, time_s: float) -> None:
        """Learn from one picture (h, w), where in it there is something, and where it differs at all."""
        self.uncovered[:] = False
        elapsed_s = time_s - self._learned_s
        if elapsed_s < 0.9 * LEARN_S:  # at five frames a second, each one
            return
        self._learned_s = time_s
        strays = np.asarray(cv2.absdiff(picture, self._picture), np.uint8)
        empty = cv2.bitwise_not(cv2.dilate(changed, SQUARE))
        shaded = cv2.bitwise_and(changed, cv2.bitwise_not(foreground))
        cv2.accumulateWeighted(picture, self._mean, 1 - math.exp(-elapsed_s / DRIFT_S), mask=empty)
        cv2.accumulateWeighted(picture, self._mean, 1 - math.exp(-elapsed_s / SHADE_S), mask=shaded)
        cv2.accumulateWeighted(strays, self._spread, 1 - math.exp(-elapsed_s / SPREAD_S), mask=empty)
        self._learn_flicker(strays, elapsed_s)
        self._hold(picture, foreground, elapsed_s)
        self._settle(time_s)
        if time_s - self._ghosts_at_s >= GHOSTS_S:
            self._ghosts_at_s = time_s
            self._lay_ghosts(picture, foreground)
        self._refresh()

    def _refresh(self) -> None:
        self._picture: Gray = np.asarray(cv2.convertScaleAbs(self._mean), np.uint8)
        restless = cv2.subtract(cv2.convertScaleAbs(self._flicker), np.full_like(self._picture, FLICKER_STEP))
        steps = cv2.add(cv2.convertScaleAbs(self._spread, alpha=SPREADS), restless)
        self._step: Gray = np.clip(np.asarray(steps, np.uint8), LEAST_STEP, MOST_STEP)
        self._strong_step: Gray = self._step * STRONG

    def _learn_flicker(self, strays: Gray, elapsed_s: float) -> None:
        now = np.asarray(cv2.compare(strays, self._step, cv2.CMP_GT), np.uint8)
        changes = np.minimum(cv2.bitwise_xor(now, self._before), np.uint8(min(FLICKER_STEP / elapsed_s, 255)))
        cv2.accumulateWeighted(changes, self._flicker, 1 - math.exp(-elapsed_s / FLICKER_S))
        self._before = now

    def _hold(self, picture: Gray, foreground: Mask, elapsed_s: float) -> None:
        """Go on holding what still looks the same, and take up what does not."""
        strays = cv2.absdiff(picture, np.asarray(cv2.convertScaleAbs(self._candidate), np.uint8))
        same = cv2.compare(strays, self._step, cv2.CMP_LE)
        held = cv2.bitwise_and(foreground, same)
        self._held_s += np.float32(elapsed_s)
        cv2.copyTo(self._nothing, cv2.bitwise_not(held), self._held_s)
        cv2.accumulateWeighted(picture, self._candidate, HELD_SHARE, mask=same)
        cv2.copyTo(picture.astype(np.float32), cv2.bitwise_not(same), self._candidate)

    def _settle(self, time_s: float) -> None:
        """Take what has stayed into the background."""
        hurry = time_s < self._hurry_until_s
        settled = self._held_s >= (STILL_S if hurry else self._settle_s)
        if settled.any():
            self._mean[settled] = self._candidate[settled]
            self._held_s[settled] = 0
            if not hurry:  # in a hurry it is mostly the place itself that is learned
                self.stayed |= settled

    def _lay_ghosts(self, picture: Gray, foreground: Mask) -> None:
        """Take back into the background what has no outline in the picture but has one in the background.

        Only what is still as a whole: a bus has a flat side, which stays the same for a while as it passes.
        """
        height, width = picture.shape
        outlines, _ = cv2.findContours(foreground, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for outline in outlines:
            x, y, w, h = cv2.boundingRect(outline)
            part = np.s_[max(y - 4, 0) : min(y + h + 4, height), max(x - 4, 0) : min(x + w + 4, width)]
            still = self._held_s[part] >= STILL_S
            if still.sum() < 0.3 * w * h:
                continue
            inner = np.zeros(still.shape, np.uint8)
            cv2.drawContours(inner, [outline], -1, 1, cv2.FILLED, offset=(-part[1].start, -part[0].start))
            if still[inner > 0].mean() < 0.7:
                continue
            lost = _across(inner, self._picture[part]) - _across(inner, picture[part])
            vanished, appeared = (float(np.maximum(x - EDGE_NOISE, 0).mean()) for x in (lost, -lost))
            long_ago = self._held_s[part][inner > 0].mean() >= SURE_S
            if vanished > (1.25 if long_ago else 2.0) * appeared + EDGE_NOISE:
                self._uncover(part, cv2.dilate(inner, SQUARE, iterations=2) > 0, picture)

    def _uncover(self, part: tuple[slice, slice], gone: NDArray[np.bool_], picture: Gray) -> None:
        self._mean[part][gone] = picture[part][gone]
        self._held_s[part][gone] = 0
        self.uncovered[part] |= gone
        self.stayed[part][gone] = False


def _across(inner: Mask, picture: Gray) -> Floats:
    """How much a picture (h, w) changes across the rim of a region (h, w) of 0 and 1, in grey levels a px (n,).

    Edges of the place that run on from inside to outside lie along this direction, and do not count.
    """
    rim = (cv2.dilate(inner, SQUARE) - cv2.erode(inner, SQUARE)) > 0
    soft = cv2.GaussianBlur(inner.astype(np.float32), (5, 5), 0)
    out_x, out_y = (cv2.Sobel(soft, cv2.CV_32F, *axis)[rim] for axis in ((1, 0), (0, 1)))
    along_x, along_y = (cv2.Sobel(picture, cv2.CV_32F, *axis, scale=0.125)[rim] for axis in ((1, 0), (0, 1)))
    length = np.maximum(np.hypot(out_x, out_y), 1e-3)
    return np.asarray(np.abs(along_x * out_x + along_y * out_y) / length, np.float32)
