"""What the accuracy benchmark measures on: pieces of film and drawn streets, as boxes with their truth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passerby.detections import Detections
from passerby.evaluate.trajectories import Trajectories
from passerby.evaluate.true_passes import TRAVEL
from passerby.frame import Size
from passerby.geometry import Line, heights
from passerby.records import Pass

LINES = 16
NOBODY = -1  # whose a false box is
OTHER_TRAVELS = (0.04, 0.16)
RULE = (
    "A true pass: the foot (bottom centre) of the true box crosses the line between its ends and then gets at "
    f"least {TRAVEL:g} of the box's height away from it; turning back before that is no pass."
)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Boxes of consecutive frames, with what is true of them."""

    name: str
    size: Size
    fps: float
    frames: tuple[Detections, ...]
    whose: tuple[NDArray[np.int64], ...]  # of each frame's boxes the identity in the truth, or NOBODY
    truth: Trajectories  # frames from 1
    lines: tuple[Line, ...]
    passes: tuple[Pass, ...]  # true ones, times from the piece's first frame
    other_truths: Mapping[float, int]  # how many true passes there would be with another TRAVEL

    @property
    def duration_s(self) -> float:
        """From the first frame to one frame after the last."""
        return len(self.frames) / self.fps

    def time_s(self, index: int) -> float:
        """When a frame is, counted from 0."""
        return index / self.fps

    def write(self, path: Path) -> None:
        """JSON Lines: a head with size, frame rate and lines in px, then one frame a line."""
        ends = [(np.array(line.points) * self.size).ravel().tolist() for line in self.lines]
        with path.open("w") as file:
            print(json.dumps({"size": self.size, "fps": self.fps, "lines": ends}), file=file)
            for index, found in enumerate(self.frames):
                row = {
                    "time_s": round(self.time_s(index), 6),
                    "xyxy": found.xyxy.round(2).tolist(),
                    "score": found.score.round(4).tolist(),
                    "class": found.class_id.tolist(),
                }
                print(json.dumps(row), file=file)


def read_frames(path: Path) -> tuple[Detections, ...]:
    """The boxes of a file that `Piece.write` wrote, so that everyone is given the same numbers."""
    with path.open() as file:
        next(file)
        rows = [json.loads(line) for line in file]
    return tuple(
        Detections(
            np.array(row["xyxy"], np.float32).reshape(-1, 4),
            np.array(row["score"], np.float32),
            np.array(row["class"], np.uint8),
        )
        for row in rows
    )


def random_lines(rng: np.random.Generator, aspect: float, n: int = LINES) -> tuple[Line, ...]:
    """Lines at least a third of the picture's height long, anywhere in it, whatever passes there."""
    lines: list[Line] = []
    while len(lines) < n:
        a, b = rng.uniform(0.05, 0.95, (2, 2)).round(3)
        if np.hypot(*(heights(b, aspect) - heights(a, aspect))) >= 1 / 3:
            lines.append(
                Line(f"line-{len(lines) + 1:02d}", (float(a[0]), float(a[1])), (float(b[0]), float(b[1])))
            )
    return tuple(lines)
