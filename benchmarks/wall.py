"""Many films as so many cameras of one process, their pieces packed together: what a wall of cameras costs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from passerby import plugins
from passerby.count import MIDDLE
from passerby.detectors.onnx import Onnx
from passerby.frame import Frame
from passerby.look import Attention
from passerby.pipeline import Camera
from passerby.sources.stream import Stream
from passerby.stages import Look, Measure, Tracker


def due(film: Path, fps: float) -> Iterator[Frame]:
    """At most `fps` frames a second of the film's own time; the others are only decoded."""
    due_s = 0.0
    for frame in Stream(str(film)).frames():
        if frame.time_s >= due_s - 1e-6:
            due_s = max(due_s + 1 / fps, frame.time_s)
            yield frame
        else:
            frame.close()


def camera(name: str, detector: Onnx) -> Camera:
    """One camera that counts over a line across its middle."""
    return Camera(
        name,
        tracker=plugins.build("tracker", {"use": "passer"}, Tracker),
        measures=[plugins.build("measure", {"use": "line"}, Measure, at=MIDDLE)],
        looks_with=detector.input,
        attention=Attention(),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--fps", type=float, default=5.0, help="analysed frames a second of each camera")
    parser.add_argument("--at-once", type=int, default=1, help="films that are cameras at the same time")
    wish = parser.parse_args()
    detector = Onnx(wish.model)
    parts = [wish.films[first : first + wish.at_once] for first in range(0, len(wish.films), wish.at_once)]
    print(json.dumps({"analysed": sum(play(detector, films, wish.fps) for films in parts)}))


def play(detector: Onnx, films: Sequence[Path], fps: float) -> int:
    """All films at once, a frame of each in turn; how many frames were analysed."""
    there = [(camera(film.stem, detector), due(film, fps)) for film in films]
    analysed = 0
    while there:
        with ExitStack() as open_frames:
            shown = [(one, frames, next(frames, None)) for one, frames in there]
            now = [(one, open_frames.enter_context(frame)) for one, _, frame in shown if frame is not None]
            asked = [one.ask(frame) for one, frame in now]
            found = iter(detector.detect([crop for crops in asked for crop in crops]))
            for (one, frame), crops in zip(now, asked, strict=True):
                one.tell(frame, [Look(crop, next(found)) for crop in crops])
            analysed += len(now)
            there = [(one, frames) for one, frames, frame in shown if frame is not None]
    return analysed


if __name__ == "__main__":
    main()
