"""Films with a truth: their boxes by a model, and where every clip is from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from material import NOBODY, OTHER_TRAVELS, Piece, random_lines
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Detections
from passerby.detectors.onnx import Onnx
from passerby.evaluate import mot
from passerby.evaluate.overlap import best_pairs, iou
from passerby.evaluate.trajectories import Trajectories
from passerby.evaluate.true_passes import true_passes
from passerby.frame import Frame, Size
from passerby.sources.stream import Stream
from passerby.stages import Crop

MODELS = ("yolox_nano", "deimv2_hgnetv2_femto_coco")
FLOOR = 0.1  # boxes below this score are not handed over
FPS = 10.0  # what the container says; the true rate is about 7
ALIKE = 0.3  # overlap from which a box may be of somebody
HALF = 200  # frames for choosing; as many for reporting

_INTEL = "Intel sample-videos, CC BY 4.0"
SOURCES = {
    "vtest.avi": "PETS 2009 S2.L1 View 001, as Debian's opencv-doc ships it; for research, source acknowledged",
    "car-detection.mp4": _INTEL,
    "one-by-one-person-detection.mp4": _INTEL,
    "opendatacam-junction.mp4": "OpenDataCam's demo frames, MIT",
    "intel-person-bicycle-car-detection.gif": _INTEL,
    "intel-store-aisle-detection.gif": _INTEL,
}
WHY_NOT = {
    "car-detection.mp4": "not measured: four cars by eye are a test, not a figure",
    "one-by-one-person-detection.mp4": "not measured: no truth",
    "opendatacam-junction.mp4": "not measured: only machine-made boxes",
    "intel-person-bicycle-car-detection.gif": "not measured: three road users by eye",
    "intel-store-aisle-detection.gif": "not measured: no truth",
}


@dataclass(frozen=True, slots=True)
class Clip:
    """Where a clip is from, which file exactly, and what it is used for."""

    name: str
    source: str
    sha256: str
    use: str


def vtest(assets: Path, model: str) -> tuple[Piece, Piece]:
    """Frames 1-200 for choosing and 201-400 for reporting: the same scene, other minutes."""
    truth = mot.read(assets / "truth/vtest-1-400.mot.txt")
    size, frames = _boxes(assets / "clips/vtest.avi", assets / f"models/{model}.onnx", 2 * HALF)
    lines = random_lines(np.random.default_rng(2009), size.width / size.height)
    halves = []
    for number, name in enumerate(("vtest 1-200", "vtest 201-400")):
        first = number * HALF
        part = truth.between(first + 1, first + HALF)
        part = Trajectories.of(part.frame - first, part.identity, part.xyxy)
        passes = true_passes(part, lines, size, FPS, Class.PERSON)
        others = {t: len(true_passes(part, lines, size, FPS, Class.PERSON, travel=t)) for t in OTHER_TRAVELS}
        found = frames[first : first + HALF]
        halves.append(Piece(name, size, FPS, found, _whose(found, part), part, lines, passes, others))
    return halves[0], halves[1]


def _whose(frames: Sequence[Detections], truth: Trajectories) -> tuple[NDArray[np.int64], ...]:
    """Whose each box is: the identities that overlap the boxes of a frame most, one box each."""
    every = []
    for number, found in enumerate(frames, start=1):
        here = truth.keep(truth.frame == number)
        common = iou(here.xyxy, found.xyxy.astype(np.float64))
        row, column = best_pairs(np.where(common >= ALIKE, common, 0.0))
        whose = np.full(len(found), NOBODY)
        whose[column] = here.identity[row]
        every.append(whose)
    return tuple(every)


def _boxes(film: Path, model: Path, count: int) -> tuple[Size, tuple[Detections, ...]]:
    detector = Onnx(model, score=FLOOR)
    found: list[Detections] = []
    size = Size(0, 0)
    for frame in Stream(str(film), camera="film").frames():
        with frame:
            size = frame.size
            found.append(_people(detector, frame))
        if len(found) == count:
            break
    return size, tuple(found)


def _people(detector: Onnx, frame: Frame) -> Detections:
    scale = min(a / b for a, b in zip(detector.input, frame.size, strict=True))
    (boxes,) = detector.detect([Crop(frame, frame.whole, scale, frame.time_s)])
    return boxes.keep(boxes.class_id == Class.PERSON)


def material(assets: Path) -> list[Clip]:
    """Every clip that was looked at, and those that no figure is given for."""
    clips = []
    for name, source in SOURCES.items():
        path = assets / "clips" / name
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "absent"
        clips.append(Clip(name, source, digest, WHY_NOT.get(name, "frames 1-200 for choosing, 201-400 reported")))
    return clips
