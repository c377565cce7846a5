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

import numpy as np
from numpy.typing import NDArray

from passerby.frame import Size
from passerby.models.manifest import Contract as ContractName

Outputs = Mapping[str, NDArray[Any]]  # by the names of the graph
Placing = Literal["corner", "centre", "stretch"]

_STRIDES: Final = (8, 16, 32)
_GREY: Final = 114  # of the border, as the YOLO family is trained with


class Raw(NamedTuple):
    """What a model says of one picture: rows above a floor, in px of its input, classes as it numbers them."""

    xyxy: NDArray[np.float32]  # (n, 4)
    score: NDArray[np.float32]  # (n,)
    label: NDArray[np.intp]  # (n,)


# Outputs of one run, size of the pictures in px, floor of the score -> one Raw a picture.
Read = Callable[[Outputs, Size, float], list[Raw]]


@dataclass(frozen=True, slots=True)
class Contract:
    """How one kind of graph is fed and read."""

    name: ContractName
    rgb: bool
    unit: float  # what a pixel value is multiplied by
    placing: Placing
    score: float  # floor that suits it: low, for trackers use weak boxes too
    iou: float  # overlap above which two boxes of one kind are one
    read: Read


def anchors(size: Size) -> int:
    """How many cells the grids of stride 8, 16 and 32 have on a picture; one row of the output each."""
    return sum((size.width // stride) * (size.height // stride) for stride in _STRIDES)


def cells(size: Size, rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """Left edge, top edge and stride (n, 3) in px of cells given by rows: finest grid first, line by line."""
    counts = [(size.width // stride) * (size.height // stride) for stride in _STRIDES]
    begins = np.array([sum(counts[:level]) for level in range(len(counts))])
    level = begins.searchsorted(rows, side="right") - 1
    stride = np.array(_STRIDES)[level]
    y, x = np.divmod(rows - begins[level], size.width // stride)
    found = np.empty((len(rows), 3), np.float32)
    found[:, 0], found[:, 1], found[:, 2] = x * stride, y * stride, stride
    return found


def _yolox(outputs: Outputs, size: Size, floor: float) -> list[Raw]:
    (output,) = outputs.values()
    return [_yolox_picture(rows, size, floor) for rows in output]


def _yolox_picture(rows: NDArray[np.float32], size: Size, floor: float) -> Raw:
    likely = np.flatnonzero(rows[:, 4] > floor)  # score = objectness x class <= objectness
    rows = rows[likely]
    label = rows[:, 5:].argmax(axis=1)
    score = rows[:, 4] * rows[np.arange(len(rows)), 5 + label]
    sure = score > floor
    rows, label, score, cell = rows[sure], label[sure], score[sure], cells(size, likely[sure])
    centre = cell[:, :2] + rows[:, :2] * cell[:, 2:]
    half = np.exp(np.minimum(rows[:, 2:4], 20)) * cell[:, 2:] / 2
    return Raw(np.concatenate([centre - half, centre + half], axis=1), score, label)


def _detr(outputs: Outputs, _size: Size, floor: float) -> list[Raw]:
    columns = (outputs["boxes"], outputs["scores"], outputs["labels"])
    return [_detr_picture(*picture, floor) for picture in zip(*columns, strict=True)]


def _detr_picture(xyxy: NDArray[np.float32], score: NDArray[np.float32], label: NDArray[Any], floor: float) -> Raw:
    sure = score > floor
    return Raw(xyxy[sure], score[sure], label[sure].astype(np.intp))


def _generic(outputs: Outputs, size: Size, floor: float) -> list[Raw]:
    (output,) = outputs.values()
    upright = output if output.shape[2] == anchors(size) else output.swapaxes(1, 2)
    return [_generic_picture(columns, floor) for columns in upright]


def _generic_picture(columns: NDArray[np.float32], floor: float) -> Raw:
    label = columns[4:].argmax(axis=0)
    score = np.take_along_axis(columns[4:], label[None], axis=0)[0]
    sure = np.flatnonzero(score > floor)
    centre, half = columns[:2, sure].T, columns[2:4, sure].T / 2
    xyxy = np.ascontiguousarray(np.concatenate([centre - half, centre + half], axis=1))
    return Raw(xyxy, score[sure], label[sure])


YOLOX: Final = Contract("yolox", rgb=False, unit=1.0, placing="corner", score=0.1, iou=0.5, read=_yolox)
DETR: Final = Contract("detr", rgb=True, unit=1 / 255, placing="stretch", score=0.15, iou=0.7, read=_detr)
GENERIC: Final = Contract(
    "yolo-generic", rgb=True, unit=1 / 255, placing="centre", score=0.1, iou=0.5, read=_generic
)
