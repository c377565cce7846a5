"""Folds the first layers of a YOLOX graph, which take a picture apart, into one convolution.

::

    picture ─┬─ rows 0, 2 ..  columns 0, 2 .. ─┐
             ├─ rows 1, 3 ..  columns 0, 2 .. ─┤ 12 channels       becomes   picture ─► 6 x 6,
             ├─ rows 0, 2 ..  columns 1, 3 .. ─┤ ─► 3 x 3                    on every second pixel
             └─ rows 1, 3 ..  columns 1, 3 .. ─┘

The same sums of the same products, without copying the picture twice: a tenth of a run on a processor.
Format: onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from passerby.detectors.protobuf import Field, Message, at, children, counted, fields, written

# Numbers of fields: of a model; of a graph; of a node; of an attribute; of a tensor.
_GRAPH: Final = 7
_NODE, _INITIALIZER, _INPUT = 1, 5, 11
_IN, _OUT, _OP, _ATTRIBUTE = 1, 2, 4, 5
_ATTRIBUTE_NAME, _INT, _INTS, _ATTRIBUTE_TYPE = 1, 3, 8, 20
_DIMS, _DATA_TYPE, _TENSOR_NAME, _RAW = 1, 2, 8, 9

_FLOATS, _INT64S, _IS_INTS = 1, 7, 7  # types of tensors and attributes
_EVERYTHING: Final = 2**30  # an end of a slice beyond which there is no picture
_PARTS: Final = 4
_PLAIN: Final = {  # of the convolution that is folded
    b"kernel_shape": (3, 3),
    b"pads": (1, 1, 1, 1),
    b"strides": (1, 1),
    b"dilations": (1, 1),
    b"group": (1,),
}

Floats = NDArray[np.float32]


class _Node(NamedTuple):
    field: Field
    op: bytes
    inputs: tuple[bytes, ...]
    outputs: tuple[bytes, ...]
    attributes: Mapping[bytes, tuple[int, ...]]  # those that are whole numbers


class _Stem(NamedTuple):
    gone: Sequence[_Node]
    conv: _Node
    offsets: Sequence[tuple[int, int]]  # first row and column of each part of the picture


def fold_stem(model: bytes) -> bytes:
    """The same model with these layers as one; as it is where it has none, or others."""
    try:
        (graph,) = children(memoryview(model), _GRAPH)
        parts = list(fields(graph))
        picture = bytes(children(next(f.content for f in parts if f.number == _INPUT), 1)[0])
        tensors = {bytes(children(f.content, _TENSOR_NAME)[0]): f for f in parts if f.number == _INITIALIZER}
        stem = _stem([_node(f) for f in parts if f.number == _NODE], picture, tensors)
        weights = tensors[stem.conv.inputs[1]]
        folded = _folded(_floats(weights.content), stem.offsets)
    except (IndexError, KeyError, ValueError, StopIteration):
        return model
    instead = {
        id(stem.conv.field): _convolution(picture, stem.conv),
        id(weights): _tensor(stem.conv.inputs[1], folded),
        **{id(node.field): b"" for node in stem.gone},
    }
    changed = b"".join(instead.get(id(f), f.raw) for f in parts)
    return at(model, (_GRAPH,), lambda _: changed)


def _stem(nodes: Sequence[_Node], picture: bytes, tensors: Mapping[bytes, Field]) -> _Stem:
    """Raises `ValueError`, `KeyError` or `StopIteration` where there is none."""
    starts: dict[bytes, dict[int, int]] = {picture: {}}
    slices = []
    for node in nodes:
        if node.op == b"Slice" and node.inputs[0] in starts:
            start, end, axis, step = (_int64(tensors[name].content) for name in node.inputs[1:])
            if step != 2 or end < _EVERYTHING:
                raise ValueError("a slice of something else")
            starts[node.outputs[0]] = {**starts[node.inputs[0]], axis: start}
            slices.append(node)
    joined = next(n for n in nodes if n.op == b"Concat" and set(n.inputs) <= set(starts))
    conv = next(n for n in nodes if n.inputs[:1] == joined.outputs)
    offsets = [(starts[name][2], starts[name][3]) for name in joined.inputs]
    gone = [*slices, joined]
    made = {node.outputs[0] for node in gone}
    others = [node for node in nodes if node not in gone and node is not conv]
    if (
        joined.attributes != {b"axis": (1,)}
        or sorted(offsets) != [(0, 0), (0, 1), (1, 0), (1, 1)]
        or conv.op != b"Conv"
        or conv.attributes != _PLAIN
        or any(made & set(node.inputs) for node in others)
        or any(conv.inputs[1] in node.inputs for node in others)
    ):
        raise ValueError("layers of another kind")
    return _Stem(gone, conv, offsets)


def _folded(weights: Floats, offsets: Sequence[tuple[int, int]]) -> Floats:
    """Weights (n, 3, 6, 6) that do to a picture what those (n, 12, 3, 3) do to its parts."""
    count, channels, *_ = weights.shape
    each = channels // _PARTS
    folded = np.zeros((count, each, 6, 6), np.float32)
    for part, (row, column) in enumerate(offsets):
        folded[:, :, row::2, column::2] = weights[:, part * each : (part + 1) * each]
    return folded


def _node(field: Field) -> _Node:
    inputs, outputs = (tuple(map(bytes, children(field.content, number))) for number in (_IN, _OUT))
    attributes = {}
    for attribute in children(field.content, _ATTRIBUTE):
        values = tuple(f.value for f in fields(attribute) if f.number in (_INT, _INTS))
        if values:
            attributes[bytes(children(attribute, _ATTRIBUTE_NAME)[0])] = values
    return _Node(field, bytes(children(field.content, _OP)[0]), inputs, outputs, attributes)


def _convolution(picture: bytes, conv: _Node) -> bytes:
    inputs = (picture, *conv.inputs[1:])
    sides = {b"kernel_shape": (6, 6), b"pads": (2, 2, 2, 2), b"strides": (2, 2)}
    attributes = (
        written(_ATTRIBUTE_NAME, name)
        + b"".join(counted(_INTS, value) for value in values)
        + counted(_ATTRIBUTE_TYPE, _IS_INTS)
        for name, values in sides.items()
    )
    named = [*(written(_IN, name) for name in inputs), *(written(_OUT, name) for name in conv.outputs)]
    return written(
        _NODE, b"".join([*named, written(_OP, conv.op), *(written(_ATTRIBUTE, each) for each in attributes)])
    )


def _tensor(name: bytes, values: Floats) -> bytes:
    shape = b"".join(counted(_DIMS, side) for side in values.shape)
    return written(
        _INITIALIZER,
        shape + counted(_DATA_TYPE, _FLOATS) + written(_TENSOR_NAME, name) + written(_RAW, values.tobytes()),
    )


def _floats(tensor: Message) -> Floats:
    return np.frombuffer(_raw(tensor, _FLOATS), np.float32).reshape(
        [f.value for f in fields(tensor) if f.number == _DIMS]
    )


def _int64(tensor: Message) -> int:
    (value,) = np.frombuffer(_raw(tensor, _INT64S), np.int64).tolist()
    return int(value)


def _raw(tensor: Message, kind: int) -> Message:
    """The memory of a tensor; raises `ValueError` where it is of another type or written out otherwise."""
    if [f.value for f in fields(tensor) if f.number == _DATA_TYPE] != [kind]:
        raise ValueError("a tensor of another type")
    (raw,) = children(tensor, _RAW)
    return raw
