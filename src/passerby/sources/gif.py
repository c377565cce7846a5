"""Walks through a GIF's blocks to tell whether the file is whole, for libav takes a cut one for a shorter one."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Final

_EXTENSION, _IMAGE, _TRAILER = b"!", b",", b";"
_HEADER_SIZE: Final = 13
_IMAGE_SIZE: Final = 9


def is_whole(path: Path) -> bool:
    """Whether the blocks of a GIF follow one another up to its trailer (GIF89a, section 18 and following)."""
    with path.open("rb") as file:
        header = file.read(_HEADER_SIZE)
        if len(header) < _HEADER_SIZE:
            return False
        _skip_colours(file, header[10])
        while (block := file.read(1)) in (_EXTENSION, _IMAGE):
            if block == _EXTENSION:
                file.read(1)  # its label
            else:
                image = file.read(_IMAGE_SIZE)
                if len(image) < _IMAGE_SIZE:
                    return False
                _skip_colours(file, image[8])
                file.read(1)  # code size
            _skip_data(file)
        return block == _TRAILER


def _skip_colours(file: IO[bytes], flags: int) -> None:
    if flags & 0x80:
        file.seek(3 * 2 ** ((flags & 7) + 1), 1)


def _skip_data(file: IO[bytes]) -> None:
    while (size := file.read(1)) not in (b"", b"\0"):
        file.seek(size[0], 1)
