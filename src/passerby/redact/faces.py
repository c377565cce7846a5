"""Finds faces so that they can be hidden: boxes only, from a YuNet model that lies on this machine.

YuNet (Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023) can also say where eyes and mouths
are; it is not asked.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.detectors.contracts import Outputs, cells
from passerby.detectors.runtime import Runtime
from passerby.frame import Frame, Size
from passerby.models import shelf

_STRIDES: Final = (8, 16, 32)
_ASKED: Final = tuple(f"{part}_{stride}" for part in ("cls", "obj", "bbox") for stride in _STRIDES)
_WIDTH: Final = 416  # px of its input; in a picture so wide it finds faces from about 10 px on
_SCORE: Final = 0.3  # low: a wall that is hidden by mistake hurts nobody


class Faces:
    """A YuNet model. Raises `ModelError` for a file that is missing, damaged or no YuNet."""

    def __init__(self, model: str | Path, *, threads: int = 1) -> None:
        path = shelf.path(model)
        self._runtime = Runtime(path, threads)
        graph = self._runtime.graph
        if not set(_ASKED) <= {port.name for port in graph.outputs}:
            raise graph.refused("it is no YuNet face detector", "Leave out --faces, or name a YuNet ONNX file.")
        height, width = graph.inputs[0].shape[2:] if len(graph.inputs[0].shape) == 4 else (None, None)
        self._fixed = Size(width, height) if width and height else None
        self.name = path.stem

    def find(self, frame: Frame) -> NDArray[np.float32]:
        """Boxes (n, 4) px of the frame around faces, some of them more than once."""
        scale = (self._fixed.width if self._fixed else min(_WIDTH, frame.size.width)) / frame.size.width
        if self._fixed:
            scale = min(scale, self._fixed.height / frame.size.height)
        shown = Size(*(max(round(side * scale), 1) for side in frame.size))
        size = self._fixed or Size(*(-(-side // _STRIDES[-1]) * _STRIDES[-1] for side in shown))
        picture = np.zeros((1, 3, size.height, size.width), np.float32)
        picture[0, :, : shown.height, : shown.width] = frame.bgr(frame.whole, shown).transpose(2, 0, 1)
        try:
            found = _boxes(self._runtime.run(picture, _ASKED), size)
        finally:
            picture.fill(0)  # pixels do not outlive the call
        return (found / scale).astype(np.float32)


def _boxes(outputs: Outputs, size: Size) -> NDArray[np.float32]:
    """Boxes (n, 4) px of the input, from the rows of all strides."""
    kind, there, box = (
        np.concatenate([outputs[f"{part}_{stride}"][0] for stride in _STRIDES]) for part in ("cls", "obj", "bbox")
    )
    score = np.sqrt(np.clip(kind[:, 0], 0, 1) * np.clip(there[:, 0], 0, 1))
    rows = np.flatnonzero(score > _SCORE)
    cell, box = cells(size, rows), box[rows]
    centre = cell[:, :2] + box[:, :2] * cell[:, 2:]
    half = np.exp(np.minimum(box[:, 2:], 20)) * cell[:, 2:] / 2
    return np.concatenate([centre - half, centre + half], axis=1).astype(np.float32)


def lying_about(folder: Path | None = None) -> Path | None:
    """A YuNet file in the folder of models, known by its name; None if there is none."""
    there = sorted((folder or shelf.folder()).glob("*yunet*.onnx"))
    return there[0] if there else None
