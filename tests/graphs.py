"""Writes tiny ONNX files for tests: graphs whose outputs are given numbers, whatever they are shown.

Only the handful of protobuf fields that such a graph needs (onnx.proto, IR version 8, opset 13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passerby.detectors.protobuf import counted, written

Shape = tuple[int | str, ...]  # a word is an open side
_FLOAT, _INT64 = 1, 7


def _bytes(field: int, value: bytes | str) -> bytes:
    return written(field, value.encode() if isinstance(value, str) else value)


def _value(name: str, shape: Shape, kind: int) -> bytes:
    sides = b"".join(_bytes(1, _bytes(2, s) if isinstance(s, str) else counted(1, s)) for s in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, counted(1, kind) + _bytes(2, sides)))


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
        sides = b"".join(counted(1, side) for side in array.shape)
        constants += _bytes(
            5, sides + counted(2, _kind(array)) + _bytes(8, f"{name}.held") + _bytes(9, array.tobytes())
        )
        values += _bytes(12, _value(name, (declared or {}).get(name, array.shape), _kind(array)))
    inputs = _bytes(11, _value("images", picture, _FLOAT))
    if sizes:
        inputs += _bytes(11, _value("orig_target_sizes", ("n", 2), _INT64))
    graph = nodes + _bytes(2, "test") + constants + inputs + values
    props = b"".join(_bytes(14, _bytes(1, k) + _bytes(2, v)) for k, v in (metadata or {}).items())
    path.write_bytes(counted(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, "") + counted(2, 13)) + props)
    return path


def generic(rows: Sequence[tuple[float, ...]], *, classes: int = 80, side: int = 96) -> NDArray[np.float32]:
    """An output 1 x (4 + classes) x A with rows (cx, cy, w, h, class, score)."""
    anchors = sum((side // stride) ** 2 for stride in (8, 16, 32))
    out = np.zeros((1, 4 + classes, anchors), np.float32)
    for column, (cx, cy, w, h, label, score) in enumerate(rows):
        out[0, :4, column] = cx, cy, w, h
        out[0, 4 + int(label), column] = score
    return out


# --- graphs that look at their picture

_INTS, _TYPE_INTS = 8, 7


def _node(kind: str, inputs: Sequence[str], output: str, **lists: Sequence[int]) -> bytes:
    """A node of a graph; every attribute is a list of whole numbers, or one number."""
    named = b"".join(_bytes(1, name) for name in inputs) + _bytes(2, output) + _bytes(4, kind)
    for name, values in lists.items():
        one = isinstance(values, int)
        held = counted(3, values) if one else b"".join(counted(_INTS, v) for v in values)  # type: ignore[arg-type]
        named += _bytes(5, _bytes(1, name) + held + counted(20, 2 if one else _TYPE_INTS))
    return _bytes(1, named)


def _constant(name: str, array: NDArray[np.generic]) -> bytes:
    sides = b"".join(counted(1, side) for side in array.shape)
    return _bytes(5, sides + counted(2, _kind(array)) + _bytes(8, name) + _bytes(9, array.tobytes()))


def write_blue(path: Path, *, side: int = 96, bound: bool = False, wandering: bool = False) -> Path:
    """A YOLOX graph of one class that finds what is blue, in boxes of 16 px; made for one size, as exporters do.

    `bound`: it works for that size alone. `wandering`: it works for any, but its boxes depend on the size.
    """
    nodes, constants, parts = b"", b"", []
    cells = sum((side // stride) ** 2 for stride in (8, 16, 32))
    for stride in (8, 16, 32):
        weights, bias = np.zeros((6, 3, stride, stride), np.float32), np.array([0.5, 0.5, 0, 0, 0, 1], np.float32)
        if stride == 16:
            weights[4, 0], weights[4, 2] = 1 / stride**2 / 255, -1 / stride**2 / 255
        shape = np.array([1, 6, (side // stride) ** 2 if bound else -1], np.int64)
        for name, array in (("w", weights), ("b", bias), ("s", shape)):
            constants += _constant(f"{name}{stride}", array)
        conv = ("images", f"w{stride}", f"b{stride}")
        nodes += _node("Conv", conv, f"c{stride}", kernel_shape=[stride, stride], strides=[stride, stride])
        nodes += _node("Reshape", (f"c{stride}", f"s{stride}"), f"r{stride}")
        parts.append(f"r{stride}")
    nodes += _node("Concat", parts, "rows", axis=2)  # type: ignore[arg-type]
    last = "rows"
    if wandering:
        weights = np.zeros((6, 3, 1, 1), np.float32)
        weights[2] = 0.3
        bias = np.array([0, 0, -0.3 * 3 * 114, 0, 0, 0], np.float32)
        constants += _constant("wg", weights) + _constant("bg", bias)
        constants += _constant("sg", np.array([1, 6, 1], np.int64))
        nodes += _node("GlobalAveragePool", ("images",), "mean") + _node("Conv", ("mean", "wg", "bg"), "all")
        nodes += _node("Reshape", ("all", "sg"), "added") + _node("Add", ("rows", "added"), "moved")
        last = "moved"
    nodes += _node("Transpose", (last,), "output", perm=[0, 2, 1])
    noted = _bytes(13, _value("c8", (1, 6, side // 8, side // 8), _FLOAT))
    ports = _bytes(11, _value("images", (1, 3, side, side), _FLOAT)) + noted
    graph = nodes + _bytes(2, "blue") + constants + ports + _bytes(12, _value("output", (1, cells, 6), _FLOAT))
    names = _bytes(14, _bytes(1, "names") + _bytes(2, "{0: 'person'}"))
    path.write_bytes(counted(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, "") + counted(2, 13)) + names)
    return path


def write_parted(path: Path, *, step: int = 2, order: Sequence[int] = (0, 1, 2, 3), pads: int = 1) -> Path:
    """A convolution over the four parts of a picture of any size that every `step`-th row and column make.

    `order`: in which the parts follow each other; part 1 begins a row further down, part 2 a column further right.
    """
    weights = np.random.default_rng(5).normal(size=(8, 12, 3, 3)).astype(np.float32)
    constants = _constant("w", weights) + _constant("b", np.arange(8, dtype=np.float32))
    numbers = {"zero": 0, "one": 1, "rows": 2, "columns": 3, "end": np.iinfo(np.int64).max, "step": step}
    for name, number in numbers.items():
        constants += _constant(name, np.array([number], np.int64))
    nodes = b""
    for part in range(4):
        row, column = ("one" if part % 2 else "zero"), ("one" if part // 2 else "zero")
        nodes += _node("Slice", ("images", row, "end", "rows", "step"), f"r{part}")
        nodes += _node("Slice", (f"r{part}", column, "end", "columns", "step"), f"p{part}")
    nodes += _node("Concat", [f"p{part}" for part in order], "parts", axis=1)  # type: ignore[arg-type]
    sides = {"kernel_shape": [3, 3], "pads": [pads] * 4, "strides": [1, 1], "dilations": [1, 1]}
    nodes += _node("Conv", ("parts", "w", "b"), "output", group=1, **sides)  # type: ignore[arg-type]
    ports = _bytes(11, _value("images", (1, 3, "height", "width"), _FLOAT))
    graph = (
        nodes + _bytes(2, "parted") + constants + ports + _bytes(12, _value("output", (1, 8, "h", "w"), _FLOAT))
    )
    path.write_bytes(counted(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, "") + counted(2, 13)))
    return path
