"""A detector from an ONNX file: crops in, boxes of the closed list out, through ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from passerby.detections import Detections
from passerby.detectors.contracts import Fit, Outputs, Raw, lay_out, tensor
from passerby.detectors.graph import Graph, Port, picture_size, recognise
from passerby.detectors.labels import COCO, DROPPED, class_map, names_in
from passerby.detectors.suppress import suppress
from passerby.errors import ModelError
from passerby.frame import Size
from passerby.models import shelf
from passerby.models.manifest import Contract as ContractName
from passerby.stages import Crop

_PROVIDERS: Final = ("CUDAExecutionProvider", "CPUExecutionProvider")  # in order of preference
_BATCH: Final = 8  # pictures a run where the graph takes any number: more only costs memory
_FALLBACK: Final = Size(640, 640)  # for graphs that take a picture of any size
_FAILURES: Final[tuple[type[Exception], ...]] = (
    ort_errors.EPFail,
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NoModel,
    ort_errors.NoSuchFile,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
)


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
        self._session = _open(path, threads)
        metadata = self._session.get_modelmeta().custom_metadata_map
        names, chosen = _classes(classes, names_in(metadata))
        graph = Graph(str(path), _ports(self._session.get_inputs()), _ports(self._session.get_outputs()))
        size = picture_size(graph, _FALLBACK)
        self._name = path.stem
        self._batch = graph.inputs[0].shape[0]  # None: any number
        self._input_names = tuple(port.name for port in graph.inputs)
        self._output_names = tuple(port.name for port in graph.outputs)
        if len(graph.outputs) == 1 and None in graph.outputs[0].shape[1:]:
            graph = self._tried(graph, size)
        count = None if names is None else len(names)
        self._contract = recognise(graph, size, count, contract)
        try:
            self._class_map = class_map(names or COCO, chosen)
        except ValueError as error:
            raise ModelError(f"{path}: {error}.") from error
        self._input = size
        self._score = _share("score", self._contract.score if score is None else score)
        self._iou = _share("nms", self._contract.iou if nms is None else nms)
        self._read = self._contract.reader(size)

    @property
    def input(self) -> Size:
        """Width and height of the picture that the model wants, in px."""
        return self._input

    @property
    def name(self) -> str:
        """The model's file name without its ending."""
        return self._name

    @property
    def provider(self) -> str:
        """What really runs it, e.g. ``"CPUExecutionProvider"``."""
        return str(self._session.get_providers()[0])

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        """One `Detections` a crop, in order, boxes in pixels of the crop's frame and inside its region."""
        step = self._batch or _BATCH
        found: list[Detections] = []
        for start in range(0, len(crops), step):
            found += self._look(crops[start : start + step])
        return found

    def _look(self, crops: Sequence[Crop]) -> list[Detections]:
        laid = [lay_out(crop, self._input, self._contract) for crop in crops]
        raws = self._read(self._run(tensor([picture for picture, _ in laid], self._contract)), self._score)
        return [self._found(raw, fit, crop) for raw, (_, fit), crop in zip(raws, laid, crops, strict=False)]

    def _run(self, pictures: NDArray[np.float32]) -> Outputs:
        if self._batch is not None and len(pictures) < self._batch:
            blank = np.zeros((self._batch - len(pictures), *pictures.shape[1:]), np.float32)
            pictures = np.concatenate([pictures, blank])
        feed: dict[str, NDArray[Any]] = {self._input_names[0]: pictures}
        if len(self._input_names) > 1:
            # Boxes are wanted in px of the input, as the other contracts give them.
            height, width = pictures.shape[2:]
            feed[self._input_names[1]] = np.array([[width, height]] * len(pictures), np.int64)
        try:
            return dict(zip(self._output_names, self._session.run(self._output_names, feed), strict=True))
        except _FAILURES as error:
            raise ModelError(f"The model {self._name} failed: {_first_line(error)}.") from error

    def _found(self, raw: Raw, fit: Fit, crop: Crop) -> Detections:
        """Rows of a model as boxes of the closed list, in px of the frame."""
        wanted = (raw.label >= 0) & (raw.label < len(self._class_map)) & np.isfinite(raw.xyxy).all(axis=1)
        class_id = self._class_map[np.where(wanted, raw.label, 0)]
        wanted &= class_id != DROPPED
        corners = fit.to_frame(raw.xyxy[wanted]).reshape(-1, 2, 2)
        left, top, right, bottom = crop.region
        xyxy = np.clip(corners, (left, top), (right, bottom)).reshape(-1, 4).astype(np.float32)
        score, class_id = raw.score[wanted].astype(np.float32), class_id[wanted]
        return Detections(xyxy, score, class_id).keep(suppress(xyxy, score, class_id, self._iou))

    def _tried(self, graph: Graph, size: Size) -> Graph:
        """The graph with the shape that a blank picture gives, for files that leave the output's shape open."""
        blank = np.zeros((self._batch or 1, 3, size.height, size.width), np.float32)
        (output,) = self._run(blank).values()
        return replace(graph, outputs=(replace(graph.outputs[0], shape=output.shape),))


def _open(path: Path, threads: int) -> ort.InferenceSession:
    if threads < 1:
        raise ValueError(f"threads must be at least 1, not {threads}")
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # its complaints reach the caller as errors
    providers = [p for p in _PROVIDERS if p in ort.get_available_providers()]
    try:
        return ort.InferenceSession(str(path), options, providers=providers)
    except _FAILURES as error:
        raise ModelError(
            f"{path} cannot be read as an ONNX model: {_first_line(error)}.",
            "`passerby models pull yolox_nano` fetches one that can.",
        ) from error


def _ports(arguments: Sequence[Any]) -> tuple[Port, ...]:
    """ONNX Runtime's inputs or outputs; a side that is named, not numbered, is open."""
    return tuple(
        Port(a.name, tuple(side if isinstance(side, int) and side > 0 else None for side in a.shape), a.type)
        for a in arguments
    )


def _classes(
    given: Sequence[str] | Mapping[str, str] | None, in_file: tuple[str, ...] | None
) -> tuple[tuple[str, ...] | None, Mapping[str, str] | None]:
    """The model's class names, None for COCO's, and which of them were chosen, None for all."""
    if isinstance(given, Mapping):
        return in_file, given
    return (in_file if given is None else tuple(given)), None


def _share(name: str, value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must lie between 0 and 1, not {value}")
    return value


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
