"""What was seen of each pixel of an empty place over minutes, and where that agrees with itself.

::

    time ──►  stretch      stretch      stretch            a stretch: the mean of some looks at a free pixel,
              ┌───────┐    ┌───────┐    ┌───────┐          thrown away where they differ among themselves
              │ mean  │    │ mean  │    │ mean  │
              └───┬───┘    └───┬───┘    └───┬───┘
                  └─ texture ──┴─ changed? ─┘              a small stir: more than noise and a shaking pole explain

A pixel is known when enough stretches, spread over enough time, show the same; what it shows is their median.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Bgr

Mask = NDArray[np.bool_]  # (h, w)
Floats = NDArray[np.float32]

KEPT: Final = 16  # stretches of a pixel that are remembered
FEWEST: Final = 6  # without which it is not known
AGREE: Final = 0.8  # share of them that must agree with their median,
ALIKE: Final = 12.0  # that is, be as light up to so many grey levels
SPREAD: Final = 0.75  # share of the time asked for that must lie between the first and the last
COMMON: Final = 0.2  # share of the picture that two stretches must share to tell a change of the light

WINDOW: Final = 9  # px: texture is what differs from the mean over such a window
STIR: Final = 4.0  # grey levels: a change of texture below is none,
TIMES: Final = 4.0  # and neither is one below so many times what is usual in this picture
FLAT: Final = 4.0  # grey levels a px: below, a pixel changes by noise only,
STEEP: Final = 12.0  # and above, mostly by the shaking of the camera
MOST_NOISE: Final = 2.0  # grey levels: more is not taken for noise,
MOST_SHAKE: Final = 0.1  # px: nor this for shaking
NEAR: Final = 3  # of 9 pixels that must have changed: fewer are specks


class Stretches:
    """Means of looks at each pixel of a picture of `size` (width, height), `spread_s` of which must agree."""

    def __init__(self, size: tuple[int, int], spread_s: float) -> None:
        width, height = size
        shape = height, width
        self._spread_s = spread_s
        self._colours = np.zeros((KEPT, *shape, 3), np.uint8)
        self._times = np.zeros((KEPT, *shape), np.float32)  # s
        self._count = np.zeros(shape, np.int32)
        self._light: Floats = np.full(shape, np.nan, np.float32)  # first seen: what a change of light is told by
        self._before: Floats = np.full(shape, np.nan, np.float32)  # grey levels when last seen
        self._begin()

    def _begin(self) -> None:
        shape = self._count.shape
        self._sum = np.zeros((*shape, 3), np.float32)
        self._greys, self._squares = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        self._low, self._high = np.full(shape, 255, np.uint8), np.zeros(shape, np.uint8)
        self._looks = np.zeros(shape, np.int32)

    def take(self, picture: Bgr, free: Mask) -> None:
        """Look at a picture (h, w, 3) where it is free (h, w)."""
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        self._sum += np.where(free[..., None], picture, 0)
        near_zero = np.where(free, grey.astype(np.float32) - 128, 0)  # so that squares lose no digits
        self._greys += near_zero
        self._squares += near_zero**2
        np.minimum(self._low, grey, out=self._low, where=free)
        np.maximum(self._high, grey, out=self._high, where=free)
        self._looks += free

    def clear(self, where: Mask) -> None:
        """Forget what was seen there (h, w)."""
        self._count[where] = 0
        self._looks[where] = 0
        self._sum[where] = 0
        self._greys[where] = self._squares[where] = 0
        self._low[where], self._high[where] = 255, 0
        self._before[where] = np.nan

    def wipe(self) -> None:
        """Let no pixel stay in memory."""
        for pixels in (self._colours, self._sum, self._greys, self._squares, self._low, self._high):
            pixels.fill(0)
        self._light.fill(0)
        self._before.fill(0)

    def close(self, time_s: float) -> Mask:
        """End a stretch; says where (h, w) something stirred that nobody saw, and takes nothing from there."""
        looks = self._looks
        seen = looks > 0
        mean = np.asarray(self._sum / np.maximum(looks, 1)[..., None], np.float32)
        grey = np.asarray(self._greys / np.maximum(looks, 1), np.float32)
        noise = np.sqrt(np.maximum(self._squares / np.maximum(looks, 1) - grey**2, 0))
        grey += 128
        stirred = seen & (self._high.astype(np.float32) - self._low > 2 * ALIKE)  # as only somebody unseen does
        gain = self._gain(grey, seen & ~stirred)
        mean, grey = mean / gain, grey / gain
        both = seen & np.isfinite(self._before)
        (texture, slope), (before, _) = _texture(grey, both), _texture(self._before, both)
        stirred |= stands_out(np.abs(texture - before), slope, both)
        many = looks > 2
        stirred |= stands_out(np.where(many, noise, 0), _texture(grey, seen)[1], many)
        good = seen & ~stirred
        rows, columns = np.nonzero(good)
        slot = self._count[rows, columns] % KEPT
        self._colours[slot, rows, columns] = np.clip(np.rint(mean[rows, columns]), 0, 255).astype(np.uint8)
        self._times[slot, rows, columns] = time_s
        self._count[rows, columns] += 1
        self._light = np.where(np.isnan(self._light) & good, grey, self._light)
        self._before = np.where(seen, grey, self._before)
        self._begin()
        return stirred

    def known(self) -> Mask:
        """Where (h, w) enough stretches, spread over enough time, agree."""
        count = np.minimum(self._count, KEPT)
        filled = np.arange(KEPT)[:, None, None] < count
        grey = np.stack([np.asarray(cv2.cvtColor(c, cv2.COLOR_BGR2GRAY), np.uint8) for c in self._colours])
        middle = _median(grey, filled, count)
        near = np.abs(grey.astype(np.float32) - middle) <= ALIKE
        agree = (near & filled).sum(axis=0) >= AGREE * count
        first = np.where(filled, self._times, np.inf).min(axis=0)
        last = np.where(filled, self._times, -np.inf).max(axis=0)
        return np.asarray((count >= FEWEST) & agree & (last - first >= SPREAD * self._spread_s), np.bool_)

    def picture(self) -> Bgr:
        """The medians (h, w, 3), whether they are known or not."""
        count = np.minimum(self._count, KEPT)
        filled = np.arange(KEPT)[:, None, None] < count
        channels = [_median(self._colours[..., channel], filled, count) for channel in range(3)]
        return np.asarray(np.stack(channels, axis=-1), np.uint8)

    def _gain(self, grey: Floats, seen: Mask) -> float:
        """How much lighter the picture is than it was at first."""
        both = seen & np.isfinite(self._light)
        if both.sum() < COMMON * both.size:
            return 1.0
        return float(np.median((grey[both] + 1) / (self._light[both] + 1)))


def stands_out(change: Floats, slope: Floats, known: Mask) -> Mask:
    """Where (h, w) a change of texture is more than this picture's own noise and shaking explain.

    Noise changes all pixels alike, a shaking camera changes each by its slope (grey levels a px); how much of
    each there is, the picture itself tells by its medians.
    """
    flat, steep = known & (slope < FLAT), known & (slope >= STEEP)
    noise = min(float(np.median(change[flat])), MOST_NOISE) if flat.any() else MOST_NOISE
    shaken = np.maximum(change[steep] - noise, 0) / slope[steep]
    shake = min(float(np.median(shaken)), MOST_SHAKE) if steep.any() else MOST_SHAKE
    strong = known & (change > np.maximum(TIMES * (noise + shake * slope), STIR))
    near = cv2.boxFilter(strong.astype(np.float32), -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(strong & (near >= NEAR - 0.5), np.bool_)


def _texture(grey: Floats, seen: Mask) -> tuple[Floats, Floats]:
    """What differs from the mean around it, and the slope (grey levels a px); only pixels that were seen count."""
    size = (WINDOW, WINDOW)
    weight = cv2.blur(seen.astype(np.float32), size)
    around = cv2.blur(np.where(seen, grey, 0).astype(np.float32), size) / np.maximum(weight, 1e-6)
    whole = np.where(seen, grey, around).astype(np.float32)
    slope = np.hypot(
        cv2.Scharr(whole, cv2.CV_32F, 1, 0, scale=1 / 32), cv2.Scharr(whole, cv2.CV_32F, 0, 1, scale=1 / 32)
    )
    return (whole - around).astype(np.float32), slope.astype(np.float32)


def _median(values: NDArray[np.uint8], filled: NDArray[np.bool_], count: NDArray[np.int32]) -> NDArray[np.uint8]:
    """The lower median over the first axis of what is filled (n, h, w), `count` (h, w) of which there are."""
    ordered = np.sort(np.where(filled, values, 255).astype(np.uint8), axis=0)
    middle = ((count - 1) // 2).clip(0)[None]
    return np.asarray(np.take_along_axis(ordered, middle, axis=0)[0], np.uint8)
