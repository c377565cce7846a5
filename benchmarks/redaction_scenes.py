"""Drawn streets and clips with truth, redacted by several finders, and what each leaves to be seen."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import leaks
import numpy as np
from leaks import Leaks
from numpy.typing import NDArray
from rivals import HERE, environment

from passerby.classes import Class
from passerby.detections import Detections
from passerby.detectors.motion import Motion
from passerby.detectors.onnx import Onnx
from passerby.evaluate import mot
from passerby.frame import Frame, Planes, Size
from passerby.redact.faces import Faces
from passerby.redact.plan import Plan
from passerby.redact.planning import Eyes, plan
from passerby.scene import Street
from passerby.sources.stream import Stream
from passerby.sources.synthetic import Synthetic
from passerby.sources.synthetic.source import Drawn
from passerby.stages import Crop, Detector
from passerby.trackers.passer import Passer

RECALL = 0.9  # of the double: of each road user in each look, by itself
WAVER = 0.05  # sizes by which its boxes are off
FPS = 10.0
TRUTH_FRAMES = 400  # of vtest.avi
HEAD = 0.18  # of a box's height
MODEL = "yolox_nano"
FACE_CLIPS = ("intel-classroom", "intel-face-demographics-walking-and-pause")


@dataclass(frozen=True, slots=True)
class Scene:
    """Drawn streets of one kind: seeds, seconds of each, and how they are filmed."""

    name: str
    seeds: Sequence[int]
    seconds: float
    finders: Sequence[str]
    night: bool = False
    people: float = 22.0
    contrast: float = 1.0
    shake: float = 0.0

    def film(self, seed: int) -> Drawn:
        """The street of a seed as a source."""
        drawn = Synthetic(seed=seed, duration=self.seconds, people=self.people, fps=FPS)
        return Synthetic.of(drawn.street, fps=FPS, night=self.night, contrast=self.contrast, shake=self.shake)


SCENES = (
    Scene("day", range(101, 109), 60, ("motion", MODEL, "double")),
    Scene("night", (111,), 30, ("motion", MODEL), night=True),
    Scene("crowded", (112,), 30, ("motion", MODEL), people=60),
    Scene("haze, a third of the contrast", (113,), 30, ("motion", MODEL), contrast=0.35),
    Scene("the mast sways", (114,), 30, ("motion", MODEL), shake=0.002),
)


class Double:
    """Finds each road user of a street in `RECALL` of the looks, by chance; for what a fair model would add."""

    name = "double"
    input: Size | None = Size(416, 416)

    def __init__(self, street: Street, size: Size, seed: int) -> None:
        self._street, self._size = street, size
        self._random = np.random.default_rng(seed)

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        return [self._found(crop.frame.time_s) for crop in crops]

    def _found(self, time_s: float) -> Detections:
        truth = self._street.truth(time_s)
        there = (truth.visible > 0.2) & (self._random.random(len(truth)) < RECALL)
        boxes = truth.xyxy(self._size)[there]
        side = np.sqrt((boxes[:, 2:] - boxes[:, :2]).prod(axis=1))
        boxes = boxes + self._random.normal(0, WAVER, boxes.shape) * side[:, None]
        boxes = np.clip(boxes, 0, np.tile(self._size, 2)).astype(np.float32)
        score = self._random.uniform(0.3, 0.9, len(boxes)).astype(np.float32)
        return Detections(boxes, score, truth.class_id[there])


def drawn(scene: Scene, models: Path) -> Iterator[tuple[str, Leaks, Leaks]]:
    """For each finder what is left of people on foot, and of riders and vehicles."""
    walkers, others = ({name: Leaks() for name in scene.finders} for _ in range(2))
    for seed in scene.seeds:
        print(f"  {scene.name}, street {seed}", file=sys.stderr)
        film = scene.film(seed)
        kept = list(_kept(film))
        plans = {name: plan(_again(kept), _eyes(name, models, film, seed), _nobody) for name in scene.finders}
        kept.clear()
        on_foot = [a.id for a in film.street.actors if a.class_ is Class.PERSON]
        driving = [a.id for a in film.street.actors if a.class_ is not Class.PERSON]
        painter = film.painter()
        for index in range(film.length().frames or 0):
            stencil = painter.silhouettes(index / FPS)
            for name, known in plans.items():
                mask = leaks.hidden(known, index, index / FPS, film.size)
                for into, chosen in ((walkers[name], on_foot), (others[name], driving)):
                    into.frame(mask)
                    leaks.silhouettes(into, seed, stencil, chosen, mask)
    for name in scene.finders:
        yield name, walkers[name], others[name]


def _kept(film: Drawn) -> Iterator[tuple[float, Planes]]:
    for frame in film.frames():
        with frame:
            w, h = frame.size
            half = ((h + 1) // 2, (w + 1) // 2)
            planes = Planes(*(np.empty(s, np.uint8) for s in ((h, w), half, half)), owned=False)
            frame.copy_to(planes)
            yield frame.time_s, planes


def _again(kept: Iterable[tuple[float, Planes]]) -> Iterator[Frame]:
    for index, (time_s, planes) in enumerate(kept):
        yield Frame(planes, camera="film", index=index, time_s=time_s)


def _eyes(finder: str, models: Path, film: Drawn | None = None, seed: int = 0, faces: bool = False) -> Eyes:
    detector: Detector
    if finder == "double":
        assert film is not None
        detector = Double(film.street, film.size, seed)
    else:
        detector = Motion() if finder == "motion" else Onnx(models / f"{finder}.onnx")
    return Eyes(detector, Passer(gap_s=6.0), Faces(models / "yunet_n_dynamic.onnx") if faces else None)


def _nobody(_stage: str, _time_s: float) -> None:
    pass


def vtest(assets: Path, finder: str) -> tuple[Leaks, Leaks]:
    """What is left of the boxes, and of the heads, of frames 1-400 of vtest.avi; the whole film is redacted."""
    film = assets / "clips/vtest.avi"
    if finder == "deface":
        said = subprocess.run(
            [environment(), HERE / "deface_boxes.py", film, str(TRUTH_FRAMES)], check=True, capture_output=True
        )
        found = json.loads(said.stdout)
        return _on_vtest(assets, lambda index: _filled(found[index], Size(768, 576)))
    known = plan(Stream(str(film)).frames(), _eyes(finder, assets / "models"), _nobody)
    return _on_vtest(assets, lambda index: _mask(known, index))


def _on_vtest(assets: Path, masks: Callable[[int], NDArray[np.bool_] | None]) -> tuple[Leaks, Leaks]:
    truth = mot.read(assets / "truth/vtest-1-400.mot.txt")
    bodies, heads, size = Leaks(), Leaks(), Size(768, 576)
    for index in range(TRUTH_FRAMES):
        mask, here = masks(index), truth.keep(truth.frame == index + 1)
        rows = list(zip(here.identity.tolist(), here.xyxy.astype(np.float64), strict=True))
        for into, boxes in ((bodies, rows), (heads, [(who, _head(box)) for who, box in rows])):
            into.frame(mask)
            leaks.boxes(into, boxes, size, mask)
    return bodies, heads


def _head(box: NDArray[np.float64]) -> NDArray[np.float64]:
    """The upper part of a person's box, half as wide."""
    left, top, right, bottom = box
    quarter = (right - left) / 4
    return np.array([left + quarter, top, right - quarter, top + HEAD * (bottom - top)])


