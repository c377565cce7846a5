from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Detections, Tracks
from passerby.frame import Frame, Planes, Size
from passerby.ground import Ground
from passerby.pipeline import Camera
from passerby.records import Observation, Pass
from passerby.stages import Look, Scene, Sight

SIZE = Size(64, 48)


class Recorder:
    """A tracker and a measure that write down what they are told."""

    def __init__(self) -> None:
        self.sights: list[Sight] = []
        self.scenes: list[Scene] = []

    def predict(self, time_s: float) -> Tracks:
        return Tracks.empty()

    def update(self, told: Sight) -> Tracks:
        self.sights.append(told)
        return Tracks.empty()

    @property
    def measure(self) -> Measuring:
        return Measuring(self)


class Measuring:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def update(self, scene: Scene) -> list[Observation]:
        self._recorder.scenes.append(scene)
        return [Pass("gate", scene.time_s, Class.PERSON, "in")]


def frame(index: int, picture: NDArray[np.uint8] | None = None) -> Frame:
    if picture is None:
        picture = np.full((SIZE.height, SIZE.width, 3), 90, np.uint8)
    return Frame(Planes.from_bgr(picture), camera="a", index=index, time_s=index / 10)


def boxes(*rows: tuple[float, float, float, float]) -> Detections:
    n = len(rows)
    return Detections(
        np.array(rows, np.float32).reshape(-1, 4), np.full(n, 0.9, np.float32), np.zeros(n, np.uint8)
    )


def test_a_detector_is_asked_for_the_whole_picture() -> None:
    told = Recorder()
    camera = Camera("a", tracker=told, measures=[told.measure], looks_with=Size(32, 32))
    shown = frame(0)
    (crop,) = camera.ask(shown)
    assert crop.region == (0, 0, 64, 48)
    assert crop.scale == pytest.approx(0.5)
    step = camera.tell(shown, [Look(crop, boxes((1, 2, 3, 4)))])
    (sight,) = told.sights
    assert sight.looked.tolist() == [[0, 0, 64, 48]]
    assert sight.found.xyxy.tolist() == [[1, 2, 3, 4]]
    assert not sight.rough.any()
    assert [type(o) for o in step.observations] == [Pass]
    assert (step.health.frames, step.health.analysed, step.health.state) == (1, 1, "ok")


def test_a_look_that_was_dropped_says_nothing_about_absence() -> None:
    told = Recorder()
    camera = Camera("a", tracker=told, measures=[], looks_with=Size(32, 32))
    shown = frame(0)
    camera.ask(shown)
    camera.tell(shown, [])
    assert told.sights[0].looked.shape == (0, 4)


def test_without_a_detector_moving_blobs_are_what_is_found() -> None:
    told = Recorder()
    camera = Camera("a", tracker=told, measures=[told.measure], looks_with=None)
    rng = np.random.default_rng(1)
    still = rng.integers(80, 100, (SIZE.height, SIZE.width, 3), np.uint8)
    for index in range(60):
        picture = still.copy()
        if index >= 30:
            picture[20:40, index - 25 : index - 17] = 250
        shown = frame(index, picture)
        assert camera.ask(shown) == []
        camera.tell(shown, [])
        shown.close()
    last = told.sights[-1]
    assert last.looked.tolist() == [[0, 0, 64, 48]]
    assert len(last.found) >= 1
    assert last.rough.all()


def test_feet_are_told_in_metres_where_the_ground_is_known() -> None:
    told = Recorder()
    ground = Ground.fit([[0, 0, 0, 0], [1, 0, 4, 0], [1, 1, 4, 3], [0, 1, 0, 3]])
    camera = Camera("a", tracker=told, measures=[told.measure], looks_with=Size(32, 32), ground=ground)
    shown = frame(0)
    camera.tell(shown, [Look(camera.ask(shown)[0], boxes())])
    assert told.scenes[0].ground is not None
    assert told.scenes[0].ground.shape == (0, 2)
    assert told.scenes[0].aspect == pytest.approx(64 / 48)


def test_the_end_settles_with_an_empty_scene() -> None:
    told = Recorder()
    camera = Camera("a", tracker=told, measures=[told.measure], looks_with=Size(32, 32))
    step = camera.end(9.0)
    assert len(told.scenes[0].tracks) == len(told.scenes[0].looked) == 0
    assert told.scenes[0].over
    assert step.observations == (Pass("gate", 9.0, Class.PERSON, "in"),)


def test_a_stream_of_another_size_is_looked_at_anew() -> None:
    told = Recorder()
    camera = Camera("a", tracker=told, measures=[], looks_with=None)
    rng = np.random.default_rng(1)
    rich = rng.integers(0, 255, (48, 64, 3), np.uint8)  # full of texture; the second view is nearly flat
    plain = rng.integers(95, 110, (96, 128, 3), np.uint8)
    for index in range(90):
        picture = rich.copy() if index < 30 else plain.copy()
        if index >= 60:
            picture[40:80, 2 * index - 100 : 2 * index - 84] = 250
        shown = frame(index, picture)
        camera.ask(shown)
        step = camera.tell(shown, [])
        shown.close()
    assert step.health.state == "ok"
    assert len(told.sights[-1].found) >= 1
