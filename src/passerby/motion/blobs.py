"""From a mask of what moves to boxes of road users: fragments joined, groups split, class guessed by shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Detections
from passerby.frame import Size
from passerby.motion.background import Mask
from passerby.motion.people import people
from passerby.motion.stature import Stature

Boxes = NDArray[np.float64]  # (n, 4) px of the small picture: left, top, right, bottom

SPECK: Final = 14  # px of the small picture: fewer are noise
CLOSING: Final = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 5))


@dataclass(frozen=True, slots=True, eq=False)
class Blob:
    """One piece of the mask."""

    left: int
    top: int
    mask: NDArray[np.bool_]  # (h, w) inside its box

    @property
    def right(self) -> int:
        """First column beyond it."""
        return self.left + int(self.mask.shape[1])

    @property
    def bottom(self) -> int:
        """First row below it."""
        return self.top + int(self.mask.shape[0])


def find(mask: Mask, stature: Stature, time_s: float, size: Size, shift: tuple[float, float]) -> Detections:
    """Road users in a mask (h, w) of a frame of `size`, whose picture stood `shift` px beside the background."""
    height, width = mask.shape
    blobs = pieces(mask)
    if not blobs:
        return Detections.empty()
    boxes = np.array([(b.left, b.top, b.right, b.bottom) for b in blobs], np.float64)
    _learn(boxes, blobs, stature, time_s, mask.shape)
    found = [row for blob in join(blobs, stature, mask.shape) for row in explain(blob, stature, mask.shape)]
    if not found:
        return Detections.empty()
    rows = np.array([(*box, score) for box, score, _ in found])
    xyxy = (rows[:, :4] + np.tile(shift, 2)) * np.tile((size.width / width, size.height / height), 2)
    limits = np.tile((size.width, size.height), 2)
    classes = np.array([class_ for *_, class_ in found], np.uint8)
    return Detections(np.clip(xyxy, 0, limits).astype(np.float32), rows[:, 4].astype(np.float32), classes)


def pieces(mask: Mask) -> list[Blob]:
    """Connected pieces of a mask (h, w), specks left out."""
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, CLOSING)
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    found = []
    for outline in outlines:
        x, y, w, h = cv2.boundingRect(outline)
        if w * h < SPECK:
            continue
        inner = np.zeros((h, w), np.uint8)
        cv2.drawContours(inner, [outline], -1, 1, cv2.FILLED, offset=(-x, -y))
        part = inner > 0
        if int(part.sum()) >= SPECK:
            found.append(Blob(x, y, part))
    return found


def _learn(boxes: Boxes, blobs: list[Blob], stature: Stature, time_s: float, shape: tuple[int, int]) -> None:
    """Show to `stature` the blobs that look like one person, whole and alone."""
    height, width = shape
    w, h = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    fill = np.array([b.mask.mean() for b in blobs])
    whole = (boxes[:, :2] > 1).all(axis=1) & (boxes[:, 2] < width - 1) & (boxes[:, 3] < height - 1)
    alone = whole & (h >= 8) & (w / h > 0.22) & (w / h < 0.62) & (fill > 0.4) & (fill < 0.85)
    around = boxes + np.stack([-h, -h, h, h], axis=1) / 2
    touch = (around[:, None, :2] < boxes[None, :, 2:]).all(axis=2) & (
        around[:, None, 2:] > boxes[None, :, :2]
    ).all(axis=2)
    alone &= touch.sum(axis=1) == 1
    if alone.any():
        feet = np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]])
        stature.learn(feet[alone] / height, h[alone] / height, time_s)


def _expected(stature: Stature, x: float, bottom: float, shape: tuple[int, int]) -> float | None:
    """Height in px of a person who stands there; None if not known yet."""
    height, width = shape
    known = stature.heights(np.array([[x / width, bottom / height]]), width / height)
    return None if known is None else float(known[0]) * height


def _talls(stature: Stature, x: float, bottoms: Boxes, shape: tuple[int, int]) -> Boxes:
    height, width = shape
    feet = np.column_stack([np.full(len(bottoms), x / width), bottoms / height])
    known = stature.heights(feet, width / height)
    assert known is not None
    return known * height


def join(blobs: list[Blob], stature: Stature, shape: tuple[int, int]) -> list[Blob]:
    """Put together fragments that lie above each other and make no more than one person."""
    left = sorted(blobs, key=lambda b: -b.bottom)
    done: list[Blob] = []
    while left:
        lower = left.pop(0)
        tall = _expected(stature, (lower.left + lower.right) / 2, lower.bottom, shape)
        for upper in list(left) if tall is not None else ():
            assert tall is not None
            overlap = min(lower.right, upper.right) - max(lower.left, upper.left)
            narrow = max(lower.right, upper.right) - min(lower.left, upper.left) <= 0.6 * tall
            small = lower.bottom - min(upper.top, lower.top) <= 1.2 * tall
            near = lower.top - upper.bottom <= 0.3 * tall
            if narrow and small and near and overlap >= 0.3 * min(lower.mask.shape[1], upper.mask.shape[1]):
                left.remove(upper)
                lower = _union(lower, upper)
        done.append(lower)
    return done


def _union(a: Blob, b: Blob) -> Blob:
    left, top = min(a.left, b.left), min(a.top, b.top)
    mask = np.zeros((max(a.bottom, b.bottom) - top, max(a.right, b.right) - left), np.bool_)
    for part in (a, b):
        mask[part.top - top : part.bottom - top, part.left - left : part.right - left] |= part.mask
    return Blob(left, top, mask)


def explain(blob: Blob, stature: Stature, shape: tuple[int, int]) -> list[tuple[tuple[float, ...], float, Class]]:
    """Which road users make this blob: rows of (box, score, class)."""
    h, w = blob.mask.shape
    box = (float(blob.left), float(blob.top), float(blob.right), float(blob.bottom))
    tall = _expected(stature, (blob.left + blob.right) / 2, blob.bottom, shape)
    fill = float(blob.mask.mean())
    if tall is None:
        if blob.mask.sum() < 3 * SPECK:
            return []
        return [(box, 0.4, Class.PERSON if w < 0.7 * h else Class.VEHICLE if w > 1.2 * h else Class.UNKNOWN)]
    wide, high = w / tall, h / tall
    if high < 0.4 or blob.mask.sum() < 0.06 * tall * tall:
        return []
    if wide <= 0.62 and high <= 1.35:
        return [(box, 0.9 if 0.7 < high < 1.25 else 0.5, Class.PERSON)]
    if fill >= 0.68 and wide >= 0.9:
        large = wide > 3.5 or high > 1.7
        return [(box, 0.8, Class.BUS if large else Class.CAR)]
    upper = np.flatnonzero(blob.mask[: h // 2].any(axis=0))
    if 0.62 < wide <= 1.25 and 0.75 <= high <= 1.3 and np.ptp(upper) + 1 <= 0.6 * w:
        return [(box, 0.6, Class.BICYCLE)]
    split = people(blob.mask, lambda rows: _talls(stature, (blob.left + blob.right) / 2, rows + blob.top, shape))
    return [(tuple(np.add(row[:4], (box[:2] * 2))), row[4], Class.PERSON) for row in split]
