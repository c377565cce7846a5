"""The grey pictures of one frame, each half as large as the one before, paid for once by all who look at them."""

from __future__ import annotations

from typing import Self

import cv2
import numpy as np

from passerby.frame import Frame, Gray, Size


class Halves:
    """A frame's luma halved again and again, as it is asked for; valid for as long as the frame.

    Averaging two by two is the one size that costs next to nothing: a quarter of the picture by two halvings
    takes a tenth of the time of one reduction by four. An odd last row or column is left out, so a pixel that was
    halved n times is exactly 2 ** n px of the frame wide.
    """

    def __init__(self, frame: Frame) -> None:
        self.time_s = frame.time_s
        self.size: Size = frame.size  # px of the frame
        self._pictures: list[Gray] = [frame.luma(frame.size)]

    @classmethod
    def of(cls, frame: Frame | Self) -> Self:
        """Those of a frame, or the ones that are there already."""
        return cls(frame) if isinstance(frame, Frame) else frame

    def times(self, width: int) -> int:
        """How often a picture may be halved that shall stay `width` px wide or more."""
        return max((self.size.width // max(width, 1)).bit_length() - 1, 0)

    def halved(self, times: int) -> Gray:
        """The picture (h >> times, w >> times), halved so many times; read it, do not write to it."""
        while len(self._pictures) <= times:
            self._pictures.append(half(self._pictures[-1]))
        return self._pictures[times]


def half(picture: Gray) -> Gray:
    """A picture (h, w) at half its size; one that is a single row or column already stays."""
    height, width = picture.shape
    if min(height, width) < 2:
        return picture
    size = (width // 2, height // 2)
    even = picture[: 2 * size[1], : 2 * size[0]]
    return np.asarray(cv2.resize(even, size, interpolation=cv2.INTER_LINEAR), np.uint8)
