"""Non-maximum suppression: of boxes that overlap and may be one thing, the surest stays."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class

# Classes that one object may be mistaken for. A rider and what is ridden overlap and are two things.
_KIND: Final = np.array(
    [
        {"foot": 0, "rail": 2, "other": 3}.get(c.mode, 1 if c in (Class.BICYCLE, Class.MOTORCYCLE) else 2)
        for c in Class
    ],
    np.int32,
)
_MOST: Final = 400  # boxes of one call that are compared with each other; the surest go first


def suppress(
    xyxy: NDArray[np.float32],  # (n, 4)
    score: NDArray[np.float32],  # (n,) above 0
    class_id: NDArray[np.uint8],  # (n,) values of classes.Class
    iou: float,
    apart: NDArray[np.intp] | None = None,  # (n,) rows of unlike numbers never rival: boxes of several pictures
) -> NDArray[np.intp]:
    """Rows to keep, surest first: greedy suppression within each kind of road user.

    Kinds, not classes, so that a van seen as car and as truck is one thing, while a cyclist's person and
    bicycle stay two.
    """
    kind = _KIND[class_id]
    if apart is not None:
        kind += len(Class) * apart.astype(np.int32)
    corner_and_size = xyxy.astype(np.float64)
    corner_and_size[:, 2:] -= corner_and_size[:, :2]
    columns = (corner_and_size.tolist(), score.tolist(), kind.tolist())
    kept = cv2.dnn.NMSBoxesBatched(*columns, 0.0, iou, top_k=_MOST) if len(xyxy) else ()
    return np.asarray(kept, np.intp)
