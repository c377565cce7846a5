"""Rectangles of a picture to look at: grown, merged where that saves pixels, cutting nothing known."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SNAP: Final = 2  # px: colour is stored for squares of this side


def sizes(boxes: Floats) -> Floats:
    """The length (n,) in which margins around boxes (n, 4) are measured: the side of a square of their area."""
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 1.0)
    length: Floats = np.sqrt(sides[:, 0] * sides[:, 1])
    return length


def grown(boxes: Floats, by: Floats) -> Floats:
    """Boxes (n, 4) with `by` (n,) px more on each side."""
    return boxes + by[:, None] * (-1.0, -1.0, 1.0, 1.0)


def snapped(boxes: Floats, size: tuple[int, int]) -> NDArray[np.int64]:
    """Boxes (n, 4) widened to whole, even px and cut to a picture of `size` (width, height)."""
    low = np.floor(boxes[:, :2] / _SNAP) * _SNAP
    high = np.ceil(boxes[:, 2:] / _SNAP) * _SNAP
    cut: Floats = np.clip(np.hstack([low, high]), 0, (*size, *size))
    return cut.astype(np.int64)


def meets(a: Floats, b: Floats) -> NDArray[np.bool_]:
    """Which boxes a (n, 4) and b (m, 4) have a piece in common (n, m)."""
    apart = (a[:, None, :2] >= b[None, :, 2:]) | (b[None, :, :2] >= a[:, None, 2:])
    return np.asarray(~np.any(apart, axis=2), np.bool_)


def merged(boxes: Floats, least: Floats, known: Floats, frame_px: float) -> tuple[Floats, Floats]:
    """Rectangles (m, 4) around boxes (n, 4) that do not overlap, and the scale that each needs (m,).

    `least` (n,) is the scale that each box needs; a rectangle needs the largest of its boxes'. Two become one
    where they overlap, or where one costs no more pixels at its scale than two, whose frames of `frame_px` px
    at that scale are paid for, too. A rectangle that cuts a box of `known` (k, 4) is widened to hold it.
    """
    rects = [(box, float(scale)) for box, scale in zip(_whole(boxes, known), least, strict=True)]
    while len(rects) > 1:
        best = _best_pair(np.array([r for r, _ in rects]), np.array([s for _, s in rects]), frame_px)
        if best is None:
            break
        i, j = best
        (a, scale_a), (b, scale_b) = rects[i], rects[j]
        union = np.concatenate([np.minimum(a[:2], b[:2]), np.maximum(a[2:], b[2:])])[None]
        rects[i] = (_whole(union, known)[0], max(scale_a, scale_b))
        del rects[j]
    return np.array([r for r, _ in rects]).reshape(-1, 4), np.array([s for _, s in rects])


def _whole(boxes: Floats, known: Floats) -> Floats:
    """Boxes widened until they cut nothing known."""
    while len(known):
        touched = meets(boxes, known)[:, :, None]
        low = np.where(touched, known[None, :, :2], np.inf).min(axis=1)
        high = np.where(touched, known[None, :, 2:], -np.inf).max(axis=1)
        wider = np.hstack([np.minimum(boxes[:, :2], low), np.maximum(boxes[:, 2:], high)])
        if (wider == boxes).all():
            break
        boxes = wider
    return boxes


def _best_pair(rects: Floats, scales: Floats, frame_px: float) -> tuple[int, int] | None:
    """The two rectangles that gain most by being one; None where none gain."""
    cost = _cost(rects, scales, frame_px)
    union = np.concatenate(
        [np.minimum(rects[:, None, :2], rects[None, :, :2]), np.maximum(rects[:, None, 2:], rects[None, :, 2:])],
        axis=2,
    )
    together = _cost(union, np.maximum(scales[:, None], scales), frame_px)
    gain = cost[:, None] + cost - together
    gain = np.where(meets(rects, rects), np.abs(gain) + 1e12, gain)
    gain[np.tril_indices(len(rects))] = -np.inf
    best = int(gain.argmax())
    i, j = divmod(best, len(rects))
    return (i, j) if gain[i, j] >= 0 else None


def _cost(rects: Floats, scales: Floats, frame_px: float) -> Floats:
    """Detector-input px (...) that rectangles (..., 4) take at their scales (...)."""
    sides = (rects[..., 2:] - rects[..., :2]) * scales[..., None] + frame_px
    cost: Floats = sides.prod(axis=-1)
    return cost


def tiles(size: tuple[int, int], side: tuple[float, float], overlap: float) -> Floats:
    """Rectangles (n, 4) of at most `side` (width, height) px that cover a picture of `size`.

    Neighbours share `overlap` px, so that whatever is smaller lies wholly in one of them. A picture that is no
    larger than `side` is one tile.
    """
    axes = []
    for full, most in zip(size, side, strict=True):
        step = max(most - overlap, most / 2)
        count = 1 if full <= most else int(np.ceil((full - most) / step)) + 1
        starts = np.linspace(0.0, max(full - most, 0.0), count)
        axes.append([(start, min(start + most, full)) for start in starts])
    return np.array([(left, top, right, bottom) for top, bottom in axes[1] for left, right in axes[0]])
