"""Non-maximum suppression: of boxes that overlap and may be one thing, the surest stays."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class

# Classes that one object may be mistaken for. A rider and what is ridden overlap and are two things.
_KIND: Final = np.array(
    [
        {"foot": 0, "rail": 2, "other": 3}.get(c.mode, 1 if c in (Class.BICYCLE, Class.MOTORCYCLE) else 2)
        for c in Class
    ],
    np.uint8,
)
_MOST: Final = 400  # boxes a picture that are compared with each other; the surest go first


def overlap(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of boxes a (n, 4) with boxes b (m, 4), both left, top, right, bottom -> (n, m)."""
    (left, top, right, bottom), (left_b, top_b, right_b, bottom_b) = a.T[..., None], b.T[:, None]
    wide = np.minimum(right, right_b) - np.maximum(left, left_b)
    high = np.minimum(bottom, bottom_b) - np.maximum(top, top_b)
    shared = np.maximum(wide, 0) * np.maximum(high, 0)
    area, area_b = (np.maximum(x[:, 2] - x[:, 0], 0) * np.maximum(x[:, 3] - x[:, 1], 0) for x in (a, b))
    union = area[:, None] + area_b - shared
    result: NDArray[np.float32] = shared / np.maximum(union, np.float32(1e-9))
    return result


def suppress(
    xyxy: NDArray[np.float32],  # (n, 4)
    score: NDArray[np.float32],  # (n,)
    class_id: NDArray[np.uint8],  # (n,) values of classes.Class
    iou: float,
    apart: NDArray[np.intp] | None = None,  # (n,) rows of unlike numbers never rival: boxes of several pictures
) -> NDArray[np.intp]:
    """Rows to keep, surest first: greedy suppression within each kind of road user.

    Kinds, not classes, so that a van seen as car and as truck is one thing, while a cyclist's person and
    bicycle stay two.
    """
    order = np.argsort(-score, kind="stable")[:_MOST]
    boxes, kind = xyxy[order], _KIND[class_id[order]].astype(np.intp)
    if apart is not None:
        kind += apart[order] * len(Class)
    rivals = (overlap(boxes, boxes) > iou) & (kind[:, None] == kind)
    np.fill_diagonal(rivals, val=False)
    alive = np.ones(len(order), np.bool_)
    for row in np.flatnonzero(rivals.any(axis=1)).tolist():  # the others beat nobody
        if alive[row]:
            alive[row + 1 :] &= ~rivals[row, row + 1 :]
    return order[alive]
