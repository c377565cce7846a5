"""Rewrites an ONNX file whose picture has fixed sides into one that takes a picture of any size.

Networks of convolutions do not care how large a picture is, but their exporters write down the one that they were
shown. Only that is changed: the sides of the first input, the shape of the output, and what was noted about every
value in between. Whether the graph still works is for the caller to try (see `probe`).

Format: onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, in protobuf's wire format,
https://protobuf.dev/programming-guides/encoding. The onnx package can do the same, for
35 MB and 80 ms of each start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from passerby.frame import Size

# Numbers of fields: of a model; of a graph; of a value, down to one side of its shape.
_GRAPH: Final = 7
_INPUT, _OUTPUT, _VALUE_INFO = 11, 12, 13
_TYPE, _TENSOR, _SHAPE, _DIM, _DIM_VALUE, _DIM_PARAM = 2, 1, 2, 1, 1, 2

_VARINT, _BYTES = 0, 2  # wire types
_FIXED: Final = {1: 8, 5: 4}  # wire type -> bytes


_Message = bytes | memoryview  # looked into, not copied: most of a file is weights


class _Field(NamedTuple):
    number: int
    raw: _Message  # key and all
    value: int  # of a varint; else the length
    content: _Message  # of a string or message; else empty


def open_sides(model: bytes) -> tuple[bytes, Size] | None:
    """The same model for pictures of any size, and the size that it was made for.

    None where the file is no model with one output whose first input is a picture of fixed sides; what is wrong
    with such a file is for its reader to say.
    """
    try:
        (graph,) = _children(memoryview(model), _GRAPH)
        fields = list(_fields(graph))
        picture, *_ = (field.content for field in fields if field.number == _INPUT)
        (_output,) = (field for field in fields if field.number == _OUTPUT)
        (shape,) = _children(picture, _TYPE, _TENSOR, _SHAPE)
        _batch, _channels, height, width = (_side(dim) for dim in _children(shape, _DIM))
        if not height or not width:
            return None
        opened = [_opened(field, picture) for field in fields]
    except (IndexError, ValueError):
        return None
    begin = (_varint(_GRAPH << 3 | _BYTES), _varint(sum(map(len, opened))))
    parts = ((*begin, *opened) if field.number == _GRAPH else (field.raw,) for field in _fields(memoryview(model)))
    return b"".join(chain.from_iterable(parts)), Size(width, height)


def _opened(field: _Field, picture: _Message) -> _Message:
    """A field of the graph as the opened graph has it."""
    if field.number == _VALUE_INFO:
        return b""
    if field.number == _OUTPUT:
        return _written(_OUTPUT, _at(field.content, (_TYPE, _TENSOR), _without_shape))
    if field.number == _INPUT and field.content == picture:
        return _written(_INPUT, _at(field.content, (_TYPE, _TENSOR, _SHAPE), _any_sides))
    return field.raw


def _without_shape(tensor: _Message) -> bytes:
    return b"".join(field.raw for field in _fields(tensor) if field.number != _SHAPE)


def _any_sides(shape: _Message) -> bytes:
    batch, channels, *_ = _children(shape, _DIM)
    named = (_written(_DIM_PARAM, name) for name in (b"height", b"width"))
    return b"".join(_written(_DIM, dim) for dim in (batch, channels, *named))


def _side(dim: _Message) -> int:
    """How long a side is; 0 where it has a name or nothing instead of a number."""
    return next((field.value for field in _fields(dim) if field.number == _DIM_VALUE), 0)


# --- the wire format


def _children(message: _Message, *path: int) -> list[_Message]:
    """The contents of all fields that a path of numbers leads to, in order."""
    found = [message]
    for number in path:
        found = [field.content for parent in found for field in _fields(parent) if field.number == number]
    return found


def _at(message: _Message, path: tuple[int, ...], change: Callable[[_Message], bytes]) -> bytes:
    """The message with what a path of numbers leads to changed."""
    if not path:
        return change(message)
    first, *rest = path
    return b"".join(
        _written(first, _at(field.content, tuple(rest), change)) if field.number == first else field.raw
        for field in _fields(message)
    )


def _fields(message: _Message) -> Iterator[_Field]:
    """Every field of a message; raises `ValueError` or `IndexError` where it is none."""
    at = 0
    while at < len(message):
        start = at
        key, at = _read_varint(message, at)
        wire, value = key & 7, 0
        content: _Message = b""
        if wire in _FIXED:
            at += _FIXED[wire]
        elif wire in (_VARINT, _BYTES):
            value, at = _read_varint(message, at)
        else:
            raise ValueError(f"wire type {wire}")
        if wire == _BYTES:
            content = message[at : at + value]
            at += value
        if at > len(message):
            raise ValueError("a field that goes on behind the end")
        yield _Field(key >> 3, message[start:at], value, content)


def _written(number: int, content: _Message) -> bytes:
    return b"".join((_varint(number << 3 | _BYTES), _varint(len(content)), content))


def _read_varint(message: _Message, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while shift < 70:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise ValueError("a number of more than ten bytes")


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
