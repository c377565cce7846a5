"""One ONNX graph, loaded and ready to run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from passerby.detectors.contracts import Outputs
from passerby.detectors.graph import Graph, Port
from passerby.errors import ModelError

_PROVIDERS: Final = ("CUDAExecutionProvider", "CPUExecutionProvider")  # in order of preference
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


class Runtime:
    """A graph in ONNX Runtime, from a file or, where `model` is given, from these bytes instead of the file's.

    Raises `ModelError` for what cannot be read, and from `run` for what fails.
    """

    def __init__(self, path: Path, threads: int, model: bytes | None = None) -> None:
        if threads < 1:
            raise ValueError(f"threads must be at least 1, not {threads}")
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4  # its complaints reach the caller as errors
        # Planning which values share memory takes half of the start where shapes are open, and saves nothing.
        options.enable_mem_reuse = model is None
        try:
            self._session = ort.InferenceSession(model or str(path), options, providers=_providers())
        except _FAILURES as error:
            raise ModelError(
                f"{path} cannot be read as an ONNX model: {_first_line(error)}.",
                "`passerby models pull yolox_nano` fetches one that can.",
            ) from error
        self._path = path
        self.graph = Graph(str(path), _ports(self._session.get_inputs()), _ports(self._session.get_outputs()))
        self.metadata: dict[str, str] = self._session.get_modelmeta().custom_metadata_map
        # How many pictures a run takes, None for any number.
        self.batch = self.graph.inputs[0].shape[0] if self.graph.inputs and self.graph.inputs[0].shape else None
        self._output_names = [port.name for port in self.graph.outputs]

    @property
    def provider(self) -> str:
        """What really runs it, e.g. ``"CPUExecutionProvider"``."""
        return str(self._session.get_providers()[0])

    def run(self, pictures: NDArray[np.float32], names: Sequence[str] | None = None) -> Outputs:
        """The outputs, by name, for pictures (n, 3, height, width): all of them, or those of these names."""
        wanted = list(names or self._output_names)
        feed: dict[str, NDArray[Any]] = {self.graph.inputs[0].name: pictures}
        if len(self.graph.inputs) > 1:
            # Boxes are wanted in px of the input, as the other contracts give them.
            height, width = pictures.shape[2:]
            feed[self.graph.inputs[1].name] = np.array([[width, height]] * len(pictures), np.int64)
        try:
            return dict(zip(wanted, self._session.run(wanted, feed), strict=True))
        except _FAILURES as error:
            raise ModelError(f"The model {self._path.stem} failed: {_first_line(error)}.") from error


def on_cpu() -> bool:
    """Whether graphs will run on a processor, where every pixel less counts."""
    return _providers()[0] == "CPUExecutionProvider"


def _providers() -> list[str]:
    return [p for p in _PROVIDERS if p in ort.get_available_providers()]


def _ports(arguments: Sequence[Any]) -> tuple[Port, ...]:
    """ONNX Runtime's inputs or outputs; a side that is named, not numbered, is open."""
    return tuple(
        Port(a.name, tuple(side if isinstance(side, int) and side > 0 else None for side in a.shape), a.type)
        for a in arguments
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
