"""Writes tiny ONNX files for tests: graphs whose outputs are given numbers, whatever they are shown.

Only the handful of protobuf fields that such a graph needs (onnx.proto, IR version 8, opset 13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Shape = tuple[int | str, ...]  # a word is an open side
_FLOAT, _INT64 = 1, 7


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _value(name: str, shape: Shape, kind: int) -> bytes:
    sides = b"".join(_bytes(1, _bytes(2, s) if isinstance(s, str) else _number(1, s)) for s in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, sides)))


def _kind(array: NDArray[np.generic]) -> int:
    return _INT64 if array.dtype == np.int64 else _FLOAT


def write_graph(
    path: Path,
    outputs: Mapping[str, NDArray[np.generic]],
    *,
    picture: Shape = (1, 3, 96, 96),
    sizes: bool = False,
    declared: Mapping[str, Shape] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """A graph that takes `images` (and `orig_target_sizes`) and gives `outputs`; `declared` are their shapes."""
    nodes, constants, values = b"", b"", b""
    for name, array in outputs.items():
        nodes += _bytes(1, _bytes(1, f"{name}.held") + _bytes(2, name) + _bytes(4, "Identity"))
        sides = b"".join(_number(1, side) for side in array.shape)
        constants += _bytes(
            5, sides + _number(2, _kind(array)) + _bytes(8, f"{name}.held") + _bytes(9, array.tobytes())
        )
        values += _bytes(12, _value(name, (declared or {}).get(name, array.shape), _kind(array)))
    inputs = _bytes(11, _value("images", picture, _FLOAT))
    if sizes:
        inputs += _bytes(11, _value("orig_target_sizes", ("n", 2), _INT64))
    graph = nodes + _bytes(2, "test") + constants + inputs + values
    props = b"".join(_bytes(14, _bytes(1, k) + _bytes(2, v)) for k, v in (metadata or {}).items())
    path.write_bytes(_number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, "") + _number(2, 13)) + props)
    return path


def generic(rows: Sequence[tuple[float, ...]], *, classes: int = 80, side: int = 96) -> NDArray[np.float32]:
    """An output 1 x (4 + classes) x A with rows (cx, cy, w, h, class, score)."""
    anchors = sum((side // stride) ** 2 for stride in (8, 16, 32))
    out = np.zeros((1, 4 + classes, anchors), np.float32)
    for column, (cx, cy, w, h, label, score) in enumerate(rows):
        out[0, :4, column] = cx, cy, w, h
        out[0, 4 + int(label), column] = score
    return out
