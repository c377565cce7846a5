"""Contracts: what the numbers of a graph mean."""

from __future__ import annotations

import numpy as np
import pytest

from passerby.detectors.contracts import DETR, GENERIC, YOLOX, anchors, cells
from passerby.frame import Size


def test_cells_are_in_the_order_of_yolox() -> None:
    assert anchors(Size(416, 416)) == 3549
    assert cells(Size(416, 416), np.array([0, 1, 52, 2704, 3548])).tolist() == [
        [0, 0, 8],
        [8, 0, 8],
        [0, 8, 8],
        [0, 0, 16],
        [384, 384, 32],
    ]


def test_yolox_is_decoded() -> None:
    output = np.zeros((1, 84, 7), np.float32)  # 64 x 64: 64 + 16 + 4 cells; 2 classes
    output[0, 65] = [0.5, 0.25, np.log(2), np.log(3), 0.8, 0.1, 0.5]  # second cell of stride 16
    output[0, 3, 4] = 0.9  # objectness without a class
    (raw,) = YOLOX.read({"output": output}, Size(64, 64), 0.1)
    assert raw.label.tolist() == [1]
    assert raw.score == pytest.approx([0.4])
    centre, size = np.array([16 + 8, 4]), np.array([32, 48])
    assert raw.xyxy[0] == pytest.approx([*(centre - size / 2), *(centre + size / 2)])


@pytest.mark.parametrize("is_transposed", [False, True])
def test_generic_is_read_either_way_round(is_transposed: bool) -> None:
    output = np.zeros((1, 6, 84), np.float32)
    output[0, :, 7] = [30, 20, 10, 8, 0.2, 0.6]
    output[0, :, 9] = [1, 1, 1, 1, 0.05, 0.0]
    shown = output.swapaxes(1, 2) if is_transposed else output
    (raw,) = GENERIC.read({"output0": shown}, Size(64, 64), 0.1)
    assert raw.xyxy.tolist() == [[25, 16, 35, 24]]
    assert (raw.label.tolist(), raw.score.tolist()) == ([1], [pytest.approx(0.6)])


def test_detr_is_cut_at_the_floor() -> None:
    outputs = {
        "labels": np.array([[0, 2], [7, 7]]),
        "boxes": np.arange(16, dtype=np.float32).reshape(2, 2, 4),
        "scores": np.array([[0.5, 0.1], [0.05, 0.9]], np.float32),
    }
    first, second = DETR.read(outputs, Size(64, 64), 0.1)
    assert (first.label.tolist(), first.xyxy.tolist()) == ([0], [[0, 1, 2, 3]])
    assert (second.label.tolist(), second.xyxy.tolist()) == ([7], [[12, 13, 14, 15]])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_do_not_pass(bad: float) -> None:
    output = np.full((1, 84, 7), np.nan, np.float32)
    output[0, :, 2:4] = bad
    (raw,) = YOLOX.read({"output": output}, Size(64, 64), 0.1)
    assert len(raw.score) == 0
