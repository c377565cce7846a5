"""The peers: run in an environment of their own, and tuned on the pieces for choosing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from contest import Entry, Tuned, table
from material import Piece

from passerby.evaluate.counts import wape
from passerby.evaluate.trajectories import Trajectories

HERE = Path(__file__).parent
PYTHON = HERE.parent / ".bench/bin/python"
REQUIREMENTS = HERE / "requirements.txt"

ANCHORS = ("corners", "foot")
HOLDS = (1, 2, 3)
TRIES = 16  # combinations of options tried for each tracker
RANGES: dict[str, dict[str, Sequence[Any]]] = {
    "SORT": {
        "lost_track_buffer": (15, 30, 60, 90),  # thirtieths of a second
        "track_activation_threshold": (0.25, 0.4, 0.55),
        "minimum_consecutive_frames": (1, 2, 3),
        "minimum_iou_threshold": (0.1, 0.2, 0.3),
    },
    "ByteTrack": {
        "lost_track_buffer": (15, 30, 60, 90),
        "track_activation_threshold": (0.4, 0.55, 0.7),
        "high_conf_det_threshold": (0.3, 0.45, 0.6),
        "minimum_consecutive_frames": (1, 2, 3),
        "minimum_iou_threshold": (0.1, 0.2, 0.3),
    },
    "OC-SORT": {
        "lost_track_buffer": (15, 30, 60, 90),
        "high_conf_det_threshold": (0.3, 0.45, 0.6),
        "minimum_consecutive_frames": (1, 2, 3),
        "minimum_iou_threshold": (0.1, 0.2, 0.3),
        "direction_consistency_weight": (0.1, 0.2, 0.4),
        "delta_t": (1, 2, 3),
    },
}


def environment() -> Path:
    """The peers' Python; made from requirements.txt where it is absent or older than that file."""
    stamp = PYTHON.parent / "installed"
    if not stamp.exists() or stamp.read_text() != REQUIREMENTS.read_text():
        print("installing the peers into .bench/", file=sys.stderr)
        venv.create(PYTHON.parent.parent, with_pip=True, clear=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "-q", "-r", REQUIREMENTS], check=True)
        stamp.write_text(REQUIREMENTS.read_text())
    return PYTHON


class Rivals:
    """The peers on one file of boxes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def run(self, runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """What each run found, as `peers.py` says it; spread over the cores."""
        python, share = environment(), os.cpu_count() or 1
        with ThreadPoolExecutor(share) as pool:
            parts = list(pool.map(lambda first: self._ask(python, runs[first::share]), range(share)))
        return [parts[i % share][i // share] for i in range(len(runs))]

    def _ask(self, python: Path, runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        if not runs:
            return []
        work = json.dumps({"film": str(self._path), "runs": runs})
        done = subprocess.run(
            [python, HERE / "peers.py"], input=work, stdout=subprocess.PIPE, check=True, text=True
        )
        return list(json.loads(done.stdout))

    def entries(self, piece: Piece, tuned: Sequence[Tuned]) -> Iterator[Entry]:
        """Every tuned peer on this piece."""
        runs = [{"tracker": t.tracker, "options": t.options, "counters": [[t.anchors, t.hold]]} for t in tuned]
        for peer, found in zip(tuned, self.run(runs), strict=True):
            passes = tuple((int(line), float(time_s), str(way)) for line, time_s, way in found["passes"][0])
            yield Entry(peer.name, passes, trajectories(found["tracks"]))


def trajectories(rows: Sequence[Sequence[float]]) -> Trajectories:
    """Rows of frame, id and box."""
    table = np.array(rows, np.float64).reshape(-1, 6)
    return Trajectories.of(table[:, 0], table[:, 1], table[:, 2:])


def tune(
    pieces: Sequence[Piece], folder: Path, quick: bool, trackers: Collection[str] = tuple(RANGES)
) -> list[Tuned]:
    """For each tracker and each choice of anchors the options of least WAPE over the lines of these pieces.

    First the tracker's, with LineZone's default threshold; then the threshold, with those.
    """
    found = []
    rng = np.random.default_rng(0)
    for tracker in trackers:
        ranges = RANGES[tracker]
        every: list[dict[str, Any]] = [{}]
        every += [{k: rng.choice(v).item() for k, v in ranges.items()} for _ in range(TRIES - 1)]
        every = every[: 3 if quick else TRIES]
        first = [[a, HOLDS[0]] for a in ANCHORS]
        errors = _errors(pieces, folder, [{"tracker": tracker, "options": o, "counters": first} for o in every])
        for number, anchors in enumerate(ANCHORS):
            options = every[int(np.argmin(errors[:, number]))]
            counters = [[anchors, hold] for hold in HOLDS]
            held = _errors(pieces, folder, [{"tracker": tracker, "options": options, "counters": counters}])[0]
            best = int(np.argmin(held))
            found.append(Tuned(tracker, anchors, HOLDS[best], options, float(held[best]), len(every)))
            print(f"  {found[-1]}", file=sys.stderr)
    return found


def _errors(pieces: Sequence[Piece], folder: Path, runs: Sequence[dict[str, Any]]) -> np.ndarray:
    """WAPE by run and counter, the mean over the pieces."""
    errors = np.zeros((len(runs), len(runs[0]["counters"])))
    for piece in pieces:
        path = folder / "choosing.jsonl"
        piece.write(path)
        number = {line.name: i for i, line in enumerate(piece.lines)}
        true = table(piece, [(number[p.place], p.time_s, p.way) for p in piece.passes])
        for row, found in enumerate(Rivals(path).run(runs)):
            for column, passes in enumerate(found["passes"]):
                errors[row, column] += (wape(table(piece, passes), true) or 0.0) / len(pieces)
    return errors
