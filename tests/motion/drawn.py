"""Small drawn films for the motion stage: a textured place, upright figures, shadows and changes of light."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Frame, Gray, Planes

SIZE = (320, 240)  # width, height


def place(seed: int = 5, size: tuple[int, int] = SIZE) -> Gray:
    """A still street (h, w): a row of houses with windows over a ground with soft patches and fine grain."""
    width, height = size
    rng = np.random.default_rng(seed)
    soft = cv2.resize(rng.integers(90, 170, (6, 8), np.uint8), size, interpolation=cv2.INTER_CUBIC)
    picture = soft.astype(np.int16) + rng.integers(-6, 7, (height, width), np.int16)
    for x in range(0, width, 40):
        picture[: height // 3, x : x + 40] += rng.integers(-25, 25)
        for y in range(10, height // 3 - 20, 26):
            picture[y : y + 16, x + 12 : x + 26] -= rng.integers(30, 60)
    picture[height // 3 : height // 3 + 4] -= 30
    picture[height // 2 :: 24, ::] += 12
    drawn: Gray = np.clip(picture, 0, 255).astype(np.uint8)
    return drawn


def stand(picture: Gray, x: float, foot: float, tall: float, grey: int = 40) -> Gray:
    """Draw a person `tall` px high whose foot is at (x, foot), in mid-stride; returns the picture."""
    clothes, hair = grey, max(grey - 10, 0)

    def at(along: float, up: float) -> tuple[int, int]:
        return round(x + along * tall), round(foot - up * tall)

    cv2.ellipse(picture, at(0, 0.92), _half(0.065 * tall, 0.08 * tall), 0, 0, 360, hair, -1)
    cv2.ellipse(picture, at(0, 0.64), _half(0.14 * tall, 0.22 * tall), 0, 0, 360, clothes, -1)
    thick = max(round(0.09 * tall), 1)
    for side in (-1, 1):
        cv2.line(picture, at(0.04 * side, 0.5), at(0.11 * side, 0.06), max(clothes - 20, 0), thick)
    return picture


def shade(picture: Gray, x: float, foot: float, length: float, depth: float) -> Gray:
    """Cast a soft shadow of `length` px to the right of a foot; returns the picture."""
    sharp = np.zeros(picture.shape, np.float32)
    middle = (round(x + length / 2), round(foot - 2))
    cv2.ellipse(sharp, middle, _half(length / 2, 0.12 * length), -8, 0, 360, 1.0, -1)
    cover = cv2.GaussianBlur(sharp, (7, 7), 0)
    picture[:] = np.clip(picture * (1 - (1 - depth) * cover), 0, 255).astype(np.uint8)
    return picture


def car(picture: Gray, left: float, bottom: float, wide: float, high: float, grey: int = 215) -> Gray:
    """Draw a car from the side with its windows; returns the picture."""
    x, y = round(left), round(bottom)
    body = [(0, 0), (0, -0.5), (0.2, -0.55), (0.32, -1), (0.75, -1), (0.88, -0.55), (1, -0.5), (1, 0)]
    outline = np.array([(x + a * wide, y + b * high) for a, b in body], np.int32)
    cv2.fillPoly(picture, [outline], grey)
    window = (round(x + 0.38 * wide), round(y - 0.9 * high)), (round(x + 0.7 * wide), round(y - 0.6 * high))
    cv2.rectangle(picture, *window, 70, -1)
    return picture


def _half(a: float, b: float) -> tuple[int, int]:
    return max(round(a), 1), max(round(b), 1)


def frame(picture: Gray, time_s: float, *, noise: float = 1.5, camera: str = "c") -> Frame:
    """A frame that shows a grey picture (h, w), with the sensor's noise of this standard deviation."""
    height, width = picture.shape
    rng = np.random.default_rng(round(time_s * 1e4) + 7)
    grain: NDArray[np.float32] = rng.standard_normal(picture.shape, np.float32) * noise
    luma = np.clip(picture + grain, 0, 255).astype(np.uint8)
    chroma = np.full(((height + 1) // 2, (width + 1) // 2), 128, np.uint8)
    return Frame(Planes(luma, chroma, chroma.copy()), camera=camera, index=round(time_s * 1000), time_s=time_s)
