"""Tries out what a graph does that its file does not tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.detectors.contracts import Contract, Raw, anchors, cells
from passerby.detectors.graph import Graph
from passerby.detectors.runtime import Runtime
from passerby.errors import ModelError
from passerby.frame import Size
from passerby.rectangles import overlaps

SMALL: Final = Size(128, 128)  # large enough to hold the patch, and different from what any model is made for
_WIDE: Final = Size(224, 160)
_PATCH: Final = slice(32, 96)  # px: rows and columns of what is shown; beyond lies grey
_ALIKE: Final = 0.7  # mean overlap of one cell's boxes on two sheets; what lies around a cell tells a little


def tried(runtime: Runtime, size: Size) -> Graph:
    """The graph with the shapes of its outputs that a blank picture gives, for files that leave them open."""
    blank = np.zeros((runtime.graph.inputs[0].shape[0] or 1, 3, size.height, size.width), np.float32)
    outputs = runtime.run(blank)
    ports = tuple(replace(port, shape=outputs[port.name].shape) for port in runtime.graph.outputs)
    return replace(runtime.graph, outputs=ports)


def takes_any_size(runtime: Runtime, contract: Contract) -> bool:
    """Whether each cell of a graph says the same of one content, however large the sheet around it is.

    Two sheets of unlike sizes show the same patch at the same place. A graph that carries numbers for one size,
    such as places of cells or of a transformer's queries, fails on one of them or says something else.
    """
    if contract.name == "detr":
        return False
    try:
        one, other = (_patch_boxes(runtime, contract, size) for size in (SMALL, _WIDE))
    except (ModelError, ValueError, IndexError):
        return False
    return len(one) == len(other) > 0 and float(np.diag(overlaps(one, other)).mean()) >= _ALIKE


def _patch_boxes(runtime: Runtime, contract: Contract, size: Size) -> NDArray[np.float32]:
    """The boxes (n, 4) of the cells on the patch, finest grid first, line by line."""
    sheet = np.full((runtime.graph.inputs[0].shape[0] or 1, 3, size.height, size.width), 114, np.float32)
    y, x = np.mgrid[:64, :64] / 8
    waves = [np.sin(x * (x + shift) / 8) * np.cos(y * (y - shift) / 8 + shift) for shift in range(3)]
    sheet[:, :, _PATCH, _PATCH] = 127 + 127 * np.stack(waves)
    raw: Raw = contract.read(runtime.run(sheet * np.float32(contract.unit)), size, -1.0)[0]
    cell = cells(size, np.arange(anchors(size)))
    on_patch = ((cell[:, :2] >= _PATCH.start) & (cell[:, :2] < _PATCH.stop) & (cell[:, 2:] < 32)).all(axis=1)
    return raw.xyxy[on_patch]
