"""The cheap question of one camera, asked of each frame: where does something stir that must be looked at.

::

    Frame ─halved─► View: covered? moved? other light? ─► differs from the empty picture,
                                                           and not as it did a moment ago  ─► mask, blobs

Two pictures are kept: what is usual at each pixel, and what was there a moment ago. What differs from the usual is
somebody who came, or a ghost that somebody left; only where it also differs from a moment ago does it stir.
A ghost does not, so no time is lost on it, and what stays becomes usual within seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Frame, Gray, Size
from passerby.motion import view
from passerby.motion.halves import Halves, half

State = Literal["ok", "light", "moved", "blind"]
Floats = NDArray[np.float32]

JUDGE_S: Final = 0.5  # s between two judgements of the view as a whole; a jump of the light calls for one at once
JUMP: Final = 0.015  # of the mean light
LEAP: Final = 0.15  # of the light, evenly and at once: a change that must be told
FLOODED: Final = 0.35  # share of the picture above which a change may be one of the whole picture
SETTLE_S: Final = 0.5  # s for which nothing is believed after a change of light
STILL_S: Final = 1.0  # s for which another view must hold to be the usual one
STEADY_S: Final = 2.0  # s between two tries whether the camera sways, and for which one that does is held still
SHAKEN: Final = 0.08  # px of the small picture: a smaller movement of the camera is left alone

MOMENT_S: Final = 0.4  # s over which the picture of a moment ago is a mean
LEARN_S: Final = 0.2  # learning this often is enough: only comparing is paid for on each frame
USUAL_S: Final = 3.0  # s over which what does not move becomes usual
SPREAD_S: Final = 15.0  # s over which the noise of each pixel is learned, while nothing stirs there;
LEAF: Final = 0.125  # and so much more slowly where something does: leaves become noise, passers-by do not
SPREADS: Final = 4.0  # what stirs differs by so many times the mean absolute deviation there,
LEAST_STEP: Final = 6  # and by so many grey levels;
MOST_STEP: Final = 50  # nowhere need it differ by more
MOST_STRAY: Final = 11.0  # grey levels: of what passes, no more is taken for noise
SQUARE: Final = np.ones((3, 3), np.uint8)
UPRIGHT: Final = np.ones((3, 1), np.uint8)  # on the halved mask: parts above each other are near, as in people
LEAST: Final = 3  # px of the small picture: fewer are noise


@dataclass(frozen=True, slots=True, eq=False)
class Stirred:
    """Where something stirs in one frame."""

    time_s: float
    size: Size  # px of the frame
    mask: NDArray[np.bool_]  # (h, w) of the small picture
    blobs: NDArray[np.float32]  # (n, 4) px of the frame
    state: State  # on anything but "ok" mask and blobs are empty and mean nothing


class Stir:
    """One camera's sense for what stirs; give it the frames in the order of their time, skips are fine.

    `width` (px): the small grey picture is this wide or up to twice as wide.
    """

    def __init__(self, *, width: int = 160) -> None:
        self._width = width
        self._size: Size | None = None

    def update(self, frame: Frame | Halves) -> Stirred:
        """Take in one frame."""
        halves = Halves.of(frame)
        times, time_s = halves.times(self._width), halves.time_s
        picture = halves.halved(times)
        if self._size == halves.size:
            picture = self._steady(picture, time_s)
            self._judge(picture, time_s)
        else:
            self._size = halves.size
            self._begin(picture, time_s)
        recent = self._strays(picture, np.asarray(cv2.convertScaleAbs(self._lately), np.uint8))
        mask, boxes = np.zeros_like(picture), np.empty((0, 4), np.float32)
        if self._state == "ok":
            mask = np.asarray(cv2.bitwise_and(self._differs, _around(recent)), np.uint8)
            boxes = _blobs(mask) * np.float32(1 << times)
        self._learn(picture, recent, mask, time_s)
        return Stirred(time_s, halves.size, mask > 0, boxes, self._state)

    # -- the view as a whole ---------------------------------------------------------------------------------

    def _begin(self, picture: Gray, time_s: float) -> None:
        """Know nothing but this picture."""
        self._view = view.View()
        self._state: State = "light"  # nothing can be said of the first picture
        self._until_s = -math.inf  # when the state may become "ok" again
        self._judged_s = self._steadied_s = self._shaky_s = -math.inf
        self._still: view.Floats | None = None  # while moved: the view that may become the usual one
        self._still_since_s = 0.0
        self._spread: Floats = np.full(picture.shape, LEAST_STEP / SPREADS, np.float32)
        self._mean: Floats = picture.astype(np.float32)  # the usual picture
        self._lately: Floats = self._mean.copy()  # the picture of a moment ago
        self._since_s = self._learned_s = self._lately_s = time_s
        self._refresh()
        self._light = cv2.mean(picture)[0]
        self._differs = np.zeros_like(picture)

    def _steady(self, picture: Gray, time_s: float) -> Gray:
        """The picture (h, w) laid over the usual one, where a pole sways; else that is tried now and then."""
        if time_s > self._shaky_s and time_s - self._steadied_s < STEADY_S:
            return picture
        self._steadied_s = time_s
        right, down = self._anchor.shift(picture)
        if max(abs(right), abs(down)) < SHAKEN:
            return picture
        self._shaky_s = time_s + STEADY_S
        more_right, more_down = self._anchor.shift(_laid(picture, right, down))
        return _laid(picture, right + more_right, down + more_down)

    def _judge(self, picture: Gray, time_s: float) -> None:
        """See where the picture (h, w) is not as usual, and now and then what became of the view as a whole."""
        self._differs = self._strays(picture, self._usual)
        light = cv2.mean(picture)[0]
        if time_s - self._judged_s < JUDGE_S and abs(light - self._light) <= JUMP * (light + 1):
            return
        self._judged_s, self._light = time_s, light
        now = view.reduce(picture)
        if self._view.is_blind(picture, now, time_s):
            self._state, self._until_s = "blind", time_s
            return
        if abs(light - cv2.mean(self._usual)[0]) > view.LEAST_GAIN / 2 * (light + 1):
            self._relight(view.gain(now, view.reduce(self._usual)), time_s)
            self._differs = self._strays(picture, self._usual)
        if cv2.countNonZero(self._differs) > FLOODED * picture.size:
            self._flooded(picture, now, view.reduce(self._usual), time_s)
        if time_s >= self._until_s:
            self._state, self._still = "ok", None

    def _relight(self, factor: float, time_s: float) -> None:
        """Follow an even change of the light; a leap is told, for a detector may see more or less now."""
        if abs(factor - 1) > LEAP:
            self._state, self._until_s = "light", time_s + SETTLE_S
        if factor != 1.0:
            for mean in (self._mean, self._lately):
                np.clip(mean * np.float32(factor), 0, 255, out=mean)
            self._refresh()

    def _flooded(self, picture: Gray, now: view.Floats, usual: view.Floats, time_s: float) -> None:
        """Where much differs, tell another light and another view from objects, which bring their own texture."""
        shown, brought = view.same_texture(now, usual), view.same_texture(usual, now)
        if all(same is None or same > 0.6 for same in (shown, brought)):
            self._rebase(picture)
            self._state, self._until_s = "light", time_s + SETTLE_S
        elif shown is not None and shown < 0.25:
            self._state, self._until_s = "moved", time_s + STILL_S
            like = None if self._still is None else view.same_texture(now, self._still)
            if like is None or like < 0.6:
                self._still, self._still_since_s = now, time_s
            elif time_s - self._still_since_s >= STILL_S:
                self._rebase(picture)
                self._until_s = time_s + SETTLE_S

    def _rebase(self, picture: Gray) -> None:
        """Take this picture (h, w) for the usual one."""
        self._mean[:] = self._lately[:] = picture
        self._refresh()

    # -- what is learned -------------------------------------------------------------------------------------

    def _strays(self, picture: Gray, other: Gray) -> Gray:
        """Where a picture (h, w) is not as another one."""
        return np.asarray(cv2.compare(cv2.absdiff(picture, other), self._step, cv2.CMP_GT), np.uint8)

    def _learn(self, picture: Gray, recent: Gray, mask: Gray, time_s: float) -> None:
        elapsed_s = time_s - self._lately_s
        cv2.accumulateWeighted(picture, self._lately, 1 - math.exp(-elapsed_s / MOMENT_S))
        self._lately_s = time_s
        elapsed_s = time_s - self._learned_s
        if elapsed_s < 0.9 * LEARN_S or self._state in ("moved", "blind"):
            return
        self._learned_s = time_s
        still = cv2.bitwise_not(cv2.bitwise_and(recent, self._differs))
        cv2.accumulateWeighted(picture, self._mean, 1 - math.exp(-elapsed_s / USUAL_S), mask=still)
        _, strays = cv2.threshold(cv2.absdiff(picture, self._usual), MOST_STRAY, 0, cv2.THRESH_TRUNC)
        rate = 1 - math.exp(-elapsed_s / min(SPREAD_S, max(time_s - self._since_s, 1.0)))
        cv2.accumulateWeighted(strays, self._spread, rate, mask=cv2.bitwise_not(mask))
        cv2.accumulateWeighted(strays, self._spread, LEAF * rate, mask=mask)
        self._refresh()

    def _refresh(self) -> None:
        self._usual: Gray = np.asarray(cv2.convertScaleAbs(self._mean), np.uint8)
        self._anchor = view.Anchor(self._usual)
        steps = np.asarray(cv2.convertScaleAbs(self._spread, alpha=SPREADS, beta=-0.5), np.uint8)  # whole ones
        self._step: Gray = np.clip(steps, LEAST_STEP, MOST_STEP)


def _laid(picture: Gray, right: float, down: float) -> Gray:
    """A picture (h, w) that moved so many px, moved back."""
    back = np.array([[1, 0, right], [0, 1, down]], np.float64)
    size = (picture.shape[1], picture.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _around(recent: Gray) -> Gray:
    """Where (h, w) something changed a moment ago, and around it: the inside of what moves belongs to it."""
    coarse = _any(half(half(recent)))
    size = (recent.shape[1], recent.shape[0])
    return np.asarray(cv2.resize(cv2.dilate(coarse, SQUARE), size, interpolation=cv2.INTER_NEAREST), np.uint8)


def _blobs(mask: Gray) -> Floats:
    """Boxes (n, 4) px of the parts of a mask (h, w); what is near is one, specks are wiped out."""
    rows, columns = mask.shape
    even = mask
    if rows % 2 or columns % 2:
        padded = cv2.copyMakeBorder(mask, 0, rows % 2, 0, columns % 2, cv2.BORDER_CONSTANT, value=(0.0,))
        even = np.asarray(padded, np.uint8)
    joined = cv2.dilate(_any(half(even)), UPRIGHT)
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = []
    for outline in outlines:
        left, top, width, height = cv2.boundingRect(outline)
        left, top = 2 * left, 2 * top
        part = mask[top : top + 2 * height, left : left + 2 * width]
        if cv2.countNonZero(part) < LEAST:
            part[:] = 0
            continue
        x, y, w, h = cv2.boundingRect(part)
        boxes.append((left + x, top + y, left + x + w, top + y + h))
    return np.array(boxes, np.float32).reshape(-1, 4)


def _any(averaged: Gray) -> Gray:
    """A mask (h, w) of the pixels that are not wholly empty."""
    return np.asarray(cv2.threshold(averaged, 0, 255, cv2.THRESH_BINARY)[1], np.uint8)
