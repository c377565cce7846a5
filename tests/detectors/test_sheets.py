"""Sheets: where crops land on the inputs of a detector, and how boxes come back from there."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from passerby.detectors.contracts import DETR, GENERIC, YOLOX, Contract, Raw
from passerby.detectors.sheets import Sheet, draw, lay_out, take_back
from passerby.frame import Frame, Planes, Region, Size
from passerby.stages import Crop

CONTRACTS = st.sampled_from([YOLOX, GENERIC, DETR])


def crop(size: tuple[int, int], region: Region | None = None, scale: float = 100.0, grey: int = 200) -> Crop:
    frame = Frame(Planes.from_bgr(np.full((size[1], size[0], 3), grey, np.uint8)), camera="", index=0, time_s=0)
    return Crop(frame, region or frame.whole, scale, 0.0)


def drawn(sheet: Sheet, crops: list[Crop], contract: Contract) -> NDArray[np.float32]:
    """(height, width) of the first channel, 0-255."""
    on = np.full((3, sheet.size.height, sheet.size.width), np.nan, np.float32)
    draw(sheet, crops, contract, on)
    grey: NDArray[np.float32] = on[0] / np.float32(contract.unit)
    return grey


def back(sheet: Sheet, crops: list[Crop], *boxes: Sequence[float]) -> list[tuple[int, list[list[float]]]]:
    xyxy = np.array(boxes, np.float32).reshape(-1, 4)
    raw = Raw(xyxy, np.ones(len(xyxy), np.float32), np.zeros(len(xyxy), np.intp))
    found, of = take_back(raw, sheet, crops)
    return [(piece.crop, found.xyxy[of == piece.crop].tolist()) for piece in sheet.pieces]


def test_yolox_lies_top_left_and_the_rest_is_114() -> None:
    crops = [crop((100, 50))]
    (sheet,) = lay_out(crops, Size(64, 64), YOLOX, resizable=False)
    canvas = drawn(sheet, crops, YOLOX)
    assert canvas.shape == (64, 64)
    assert np.abs(canvas[:32] - 200).max() <= 2
    assert (canvas[32:] == 114).all()
    assert back(sheet, crops, [0, 0, 64, 32]) == [(0, [[0, 0, 100, 50]])]


def test_a_model_of_any_size_gets_no_letterbox() -> None:
    crops = [crop((768, 576))]
    (sheet,) = lay_out(crops, Size(416, 416), YOLOX, resizable=True)
    assert sheet.size == (416, 320)
    assert sheet.pieces[0].size == (416, 312)


def test_generic_lies_in_the_middle() -> None:
    crops = [crop((100, 50))]
    (sheet,) = lay_out(crops, Size(64, 64), GENERIC, resizable=False)
    canvas = drawn(sheet, crops, GENERIC)
    assert canvas[:16] == pytest.approx(114)
    assert canvas[48:] == pytest.approx(114)
    assert np.abs(canvas[16:48] - 200).max() <= 2
    assert back(sheet, crops, [0, 16, 64, 48]) == [(0, [[0, 0, 100, 50]])]


def test_detr_is_stretched() -> None:
    crops = [crop((100, 50))]
    (sheet,) = lay_out(crops, Size(64, 64), DETR, resizable=False)
    assert np.abs(drawn(sheet, crops, DETR) - 200).max() <= 2
    assert back(sheet, crops, [0, 0, 64, 64]) == [(0, [[0, 0, 100, 50]])]


@pytest.mark.parametrize("contract", [YOLOX, GENERIC, DETR])
def test_a_crop_is_not_enlarged_beyond_the_scale_that_suits_it(contract: Contract) -> None:
    crops = [crop((100, 100), Region(0, 0, 10, 10), scale=2.0)]
    (sheet,) = lay_out(crops, Size(96, 96), contract, resizable=False)
    (piece,) = sheet.pieces
    canvas = drawn(sheet, crops, contract)
    assert piece.shown == (0, 0, 16, 16)  # whole cells of 4 px, and one more on two sides
    assert piece.size == (32, 32)
    assert np.abs(canvas[:32, :32] - 200).max() <= 2
    assert canvas[32:] == pytest.approx(114)


@given(st.tuples(st.integers(0, 150), st.integers(0, 150)), st.integers(1, 40), st.floats(0.5, 4.0))
def test_the_same_place_is_seen_through_the_same_cells_wherever_its_piece_lies(
    corner: tuple[int, int], side: int, scale: float
) -> None:
    region = Region(*corner, corner[0] + side, corner[1] + side)
    crops = [crop((200, 200), region, scale), crop((100, 100), Region(20, 20, 60, 70), 1.0)]
    for sheet in lay_out(crops, Size(416, 416), YOLOX, resizable=True):
        for piece in sheet.pieces:
            pitch = 2 * math.ceil(4 / crops[piece.crop].scale - 0.25)  # px of the frame on 8 px of the sheet
            inner = piece.shown.right < crops[piece.crop].frame.size.width
            assert not inner or piece.size.width * pitch == 8 * piece.shown.size.width
            assert (piece.left % 8, piece.top % 8) == (0, 0)
            assert (piece.shown.left % pitch, piece.shown.top % pitch) == (0, 0)


@given(
    CONTRACTS,
    st.tuples(st.integers(2, 300), st.integers(2, 300)),
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)),
    st.booleans(),
)
def test_what_fills_a_region_comes_back_as_the_region(
    contract: Contract, size: tuple[int, int], shares: tuple[float, float, float, float], resizable: bool
) -> None:
    left, right = sorted(round(s * (size[0] - 1)) for s in shares[:2])
    top, bottom = sorted(round(s * (size[1] - 1)) for s in shares[2:])
    region = Region(left, top, right + 1, bottom + 1)
    crops = [crop(size, region, grey=20)]
    (sheet,) = lay_out(crops, Size(96, 64), contract, resizable=resizable)
    rows, columns = np.nonzero(drawn(sheet, crops, contract) < 60)
    (piece,) = sheet.pieces
    filled = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert filled == (piece.left, piece.top, piece.left + piece.size.width, piece.top + piece.size.height)
    shown, whole = np.array(piece.shown), np.array(crops[0].frame.whole)
    assert (shown[:2] <= region[:2]).all()
    assert (shown[2:] >= region[2:]).all()
    # The middle half of the region, which no edge cuts, in px of the sheet.
    per_px = np.array([*piece.shown.size] * 2) / np.array([*piece.size] * 2)
    inset = np.array([1, 1, -1, -1]) * np.array([*region.size] * 2) / 4
    box = (np.array(region) + inset - np.tile(shown[:2], 2)) / per_px + np.tile((piece.left, piece.top), 2)
    found = back(sheet, crops, box.tolist())
    if (np.abs(inset) > 1.1 * per_px)[np.array(region) != whole].all():
        assert found[0][1][0] == pytest.approx(np.array(region) + inset, abs=1e-2)


def test_channels_and_range() -> None:
    blue = np.zeros((8, 8, 3), np.uint8)
    blue[..., 0] = 255
    frame = Frame(Planes.from_bgr(blue), camera="", index=0, time_s=0)
    crops = [Crop(frame, frame.whole, 100.0, 0.0)]
    for contract, colour in ((YOLOX, (255, 0, 0)), (DETR, (0, 0, 1))):
        (sheet,) = lay_out(crops, Size(32, 32), contract, resizable=False)
        on = np.empty((3, 32, 32), np.float32)
        draw(sheet, crops, contract, on)
        assert on[:, 0, 0] == pytest.approx(colour, abs=0.02 * max(colour))


def test_pieces_of_several_frames_share_a_sheet_and_do_not_mix() -> None:
    crops = [crop((200, 100), Region(20 * i, 10, 20 * i + 20, 50), 1.0, grey=30 * i) for i in range(6)]
    (sheet,) = lay_out(crops, Size(416, 416), YOLOX, resizable=True)
    canvas = drawn(sheet, crops, YOLOX)
    for piece in sheet.pieces:
        inside = canvas[piece.top : piece.top + piece.size.height, piece.left : piece.left + piece.size.width]
        assert np.abs(inside - 30 * piece.crop).max() <= 2


def test_a_box_belongs_to_the_piece_that_its_centre_lies_in() -> None:
    crops = [crop((300, 300), Region(100, 100, 140, 140), 1.0), crop((300, 300), Region(0, 0, 40, 40), 1.0)]
    (sheet,) = lay_out(crops, Size(96, 64), YOLOX, resizable=False)
    first, second = sheet.pieces
    boxes = [
        [x + p.left - p.shown.left for x in (at + 5, at + 15)]
        + [y + p.top - p.shown.top for y in (at + 5, at + 25)]
        for p, at in ((first, 100), (second, 0))
    ]
    boxes = [[left, top, right, bottom] for left, right, top, bottom in boxes]
    assert back(sheet, crops, *boxes) == [(0, [[105, 105, 115, 125]]), (1, [[5, 5, 15, 25]])]
    beyond = float(second.left + 41)  # in what is shown around the second
    assert back(sheet, crops, [beyond, 0, beyond + 2, 8]) == [(0, []), (1, [])]


def test_a_box_that_an_inner_edge_cuts_is_left_out_and_one_at_the_frame_s_edge_is_not() -> None:
    crops = [crop((100, 100), Region(0, 0, 50, 50), 1.0)]
    (sheet,) = lay_out(crops, Size(64, 64), YOLOX, resizable=True)
    assert back(sheet, crops, [-3, -3, 20, 20], [30, 10, 49.5, 30], [10, 30, 20, 55], [10, 10, 47, 48]) == [
        (0, [[0, 0, 20, 20], [10, 10, 47, 48]])
    ]


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(1, 90)), max_size=8), CONTRACTS, st.booleans())
def test_every_crop_is_on_one_sheet_once(
    sizes: list[tuple[int, int]], contract: Contract, resizable: bool
) -> None:
    crops = [crop((100, 100), Region(5, 5, 5 + w, 5 + h), 1.0) for w, h in sizes]
    sheets = lay_out(crops, Size(64, 96), contract, resizable=resizable)
    assert sorted(piece.crop for sheet in sheets for piece in sheet.pieces) == list(range(len(crops)))


def test_a_tile_as_large_as_the_input_is_not_shrunk_for_what_is_around_it() -> None:
    crops = [crop((400, 400), Region(64, 64, 160, 160), 1.0)]
    (sheet,) = lay_out(crops, Size(96, 96), YOLOX, resizable=True)
    assert sheet.pieces[0].shown == crops[0].region
    assert sheet.pieces[0].size == sheet.size == (96, 96)
