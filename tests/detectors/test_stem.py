"""The stem of a YOLOX graph as one convolution: the same numbers, and every other graph left alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from graphs import write_blue, write_parted

from passerby.detectors.open_sides import open_sides
from passerby.detectors.runtime import Runtime
from passerby.detectors.stem import fold_stem


def says(path: Path, model: bytes, width: int, height: int) -> np.ndarray:
    picture = np.random.default_rng(2).uniform(0, 255, (1, 3, height, width)).astype(np.float32)
    (output,) = Runtime(path, 1, model).run(picture).values()
    return np.asarray(output)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2)])
def test_one_convolution_says_the_same(tmp_path: Path, order: tuple[int, ...]) -> None:
    path = write_parted(tmp_path / "parted.onnx", order=order)
    model = path.read_bytes()
    folded = fold_stem(model)
    assert b"Slice" not in folded
    for width, height in ((64, 32), (32, 96)):
        old, new = (says(path, each, width, height) for each in (model, folded))
        assert old.shape == new.shape == (1, 8, height // 2, width // 2)
        assert new == pytest.approx(old, rel=1e-4, abs=1e-2)


def test_layers_of_another_kind_are_left(tmp_path: Path) -> None:
    others = [
        write_parted(tmp_path / "a.onnx", step=3),
        write_parted(tmp_path / "b.onnx", pads=0),
        write_parted(tmp_path / "c.onnx", order=(0, 1, 2, 2)),
        write_blue(tmp_path / "d.onnx"),
    ]
    for path in others:
        assert fold_stem(path.read_bytes()) == path.read_bytes()


@pytest.mark.parametrize("model", [b"", b"\x0a", b"no model", bytes(100)])
def test_what_is_no_model_is_left(model: bytes) -> None:
    assert fold_stem(model) == model


@pytest.mark.clips
def test_a_real_model_says_the_same(assets: Path) -> None:
    path = assets / "models" / "yolox_nano.onnx"
    opened = open_sides(path.read_bytes())
    assert opened is not None
    folded = fold_stem(opened[0])
    assert folded != opened[0]
    old, new = (says(path, each, 192, 160) for each in (opened[0], folded))
    assert new == pytest.approx(old, abs=1e-3)
