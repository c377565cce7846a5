"""Trying graphs out: which may be shown pictures of any size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from graphs import generic, write_blue, write_graph

from passerby.detectors.contracts import DETR, GENERIC, YOLOX
from passerby.detectors.open_sides import open_sides
from passerby.detectors.probe import takes_any_size, tried
from passerby.detectors.runtime import Runtime
from passerby.frame import Size


def opened(file: Path) -> Runtime:
    model = open_sides(file.read_bytes())
    assert model is not None
    return Runtime(file, 1, model[0])


@pytest.mark.parametrize(
    ("is_bound", "wanders", "any_size"), [(False, False, 1), (True, False, 0), (False, True, 0)]
)
def test_a_graph_that_says_the_same_on_every_sheet(
    tmp_path: Path, is_bound: bool, wanders: bool, any_size: bool
) -> None:
    runtime = opened(write_blue(tmp_path / "blue.onnx", bound=is_bound, wandering=wanders))
    assert takes_any_size(runtime, YOLOX) == any_size


def test_a_graph_that_says_the_same_whatever_it_is_shown(tmp_path: Path) -> None:
    runtime = opened(write_graph(tmp_path / "held.onnx", {"output0": generic([])}))
    assert not takes_any_size(runtime, GENERIC)


def test_queries_are_made_for_one_size(tmp_path: Path) -> None:
    assert not takes_any_size(opened(write_blue(tmp_path / "blue.onnx")), DETR)


def test_shapes_left_open_are_tried(tmp_path: Path) -> None:
    graph = tried(opened(write_blue(tmp_path / "blue.onnx")), Size(64, 32))
    assert graph.outputs[0].shape == (1, 42, 6)
    fixed = {"output0": np.zeros((1, 84, 189), np.float32)}
    file = write_graph(tmp_path / "open.onnx", fixed, declared={"output0": ("n", 84, "a")})
    assert tried(Runtime(file, 1), Size(96, 96)).outputs[0].shape == (1, 84, 189)
