"""Lays pieces of frames out on the inputs of a detector, and takes the boxes found there back to the frames."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.detectors.contracts import Contract, Raw
from passerby.frame import Region, Size
from passerby.pack import Room, pack
from passerby.stages import Crop

_GRID: Final = 32  # px: the coarsest stride of the models read here
_SKIRT: Final = 4  # px: of its own frame around a crop, which keeps other crops away better than grey does
_MORE: Final = 12  # px: the same where the sheet has room; beyond that nothing is gained (docs/decisions/0007)
_CUT: Final = 1.0  # px: a box that comes this close to an inner edge is taken to go on behind it
_GREY: Final = 114  # of what no crop covers, as the YOLO family is trained with


class Piece(NamedTuple):
    """A crop on a sheet, with what is shown around it."""

    crop: int  # its place among the crops
    shown: Region  # px of the frame: the crop's region or more
    left: int  # px of the sheet
    top: int
    size: Size


class Sheet(NamedTuple):
    """One input of the detector."""

    size: Size
    pieces: tuple[Piece, ...]


def lay_out(crops: Sequence[Crop], largest: Size, contract: Contract, *, resizable: bool) -> list[Sheet]:
    """The sheets that hold all crops, each at the scale that suits it or as large as a sheet can be.

    Crops share sheets, whatever frames they are of. What room is left shows more of the frame around a crop. On
    sheets of one size a crop that spans the whole of it stands alone, placed as the model was trained to see one.
    """
    needed = [_needed(crop, largest) for crop in crops]
    spanning = [not resizable and (w >= largest.width or h >= largest.height) for w, h in needed]
    alone = [i for i, spans in enumerate(spanning) if spans]
    shared = [i for i, spans in enumerate(spanning) if not spans]
    packing = pack([needed[i] for i in shared], largest=largest, grid=_GRID if resizable else None)
    pieces: list[list[Piece]] = [[] for _ in packing.sheets]
    for i, room in zip(shared, packing.rooms, strict=True):
        pieces[room.sheet].append(_in_room(i, crops[i], room))
    return [Sheet(largest, (_alone(i, crops[i], largest, contract),)) for i in alone] + [
        Sheet(Size(*size), tuple(on)) for size, on in zip(packing.sheets, pieces, strict=True)
    ]


def _needed(crop: Crop, largest: Size) -> Size:
    """Px of a sheet for a crop at its scale, with its skirt where that does not make it too large."""
    skirt = ceil(_SKIRT / crop.scale)
    sides = []
    for low, high, full, most in zip(crop.region[:2], crop.region[2:], crop.frame.size, largest, strict=True):
        bare = round((high - low) * crop.scale)
        dressed = round((min(full, high + skirt) - max(0, low - skirt)) * crop.scale)
        sides.append(max(1, bare, min(dressed, most)))
    return Size(*sides)


def _in_room(number: int, crop: Crop, room: Room) -> Piece:
    """A crop with what its room holds of the frame around it."""
    scale = crop.scale * room.scale
    spans, size = [], []
    for axis, within in enumerate((room.width, room.height)):
        low, high, full = crop.region[axis], crop.region[axis + 2], crop.frame.size[axis]
        length = max(high - low, min(full, int(within / scale), high - low + int(2 * _MORE / scale)))
        start = min(max(0, low - (length - (high - low)) // 2), full - length)
        spans.append((start, start + length))
        size.append(max(1, min(within, round(length * scale))))
    (left, right), (top, bottom) = spans
    return Piece(number, Region(left, top, right, bottom), room.left, room.top, Size(*size))


def _alone(number: int, crop: Crop, sheet: Size, contract: Contract) -> Piece:
    """A crop that spans a sheet, as the model was trained to see one."""
    if contract.placing == "stretch":
        return Piece(number, crop.region, 0, 0, sheet)
    region = crop.region.size
    ratio = min(sheet.width / region.width, sheet.height / region.height)
    inner = Size(*(max(1, min(full, round(side * ratio))) for side, full in zip(region, sheet, strict=True)))
    if contract.placing == "corner":
        return Piece(number, crop.region, 0, 0, inner)
    return Piece(number, crop.region, (sheet.width - inner.width) // 2, (sheet.height - inner.height) // 2, inner)


def draw(sheet: Sheet, crops: Sequence[Crop], contract: Contract, on: NDArray[np.float32]) -> None:
    """Fill (3, height, width) with the pieces of a sheet in the order and range that a contract wants."""
    on.fill(_GREY * contract.unit)
    for piece in sheet.pieces:
        planes = cv2.split(crops[piece.crop].frame.bgr(piece.shown, piece.size))
        rows, columns = (
            slice(at, at + side) for at, side in ((piece.top, piece.size.height), (piece.left, piece.size.width))
        )
        for plane, channel in zip(reversed(planes) if contract.rgb else planes, on, strict=True):
            np.multiply(plane, np.float32(contract.unit), out=channel[rows, columns])


def take_back(raw: Raw, sheet: Sheet, crops: Sequence[Crop]) -> list[tuple[int, Raw]]:
    """For each crop on the sheet what was found in it, in px of its frame and inside its region.

    A box belongs to the crop that its centre lies in. One that reaches an edge of the region where the frame goes
    on is cut: who looks there wants the whole of it, and leaves it.
    """
    return [(piece.crop, _back(raw, piece, crops[piece.crop])) for piece in sheet.pieces]


def _back(raw: Raw, piece: Piece, crop: Crop) -> Raw:
    scale = np.array(piece.shown.size, np.float32) / np.array(piece.size, np.float32)
    shift = np.array(piece.shown[:2], np.float32) - np.array((piece.left, piece.top), np.float32) * scale
    xyxy = raw.xyxy * np.tile(scale, 2) + np.tile(shift, 2)
    region, frame = np.array(crop.region, np.float32), np.array(crop.frame.whole, np.float32)
    slack = np.where(region == frame, np.inf, -_CUT * np.tile(scale, 2)).astype(np.float32)
    low, high = region[:2], region[2:]
    centre = (xyxy[:, :2] + xyxy[:, 2:]) / np.float32(2)
    inside = (centre >= low) & (centre < high)
    whole = (xyxy[:, :2] > low - slack[:2]) & (xyxy[:, 2:] < high + slack[2:])
    mine = np.flatnonzero((inside & whole).all(axis=1))
    kept = np.clip(xyxy[mine].reshape(-1, 2, 2), low, high).reshape(-1, 4)
    return Raw(kept, raw.score[mine], raw.label[mine])
