"""One piece, one way of counting it, and how far that is from the truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from material import Piece, read_frames
from numpy.typing import NDArray
from oracle import Oracle

from passerby.detections import Detections, Tracks
from passerby.evaluate.counts import BLOCK_S, Intervals, bias, intervals, wape
from passerby.evaluate.tracking import TrackingFigures, tracking_figures
from passerby.evaluate.trajectories import Recorder, Trajectories
from passerby.measures.line import LineMeasure
from passerby.records import Pass
from passerby.stages import Scene, Sight
from passerby.trackers.passer import Passer

OURS = "passerby"
SELDOM_EVERY = 3
SELDOM = f"passerby, looking at every {SELDOM_EVERY}rd frame"
BOUND = "(same boxes, joined by truth)"
NOWHERE = np.empty((0, 4), np.float32)


@dataclass(frozen=True, slots=True)
class Tuned:
    """A peer with the options that did best on the pieces for choosing."""

    tracker: str
    anchors: str
    hold: int
    options: dict[str, Any] = field(default_factory=dict)
    wape: float = 0.0  # where it was chosen
    tries: int = 1  # combinations of options it was chosen from

    @property
    def name(self) -> str:
        """How the table calls it."""
        return f"{self.tracker} + LineZone ({self.anchors})"


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """What one way of counting found in a piece."""

    name: str
    passes: tuple[tuple[int, float, str], ...]  # number of the line, s, way
    found: Trajectories


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """How far an entry is from the truth."""

    scene: str
    name: str
    true: int
    other_truths: str
    wape: float
    bias: float
    intervals: Intervals | None
    exact_lines: int
    lines: int
    tracking: TrackingFigures


def ours(piece: Piece, path: Path) -> list[Entry]:
    """passerby with its defaults over the boxes that its peers get, the same with few looks, and the bound."""
    frames = read_frames(path)
    oracle = Oracle(piece)
    joined = (
        oracle.update(piece.time_s(k), found, whose)
        for k, (found, whose) in enumerate(zip(frames, piece.whose, strict=True))
    )
    return [
        _count(OURS, piece, _followed(piece, frames, 1), 1e-6),
        _count(SELDOM, piece, _followed(piece, frames, SELDOM_EVERY), SELDOM_EVERY / piece.fps - 1e-6),
        _count(BOUND, piece, joined, 1e-6),
    ]


def _followed(piece: Piece, frames: Sequence[Detections], every: int) -> Iterator[Tracks]:
    """What the tracker says of every frame, where only every n-th is looked at and nothing tells of the others."""
    tracker = Passer()
    whole = np.array([[0, 0, *piece.size]], np.float32)
    for index, found in enumerate(frames):
        looks = index % every == 0
        found, looked = (found, whole) if looks else (Detections.empty(), NOWHERE)
        yield tracker.update(Sight(piece.time_s(index), piece.size, found, looked))


def _count(name: str, piece: Piece, steps: Iterable[Tracks], carried_s: float) -> Entry:
    """Passes and boxes of an entry; boxes that were not seen for up to `carried_s` are given as well."""
    measures = [LineMeasure(at=line) for line in piece.lines]
    recorder, passes = Recorder(), []
    number = {line.name: i for i, line in enumerate(piece.lines)}
    aspect = piece.size.width / piece.size.height
    for index, tracks in enumerate(steps):
        scene = Scene(piece.time_s(index), aspect, tracks, np.array([[0, 0, 1, 1]], np.float32))
        passes += [o for measure in measures for o in measure.update(scene)]
        there = tracks.keep(tracks.confirmed & (tracks.lost_s <= carried_s))
        recorder.add(index + 1, map(int, there.ids), there.xyxy)
    passes += [o for measure in measures for o in measure.update(_end(piece, aspect))]
    rows = tuple((number[p.place], p.time_s, p.way) for p in passes if isinstance(p, Pass))
    return Entry(name, rows, recorder.trajectories())


def _end(piece: Piece, aspect: float) -> Scene:
    return Scene(piece.duration_s, aspect, Tracks.empty(), NOWHERE, over=True)


def score(piece: Piece, entry: Entry) -> Outcome:
    """Figures by line and way, all classes of the piece together."""
    number = {line.name: i for i, line in enumerate(piece.lines)}
    true = table(piece, [(number[p.place], p.time_s, p.way) for p in piece.passes])
    counted = table(piece, entry.passes)
    exact = (counted.sum(axis=0) == true.sum(axis=0)).reshape(-1, 2).all(axis=1)
    share = wape(counted, true)
    signed = bias(counted, true)
    assert share is not None
    assert signed is not None
    return Outcome(
        scene=piece.name,
        name=entry.name,
        true=int(true.sum()),
        other_truths=" / ".join(str(n) for n in piece.other_truths.values()),
        wape=share,
        bias=signed,
        intervals=intervals(counted, true, np.random.default_rng(0)),
        exact_lines=int(exact.sum()),
        lines=len(piece.lines),
        tracking=tracking_figures(piece.truth, entry.found),
    )


def table(piece: Piece, passes: Sequence[tuple[int, float, str]]) -> NDArray[np.int64]:
    """Passes by block of 30 s (rows) and by line and way (columns)."""
    blocks = max(1, int(np.ceil(piece.duration_s / BLOCK_S - 1e-9)))
    counts = np.zeros((blocks, 2 * len(piece.lines)), np.int64)
    for line, time_s, way in passes:
        counts[min(int(time_s // BLOCK_S), blocks - 1), 2 * line + (way == "out")] += 1
    return counts
