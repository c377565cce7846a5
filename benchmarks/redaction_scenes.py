"""Drawn streets and clips with truth, redacted by several finders, and what each leaves to be seen."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import leaks
import numpy as np
from leaks import Leaks
from numpy.typing import NDArray
from rivals import HERE, environment

from passerby.classes import Class
from passerby.detectors.motion import Motion
from passerby.detectors.onnx import Onnx
from passerby.evaluate import mot
from passerby.frame import Frame, Planes, Size
from passerby.redact.faces import Faces
from passerby.redact.plan import Plan
from passerby.redact.planning import Eyes, plan
from passerby.sources.stream import Stream
from passerby.sources.synthetic import Synthetic
from passerby.sources.synthetic.source import Drawn
from passerby.stages import Detector
from passerby.trackers.passer import Passer

FPS = 10.0
TRUTH_FRAMES = 400  # of vtest.avi
HEAD = 0.18  # of a box's height
MODEL = "yolox_nano"
FINDERS = ("motion", MODEL)
FACE_CLIPS = ("intel-classroom", "intel-face-demographics-walking-and-pause")


@dataclass(frozen=True, slots=True)
class Scene:
    """Drawn streets of one kind: the seed of the first, seconds of each, and how they are filmed."""

    name: str
    first: int
    seconds: float
    night: bool = False
    people: float = 22.0
    contrast: float = 1.0
    shake: float = 0.0

    def film(self, seed: int) -> Drawn:
        """The street of a seed as a source."""
        drawn = Synthetic(seed=seed, duration=self.seconds, people=self.people, fps=FPS)
        return Synthetic.of(drawn.street, fps=FPS, night=self.night, contrast=self.contrast, shake=self.shake)


SCENES = (
    Scene("day", 301, 60),
    Scene("night", 321, 30, night=True),
    Scene("crowded", 331, 30, people=60),
    Scene("haze, a third of the contrast", 341, 30, contrast=0.35),
    Scene("the mast sways", 351, 30, shake=0.002),
)


def drawn(scene: Scene, tracks: int, models: Path) -> Iterator[tuple[str, Leaks, Leaks]]:
    """For each finder what is left of people on foot, and of riders and vehicles.

    Draws street after street until so many on foot have come and gone, at least one.
    """
    walkers, others = ({name: Leaks() for name in FINDERS} for _ in range(2))
    for seed in count(scene.first):
        print(f"  {scene.name}, street {seed}", file=sys.stderr)
        film = scene.film(seed)
        kept = list(_kept(film))
        plans = {name: plan(_again(kept), _eyes(name, models), _nobody) for name in FINDERS}
        kept.clear()
        on_foot = [a.id for a in film.street.actors if a.class_ is Class.PERSON]
        driving = [a.id for a in film.street.actors if a.class_ is not Class.PERSON]
        painter = film.painter()
        for index in range(film.length().frames or 0):
            stencil = painter.silhouettes(index / FPS)
            for name, known in plans.items():
                mask = leaks.hidden(known, index, index / FPS, film.size)
                leaks.silhouettes([(walkers[name], on_foot), (others[name], driving)], seed, stencil, mask)
        if min(len(left.people) for left in walkers.values()) >= tracks:
            break
    for name in FINDERS:
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


def _eyes(finder: str, models: Path, faces: bool = False) -> Eyes:
    detector: Detector = Motion() if finder == "motion" else Onnx(models / f"{finder}.onnx")
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
