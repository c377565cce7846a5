"""Every built-in plugin keeps the contract of its kind; a new one without a recipe here fails."""

from __future__ import annotations

import http.server
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from films import serving

from passerby import plugins
from passerby.geometry import Line, Zone
from passerby.ground import Ground
from passerby.outlets import Sink, Store
from passerby.stages import Detector, Measure, Source, Tracker
from passerby.testing import check_detector, check_measure, check_sink, check_source, check_store, check_tracker

GATE = Line("gate", (0.5, 0.95), (0.5, 0.05))
SQUARE = Zone("square", ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7)))

GROUND = Ground.fit([[0, 0, 0, 0], [1, 0, 20, 0], [1, 1, 20, 20], [0, 1, 0, 20]])

MEASURES: dict[str, dict[str, object]] = {
    "line": {"at": GATE},
    "zone": {"at": SQUARE},
    "density": {"at": SQUARE},
    "speed": {"at": GATE},
    "headway": {"at": GATE},
    "movements": {"at": (GATE, SQUARE)},
    "occupancy": {"at": SQUARE},
    "queue": {"at": SQUARE, "head": [0.5, 0.5]},
    "conflicts": {"at": SQUARE},
    "signal": {"at": GATE, "cycle_s": 60.0, "stop": [25.0, 60.0]},
}
TRACKERS: dict[str, dict[str, object]] = {"passer": {}}
FILM = "film.mp4"  # stands for a film that is made for the test
SOURCES: dict[str, dict[str, object]] = {
    "stream": {"url": FILM},
    "synthetic": {"duration": 2.0, "width": 160, "height": 120},
}
STORE = "rows.db"  # stands for a path in a directory of the test's own
STORES: dict[str, dict[str, object]] = {"sqlite": {"path": STORE}}
SINKS: dict[str, dict[str, object]] = {"webhook": {"url": "http://localhost:9/"}}
MODEL = "model.onnx"  # stands for a real model
BOXES = "boxes.txt"  # stands for a file of boxes
DETECTORS: dict[str, dict[str, object]] = {
    "auto": {"model": MODEL},
    "motion": {},
    "onnx": {"model": MODEL},
    "replay": {"path": BOXES},
}
RECIPES = {
    "source": SOURCES, "detector": DETECTORS, "tracker": TRACKERS, "measure": MEASURES, "sink": SINKS,
    "store": STORES,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("builtins")
    with av.open(str(folder / FILM), "w") as film:
        stream = film.add_stream("mpeg4", rate=Fraction(10))
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for i in range(12):
            picture = np.full((48, 64, 3), 20 * i, np.uint8)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "bgr24")))
        film.mux(stream.encode())
    (folder / BOXES).write_text("1,-1,10,10,20,30,0.9\n1,-1,100,50,20,30,0.8\n2,-1,10,10,20,30,0.9\n")
    return folder


def built(kind: plugins.Kind, name: str, wanted: Any, folder: Path) -> Callable[[], Any]:
    table = {
        key: str(folder / value) if isinstance(value, str) and (folder / value).suffix else value
        for key, value in RECIPES[kind][name].items()
    }
    return partial(plugins.build, kind, {"use": name, **table}, wanted, ground=GROUND)


@pytest.mark.parametrize("kind", plugins.KINDS)
def test_every_built_in_has_a_recipe(kind: plugins.Kind) -> None:
    assert set(plugins.names(kind)) == set(RECIPES[kind])


@pytest.mark.parametrize("kind", plugins.KINDS)
def test_every_option_of_a_built_in_says_what_it_does(kind: plugins.Kind) -> None:
    silent = [
        f"{name}.{option.name}"
        for name in plugins.names(kind)
        for option in plugins.options(kind, name)
        if not option.doc
    ]
    assert silent == []


@pytest.mark.parametrize("name", SOURCES)
def test_sources(name: str, folder: Path) -> None:
    missing = partial(plugins.build, "source", {"use": "stream", "url": str(folder / "none.mp4")}, Source)
    check_source(built("source", name, Source, folder), unopenable=missing if name == "stream" else None)


@pytest.mark.parametrize("name", [name for name in DETECTORS if MODEL not in DETECTORS[name].values()])
def test_detectors(name: str, folder: Path) -> None:
    check_detector(built("detector", name, Detector, folder))


@pytest.mark.clips
@pytest.mark.parametrize("name", [name for name in DETECTORS if MODEL in DETECTORS[name].values()])
def test_detectors_with_a_model(name: str, folder: Path, assets: Path) -> None:
    if not (folder / MODEL).exists():
        (folder / MODEL).symlink_to(assets / "models" / "yolox_nano.onnx")
    with av.open(str(assets / "clips" / "vtest.avi")) as film:
        shown = islice(film.decode(video=0), 2)
        pictures = [np.asarray(frame.to_ndarray(format="bgr24"), np.uint8) for frame in shown]
    check_detector(built("detector", name, Detector, folder), pictures=pictures)


@pytest.mark.parametrize("name", TRACKERS)
def test_trackers(name: str, folder: Path) -> None:
    check_tracker(built("tracker", name, Tracker, folder))


@pytest.mark.parametrize("name", MEASURES)
def test_measures(name: str, folder: Path) -> None:
    check_measure(built("measure", name, Measure, folder))


@pytest.mark.parametrize("name", STORES)
def test_stores(name: str, tmp_path: Path) -> None:
    check_store(built("store", name, Store, tmp_path))


@pytest.mark.parametrize("name", SINKS)
def test_sinks(name: str, tmp_path: Path) -> None:
    class Taking(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's word
            pass

    nobody = built("sink", name, Sink, tmp_path)
    with serving(Taking) as url:
        check_sink(
            lambda: plugins.build("sink", {**SINKS[name], "use": name, "url": url}, Sink), unreachable=nobody
        )
