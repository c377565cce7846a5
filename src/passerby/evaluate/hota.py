"""HOTA: one figure for finding, placing and following, with its two factors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from passerby.evaluate.overlap import EPS, Overlap, best_pairs

ALPHAS = np.arange(1, 20) * 0.05  # IoU thresholds 0.05, 0.10, ... 0.95


class Hota(NamedTuple):
    """Shares 0-1, each the mean over the thresholds."""

    hota: float
    deta: float
    assa: float


def hota(overlap: Overlap) -> Hota:
    """HOTA, DetA and AssA, as TrackEval computes them.

    Source: Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-object Tracking", IJCV 129, 2021.
    At each threshold alpha, with the boxes matched one to one where IoU >= alpha::

        DetA = |TP| / (|TP| + |FN| + |FP|)
        AssA = 1/|TP| * sum over c in TP of  TPA(c) / (TPA(c) + FNA(c) + FPA(c))
        HOTA = sqrt(DetA * AssA)

    where TPA(c) counts the matches that join the same two identities as c, and FNA(c) and FPA(c) the other
    boxes of either. Boxes are matched so that the sum of IoU times the overlap of the whole trajectories is
    largest (the paper's section 5.2), once for all thresholds. All three are 0 where nothing matches.
    """
    shape = (len(overlap.truth_boxes), len(overlap.found_boxes))
    alike = _alignment(overlap, shape)
    matches = np.zeros((len(ALPHAS), *shape))
    for frame in overlap.frames:
        pair = np.ix_(frame.truth, frame.found)
        rows, columns = best_pairs(alike[pair] * frame.iou)
        reached = frame.iou[rows, columns] >= ALPHAS[:, None] - EPS
        matches[:, frame.truth[rows], frame.found[columns]] += reached
    true_positives = matches.sum(axis=(1, 2))
    boxes = overlap.truth_boxes.sum() + overlap.found_boxes.sum()
    det = true_positives / np.maximum(1, boxes - true_positives)
    together = overlap.truth_boxes[:, None] + overlap.found_boxes[None, :] - matches
    ass = (matches * matches / np.maximum(1, together)).sum(axis=(1, 2)) / np.maximum(1, true_positives)
    return Hota(*(float(v.mean()) for v in (np.sqrt(det * ass), det, ass)))


def _alignment(overlap: Overlap, shape: tuple[int, int]) -> NDArray[np.float64]:
    """How alike two whole trajectories are, 0-1: a Jaccard index with soft counts."""
    shared = np.zeros(shape)
    for frame in overlap.frames:
        rivals = frame.iou.sum(axis=0)[None, :] + frame.iou.sum(axis=1)[:, None] - frame.iou
        share = np.divide(frame.iou, rivals, out=np.zeros_like(frame.iou), where=rivals > EPS)
        shared[np.ix_(frame.truth, frame.found)] += share
    return shared / (overlap.truth_boxes[:, None] + overlap.found_boxes[None, :] - shared)
