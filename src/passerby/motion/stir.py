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
from passerby.motion.halves import Halves

State = Literal["ok", "light", "moved", "blind"]
Floats = NDArray[np.float32]

LEARN_S: Final = 0.2  # learning this often is enough: only comparing is paid for on each frame
CHECK_S: Final = 0.25  # s between two judgements of the view as a whole
MOMENT_S: Final = 0.4  # s over which the picture of a moment ago is a mean
USUAL_S: Final = 3.0  # s over which slow changes become usual,
STAYS_S: Final = 8.0  # and what came and stays
SPREAD_S: Final = 15.0  # s over which the usual noise is learned
SPREADS: Final = 3.5  # what stirs differs by so many times the mean absolute deviation there,
LEAST_STEP: Final = 8.0  # and by so many grey levels;
MOST_STEP: Final = 50.0  # nowhere need it differ by more
MOST_STRAY: Final = 24.0  # grey levels: of what passes, no more is taken for noise
FLOODED: Final = 0.35  # share of the picture above which a change may be one of the whole picture
JUMP: Final = 0.015  # change of the mean light that calls for a judgement at once
SETTLE_S: Final = 0.5  # s for which nothing is believed after a change of light
STILL_S: Final = 1.0  # s for which another view must hold to be the usual one
NEAR: Final = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 5))  # parts so near are one: upright, as people are
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
        times = halves.times(self._width)
        picture = halves.halved(times)
        state: State = "light"  # nothing is known of the first picture
        if self._size == halves.size:
            state = self._judge(picture, halves.time_s)
        else:
            self._size = halves.size
            self._begin(picture, halves.time_s)
        mask, boxes = np.zeros(picture.shape, np.uint8), np.empty((0, 4), np.float32)
        if state == "ok":
            differs = cv2.compare(cv2.absdiff(picture, self._usual), self._step, cv2.CMP_GT)
            mask, boxes = _blobs(np.asarray(differs), self._recent(picture))
        self._learn(picture, halves.time_s)
        return Stirred(halves.time_s, halves.size, mask > 0, boxes * np.float32(1 << times), state)

    # -- the view as a whole ---------------------------------------------------------------------------------

    def _begin(self, picture: Gray, time_s: float) -> None:
        """Know nothing but this picture."""
        self._view = view.View()
        self._state: State = "ok"
        self._until_s = -math.inf  # when the state may become "ok" again
        self._checked_s = -math.inf
        self._light = cv2.mean(picture)[0]
        self._still: view.Floats | None = None
        self._still_since_s = 0.0
        self._spread: Floats = np.full(picture.shape, LEAST_STEP / SPREADS, np.float32)
        self._mean: Floats = picture.astype(np.float32)  # the usual picture
        self._lately: Floats = self._mean.copy()  # the picture of a moment ago
        self._learned_s = self._lately_s = time_s
        self._refresh()

    def _judge(self, picture: Gray, time_s: float) -> State:
        light = cv2.mean(picture)[0]
        jumped = abs(light - self._light) > JUMP * (self._light + 1)
        self._light = light
        if not jumped and time_s - self._checked_s < CHECK_S:
            return self._state
        self._checked_s = time_s
        now, usual = view.reduce(picture), view.reduce(self._usual)
        if self._view.is_blind(picture, now, time_s):
            self._state, self._until_s = "blind", time_s
            return "blind"
        gain = view.gain(now, usual)
        if gain != 1.0:
            self._relight(gain)
            usual = view.reduce(self._usual)
        self._flooded(picture, now, usual, time_s)
        if time_s >= self._until_s:
            self._state, self._still = "ok", None
        return self._state

    def _relight(self, factor: float) -> None:
        for mean in (self._mean, self._lately):
            np.clip(mean * np.float32(factor), 0, 255, out=mean)
        self._refresh()

    def _flooded(self, picture: Gray, now: view.Floats, usual: view.Floats, time_s: float) -> None:
        """Where much differs, tell another light, if it can be, from another view and from objects."""
        strays = cv2.absdiff(picture, self._usual)
        if cv2.countNonZero(cv2.compare(strays, self._step, cv2.CMP_GT)) < FLOODED * picture.size:
            return
        same = view.same_texture(now, usual)
        if same is None or same > 0.6:
            self._rebase(picture)
            self._state, self._until_s = "light", time_s + SETTLE_S
        elif same < 0.25:
            self._state, self._until_s = "moved", time_s + STILL_S
            like = None if self._still is None else view.same_texture(now, self._still)
            if like is None or like < 0.6:
                self._still, self._still_since_s = now, time_s
            elif time_s - self._still_since_s >= STILL_S:
                self._rebase(picture)
                self._until_s = time_s + SETTLE_S

    def _rebase(self, picture: Gray) -> None:
        """Take this picture for the usual one."""
        self._mean[:] = picture
        self._lately[:] = picture
        self._refresh()

    # -- what is learned -------------------------------------------------------------------------------------

    def _recent(self, picture: Gray) -> Gray:
        """Where the picture (h, w) is not as it was a moment ago."""
        ago = cv2.convertScaleAbs(self._lately)
        return np.asarray(cv2.compare(cv2.absdiff(picture, ago), self._step, cv2.CMP_GT), np.uint8)

    def _learn(self, picture: Gray, time_s: float) -> None:
        still = cv2.bitwise_not(self._recent(picture))
        elapsed_s = time_s - self._lately_s
        cv2.accumulateWeighted(picture, self._lately, 1 - math.exp(-elapsed_s / MOMENT_S))
        self._lately_s = time_s
        elapsed_s = time_s - self._learned_s
        if elapsed_s < 0.9 * LEARN_S or self._state in ("moved", "blind"):
            return
        self._learned_s = time_s
        strays = cv2.absdiff(picture, self._usual)
        usual = cv2.compare(strays, self._step, cv2.CMP_LE)
        stays = cv2.bitwise_and(still, cv2.bitwise_not(usual))
        cv2.accumulateWeighted(picture, self._mean, 1 - math.exp(-elapsed_s / USUAL_S), mask=usual)
        cv2.accumulateWeighted(picture, self._mean, 1 - math.exp(-elapsed_s / STAYS_S), mask=stays)
        strays = cv2.min(strays, np.full_like(picture, MOST_STRAY))
        cv2.accumulateWeighted(strays, self._spread, 1 - math.exp(-elapsed_s / SPREAD_S))
        self._refresh()

    def _refresh(self) -> None:
        self._usual: Gray = np.asarray(cv2.convertScaleAbs(self._mean), np.uint8)
        self._step: Gray = np.clip(self._spread * SPREADS, LEAST_STEP, MOST_STEP).astype(np.uint8)


def _blobs(differs: Gray, recent: Gray) -> tuple[Gray, Floats]:
    """Mask (h, w) and boxes (n, 4) px of what differs and, somewhere in it, changed a moment ago."""
    outlines, _ = cv2.findContours(cv2.dilate(differs, NEAR), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    mask = np.zeros_like(differs)
    boxes = []
    across, up = NEAR.shape[1] // 2, NEAR.shape[0] // 2
    height, width = differs.shape
    for outline in outlines:
        x, y, w, h = cv2.boundingRect(outline)
        left, top = (0 if x == 0 else x + across), (0 if y == 0 else y + up)
        right = width if x + w == width else x + w - across
        bottom = height if y + h == height else y + h - up
        part = np.s_[top:bottom, left:right]
        both = cv2.bitwise_and(differs[part], recent[part])
        if cv2.countNonZero(both) >= LEAST:
            mask[part] = differs[part]
            boxes.append((left, top, right, bottom))
    return mask, np.array(boxes, np.float32).reshape(-1, 4)
