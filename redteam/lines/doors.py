"""Doors that must stay shut: graphs that the detector refuses, configurations that reading one refuses."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
from graphs import write_graph
from numpy.typing import NDArray

from passerby.config import Config
from passerby.config.reading import parse
from passerby.detectors.onnx import Onnx
from passerby.errors import ConfigError, ModelError
from passerby.stages import Detector, Measure, Source, Tracker
from redteam.lines.finding import Finding

Outputs = Mapping[str, NDArray[np.generic]]
SIDE: Final = 96
CELLS: Final = sum((SIDE // stride) ** 2 for stride in (8, 16, 32))


def _zeros(*shape: int) -> NDArray[np.float32]:
    return np.zeros(shape, np.float32)


_DETR: Final[Outputs] = {
    "labels": np.zeros((1, 30), np.int64),
    "boxes": _zeros(1, 30, 4),
    "scores": _zeros(1, 30),
}

# What networks behind the red lines give, each as its papers and exporters have it.
GRAPHS: Final[Mapping[str, Outputs]] = {
    "a face template (128 numbers a picture, SFace)": {"fc1": _zeros(1, 128)},
    "a face template (512, ArcFace)": {"embedding": _zeros(1, 512)},
    "a face template under a detector's name": {"output": _zeros(1, 512)},
    "a body feature (2048, ResNet-50)": {"features": _zeros(1, 2048)},
    "a body feature map (512 x 1 x 1, OSNet)": {"feature": _zeros(1, 512, 1, 1)},
    "a plate's characters (37 letters by 25 places, CTC)": {"logits": _zeros(1, 25, 37)},
    "a plate's characters by the cells of a picture": {"logits": _zeros(1, CELLS, 37)},
    "a gender": {"prob": _zeros(1, 2)},
    "an age": {"age": _zeros(1, 1)},
    "26 attributes of clothing": {"attributes": _zeros(1, 26)},
    "boxes, and a feature for each (JDE, FairMOT)": {"output": _zeros(1, CELLS, 85), "id": _zeros(1, CELLS, 128)},
    "boxes, and one feature of the picture": {"output": _zeros(1, CELLS, 85), "id": _zeros(1, 512)},
    "boxes with 128 more columns": {"output": _zeros(1, CELLS, 85 + 128)},
    "boxes with 128 more rows": {"output": _zeros(1, 84 + 128, CELLS)},
    "poses (17 points)": {"output0": _zeros(1, 56, CELLS)},
    "faces with five points": {"output0": _zeros(1, 20, CELLS)},
    "outlines of people (prototypes)": {"output0": _zeros(1, 116, CELLS), "output1": _zeros(1, 32, 24, 24)},
    "heat maps of 17 joints": {"heatmaps": _zeros(1, 17, 24, 24)},
    "YuNet's faces and points": {
        f"{part}_{stride}": _zeros(1, (SIDE // stride) ** 2, width)
        for part, width in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10))
        for stride in (8, 16, 32)
    },
    "detr, and a feature a box": {**_DETR, "embeddings": _zeros(1, 30, 256)},
    "detr with features for scores": {**_DETR, "scores": _zeros(1, 30, 128)},
    "detr with features for boxes": {**_DETR, "boxes": _zeros(1, 30, 256)},
    "detr with one row of labels a picture": {**_DETR, "labels": np.zeros((1, 30, 2), np.int64)},
}
# What a detector gives; if these were refused, refusing the others would prove nothing.
DETECTORS: Final[Mapping[str, Outputs]] = {
    "yolox": {"output": _zeros(1, CELLS, 85)},
    "yolo-generic": {"output0": _zeros(1, 84, CELLS)},
    "detr": _DETR,
}

STREET: Final = """
[detector]
use = "motion"
{detector}
[camera.north]
source = {{ use = "stream", url = "rtsp://10.0.0.7/1" }}
{camera}
[camera.north.place]
gate = {{ line = [[0.1, 0.6], [0.9, 0.6]] }}
[camera.north.measure]
passes = {{ use = "line", at = "gate" {measure} }}
{measures}
{file}
"""
# What a configuration could ask for, and where.
ASKED: Final[Mapping[str, tuple[str, str]]] = {
    "a class 'woman'": ("measure", ', classes = ["woman"]'),
    "a class 'child'": ("measure", ', classes = ["person", "child"]'),
    "a class 'face'": ("measure", ', classes = ["face"]'),
    "a list of people": ("measure", ', watchlist = ["a.jpg"]'),
    "an id a pass": ("measure", ", ids = true"),
    "a measure that re-identifies": ("measures", 'again = { use = "reid", at = "gate" }'),
    "a measure that reads plates": ("measures", 'plates = { use = "anpr", at = "gate" }'),
    "a measure of faces": ("measures", 'faces = { use = "faces", at = "gate" }'),
    "a recording": ("camera", "record = true"),
    "a picture of an event": ("camera", "snapshot = true"),
    "a live picture": ("camera", 'live = "video"'),
    "faces of a camera": ("camera", "faces = true"),
    "a tracker by appearance": ("camera", 'tracker = { use = "botsort" }'),
    "our tracker by appearance": ("camera", 'tracker = { use = "passer", appearance = true }'),
    "our tracker with a network": ("camera", 'tracker = { use = "passer", reid = "osnet.onnx" }'),
    "ids of its choice": ("camera", 'tracker = { use = "passer", ids = 7 }'),
    "a detector that reads": ("detector", 'ocr = "plates.onnx"'),
    "a table of recognition": ("file", "[recognition]\nmodel = 'arcface'"),
    "a table of cameras that share people": ("file", "[linking]\ncameras = ['north', 'south']"),
    "a sink for pictures": ("file", '[sink.pictures]\nuse = "snapshots"'),
    "less than the floor of k": ("file", "[privacy]\nk = 1"),
    "a finer grain than the floor": ("file", '[privacy]\ngrain = "1min"'),
    "an alert on a person": ("file", '[camera.north.alert]\nshe = { when = "person.id == 7" }'),
    "an alert on a single pass": ("file", '[camera.north.alert]\nany = { when = "gate.passes > 0" }'),
}


def shut() -> Iterator[Finding]:
    """Every graph and every configuration of the lists that is let in, and every detector that is not."""
    for name, outputs in GRAPHS.items():
        if error := let_in(outputs):
            yield Finding("a graph", f"{name}: {error}")
    for name, outputs in DETECTORS.items():
        if not let_in(outputs):
            yield Finding("a detector", f"{name}: it is refused, so refusing others shows nothing")
    for name, (where, text) in ASKED.items():
        if error := read(**{where: text}):
            yield Finding("a configuration", f"{name}: {error}")
    if not read():
        yield Finding("a configuration", "an ordinary one is refused, so refusing others shows nothing")


def let_in(outputs: Outputs) -> str:
    """What is wrong about how a graph with these outputs is met: empty if it is refused in a clear sentence."""
    with tempfile.TemporaryDirectory() as folder:
        is_detr = "labels" in outputs
        path = write_graph(Path(folder) / "model.onnx", outputs, picture=(1, 3, SIDE, SIDE), sizes=is_detr)
        return _met(lambda: Onnx(path), ModelError, "model.onnx")


def read(**parts: str) -> str:
    """What is wrong about how a street with these parts is met: empty if it is refused in a clear sentence."""
    empty = dict.fromkeys(("detector", "camera", "measure", "measures", "file"), "")
    return _met(
        lambda: _build(parse(STREET.format(**{**empty, **parts}), Path("street.toml"))), ConfigError, "street"
    )


def _build(config: Config) -> None:
    """Whatever `passerby check` builds."""
    config.detector.build(Detector)
    for sink in config.sinks.values():
        sink.check(site=config.site.name)
    for camera in config.cameras.values():
        if camera.source is not None:
            camera.source.build(Source, camera=camera.name)
        camera.tracker.build(Tracker)
        for measure in camera.measures.values():
            measure.build(Measure, ground=camera.ground)


def _met(ask: Callable[[], object], refusal: type[ModelError | ConfigError], named: str) -> str:
    try:
        ask()
    except refusal as error:
        return "" if named in error.message else f"the refusal does not name it: {error}"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no refusal
        return f"it fails with {type(error).__name__}: {error}"
    return "it is let in"
