"""CLEAR MOT: misses, false boxes and identity switches at one overlap threshold."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from passerby.evaluate.overlap import EPS, FrameOverlap, Overlap, Rows, best_pairs

THRESHOLD = 0.5  # IoU from which two boxes may be the same


class Clear(NamedTuple):
    """What the matching at IoU 0.5 came to; `mota` is at most 1 and may be below 0, shares are 0-1."""

    mota: float
    id_switches: int
    precision: float
    recall: float


def clear(overlap: Overlap) -> Clear:
    """MOTA, identity switches, precision and recall, as TrackEval computes them.

    Source: Bernardin and Stiefelhagen, "Evaluating Multiple Object Tracking Performance: The CLEAR MOT
    Metrics", EURASIP Journal on Image and Video Processing 2008::

        MOTA      = 1 - (FN + FP + IDSW) / (TP + FN)
        precision = TP / (TP + FP)        recall = TP / (TP + FN)

    A pair that matched in the frame before stays matched while its IoU is 0.5 or more; the other boxes are
    matched so that the sum of IoU is largest. A switch is a true identity matched to another found identity
    than at its last match, however long ago. Frames in which one side has no box keep the pairs of the frame
    before, as in TrackEval. Shares are 0 where nothing was found.
    """
    last = np.full(len(overlap.truth_boxes), -1, np.intp)  # found identity at the last match
    before = last.copy()  # the same, but only where that was in the frame before
    matched = switches = 0
    for frame in overlap.frames:
        if not frame.iou.size:
            continue
        rows, columns = _match(frame, before)
        truth, found = frame.truth[rows], frame.found[columns]
        switches += int(((last[truth] >= 0) & (last[truth] != found)).sum())
        matched += len(truth)
        last[truth] = found
        before[:] = -1
        before[truth] = found
    true, all_found = int(overlap.truth_boxes.sum()), int(overlap.found_boxes.sum())
    return Clear(
        mota=(matched - (all_found - matched) - switches) / true,
        id_switches=switches,
        precision=matched / max(1, all_found),
        recall=matched / true,
    )


def _match(frame: FrameOverlap, before: NDArray[np.intp]) -> tuple[Rows, Rows]:
    """Rows and columns of the frame's pairs: those of the frame before first, then the best of the rest."""
    allowed = np.where(frame.iou >= THRESHOLD - EPS, frame.iou, 0.0)
    rows, columns = np.nonzero((before[frame.truth, None] == frame.found[None, :]) & (allowed > 0))
    allowed[rows, :] = 0
    allowed[:, columns] = 0
    more_rows, more_columns = best_pairs(allowed)
    return np.concatenate([rows, more_rows]), np.concatenate([columns, more_columns])
