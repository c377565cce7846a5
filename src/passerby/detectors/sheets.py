"""Lays pieces of frames out on the inputs of a detector, and takes the boxes found there back to the frames."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, inf
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.detectors.contracts import Contract, Raw
from passerby.frame import Canvas, Region, Size
from passerby.pack import Room, pack
from passerby.stages import Crop

_GRID: Final = 32  # px: the coarsest stride of the models read here
_SKIRT: Final = 2  # px: of its own frame around a crop at least, which keeps others away better than grey does
_CELL: Final = 8  # px: the finest stride of the models read here, and the lattice on which pieces lie
_FINER: Final = 0.5  # px of the frame by which a cell may show less than the scale asks for
_CUT: Final = 1.0  # px: a box that comes this close to an inner edge is taken to go on behind it
_ANYWHERE: Final = (-inf, -inf, inf, inf)  # what is at an edge of the frame may go on
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

    Crops share sheets, whatever frames they are of. Their frames are divided into squares that are shown on one
    cell of the model's finest grid each, and a piece is made of whole squares: so the same place of a picture is
    seen through the same cells wherever its piece lies, and its boxes do not waver from look to look. What room
    is left shows more of the frame around a crop. On sheets of one size a crop that spans the whole of it stands
    alone, placed as the model was trained to see one.
    """
    cuts = [_cut(crop, largest) for crop in crops]
    spanning = [not resizable and _spans(crop, largest) for crop in crops]
    alone = [i for i, spans in enumerate(spanning) if spans]
    shared = [i for i, spans in enumerate(spanning) if not spans]
    packing = pack([cuts[i].size for i in shared], largest=largest, grid=_GRID if resizable else None)
    pieces: list[list[Piece]] = [[] for _ in packing.sheets]
    for i, room in zip(shared, packing.rooms, strict=True):
        pieces[room.sheet].append(_in_room(i, crops[i], cuts[i], room))
    return [Sheet(largest, (_alone(i, crops[i], largest, contract),)) for i in alone] + [
        Sheet(Size(*size), tuple(on)) for size, on in zip(packing.sheets, pieces, strict=True)
    ]


