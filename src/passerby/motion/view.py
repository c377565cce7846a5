"""Whether the camera still sees its view: covered, moved, shaken or differently lit."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Gray
from passerby.motion.halves import half

Floats = NDArray[np.float32]

REDUCED: Final = 4  # the view is judged on a picture this many times smaller: halved twice
BLOCK: Final = 6  # px of the reduced picture: side of the blocks whose texture is compared
ALIKE: Final = 0.7  # correlation of a block with itself in another light; by chance one in eight is so like
FLAT: Final = 4.0  # grey levels (standard deviation): a picture or block flatter than this shows nothing
LEAST_GAIN: Final = 0.02  # smaller changes of light are left to the background's drift
LEAST_SHARP: Final = 0.4  # share of the usual sharpness that a camera which sees has at least
DARK: Final = 8.0  # grey levels: in less light, noise is larger than any share of it
USUAL_S: Final = 60.0  # the usual sharpness is learned over this time
DARK_S: Final = 600.0  # and a view that stays blurred becomes the usual one over this time


class View:
    """The camera's view, judged on a small picture: its sharpness over time, and what changed as a whole."""

    def __init__(self) -> None:
        self._usual = np.zeros(2)  # sharpness of the picture and of the reduced one
        self._time_s = -math.inf

    def is_blind(self, picture: Gray, reduced: Floats, time_s: float) -> bool:
        """True if the picture (h, w) is flat, or has lost most of its usual sharpness, coarse or fine."""
        sharpness = np.array([_sharpness(picture), _sharpness(reduced)])
        flat = float(cv2.meanStdDev(reduced)[1][0, 0]) < FLAT
        blind = flat or bool((sharpness < LEAST_SHARP * self._usual).any())
        rate = 1 - math.exp(-(time_s - self._time_s) / (DARK_S if blind else USUAL_S))
        self._usual += rate * (sharpness - self._usual)
        self._time_s = time_s
        return blind


def _sharpness(picture: NDArray[np.generic]) -> float:
    """Mean step from a pixel to the next, as a share of the light."""
    pixels = np.asarray(picture)
    across = cv2.norm(pixels[:, 1:], pixels[:, :-1], cv2.NORM_L1)
    down = cv2.norm(pixels[1:], pixels[:-1], cv2.NORM_L1)
    return float(across + down) / (float(pixels.sum()) + DARK * pixels.size)


def reduce(picture: Gray) -> Floats:
    """The picture on which the view is judged, in grey levels."""
    return half(half(picture)).astype(np.float32)


def gain(now: Floats, empty: Floats) -> float:
    """By which factor the whole picture (h, w) became brighter; 1 where a factor does not explain the change."""
    a, b = now[::2, ::2], empty[::2, ::2]  # enough for a median
    factor = float(np.median((a + 1) / (b + 1)))
    if abs(factor - 1) < LEAST_GAIN:
        return 1.0
    near = 0.03 * b + 2
    before, after = (float((np.abs(a - b * f) < near).mean()) for f in (1.0, factor))
    return factor if after > before + 0.1 else 1.0


def same_texture(now: Floats, empty: Floats) -> float | None:
    """Share of the textured blocks of `empty` (h, w) that `now` still shows; None if there is hardly any texture.

    A block is still shown if it correlates with what it was: that outlasts any change of light that is even
    over the block.
    """
    a, b = _blocks(now), _blocks(empty)
    spread = np.sqrt((a * a).mean(axis=1) * (b * b).mean(axis=1))
    textured = (b * b).mean(axis=1) > FLAT**2
    if textured.sum() < 6:
        return None
    correlation = (a * b).mean(axis=1) / np.maximum(spread, 1e-3)
    return float((correlation[textured] > ALIKE).mean())


def _blocks(picture: Floats) -> Floats:
    """Blocks of the picture as rows (n, pixels), each without its mean."""
    rows, columns = (n // BLOCK for n in picture.shape)
    cut = picture[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    flat = cut.swapaxes(1, 2).reshape(rows * columns, BLOCK * BLOCK)
    return np.asarray(flat - flat.mean(axis=1, keepdims=True), np.float32)


def shift(now: Gray | Floats, empty: Gray | Floats) -> tuple[float, float]:
    """As `Anchor.shift` says, for a picture that is compared with once."""
    return Anchor(empty).shift(now)


class Anchor:
    """A picture (h, w) that others are laid over; what it takes is computed once, and only if one is."""

    def __init__(self, picture: Gray | Floats) -> None:
        self._picture = picture

    @cached_property
    def _slopes(self) -> tuple[Floats, Floats, Floats]:
        """How steep it is across and down, and by how much each pixel differs at most where little moves."""
        across, down = (
            np.asarray(cv2.Sobel(self._picture, cv2.CV_32F, *axis, ksize=1, scale=0.5), np.float32)
            for axis in ((1, 0), (0, 1))
        )
        most = cv2.addWeighted(np.abs(across), 1.5, np.abs(down), 1.5, 3.0)
        return across, down, np.asarray(most, np.float32)

    def shift(self, now: Gray | Floats) -> tuple[float, float]:
        """How far (right, down) a picture (h, w) moved, in its own px; right for shakes up to about one px.

        One step of Lucas and Kanade (1981) over the whole picture; pixels that differ by more than a small
        movement explains (road users) do not take part.
        """
        if min(self._picture.shape) < 3:
            return 0.0, 0.0
        across, down, most = self._slopes
        error = cv2.subtract(now, self._picture, dtype=cv2.CV_32F)
        fits = cv2.compare(np.abs(error), most, cv2.CMP_LE)
        x, y, e = cv2.copyTo(across, fits).ravel(), cv2.copyTo(down, fits).ravel(), error.ravel()
        xx, xy, yy = float(x @ x), float(x @ y), float(y @ y)
        determinant = xx * yy - xy * xy
        if determinant <= 1e-6 * (xx + yy) ** 2 or cv2.countNonZero(fits) < e.size // 3:
            return 0.0, 0.0
        xe, ye = float(x @ e), float(y @ e)
        right, low = -(yy * xe - xy * ye) / determinant, -(xx * ye - xy * xe) / determinant
        return (right, low) if max(abs(right), abs(low)) <= 1.5 else (0.0, 0.0)
