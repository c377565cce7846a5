"""IDF1: how much of the way each identity was followed as one."""

from __future__ import annotations

import numpy as np

from passerby.evaluate.overlap import Overlap, best_pairs

THRESHOLD = 0.5  # IoU from which two boxes may be the same


def idf1(overlap: Overlap) -> float:
    """IDF1, 0-1.

    Source: Ristani et al., "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking", ECCV
    workshops 2016. Each true identity is given at most one found identity for the whole film, and the other
    way round, so that IDTP, the boxes in which the two overlap with IoU 0.5 or more, is largest (which is the
    same as the fewest IDFN + IDFP)::

        IDF1 = 2 IDTP / (2 IDTP + IDFP + IDFN) = 2 IDTP / (true boxes + found boxes)
    """
    together = np.zeros((len(overlap.truth_boxes), len(overlap.found_boxes)))
    for frame in overlap.frames:
        rows, columns = np.nonzero(frame.iou >= THRESHOLD)
        together[frame.truth[rows], frame.found[columns]] += 1
    rows, columns = best_pairs(together)
    boxes = int(overlap.truth_boxes.sum() + overlap.found_boxes.sum())
    return float(2 * together[rows, columns].sum() / boxes)
