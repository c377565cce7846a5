"""What stirs in a picture and is not where a known object is."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.look.regions import Floats, grown, middle, sizes

_LIMBS: Final = 0.25  # sizes: what stirs so near to an object belongs to it
_LEAST: Final = 4  # px of the small picture: fewer are noise
_SHARE: Final = 0.4  # share of a blob that must be unknown,
_BODY: Final = 0.4  # unless that is as much as this share of a usual object


def unknown(mask: NDArray[np.bool_], blobs: Floats, size: tuple[int, int], known: Floats) -> Floats:
    """Boxes (m, 4) px of what is in blobs (n, 4) and not in known objects (k, 4), for a frame of `size`.

    `mask` (h, w) is the small picture in which the blobs stir.
    """
    if not len(blobs):
        return np.empty((0, 4))
    per_px, length = _per_px(mask, size), sizes(known)
    rest = mask.view(np.uint8).copy()
    for left, top, right, bottom in _cells(grown(known, _LIMBS * length) * per_px, mask).tolist():
        rest[top:bottom, left:right] = 0
    usual = middle(length, 0.5) ** 2 * per_px[0] * per_px[1] if len(known) else 0.0
    body = _BODY * usual or np.inf
    found = []
    for left, top, right, bottom in _cells(blobs * per_px, mask).tolist():
        part = rest[top:bottom, left:right]
        left_over = cv2.countNonZero(part) if part.size else 0
        if left_over < _LEAST:
            continue
        if left_over < min(body, _SHARE * cv2.countNonZero(mask[top:bottom, left:right].view(np.uint8))):
            continue
        x, y, w, h = cv2.boundingRect(part)
        found.append((left + x, top + y, left + x + w, top + y + h))
    boxes: Floats = np.array(found, np.float64).reshape(-1, 4) / per_px
    return boxes


def _per_px(mask: NDArray[np.bool_], size: tuple[int, int]) -> Floats:
    """What px of a frame of `size` are in px of the small picture (h, w), for boxes."""
    across, down = mask.shape[1] / size[0], mask.shape[0] / size[1]
    return np.array([across, down, across, down])


def _cells(boxes: Floats, mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Boxes (n, 4) px of a small picture (h, w) as ranges of its columns and rows."""
    height, width = mask.shape
    cells = np.rint(boxes)
    np.maximum(cells, 0, out=cells)
    np.minimum(cells, (width, height, width, height), out=cells)
    return cells.astype(np.intp)


def stirring(mask: NDArray[np.bool_], size: tuple[int, int], boxes: Floats) -> Floats:
    """Share (n,) of each box (n, 4) px that stirs."""
    if not len(boxes):
        return np.empty(0)
    sums: NDArray[np.int32] = np.asarray(cv2.integral(mask.view(np.uint8)), np.int32)
    left, top, right, bottom = _cells(boxes * _per_px(mask, size), mask).T
    inside = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    share: Floats = np.divide(inside, np.maximum((right - left) * (bottom - top), 1), dtype=np.float64)
    return share
