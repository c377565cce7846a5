"""Opening the sides of a graph: any size afterwards, the same numbers as before, and no harm to other files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from graphs import Shape, generic, write_blue, write_graph
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from passerby.detectors.open_sides import open_sides
from passerby.detectors.runtime import Runtime


def test_a_graph_made_for_one_size_takes_any(tmp_path: Path) -> None:
    file = write_blue(tmp_path / "blue.onnx", side=96)
    opened = open_sides(file.read_bytes())
    assert opened is not None
    model, size = opened
    assert size == (96, 96)
    fixed, free = Runtime(file, 1), Runtime(file, 1, model)
    assert free.graph.inputs[0].shape == (1, 3, None, None)
    picture = np.random.default_rng(0).uniform(0, 255, (1, 3, 96, 96)).astype(np.float32)
    assert np.array_equal(free.run(picture)["output"], fixed.run(picture)["output"])
    assert free.run(picture[:, :, :32, :64])["output"].shape == (1, 32 + 8 + 2, 6)
    assert free.metadata == fixed.metadata != {}


def test_what_is_open_already_or_no_single_picture_in_and_out_is_left(tmp_path: Path) -> None:
    rows = generic([])
    two = {"output0": rows, "output1": rows}
    cases: list[tuple[dict[str, NDArray[np.float32]], Shape]] = [
        ({"output0": rows}, (1, 3, "h", "w")),
        (two, (1, 3, 96, 96)),
        ({"output0": rows}, (1, 27)),
    ]
    for number, (outputs, picture) in enumerate(cases):
        file = write_graph(tmp_path / f"{number}.onnx", outputs, picture=picture)
        assert open_sides(file.read_bytes()) is None


@given(st.binary(max_size=300))
def test_what_is_no_model_is_left(content: bytes) -> None:
    assert open_sides(content) is None


@given(st.integers(0, 10_000))
def test_a_file_that_breaks_off_is_left(tmp_path_factory: pytest.TempPathFactory, end: int) -> None:
    file = tmp_path_factory.getbasetemp() / "blue.onnx"
    whole = file.read_bytes() if file.is_file() else write_blue(file).read_bytes()
    assert open_sides(whole[: end % (len(whole) - 200)]) is None