def _filled(boxes: Iterable[Sequence[float]], size: Size) -> NDArray[np.bool_]:
    mask = np.zeros((size.height, size.width), np.bool_)
    for left, top, right, bottom in np.clip(np.round(list(boxes)), 0, None).astype(int).reshape(-1, 4):
        mask[top:bottom, left:right] = True
    return mask


def _mask(known: Plan, index: int) -> NDArray[np.bool_] | None:
    one = known.frames[index]
    return leaks.hidden(known, index, one.time_s, one.size)


def faces(assets: Path, clip: str, finder: str, *, yunet: bool) -> Leaks:
    """What is left of the faces in a clip of people who hardly move; each face of each frame is counted."""
    rows = np.loadtxt(assets / f"truth/{clip}.faces.txt", delimiter=",")
    eyes = _eyes(finder, assets / "models", faces=yunet)
    known = plan(Stream(str(assets / f"clips/{clip}.gif")).frames(), eyes, _nobody)
    left = Leaks()
    for index, one in enumerate(known.frames):
        mask = _mask(known, index)
        here = rows[rows[:, 0] == index + 1]
        boxes = np.column_stack([here[:, 2:4], here[:, 2:4] + here[:, 4:6]])
        left.frame(mask)
        leaks.boxes(left, [((index, row), box) for row, box in enumerate(boxes)], one.size, mask)
    return left
