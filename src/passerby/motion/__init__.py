"""The motion stage of one camera: what moves in a small grey picture, as a mask and as boxes.

::

    Frame ─luma─► View: covered? moved? other light? ─► Background: what differs ─► mask ─► blobs ─► Moving
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.detections import Detections
from passerby.frame import Frame, Gray, Size
from passerby.motion import view
from passerby.motion.background import Background, Mask
from passerby.motion.blobs import find
from passerby.motion.shade import shadows
from passerby.motion.stature import Scale, Stature
from passerby.motion.view import View

State = Literal["ok", "light", "moved", "blind"]

HURRY_S: Final = 2.0  # after a change of the whole picture, whatever stays is learned fast for this long
FLOODED: Final = 0.35  # share of the picture above which a change may be one of the whole picture
FRESH_S: Final = 2.0  # so long after a new beginning, what moved on has left ghosts behind,
UNSURE: Final = 0.7  # and blobs are less sure by this factor: too little to begin with
PARTLY: Final = 0.12  # and above which one is if it came with a jump of the light, or if no texture is left
JUMP: Final = 0.1  # such a jump, as a share of the light
SHAKEN: Final = 0.15  # px: a smaller movement of the camera is left alone
SQUARE: Final = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Moving:
    """What moves in one frame."""

    time_s: float
    size: Size  # px of the frame
    mask: NDArray[np.bool_]  # (h, w) of the small picture, which shows the same view as the frame
    blobs: Detections  # px of the frame; class guessed from shape and size
    state: State  # anything but "ok": the masks and the blobs are empty and mean nothing
    stayed: NDArray[np.bool_]  # (h, w) what came, stopped, and is taken for background by now
    uncovered: NDArray[np.bool_]  # (h, w) where what was taken for background has just left


class Motion:
    """One camera's eye for what moves; give it the frames in the order of their time, skips are fine.

    `ground` gives the size that people have at each place of the picture, where it is known; else that is learned
    from what moves. Someone who stands still stays in the mask for `settle_s`, then belongs to the background.
    `width` (px) is about that of the small grey picture.
    """

    def __init__(self, *, ground: Scale | None = None, width: int = 320, settle_s: float = 60.0) -> None:
        self._width = width
        self._settle_s = settle_s
        self._ground = ground
        self._size: Size | None = None  # px of the frames
        self._background: Background | None = None
        self._begin()

    def _begin(self) -> None:
        """Know nothing of the view yet."""
        self._stature = Stature(self._ground)
        self._view = View()
        self._state: State = "ok"
        self._until_s = 0.0  # when the state may become "ok" again
        self._shift = (0.0, 0.0)  # px of the small picture: how far the camera stands beside its usual view
        self._still: view.Floats | None = None  # while moved: the view that may become the new one
        self._still_since_s = 0.0

    def update(self, frame: Frame) -> Moving:
        """Take in one frame."""
        # Whole numbers of pixels averaged into one cost a tenth of other sizes.
        times = max(round(frame.size.width / self._width), 1)
        small = (max(round(frame.size.width / times), 1), max(round(frame.size.height / times), 1))
        picture = np.asarray(cv2.GaussianBlur(frame.luma(small), (3, 3), 0), np.uint8)
        if self._background is None or self._size != frame.size:
            # Another size is another stream, or another film: it may show anything.
            self._begin()
            self._size = frame.size
            self._background = Background(picture, frame.time_s, settle_s=self._settle_s)
        mask, state = self._look(self._background, picture, frame.time_s)
        blobs = Detections.empty()
        if state == "ok":
            blobs = find(mask, self._stature, frame.time_s, frame.size, self._shift)
            if frame.time_s - self._background.since_s < FRESH_S:
                blobs = replace(blobs, score=blobs.score * np.float32(UNSURE))
        stayed, uncovered = self._background.stayed.copy(), self._background.uncovered.copy()
        return Moving(frame.time_s, frame.size, mask > 0, blobs, state, stayed, uncovered)

    def _look(self, background: Background, picture: Gray, time_s: float) -> tuple[Mask, State]:
        nothing = np.zeros(picture.shape, np.uint8)
        now, empty = view.reduce(picture), view.reduce(background.picture)
        if self._view.is_blind(picture, now, time_s):
            return nothing, "blind"
        gain = view.gain(now, empty)
        if gain != 1.0:
            background.relight(gain, time_s=time_s)
            empty = view.reduce(background.picture)
        picture = self._steady(picture, now, empty)
        mask, changed = differs(picture, background)
        share = cv2.countNonZero(mask) / mask.size
        lit = share > FLOODED or (share > PARTLY and abs(gain - 1) > JUMP)
        if share > PARTLY:
            self._flooded(background, picture, now, empty, time_s, lit=lit)
        if time_s < self._until_s:
            return nothing, self._state
        self._still = None
        background.learn(picture, mask, changed, time_s)
        return mask, "ok"

    def _steady(self, picture: Gray, now: view.Floats, empty: view.Floats) -> Gray:
        """The picture laid over the background, so that a camera on a swaying pole shows no edges as motion."""
        right, down = (view.REDUCED * s for s in view.shift(now, empty))
        self._shift = (right, down)
        if max(abs(right), abs(down)) < SHAKEN:
            return picture
        back = np.array([[1, 0, right], [0, 1, down]], np.float64)
        size = (picture.shape[1], picture.shape[0])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        laid = cv2.warpAffine(picture, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(laid, np.uint8)

    def _flooded(
        self,
        background: Background,
        picture: Gray,
        now: view.Floats,
        empty: view.Floats,
        time_s: float,
        *,
        lit: bool,
    ) -> None:
        """Much of the picture differs: tell another light, if it can be, from another view and from objects."""
        same = view.same_texture(now, empty)
        if lit and (same is None or same > 0.6):
            factor = np.asarray(cv2.blur(now + 1, (9, 9)) / cv2.blur(empty + 1, (9, 9)), np.float32)
            size = (picture.shape[1], picture.shape[0])
            background.relight(np.asarray(cv2.resize(factor, size), np.float32), time_s=time_s, hurry_s=HURRY_S)
            self._state, self._until_s = "light", time_s + 0.5
        elif same is not None and same < 0.25:
            self._moved(background, picture, now, time_s)

    def _moved(self, background: Background, picture: Gray, now: view.Floats, time_s: float) -> None:
        """Another view; it is learned as soon as it has held still for a second."""
        self._state, self._until_s = "moved", time_s + 1.0
        like = None if self._still is None else view.same_texture(now, self._still)
        if like is None or like < 0.6:
            self._still, self._still_since_s = now, time_s
        elif time_s - self._still_since_s >= 1.0:
            background.rebase(picture, time_s, hurry_s=HURRY_S)
            self._until_s = time_s + HURRY_S


def differs(picture: Gray, background: Background) -> tuple[Mask, Mask]:
    """Where (h, w) there is something, and where anything but noise is not as in the empty picture, shadows too.

    What differs by one step belongs to an object where it touches what differs by several and is no shadow.
    """
    strays = cv2.absdiff(picture, background.picture)
    weak = np.asarray(cv2.medianBlur(cv2.compare(strays, background.step, cv2.CMP_GT), 3), np.uint8)
    lit = cv2.bitwise_and(weak, cv2.bitwise_not(shadows(picture, background.picture, weak)))
    core = cv2.bitwise_and(lit, cv2.compare(strays, background.strong_step, cv2.CMP_GT))
    solid = cv2.bitwise_and(cv2.dilate(core, SQUARE), lit)
    # What lies between two parts of an object, one above the other, is no shadow on the ground.
    upright = np.ones((2 * (picture.shape[0] // 24) + 1, 1), np.uint8)
    between = cv2.bitwise_and(cv2.morphologyEx(solid, cv2.MORPH_CLOSE, upright), weak)
    return np.asarray(cv2.bitwise_or(solid, between), np.uint8), weak
