"""What is let in as a picture of an empty place, and what is not."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.ghost import checked
from passerby.ghost.pictures import MOST_BYTES

START = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width: int = 4, height: int = 3, bits: int = 8, colour: int = 2, interlaced: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced))


def pixels(rows: int = 3, row: int = 12, more: bytes = b"") -> bytes:
    return chunk(b"IDAT", zlib.compress((b"\0" + bytes(row)) * rows + more))


PHOTO = START + header() + pixels() + chunk(b"IEND")
DRAWING = START + header(bits=1, colour=0) + pixels(row=1) + chunk(b"IEND")


def test_a_photo_and_a_drawing_are_let_in_as_what_they_are() -> None:
    assert (checked(PHOTO, strict=False).width, checked(PHOTO, strict=False).height) == (4, 3)
    assert checked(DRAWING, strict=True).png == DRAWING
    with pytest.raises(ValueError, match="two values"):
        checked(PHOTO, strict=True)
    with pytest.raises(ValueError, match="two values"):
        checked(DRAWING, strict=False)


@pytest.mark.parametrize(
    "png",
    [
        b"",
        START,
        PHOTO[:-1],
        PHOTO + b"\0",
        PHOTO + chunk(b"IDAT", b"hidden"),
        START + header() + chunk(b"tEXt", b"who was there") + pixels() + chunk(b"IEND"),
        START + header() + chunk(b"IEND"),
        START + pixels() + chunk(b"IEND"),
        START + header() + pixels(rows=4) + chunk(b"IEND"),
        START + header() + pixels(rows=2) + chunk(b"IEND"),
        START + header() + pixels(more=b"a frame") + chunk(b"IEND"),
        START + header(interlaced=1) + pixels() + chunk(b"IEND"),
        START + header(width=0) + pixels() + chunk(b"IEND"),
        START + header(width=100_000, height=100_000) + pixels() + chunk(b"IEND"),
        START + header() + chunk(b"IDAT", b"not packed") + chunk(b"IEND"),
        START + header() + chunk(b"IDAT", zlib.compress(bytes([9]) * 39)) + chunk(b"IEND"),
        START + header() + chunk(b"IDAT", zlib.compress(bytes(39)) + b"hidden") + chunk(b"IEND"),
        PHOTO.replace(b"IDAT", b"IDAU"),
        PHOTO[:40] + bytes([PHOTO[40] ^ 1]) + PHOTO[41:],
        START + header() + chunk(b"IDAT", bytes(MOST_BYTES)) + chunk(b"IEND"),
    ],
)
def test_everything_else_is_refused(png: bytes) -> None:
    with pytest.raises(ValueError, match="picture"):
        checked(png, strict=False)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = chunk(b"IDAT", zlib.compress(bytes(50_000_000), 9))
    with pytest.raises(ValueError, match="more or fewer"):
        checked(START + header() + bomb + chunk(b"IEND"), strict=False)


@given(st.integers(8, len(PHOTO) - 1), st.integers(1, 255))
def test_no_damage_goes_unnoticed(at: int, change: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        checked(PHOTO[:at] + bytes([PHOTO[at] ^ change]) + PHOTO[at + 1 :], strict=False)
