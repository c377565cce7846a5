"""What a detector was shown is counted exactly, at its own door and at ONNX Runtime's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
from graphs import generic, write_graph

from passerby.bench.looks import Looks, model_runs
from passerby.bench.stopwatch import Stopwatch
from passerby.detections import Detections
from passerby.detectors.onnx import Onnx
from passerby.frame import Frame, Planes, Region
from passerby.stages import Crop


def crop(index: int, region: Region | None = None) -> Crop:
    frame = Frame(Planes.from_bgr(np.zeros((96, 192, 3), np.uint8)), camera="", index=index, time_s=0)
    return Crop(frame, region or frame.whole, 1.0, 0.0)


def nothing(crops: Sequence[Crop]) -> list[Detections]:
    return [Detections.empty() for _ in crops]


def test_frames_and_their_shares() -> None:
    looks = Looks()
    detect = looks.noting(nothing)
    whole, half, quarter = crop(0), crop(1), crop(2, Region(0, 0, 96, 48))
    detect([whole])
    detect([])
    assert len(detect([quarter, Crop(quarter.frame, Region(96, 0, 192, 48), 1.0, 0.0)])) == 2
    assert (looks.frames, looks.wholes) == (2, 1.5)
    detect([half])
    assert (looks.frames, looks.wholes) == (3, 2.5)


def test_every_input_of_a_model_is_counted(tmp_path: Path) -> None:
    model = Onnx(write_graph(tmp_path / "mine.onnx", {"output0": generic([])}))
    looks, ticks = Looks(), iter(range(100))
    watch = Stopwatch(lambda: float(next(ticks)))
    door = ort.InferenceSession.run
    with model_runs(watch, looks):
        model.detect([crop(0), crop(0)])
    assert looks.input_pixels == looks.inputs * 96 * 96 > 0
    assert watch.spent_s()["detect"] == looks.inputs  # one tick of this clock a run
    assert ort.InferenceSession.run is door


def test_the_door_is_as_it_was_after_a_failure() -> None:
    door = ort.InferenceSession.run
    with pytest.raises(ZeroDivisionError), model_runs(Stopwatch(), Looks()):
        raise ZeroDivisionError
    assert ort.InferenceSession.run is door
