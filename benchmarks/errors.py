"""How far the ways of counting whose speed is measured are from the truth of vtest.avi, frames 1-400."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from clips import FPS
from contest import table
from material import NOBODY, OTHER_TRAVELS, Piece, random_lines, read_frames
from rivals import HERE, Rivals, environment, tune
from timing import run

from passerby.classes import Class
from passerby.detections import Detections
from passerby.evaluate import mot
from passerby.evaluate.counts import wape
from passerby.evaluate.true_passes import true_passes
from passerby.frame import Size
from passerby.geometry import Line

COUNT = (sys.executable, "-m", "passerby", "count", "--json")
EVERY_FRAME = ("--every-frame",)
FRAMES = 400
SIZE = Size(768, 576)


@dataclass(frozen=True, slots=True)
class Error:
    """WAPE of one way of counting, and what it becomes when the peer's options are chosen on this very film."""

    wape: float
    tuned: float | None = None
    options: str = ""


class Film:
    """Random lines over the film, and what truly passed them."""

    def __init__(self, assets: Path, film: Path, model: Path, folder: Path) -> None:
        self._film, self._model, self._folder = film, model, folder
        self._truth = mot.read(assets / "truth/vtest-1-400.mot.txt").between(1, FRAMES)
        self.lines = random_lines(np.random.default_rng(2009), SIZE.width / SIZE.height)
        self._passes = true_passes(self._truth, self.lines, SIZE, FPS, Class.PERSON)
        self.true = len(self._passes)

    def passerby(self, options: Sequence[str]) -> Error:
        """What ``passerby count`` with these options says of people."""
        drawn = [f"--line={line.name}={_ends(line)}" for line in self.lines]
        command = [*COUNT, self._film, "--model", self._model, *drawn, *options]
        counted = json.loads(run(command).said)["lines"]
        rows = [
            (number, 0.0, way)
            for number, line in enumerate(self.lines)
            for way in ("in", "out")
            for _ in range(counted[line.name][way].get("person", 0))
        ]
        return Error(self._wape(self._piece(()), rows))

    def glued(self, every: int, quick: bool) -> Error:
        """What supervision's line counter says behind ByteTrack, looking at every n-th frame."""
        boxes = self._folder / "boxes.jsonl"
        ends = json.dumps([[*line.points[0], *line.points[1]] for line in self.lines])
        look = [environment(), HERE / "glued.py", self._film, "--model", self._model, "--every", str(every)]
        run([*look, "--lines", ends, "--boxes", boxes])
        piece = self._piece(read_frames(boxes), FPS / every)
        (plain,) = Rivals(boxes).run([{"tracker": "ByteTrack", "options": {}, "counters": [["corners", 1]]}])
        best = min(tune([piece], self._folder, quick, ("ByteTrack",)), key=lambda tuned: tuned.wape)
        chosen = ", ".join(f"{k} {v}" for k, v in best.options.items()) or "its defaults"
        return Error(
            self._wape(piece, plain["passes"][0]), best.wape, f"{best.anchors}, hold {best.hold}, {chosen}"
        )

    def _piece(self, frames: tuple[Detections, ...], fps: float = FPS) -> Piece:
        return Piece(
            name="vtest 1-400",
            size=SIZE,
            fps=fps,
            frames=frames,
            whose=tuple(np.full(len(found), NOBODY) for found in frames),
            truth=self._truth,
            lines=self.lines,
            passes=self._passes,
            other_truths=dict.fromkeys(OTHER_TRAVELS, 0),
        )

    def _wape(self, piece: Piece, rows: Sequence[tuple[int, float, str]]) -> float:
        number = {line.name: i for i, line in enumerate(self.lines)}
        true = table(piece, [(number[p.place], 0.0, p.way) for p in self._passes]).sum(axis=0, keepdims=True)
        counted = table(piece, [(line, 0.0, way) for line, _, way in rows]).sum(axis=0, keepdims=True)
        error = wape(counted, true)
        assert error is not None
        return error


def _ends(line: Line) -> str:
    return ",".join(f"{v:g}" for point in line.points for v in point)
