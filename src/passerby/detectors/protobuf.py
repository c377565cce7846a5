"""Reads and writes fields of messages in protobuf's wire format.

Format: https://protobuf.dev/programming-guides/encoding. The onnx package can do the same for models, for
35 MB and 80 ms of each start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

_VARINT, _BYTES = 0, 2  # wire types
_FIXED: Final = {1: 8, 5: 4}  # wire type -> bytes

Message = bytes | memoryview  # looked into, not copied: most of a model is weights


class Field(NamedTuple):
    """One field of a message."""

    number: int
    raw: Message  # key and all
    value: int  # of a varint; else the length
    content: Message  # of a string or message; else empty


def children(message: Message, *path: int) -> list[Message]:
    """The contents of all fields that a path of numbers leads to, in order."""
    found = [message]
    for number in path:
        found = [field.content for parent in found for field in fields(parent) if field.number == number]
    return found


def at(message: Message, path: tuple[int, ...], change: Callable[[Message], bytes]) -> bytes:
    """The message with what a path of numbers leads to changed."""
    if not path:
        return change(message)
    first, *rest = path
    return b"".join(
        written(first, at(field.content, tuple(rest), change)) if field.number == first else field.raw
        for field in fields(message)
    )


def fields(message: Message) -> Iterator[Field]:
    """Every field of a message; raises `ValueError` or `IndexError` where it is none."""
    end = 0
    while end < len(message):
        start = end
        key, end = _read_varint(message, end)
        wire, value = key & 7, 0
        content: Message = b""
        if wire in _FIXED:
            end += _FIXED[wire]
        elif wire in (_VARINT, _BYTES):
            value, end = _read_varint(message, end)
        else:
            raise ValueError(f"wire type {wire}")
        if wire == _BYTES:
            content = message[end : end + value]
            end += value
        if end > len(message):
            raise ValueError("a field that goes on behind the end")
        yield Field(key >> 3, message[start:end], value, content)


def written(number: int, content: Message) -> bytes:
    """A field that holds a string or message."""
    return b"".join((_varint(number << 3 | _BYTES), _varint(len(content)), content))


def counted(number: int, value: int) -> bytes:
    """A field that holds a whole number, 0 or more."""
    return _varint(number << 3 | _VARINT) + _varint(value)


def _read_varint(message: Message, at: int) -> tuple[int, int]:
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
