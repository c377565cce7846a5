"""Finds the solid bodies of vehicles in a silhouette that may hold people besides."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
Box = tuple[int, int, int, int]  # px: left, top, right, bottom

THICK: Final = 0.6  # heights of a person: a disc of this diameter fits into a vehicle, not into a person
WIDE: Final = 0.9  # heights of a person: no vehicle is narrower,
LEAST: Final = 0.6  # and its area is no less than this, in squared heights
CROWDED: Final = 1.6  # heights of a person: so many people side by side do not walk without a gap
HEADS: Final = 0.1  # heights of a person: what rises so far above a body in places is heads


def bodies(mask: Mask, person: float) -> tuple[list[Box], Mask]:
    """Boxes of the vehicles in a silhouette (h, w) of 0 and 1, and what is left of it without them.

    `person` px is the height of a person there. A body is what remains when the silhouette is opened with a disc
    that fits into no person (Serra, 1982); people who walk closely side by side are known by their heads.
    """
    if mask.shape[1] < WIDE * person or cv2.countNonZero(mask) < LEAST * person**2:
        return [], mask
    side = max(round(THICK * person), 3) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    padded = cv2.copyMakeBorder(mask, side, side, side, side, cv2.BORDER_CONSTANT, value=0)
    thick = cv2.morphologyEx(padded, cv2.MORPH_OPEN, disc)[side:-side, side:-side]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(thick)
    found: list[Box] = []
    rest = mask.copy()
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] < LEAST * person**2:
            continue
        core = (labels == label).astype(np.uint8)
        near = cv2.dilate(core, np.ones((side // 2 | 1, side // 2 | 1), np.uint8))
        body = cv2.bitwise_and(mask, near)
        left, top, w, h = cv2.boundingRect(body)
        if w < WIDE * person or (w < CROWDED * person and _has_heads(mask, core, person)):
            continue
        found.append((left, top, left + w, top + h))
        rest[near > 0] = 0
    return found, rest


def _has_heads(mask: Mask, core: Mask, person: float) -> bool:
    """Whether the silhouette rises above the body in some columns of it and not in others."""
    columns = np.flatnonzero(core.any(axis=0))
    above = core[:, columns].argmax(axis=0) - mask[:, columns].argmax(axis=0)
    low, high = np.percentile(above, (20, 80))
    return bool(high - low > HEADS * person)