class _Cut(NamedTuple):
    """What is shown of a frame for a crop, and how large."""

    shown: Region  # px of the frame
    scale: float  # sheet px per frame px
    pitch: int  # frame px that are shown on one cell of the lattice; 0: a whole picture, which needs none

    @property
    def size(self) -> Size:
        """Px of the sheet that it needs."""
        if not self.pitch:
            return Size(*(max(1, round(side * self.scale)) for side in self.shown.size))
        return Size(*(-(-side // self.pitch) * _CELL for side in self.shown.size))


def _cut(crop: Crop, largest: Size) -> _Cut:
    """A crop widened to whole cells of the lattice, at the next coarser scale that fits colour and a sheet.

    Colour is stored for squares of 2 px, so a cell shows an even number of px.
    """
    if crop.region == crop.frame.whole:
        return _Cut(crop.region, crop.scale, 0)
    fits = max(1, *(-(-_CELL * side // most) for side, most in zip(crop.region.size, largest, strict=True)))
    pitch = 2 * ceil(max(_CELL / crop.scale - _FINER, fits) / 2)
    while True:
        skirt = _SKIRT * pitch // _CELL if pitch > fits else 0
        low = (max(edge - skirt, 0) // pitch * pitch for edge in crop.region[:2])
        high = (
            min(-(-(edge + skirt) // pitch) * pitch, full)
            for edge, full in zip(crop.region[2:], crop.frame.size, strict=True)
        )
        cut = _Cut(Region(*low, *high), _CELL / pitch, pitch)
        if cut.size.width <= largest.width and cut.size.height <= largest.height:
            return cut
        pitch += 2


def _in_room(number: int, crop: Crop, cut: _Cut, room: Room) -> Piece:
    """A crop with a cell more of its frame on each side where its room holds it."""
    edges, scale = list(cut.shown), cut.scale * room.scale
    size = []
    for axis, within in enumerate((room.width, room.height)):
        low, high, full = edges[axis], edges[axis + 2], crop.frame.size[axis]
        spare = (within - cut.size[axis]) // _CELL if cut.pitch else 0
        if spare and low:
            low, spare = low - cut.pitch, spare - 1
        if spare:
            high = min(high + cut.pitch, full)
        edges[axis], edges[axis + 2] = low, high
        size.append(max(1, min(within, round((high - low) * scale))))
    return Piece(number, Region(*edges), room.left, room.top, Size(*size))


def _spans(crop: Crop, sheet: Size) -> bool:
    """Whether a crop at its scale is as long as a sheet."""
    return any(round(side * crop.scale) >= most for side, most in zip(crop.region.size, sheet, strict=True))


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
    canvas = Canvas(sheet.size)
    canvas.fill(_GREY)
    for piece in sheet.pieces:
        at = Region(piece.left, piece.top, piece.left + piece.size.width, piece.top + piece.size.height)
        crops[piece.crop].frame.show(piece.shown, canvas, at)
    picture = canvas.bgr()
    colours = cv2.split(picture)  # twice as fast as having numpy take them apart
    for plane, colour in zip(on, reversed(colours) if contract.rgb else colours, strict=True):
        np.copyto(plane, colour)
    canvas.fill(0)
    for pixels in (picture, *colours):
        pixels.fill(0)  # they do not outlive the call
    if contract.unit != 1:
        on *= np.float32(contract.unit)


def take_back(raw: Raw, sheet: Sheet, crops: Sequence[Crop]) -> tuple[Raw, NDArray[np.intp]]:
    """What was found on a sheet, in px of the frames and inside the regions of crops, and which crop each is of.

    A box belongs to the crop that its centre lies in. One that reaches an edge of the region where the frame goes
    on is cut: who looks there wants the whole of it, and leaves it.
    """
    inside, of = _owners(raw.xyxy, sheet)
    places = np.array([_place(piece, crops[piece.crop]) for piece in sheet.pieces], np.float32).reshape(-1, 7, 2)
    corner, scale, shown, low, high, above, below = places[of].swapaxes(0, 1)
    near, far = ((ends[inside] - corner) * scale + shown for ends in (raw.xyxy[:, :2], raw.xyxy[:, 2:]))
    centre = (near + far) / 2
    mine = (low <= centre) & (centre < high) & (near > above) & (far < below)
    kept = (mine[:, 0] & mine[:, 1]).nonzero()[0]
    low, high, rows = low[kept], high[kept], inside[kept]
    clipped = np.concatenate([np.clip(ends[kept], low, high) for ends in (near, far)], axis=1)
    return Raw(clipped, raw.score[rows], raw.label[rows]), np.array([p.crop for p in sheet.pieces])[of[kept]]


def _owners(boxes: NDArray[np.float32], sheet: Sheet) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which boxes (n, 4) px have their middle on a piece, and on which."""
    low = np.array([(piece.left, piece.top) for piece in sheet.pieces], np.float32)
    high = low + np.array([piece.size for piece in sheet.pieces], np.float32)
    middle = (boxes[:, None, :2] + boxes[:, None, 2:]) / 2
    within = (low <= middle) & (middle < high)
    row, of = (within[..., 0] & within[..., 1]).nonzero()
    return row, of


def _place(piece: Piece, crop: Crop) -> tuple[float, ...]:
    """Corner on the sheet; frame px per sheet px; corner of what is shown; the region; where a box may end."""
    shown, region, whole = piece.shown, crop.region, crop.frame.whole
    across, down = (full / side for full, side in zip(shown.size, piece.size, strict=True))
    off = (_CUT * across, _CUT * down, -_CUT * across, -_CUT * down)
    within = (
        far if edge == end else edge + by for edge, end, far, by in zip(region, whole, _ANYWHERE, off, strict=True)
    )
    return (piece.left, piece.top, across, down, *shown[:2], *region, *within)
