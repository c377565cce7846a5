"""Contracts: where a crop lands in the input, and back again; and what the numbers mean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.detectors.contracts import DETR, GENERIC, YOLOX, Contract, cells, lay_out, tensor
from passerby.frame import Frame, Planes, Region, Size
from passerby.stages import Crop


def crop(size: tuple[int, int], region: Region | None = None, scale: float = 100.0, grey: int = 200) -> Crop:
    frame = Frame(Planes.from_bgr(np.full((size[1], size[0], 3), grey, np.uint8)), camera="", index=0, time_s=0)
    return Crop(frame, region or frame.whole, scale, 0.0)


def test_yolox_lies_top_left_and_the_rest_is_114() -> None:
    canvas, fit = lay_out(crop((100, 50)), Size(64, 64), YOLOX)
    assert canvas.shape == (64, 64, 3)
    assert np.abs(canvas[:32].astype(int) - 200).max() <= 2
    assert (canvas[32:] == 114).all()
    assert fit.to_frame(np.array([[0, 0, 64, 32]], np.float32))[0] == pytest.approx([0, 0, 100, 50])


def test_generic_lies_in_the_middle() -> None:
    canvas, fit = lay_out(crop((100, 50)), Size(64, 64), GENERIC)
    assert (canvas[:16] == 114).all()
    assert (canvas[48:] == 114).all()
    assert np.abs(canvas[16:48].astype(int) - 200).max() <= 2
    assert fit.to_frame(np.array([[0, 16, 64, 48]], np.float32))[0] == pytest.approx([0, 0, 100, 50])


def test_detr_is_stretched() -> None:
    canvas, fit = lay_out(crop((100, 50)), Size(64, 64), DETR)
    assert np.abs(canvas.astype(int) - 200).max() <= 2
    assert fit.to_frame(np.array([[0, 0, 64, 64]], np.float32))[0] == pytest.approx([0, 0, 100, 50])


def test_a_crop_is_not_enlarged_beyond_the_scale_that_suits_it() -> None:
    canvas, _ = lay_out(crop((100, 50), Region(10, 10, 20, 20), scale=2.0), Size(64, 64), YOLOX)
    assert np.abs(canvas[:20, :20].astype(int) - 200).max() <= 2
    assert (canvas[20:] == 114).all()


@given(
    st.sampled_from([YOLOX, GENERIC, DETR]),
    st.tuples(st.integers(2, 300), st.integers(2, 300)),
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)),
)
def test_what_fills_a_region_comes_back_as_the_region(
    contract: Contract, size: tuple[int, int], shares: tuple[float, float, float, float]
) -> None:
    left, right = sorted(round(s * (size[0] - 1)) for s in shares[:2])
    top, bottom = sorted(round(s * (size[1] - 1)) for s in shares[2:])
    region = Region(left, top, right + 1, bottom + 1)
    canvas, fit = lay_out(crop(size, region, grey=20), Size(96, 64), contract)
    assert canvas.shape == (64, 96, 3)
    rows, columns = np.nonzero(canvas[:, :, 0] < 60)
    filled = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], np.float32)
    assert fit.to_frame(filled)[0] == pytest.approx(list(region), abs=1e-3)


def test_channels_and_range() -> None:
    blue = np.zeros((2, 2, 3), np.uint8)
    blue[..., 0] = 255
    assert tensor([blue], YOLOX)[0, :, 0, 0].tolist() == [255, 0, 0]
    assert tensor([blue, blue], DETR)[1, :, 0, 0].tolist() == [0, 0, 1]


def test_cells_are_in_the_order_of_yolox() -> None:
    grid = cells(Size(416, 416))
    assert len(grid) == 3549
    assert grid[[0, 1, 52, 2704, 3548]].tolist() == [[0, 0, 8], [8, 0, 8], [0, 8, 8], [0, 0, 16], [384, 384, 32]]


def test_yolox_is_decoded() -> None:
    output = np.zeros((1, 84, 7), np.float32)  # 64 x 64: 64 + 16 + 4 cells; 2 classes
    output[0, 65] = [0.5, 0.25, np.log(2), np.log(3), 0.8, 0.1, 0.5]  # second cell of stride 16
    output[0, 3, 4] = 0.9  # objectness without a class
    (raw,) = YOLOX.reader(Size(64, 64))({"output": output}, 0.1)
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
    (raw,) = GENERIC.reader(Size(64, 64))({"output0": shown}, 0.1)
    assert raw.xyxy.tolist() == [[25, 16, 35, 24]]
    assert (raw.label.tolist(), raw.score.tolist()) == ([1], [pytest.approx(0.6)])


def test_detr_is_cut_at_the_floor() -> None:
    outputs = {
        "labels": np.array([[0, 2], [7, 7]]),
        "boxes": np.arange(16, dtype=np.float32).reshape(2, 2, 4),
        "scores": np.array([[0.5, 0.1], [0.05, 0.9]], np.float32),
    }
    first, second = DETR.reader(Size(64, 64))(outputs, 0.1)
    assert (first.label.tolist(), first.xyxy.tolist()) == ([0], [[0, 1, 2, 3]])
    assert (second.label.tolist(), second.xyxy.tolist()) == ([7], [[12, 13, 14, 15]])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_do_not_pass(bad: float) -> None:
    output = np.full((1, 84, 7), np.nan, np.float32)
    output[0, :, 2:4] = bad
    (raw,) = YOLOX.reader(Size(64, 64))({"output": output}, 0.1)
    assert len(raw.score) == 0
