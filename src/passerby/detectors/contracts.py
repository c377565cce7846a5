"""The three kinds of ONNX graph that `onnx` reads: how a picture is laid out for each, and what its numbers mean.

============ ======================================= ===================================================
contract     picture                                 outputs
============ ======================================= ===================================================
yolox        BGR 0-255, top left, rest 114           1 x A x (5+C), not decoded: YOLOX, arXiv 2107.08430
detr         RGB 0-1, stretched                      labels, boxes, scores: RT-DETR, D-FINE, DEIM
yolo-generic RGB 0-1, centred, rest 114              1 x (4+C) x A or transposed: exports of v8 to 11
============ ======================================= ===================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Bgr, Size
from passerby.models.manifest import Contract as ContractName
from passerby.stages import Crop

Outputs = Mapping[str, NDArray[Any]]  # by the names of the graph
Placing = Literal["corner", "centre", "stretch"]

_STRIDES: Final = (8, 16, 32)
_GREY: Final = 114  # of the border, as the YOLO family is trained with


class Raw(NamedTuple):
    """What a model says of one picture: rows above a floor, in px of its input, classes as it numbers them."""

    xyxy: NDArray[np.float32]  # (n, 4)
    score: NDArray[np.float32]  # (n,)
    label: NDArray[np.intp]  # (n,)


class Fit(NamedTuple):
    """Where a crop lies in a detector's input: frame px = input px * scale + shift."""

    scale: tuple[float, float]
    shift: tuple[float, float]

    def to_frame(self, xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes (n, 4) in px of the input -> px of the frame."""
        return xyxy * np.array(self.scale * 2, np.float32) + np.array(self.shift * 2, np.float32)


Read = Callable[[Outputs, float], list[Raw]]  # outputs of one run, floor of the score -> one Raw a picture


@dataclass(frozen=True, slots=True)
class Contract:
    """How one kind of graph is fed and read."""

    name: ContractName
    rgb: bool
    unit: float  # what a pixel value is multiplied by
    placing: Placing
    score: float  # floor that suits it: low, for trackers use weak boxes too
    iou: float  # overlap above which two boxes of one kind are one
    reader: Callable[[Size], Read]


def lay_out(crop: Crop, size: Size, contract: Contract) -> tuple[Bgr, Fit]:
    """A crop at the size and place that a contract wants, as (height, width, 3) uint8 in BGR order."""
    region = crop.region
    if contract.placing == "stretch":
        scale = (region.size.width / size.width, region.size.height / size.height)
        return crop.frame.bgr(region, size), Fit(scale, (region.left, region.top))
    ratio = min(size.width / region.size.width, size.height / region.size.height, crop.scale)
    inner = Size(*(max(1, min(full, round(side * ratio))) for side, full in zip(region.size, size, strict=True)))
    canvas = np.full((size.height, size.width, 3), _GREY, np.uint8)
    centred = contract.placing == "centre"
    left, top = ((full - side) // 2 if centred else 0 for full, side in zip(size, inner, strict=True))
    canvas[top : top + inner.height, left : left + inner.width] = crop.frame.bgr(region, inner)
    scale = (region.size.width / inner.width, region.size.height / inner.height)
    return canvas, Fit(scale, (region.left - left * scale[0], region.top - top * scale[1]))


def tensor(pictures: list[Bgr], contract: Contract) -> NDArray[np.float32]:
    """Pictures of one size as a batch (n, 3, height, width) in the order and range that a contract wants."""
    batch = cv2.dnn.blobFromImages(pictures, scalefactor=contract.unit, swapRB=contract.rgb)
    return np.asarray(batch, np.float32)


def cells(size: Size) -> NDArray[np.float32]:
    """Left edge, top edge and stride (A, 3) of every cell of the grids of stride 8, 16 and 32, in that order."""
    grids = []
    for stride in _STRIDES:
        y, x = np.mgrid[: size.height // stride, : size.width // stride]
        grids.append(np.stack([x.ravel(), y.ravel(), np.ones(x.size)], axis=1) * stride)
    return np.concatenate(grids).astype(np.float32)


def _yolox(size: Size) -> Read:
    grid = cells(size)

    def read(outputs: Outputs, floor: float) -> list[Raw]:
        (output,) = outputs.values()
        return [one(picture, floor) for picture in output]

    def one(rows: NDArray[np.float32], floor: float) -> Raw:
        likely = np.flatnonzero(rows[:, 4] > floor)  # score = objectness x class <= objectness
        rows, cell = rows[likely], grid[likely]
        label = rows[:, 5:].argmax(axis=1)
        score = rows[:, 4] * rows[np.arange(len(rows)), 5 + label]
        rows, cell, label, score = (a[score > floor] for a in (rows, cell, label, score))
        centre = cell[:, :2] + rows[:, :2] * cell[:, 2:]
        half = np.exp(np.minimum(rows[:, 2:4], 20)) * cell[:, 2:] / 2
        return Raw(np.concatenate([centre - half, centre + half], axis=1), score, label)

    return read


def _detr(_size: Size) -> Read:
    def read(outputs: Outputs, floor: float) -> list[Raw]:
        columns = (outputs["boxes"], outputs["scores"], outputs["labels"])
        return [one(*picture, floor) for picture in zip(*columns, strict=True)]

    def one(xyxy: NDArray[np.float32], score: NDArray[np.float32], label: NDArray[Any], floor: float) -> Raw:
        sure = score > floor
        return Raw(xyxy[sure], score[sure], label[sure].astype(np.intp))

    return read


def _generic(size: Size) -> Read:
    anchors = len(cells(size))

    def read(outputs: Outputs, floor: float) -> list[Raw]:
        (output,) = outputs.values()
        upright = output if output.shape[2] == anchors else output.swapaxes(1, 2)
        return [one(picture, floor) for picture in upright]

    def one(columns: NDArray[np.float32], floor: float) -> Raw:
        label = columns[4:].argmax(axis=0)
        score = np.take_along_axis(columns[4:], label[None], axis=0)[0]
        sure = np.flatnonzero(score > floor)
        centre, half = columns[:2, sure].T, columns[2:4, sure].T / 2
        xyxy = np.ascontiguousarray(np.concatenate([centre - half, centre + half], axis=1))
        return Raw(xyxy, score[sure], label[sure])

    return read


YOLOX: Final = Contract("yolox", rgb=False, unit=1.0, placing="corner", score=0.1, iou=0.5, reader=_yolox)
DETR: Final = Contract("detr", rgb=True, unit=1 / 255, placing="stretch", score=0.15, iou=0.7, reader=_detr)
GENERIC: Final = Contract(
    "yolo-generic", rgb=True, unit=1 / 255, placing="centre", score=0.1, iou=0.5, reader=_generic
)
