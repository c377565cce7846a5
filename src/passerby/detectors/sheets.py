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
_ANYWHERE: Final = np.array([-np.inf, -np.inf, np.inf, np.inf])  # what is at an edge of the frame may go on
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
    canvas = np.full((sheet.size.height, sheet.size.width, 3), _GREY, np.uint8)
    for piece in sheet.pieces:
        right, bottom = piece.left + piece.size.width, piece.top + piece.size.height
        canvas[piece.top : bottom, piece.left : right] = crops[piece.crop].frame.bgr(piece.shown, piece.size)
    planes = cv2.split(canvas)
    for plane, channel in zip(reversed(planes) if contract.rgb else planes, on, strict=True):
        np.copyto(channel, plane)
        plane.fill(0)  # pixels do not outlive the call
    canvas.fill(0)
    if contract.unit != 1:
        on *= np.float32(contract.unit)


def take_back(raw: Raw, sheet: Sheet, crops: Sequence[Crop]) -> tuple[Raw, NDArray[np.intp]]:
    """What was found on a sheet, in px of the frames and inside the regions of crops, and which crop each is of.

    A box belongs to the crop that its centre lies in. One that reaches an edge of the region where the frame goes
    on is cut: who looks there wants the whole of it, and leaves it.
    """
    pieces = sheet.pieces
    corner = np.array([(piece.left, piece.top) for piece in pieces], np.float32)
    size = np.array([piece.size for piece in pieces], np.float32)
    shown = np.array([piece.shown for piece in pieces], np.float32)
    region = np.array([crops[piece.crop].region for piece in pieces], np.float32)
    frame = np.array([crops[piece.crop].frame.whole for piece in pieces], np.float32)
    scale = (shown[:, 2:] - shown[:, :2]) / size
    within = region + np.where(region == frame, _ANYWHERE, _CUT * np.hstack([scale, -scale]))

    middle = (raw.xyxy[:, None, :2] + raw.xyxy[:, None, 2:]) / 2
    owned, of = np.nonzero(((corner <= middle) & (middle < corner + size)).all(axis=2))
    xyxy = (raw.xyxy[owned].reshape(-1, 2, 2) - corner[of, None]) * scale[of, None] + shown[of, None, :2]
    low, high = region[of, :2], region[of, 2:]
    centre = xyxy.mean(axis=1)
    mine = (low <= centre) & (centre < high) & (xyxy[:, 0] > within[of, :2]) & (xyxy[:, 1] < within[of, 2:])
    kept = np.flatnonzero(mine.all(axis=1))
    clipped = np.clip(xyxy[kept], low[kept, None], high[kept, None]).reshape(-1, 4).astype(np.float32)
    rows = owned[kept]
    return Raw(clipped, raw.score[rows], raw.label[rows]), np.array([piece.crop for piece in pieces])[of[kept]]
