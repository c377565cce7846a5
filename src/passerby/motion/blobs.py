"""From a mask of what moves to boxes of road users: pieces found, fragments joined, each one explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.detections import Detections
from passerby.frame import Size
from passerby.motion.background import Mask
from passerby.motion.guess import Guess, guess
from passerby.motion.stature import Stature, Tall

Floats = NDArray[np.float64]

SPECK: Final = 14  # px of the small picture: fewer are noise
CLOSING: Final = cv2.getStructuringElement(cv2.MORPH_RECT, (1, 3))
SOFT: Final = 0.8  # px by which the blur and the low threshold widen everything on each side


@dataclass(frozen=True, slots=True, eq=False)
class Blob:
    """One piece of the mask."""

    left: int
    top: int
    right: int
    bottom: int
    mask: NDArray[np.bool_]  # (h, w) inside its box


def find(mask: Mask, stature: Stature, time_s: float, size: Size, shift: tuple[float, float]) -> Detections:
    """Road users in a mask (h, w) of a frame of `size`, whose picture stood `shift` px beside the background."""
    height, width = mask.shape
    blobs = pieces(mask)
    _learn(blobs, stature, time_s, mask.shape)
    tall = stature.tall(mask.shape)
    if tall is not None:
        blobs = join(blobs, tall)
    found: list[Guess] = []
    for blob in blobs:
        found += (g.moved(blob.left, blob.top) for g in guess(blob.mask, _over(blob, tall)))
    if not found:
        return Detections.empty()
    rows = np.array([g.box for g in found]) + np.array((SOFT, SOFT, -SOFT, -SOFT)) + np.tile(shift, 2)
    xyxy = np.clip(rows, 0, np.tile((width, height), 2)) * np.tile((size.width / width, size.height / height), 2)
    return Detections(
        xyxy.astype(np.float32),
        np.array([g.score for g in found], np.float32),
        np.array([g.class_ for g in found], np.uint8),
    )


def _over(blob: Blob, tall: Tall | None) -> Floats | None:
    return None if tall is None else tall.down((blob.left + blob.right) / 2, blob.top)


def pieces(mask: Mask) -> list[Blob]:
    """Connected pieces of a mask (h, w), without holes; specks are left out."""
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, CLOSING)
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    found = []
    for outline in outlines:
        x, y, w, h = cv2.boundingRect(outline)
        if w * h < SPECK:
            continue
        inner = np.zeros((h, w), np.uint8)
        cv2.drawContours(inner, [outline], -1, 1, cv2.FILLED, offset=(-x, -y))
        if cv2.countNonZero(inner) >= SPECK:
            found.append(Blob(x, y, x + w, y + h, inner.view(np.bool_)))
    return found


def _learn(blobs: list[Blob], stature: Stature, time_s: float, shape: tuple[int, ...]) -> None:
    """Show to `stature` the blobs that look like one person or a pair, whole and alone."""
    if not blobs or not stature.learns:
        return
    height, width = shape[:2]
    boxes = np.array([(b.left, b.top, b.right, b.bottom) for b in blobs], np.float64)
    w, h = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    fill = np.array([cv2.countNonZero(b.mask.view(np.uint8)) for b in blobs]) / (w * h)
    alone = (boxes[:, :2] > 1).all(axis=1) & (boxes[:, 2] < width - 1) & (boxes[:, 3] < height - 1)
    single = w < 0.62 * h
    alone &= (h >= 8) & (w > 0.22 * h) & (w < 0.95 * h) & (fill > 0.4) & (fill < np.where(single, 0.85, 0.72))
    around = boxes + np.stack([-h, -h, h, h], axis=1) / 2
    touch = (around[:, None, :2] < boxes[:, 2:]).all(axis=2) & (around[:, None, 2:] > boxes[:, :2]).all(axis=2)
    alone &= touch.sum(axis=1) == 1
    feet = np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]])
    stature.learn(feet[alone] / height, h[alone] / height, single[alone], time_s)


def join(blobs: list[Blob], tall: Tall) -> list[Blob]:
    """Put together fragments that lie above each other and make no more than one person."""
    left = sorted(blobs, key=lambda b: -b.bottom)
    done: list[Blob] = []
    while left:
        lower = left.pop(0)
        high = tall.at((lower.left + lower.right) / 2, lower.bottom)
        for upper in list(left):
            overlap = min(lower.right, upper.right) - max(lower.left, upper.left)
            if (
                max(lower.right, upper.right) - min(lower.left, upper.left) <= 0.6 * high
                and lower.bottom - min(upper.top, lower.top) <= 1.2 * high
                and lower.top - upper.bottom <= 0.3 * high
                and overlap >= 0.3 * min(lower.right - lower.left, upper.right - upper.left)
            ):
                left.remove(upper)
                lower = _union(lower, upper)
        done.append(lower)
    return done


def _union(a: Blob, b: Blob) -> Blob:
    left, top = min(a.left, b.left), min(a.top, b.top)
    right, bottom = max(a.right, b.right), max(a.bottom, b.bottom)
    mask = np.zeros((bottom - top, right - left), np.bool_)
    for part in (a, b):
        mask[part.top - top : part.bottom - top, part.left - left : part.right - left] |= part.mask
    return Blob(left, top, right, bottom, mask)
