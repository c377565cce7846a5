"""Takes off what may be wrapped around pixels: base64, hex, escapes, compression, chunks, printed numbers."""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

import numpy as np

from redteam.texture import Floats

_MOST: Final = 64 << 20  # bytes that are unpacked of one stream
_LEAST: Final = 128  # bytes below which there can be no picture
_BASE64: Final = re.compile(rb"(?:[A-Za-z0-9+/_-]{16,}(?:\r?\n|\\n|\\/)?){4,}={0,2}")
_HEX: Final = re.compile(rb"(?:[0-9a-fA-F]{2}){200,}")
_ESCAPED: Final = re.compile(rb"\\x([0-9a-fA-F]{2})|\\([nrt'\"\\])")
_CHUNKED: Final = re.compile(rb"transfer-encoding:\s*chunked.*?\r\n\r\n", re.IGNORECASE | re.DOTALL)
_ZLIB: Final = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_NUMBERS: Final = re.compile(rb"(?:-?\d{1,10}(?:\.\d*)?(?:[eE][+-]?\d+)?[\s,;\[\]()]{1,40}){100,}")
_NUMBER: Final = re.compile(rb"-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
_PLAIN: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def unwrapped(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What lies in the bytes, one layer below, with the name of the layer."""
    yield from _texts(data)
    for match in re.finditer(rb"\x1f\x8b\x08", data):
        yield from _inflated("gzip", data[match.start() :], 31)
    for match in _ZLIB.finditer(data):
        yield from _inflated("deflate", data[match.start() :], 15)
    for match in re.finditer(rb"PK\x03\x04", data):
        head = data[match.start() : match.start() + 30]
        if len(head) == 30 and struct.unpack("<H", head[8:10])[0] == 8:
            skip = 30 + sum(struct.unpack("<HH", head[26:30]))
            yield from _inflated("zip", data[match.start() + skip :], -15)
    for match in _CHUNKED.finditer(data):
        yield "chunks", _joined(data, match.end())


def _texts(data: bytes) -> Iterator[tuple[str, bytes]]:
    for match in _BASE64.finditer(data):
        letters = re.sub(rb"\r?\n|\\n|\\", b"", match[0]).translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
        for begin in range(4):  # letters that are no part of it may stand before it
            part = letters[begin:]
            part = part[:-1] if len(part) % 4 == 1 else part
            yield "base64", base64.b64decode(part + b"=" * (-len(part) % 4))
    for match in _HEX.finditer(data):
        yield "hex", binascii.unhexlify(match[0])
    if data.count(b"\\x") > _LEAST // 4:
        yield "escapes", _ESCAPED.sub(_unescaped, data)


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes.fromhex(match[1].decode())
    return _PLAIN.get(match[2], match[2])


def _inflated(name: str, data: bytes, bits: int) -> Iterator[tuple[str, bytes]]:
    inflate = zlib.decompressobj(bits)
    got = b""
    try:
        for begin in range(0, len(data), 1 << 16):
            got += inflate.decompress(data[begin : begin + (1 << 16)], _MOST)
            if inflate.eof or len(got) > _MOST:
                break
    except zlib.error:
        pass  # cut off, or none: what was unpacked so far counts
    if len(got) >= _LEAST:
        yield name, got


def _joined(data: bytes, at: int) -> bytes:
    """The chunks of an HTTP body, one after the other."""
    parts = []
    while (match := re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]*\r\n").match(data, at)) and (
        size := int(match[1], 16)
    ):
        parts.append(data[match.end() : match.end() + size])
        at = match.end() + size + 2
    return b"".join(parts)


def printed(data: bytes) -> Iterator[tuple[int, Floats]]:
    """Long rows of numbers in a text, as somebody prints an array, and where they begin."""
    for match in _NUMBERS.finditer(data):
        yield match.start(), np.array([float(n) for n in _NUMBER.findall(match[0])], np.float32)
