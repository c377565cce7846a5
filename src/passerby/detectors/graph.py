"""Tells from a graph's inputs and outputs which contract it keeps, and refuses every other graph by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from passerby.detectors.contracts import DETR, GENERIC, YOLOX, Contract, anchors
from passerby.errors import ModelError
from passerby.frame import Size
from passerby.models.manifest import Contract as ContractName

Shape = tuple[int | None, ...]  # None: any

_READ = (
    "passerby reads yolox (1 x A x 85, not decoded), detr (labels, boxes, scores) and yolo-generic (1 x 84 x A), "
    "with as many more or fewer columns as there are other classes than 80."
)
_TASKS = "Export the plain detector: no masks, keypoints, rotated boxes or end-to-end head."


@dataclass(frozen=True, slots=True)
class Port:
    """One input or output of a graph."""

    name: str
    shape: Shape
    type: str  # ONNX Runtime's word, e.g. "tensor(float)"

    def __str__(self) -> str:
        return f"{self.name} {' x '.join('?' if side is None else str(side) for side in self.shape)}"


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph as its file describes it."""

    file: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]

    def refused(self, why: str, hint: str = _READ) -> ModelError:
        """The error that says what was found."""
        found = f"inputs {', '.join(map(str, self.inputs))}; outputs {', '.join(map(str, self.outputs))}"
        return ModelError(f"{self.file}: {why} ({found}).", hint)


def picture_size(graph: Graph, fallback: Size) -> Size:
    """The picture that a graph wants; where it takes any, the fallback. Raises `ModelError` if it wants none."""
    picture = graph.inputs[0] if graph.inputs else None
    if picture is None or len(picture.shape) != 4 or picture.shape[1] != 3 or picture.type != "tensor(float)":
        raise graph.refused("it is no detector that passerby reads: its first input is not 1 x 3 x H x W floats")
    height, width = picture.shape[2:]
    size = Size(width or fallback.width, height or fallback.height)
    if size.width % 32 or size.height % 32:
        raise graph.refused("the sides of its picture are no multiples of 32")
    return size


def recognise(graph: Graph, size: Size, classes: int | None, asked: ContractName | Literal["auto"]) -> Contract:
    """The contract that a graph keeps.

    `classes` is how many there are, None if nobody said; the outputs must agree. Raises `ModelError` for a
    graph that keeps none, or another than was asked for.
    """
    found = _recognise(graph, size, classes)
    if asked not in ("auto", found.name):
        raise graph.refused(f"it keeps the contract {found.name}, not {asked}")
    return found


def _recognise(graph: Graph, size: Size, classes: int | None) -> Contract:
    names = {port.name for port in graph.outputs}
    if names == {"labels", "boxes", "scores"}:
        if [port.name for port in graph.inputs[1:]] != ["orig_target_sizes"]:
            raise graph.refused(
                "a graph with labels, boxes and scores must take orig_target_sizes beside its picture"
            )
        shapes = {port.name: port.shape for port in graph.outputs}
        if not (len(shapes["labels"]) == len(shapes["scores"]) == 2 and shapes["boxes"][2:] in ((4,), (None,))):
            raise graph.refused("a box has one label, one score and four numbers, and here it has more or fewer")
        return DETR
    if any(len(port.shape) == 2 for port in graph.outputs):
        raise graph.refused("an output has one row a picture, as embeddings have; passerby recognises nobody")
    if len(graph.inputs) != 1 or len(graph.outputs) != 1:
        raise graph.refused(
            "it has more inputs or outputs than a detector that passerby reads", f"{_READ} {_TASKS}"
        )
    shape = graph.outputs[0].shape
    cells = anchors(size)
    if len(shape) != 3 or cells not in shape[1:] or None in shape[1:]:
        raise graph.refused(f"its output is not 1 x {cells} x (5 + classes) or 1 x (4 + classes) x {cells}")
    rows, columns = shape[1:]
    width = columns if rows == cells else rows
    assert width is not None
    count = 80 if classes is None else classes
    if rows == cells and width == 5 + count:
        return YOLOX
    if width == 4 + count:
        return GENERIC
    raise graph.refused(f"its output does not fit {count} classes", f"Name its classes, in order. {_TASKS}")
