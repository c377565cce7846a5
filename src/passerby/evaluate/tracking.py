"""The tracking figures of one comparison, together."""

from __future__ import annotations

from dataclasses import dataclass

from passerby.evaluate.clear import clear
from passerby.evaluate.hota import hota
from passerby.evaluate.identity import idf1
from passerby.evaluate.overlap import Overlap
from passerby.evaluate.trajectories import Trajectories


@dataclass(frozen=True, slots=True)
class TrackingFigures:
    """Shares are 0-1 (`mota` may be below 0); `hota`, `deta`, `assa` over IoU 0.05-0.95, the others at 0.5."""

    hota: float
    deta: float
    assa: float
    idf1: float
    mota: float
    id_switches: int
    precision: float
    recall: float
    frames: int  # from the truth's first to its last


def tracking_figures(truth: Trajectories, found: Trajectories) -> TrackingFigures:
    """Compare over the truth's first to last frame; ValueError if the truth is empty."""
    overlap = Overlap.of(truth, found)
    return TrackingFigures(
        **hota(overlap)._asdict(),
        idf1=idf1(overlap),
        **clear(overlap)._asdict(),
        frames=len(overlap.frames),
    )
