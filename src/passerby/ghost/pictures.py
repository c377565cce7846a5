"""Lets in pictures of empty places only as what they must be: a small PNG with pixels and nothing besides.

Whoever sends one reads what strangers send, and a file may have been put where it lies. So the picture is taken
apart as PNG (ISO/IEC 15948) says: one header, pixels of just as many bytes as it says, an end. No text, no time,
no other chunk, nothing after the end.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from passerby.records import Picture

MOST_BYTES: Final = 128 * 1024
MOST_SIDE: Final = 1024  # px
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PHOTO: Final = (8, 2)  # bits, colour type: red, green, blue
_DRAWING: Final = (1, 0)  # one bit a pixel: line or paper
_FILTERS: Final = 5  # ways in which a row may be told


def checked(png: bytes, *, strict: bool) -> Picture:
    """The picture, if it is one; `strict`: a drawing of two values. Raises ValueError for anything else."""
    if len(png) > MOST_BYTES or not png.startswith(_SIGNATURE):
        raise ValueError("this is no picture of an empty place")
    chunks = list(_chunks(png))
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] != [b"IHDR"] or kinds[-1] != b"IEND" or set(kinds[1:-1]) != {b"IDAT"}:
        raise ValueError("a picture of an empty place holds pixels and nothing besides")
    if len(chunks[0][1]) != 13 or chunks[-1][1]:
        raise ValueError("a picture with a header that is none")
    width, height, bits, colour, *ways = struct.unpack(">IIBBBBB", chunks[0][1])
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE) or any(ways):
        raise ValueError("a picture of an empty place is small")
    if (bits, colour) != (_DRAWING if strict else _PHOTO):
        raise ValueError("a drawing holds two values, and a photo three colours")
    row = 1 + (width * (3 if colour else 1) * bits + 7) // 8
    _check_pixels(b"".join(data for kind, data in chunks if kind == b"IDAT"), row, height)
    return Picture(png, width, height)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        if at + 12 > len(png):
            raise ValueError("a picture that breaks off")
        length, kind = struct.unpack_from(">I4s", png, at)
        end = at + 12 + length
        if end > len(png):
            raise ValueError("a picture that breaks off")
        data = png[at + 8 : at + 8 + length]
        if struct.unpack_from(">I", png, end - 4)[0] != zlib.crc32(kind + data):
            raise ValueError("a damaged picture")
        yield kind, data
        at = end


def _check_pixels(packed: bytes, row: int, height: int) -> None:
    unpacking = zlib.decompressobj()
    try:
        pixels = unpacking.decompress(packed, row * height + 1)  # never more than that, whatever it says
    except zlib.error:
        raise ValueError("a damaged picture") from None
    if len(pixels) != row * height or not unpacking.eof or unpacking.unused_data:
        raise ValueError("a picture with more or fewer pixels than it says")
    if any(way >= _FILTERS for way in pixels[::row]):
        raise ValueError("a damaged picture")
