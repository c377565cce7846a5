"""Rewrites an ONNX file whose picture has fixed sides into one that takes a picture of any size.

Networks of convolutions do not care how large a picture is, but their exporters write down the one that they were
shown. Only that is changed: the sides of the first input, the shape of the output, and what was noted about every
value in between. Whether the graph still works is for the caller to try (see `probe`).

Format: onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
"""

from __future__ import annotations

from typing import Final

from passerby.detectors.protobuf import Field, Message, at, children, fields, written
from passerby.frame import Size

# Numbers of fields: of a model; of a graph; of a value, down to one side of its shape.
_GRAPH: Final = 7
_INPUT, _OUTPUT, _VALUE_INFO = 11, 12, 13
_TYPE, _TENSOR, _SHAPE, _DIM, _DIM_VALUE, _DIM_PARAM = 2, 1, 2, 1, 1, 2


def open_sides(model: bytes) -> tuple[bytes, Size] | None:
    """The same model for pictures of any size, and the size that it was made for.

    None where the file is no model with one output whose first input is a picture of fixed sides; what is wrong
    with such a file is for its reader to say.
    """
    try:
        (graph,) = children(memoryview(model), _GRAPH)
        parts = list(fields(graph))
        picture, *_ = (field.content for field in parts if field.number == _INPUT)
        (_output,) = (field for field in parts if field.number == _OUTPUT)
        (shape,) = children(picture, _TYPE, _TENSOR, _SHAPE)
        _batch, _channels, height, width = (_side(dim) for dim in children(shape, _DIM))
        if not height or not width:
            return None
        opened = [_opened(field, picture) for field in parts]
    except (IndexError, ValueError):
        return None
    return at(model, (_GRAPH,), lambda _: b"".join(opened)), Size(width, height)


def _opened(field: Field, picture: Message) -> Message:
    """A field of the graph as the opened graph has it."""
    if field.number == _VALUE_INFO:
        return b""
    if field.number == _OUTPUT:
        return written(_OUTPUT, at(field.content, (_TYPE, _TENSOR), _without_shape))
    if field.number == _INPUT and field.content == picture:
        return written(_INPUT, at(field.content, (_TYPE, _TENSOR, _SHAPE), _any_sides))
    return field.raw


def _without_shape(tensor: Message) -> bytes:
    return b"".join(field.raw for field in fields(tensor) if field.number != _SHAPE)


def _any_sides(shape: Message) -> bytes:
    batch, channels, *_ = children(shape, _DIM)
    named = (written(_DIM_PARAM, name) for name in (b"height", b"width"))
    return b"".join(written(_DIM, dim) for dim in (batch, channels, *named))


def _side(dim: Message) -> int:
    """How long a side is; 0 where it has a name or nothing instead of a number."""
    return next((field.value for field in fields(dim) if field.number == _DIM_VALUE), 0)
