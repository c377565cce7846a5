"""Lays pieces of frames out on the inputs of a detector, and takes the boxes found there back to the frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.detectors.contracts import Contract, Raw
from passerby.frame import Size
from passerby.pack import pack
from passerby.stages import Crop

GRID: Final = 32  # px: the coarsest stride of the models read here
_GUTTER: Final = 8  # px
_RUN: Final = 4000  # px: what a run costs beside its pixels
_GREY: Final = 114  # of what no crop covers, as the YOLO family is trained with
_CUT: Final = 2.0  # px: a box that comes closer to an inner edge is taken to go on behind it


class Piece(NamedTuple):
    """Where a crop lies on a sheet, in px of the sheet."""

    crop: int  # its place among the crops
    left: int
    top: int
    size: Size


class Sheet(NamedTuple):
    """One input of the detector."""

    size: Size
    pieces: tuple[Piece, ...]


def lay_out(crops: Sequence[Crop], largest: Size, contract: Contract, *, resizable: bool) -> list[Sheet]:
    """The sheets that hold all crops, each at the scale that suits it or as large as a sheet can be."""
    wanted = [Size(*(max(1, round(side * c.scale)) for side in c.region.size)) for c in crops]
    alone = (
        [] if resizable else [i for i, (w, h) in enumerate(wanted) if w >= largest.width or h >= largest.height]
    )
    sheets = [Sheet(largest, (_alone(i, crops[i], largest, contract),)) for i in alone]
    rest = [i for i in range(len(crops)) if i not in alone]
    packing = pack([wanted[i] for i in rest], largest=largest, grid=GRID if resizable else None, gutter=_GUTTER)
    pieces: list[list[Piece]] = [[] for _ in packing.sheets]
    for i, spot in zip(rest, packing.spots, strict=True):
        pieces[spot.sheet].append(Piece(i, spot.left, spot.top, Size(spot.width, spot.height)))
    return sheets + [Sheet(Size(*size), tuple(on)) for size, on in zip(packing.sheets, pieces, strict=True)]


def _alone(crop: int, shown: Crop, sheet: Size, contract: Contract) -> Piece:
    """A crop that fills a sheet, as the model was trained to see one."""
    if contract.placing == "stretch":
        return Piece(crop, 0, 0, sheet)
    region = shown.region.size
    ratio = min(sheet.width / region.width, sheet.height / region.height)
    inner = Size(*(max(1, min(full, round(side * ratio))) for side, full in zip(region, sheet, strict=True)))
    if contract.placing == "corner":
        return Piece(crop, 0, 0, inner)
    return Piece(crop, (sheet.width - inner.width) // 2, (sheet.height - inner.height) // 2, inner)


def draw(sheet: Sheet, crops: Sequence[Crop], contract: Contract, on: NDArray[np.float32]) -> None:
    """Fill (3, height, width) with the pieces of a sheet in the order and range that a contract wants."""
    on.fill(_GREY * contract.unit)
    for crop, left, top, size in sheet.pieces:
        shown = crops[crop]
        planes = cv2.split(shown.frame.bgr(shown.region, size))
        for plane, spot in zip(reversed(planes) if contract.rgb else planes, on, strict=True):
            np.multiply(
                plane, np.float32(contract.unit), out=spot[top : top + size.height, left : left + size.width]
            )


def take_back(raw: Raw, sheet: Sheet, crops: Sequence[Crop]) -> list[tuple[int, Raw]]:
    """For each crop on the sheet what was found in it, in px of its frame and inside its region.

    A box belongs to the piece that its centre lies in. One that reaches an edge of its region where the frame goes
    on is cut: who looks there wants the whole, and leaves it.
    """
    centre = (raw.xyxy[:, :2] + raw.xyxy[:, 2:]) / np.float32(2)
    return [(p.crop, _back(raw, centre, p, crops[p.crop])) for p in sheet.pieces]


def _back(raw: Raw, centre: NDArray[np.float32], piece: Piece, crop: Crop) -> Raw:
    low, size = np.array([piece.left, piece.top], np.float32), np.array(piece.size, np.float32)
    mine = np.flatnonzero(((centre >= low) & (centre < low + size)).all(axis=1))
    scale = np.array(crop.region.size, np.float32) / size
    region = np.array(crop.region, np.float32)
    corners = (raw.xyxy[mine].reshape(-1, 2, 2) - low) * scale + region[:2]
    xyxy = np.clip(corners, region[:2], region[2:]).reshape(-1, 4)
    near = np.abs(xyxy - region) < _CUT * np.tile(scale, 2)
    inner = region != np.array(crop.frame.whole, np.float32)
    whole = ~(near & inner).any(axis=1)
    kept = mine[whole]
    return Raw(xyxy[whole], raw.score[kept], raw.label[kept])
