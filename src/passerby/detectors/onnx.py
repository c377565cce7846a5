"""A detector from an ONNX file: crops in, boxes of the closed list out, through ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np

from passerby.detections import Detections
from passerby.detectors.contracts import Contract, Raw
from passerby.detectors.graph import picture_size, recognise
from passerby.detectors.labels import COCO, DROPPED, class_map, names_in
from passerby.detectors.open_sides import open_sides
from passerby.detectors.probe import SMALL, takes_any_size, tried
from passerby.detectors.runtime import Runtime, on_cpu
from passerby.detectors.sheets import Sheet, draw, lay_out, take_back
from passerby.detectors.stem import fold_stem
from passerby.detectors.suppress import suppress
from passerby.errors import ModelError
from passerby.frame import Size
from passerby.models import shelf
from passerby.models.manifest import Contract as ContractName
from passerby.stages import Crop

_BATCH: Final = 8  # sheets a run where the graph takes any number: more only costs memory
_FALLBACK: Final = Size(640, 640)  # for graphs that take a picture of any size


class Onnx:
    """Finds road users with an ONNX model that keeps one of three contracts (see `contracts`).

    `model`: a model's name, or the path of an ONNX file.
    `score`: floor of the score, 0-1; low, for weak boxes keep a track alive; default by contract.
    `nms`: overlap (IoU, 0-1) above which two boxes are one road user; default by contract.
    `classes`: the model's class names in order, or a table from its names or numbers to passerby's classes;
        default: what the file says, else COCO's 80.
    `threads`: threads of one run; one is the best use of many cameras' cores.
    `contract`: how its numbers are read; auto reads it from the graph.

    Raises `ModelError` for a file that is missing, damaged or no such detector.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        score: float | None = None,
        nms: float | None = None,
        classes: Sequence[str] | Mapping[str, str] | None = None,
        threads: int = 1,
        contract: ContractName | Literal["auto"] = "auto",
    ) -> None:
        path = shelf.path(model)
        self._name = path.stem
        loaded = _any_size(path, threads, classes, contract) or _one_size(path, threads, classes, contract)
        self._runtime, self._contract, self._input, self._resizable = loaded
        try:
            self._class_map = class_map(*_named(classes, self._runtime))
        except ValueError as error:
            raise ModelError(f"{path}: {error}.") from error
        self._score = _share("score", self._contract.score if score is None else score)
        self._iou = _share("nms", self._contract.iou if nms is None else nms)

    @property
    def input(self) -> Size:
        """Width and height in px of the picture that the model was made for; no input is ever larger."""
        return self._input

    @property
    def name(self) -> str:
        """The model's file name without its ending."""
        return self._name

    @property
    def provider(self) -> str:
        """What really runs it, e.g. ``"CPUExecutionProvider"``."""
        return self._runtime.provider

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        """One `Detections` a crop, in order, boxes in pixels of the crop's frame and inside its region.

        The crops are packed into as few and as small inputs as will hold them. A box that an inner edge of its
        region cuts is left out.
        """
        if not crops:
            return []
        found = [Detections.empty()] * len(crops)
        for batch in self._batches(lay_out(crops, self._input, self._contract, resizable=self._resizable)):
            for sheet, raw in zip(batch, self._look(batch, crops), strict=False):
                for crop, boxes in self._found(raw, sheet, crops):
                    found[crop] = boxes
        return found

    def _batches(self, sheets: Sequence[Sheet]) -> list[list[Sheet]]:
        """Sheets of one size that go into one run."""
        most = 1 if self._resizable else self._runtime.batch or _BATCH
        return [list(sheets[start : start + most]) for start in range(0, len(sheets), most)]

    def _look(self, batch: Sequence[Sheet], crops: Sequence[Crop]) -> list[Raw]:
        size = batch[0].size
        pictures = np.empty((self._runtime.batch or len(batch), 3, size.height, size.width), np.float32)
        pictures[len(batch) :] = 0
        for sheet, on in zip(batch, pictures, strict=False):
            draw(sheet, crops, self._contract, on)
        try:
            return self._contract.read(self._runtime.run(pictures), size, self._score)
        finally:
            pictures.fill(0)  # pixels do not outlive the call

    def _found(self, raw: Raw, sheet: Sheet, crops: Sequence[Crop]) -> Iterator[tuple[int, Detections]]:
        """Rows of a model as boxes of the closed list, crop by crop."""
        wanted = (raw.label >= 0) & (raw.label < len(self._class_map)) & np.isfinite(raw.xyxy.sum(axis=1))
        wanted[wanted] = self._class_map[raw.label[wanted]] != DROPPED
        known = Raw(raw.xyxy[wanted], raw.score[wanted], raw.label[wanted])
        mine, of = take_back(known, sheet, crops)
        class_id = self._class_map[mine.label]
        kept = suppress(mine.xyxy, mine.score, class_id, self._iou, of)
        found, of = Detections(mine.xyxy, mine.score.astype(np.float32), class_id).keep(kept), of[kept]
        for piece in sheet.pieces:
            yield piece.crop, found.keep(of == piece.crop)


_Classes = Sequence[str] | Mapping[str, str] | None


class _Loaded(NamedTuple):
    runtime: Runtime
    contract: Contract
    input: Size
    resizable: bool


def _any_size(
    path: Path, threads: int, classes: _Classes, asked: ContractName | Literal["auto"]
) -> _Loaded | None:
    """A model made for one size, opened for any; None where that cannot be or does not pay."""
    opened = open_sides(path.read_bytes()) if on_cpu() else None
    if opened is None:
        return None
    model, made_for = opened
    try:
        runtime = Runtime(path, threads, fold_stem(model))
        size = picture_size(runtime.graph, made_for)
        contract = recognise(tried(runtime, SMALL), SMALL, _count(classes, runtime), asked)
    except ModelError:
        return None  # if more is wrong than the size, `_one_size` says what
    return _Loaded(runtime, contract, size, True) if takes_any_size(runtime, contract) else None


def _one_size(path: Path, threads: int, classes: _Classes, asked: ContractName | Literal["auto"]) -> _Loaded:
    """A model as its file has it."""
    runtime = Runtime(path, threads)
    graph = runtime.graph
    size = picture_size(graph, _FALLBACK)
    if len(graph.outputs) == 1 and None in graph.outputs[0].shape[1:]:
        graph = tried(runtime, size)
    contract = recognise(graph, size, _count(classes, runtime), asked)
    is_open = graph.inputs[0].shape[2:] == (None, None) and on_cpu()
    return _Loaded(runtime, contract, size, is_open and takes_any_size(runtime, contract))


def _named(given: _Classes, runtime: Runtime) -> tuple[Sequence[str], Mapping[str, str] | None]:
    """The model's class names, and which of them were chosen, None for all."""
    names, chosen = _classes(given, names_in(runtime.metadata))
    return names or COCO, chosen


def _count(given: _Classes, runtime: Runtime) -> int | None:
    """How many classes there are, None if nobody said."""
    names, _ = _classes(given, names_in(runtime.metadata))
    return None if names is None else len(names)


def _classes(
    given: _Classes, in_file: tuple[str, ...] | None
) -> tuple[tuple[str, ...] | None, Mapping[str, str] | None]:
    """The model's class names, None for COCO's, and which of them were chosen, None for all."""
    if isinstance(given, Mapping):
        return in_file, given
    return (in_file if given is None else tuple(given)), None


def _share(name: str, value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must lie between 0 and 1, not {value}")
    return value
