"""Looks for the canary in bytes of any kind, whatever is wrapped around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from redteam.canary import layers, pictures, raw
from redteam.canary.pictures import Found
from redteam.processors import all_processors

_DEEPEST: Final = 3  # layers
_BLOCK: Final = 1 << 16  # bytes; blocks of nothing but zeros are passed over
_EXTENT: Final = 8 << 20  # bytes that are searched together,
_OVERLAP: Final = 1 << 20  # and by which these overlap: more than a picture in any layout
_PRINTED_PX: Final = (1.0, 2.0, 2.5, 4.0, 5.0)  # px of a cell in what somebody printed


@dataclass(frozen=True, slots=True)
class Hit:
    """The canary was found."""

    where: str
    found: Found

    def __str__(self) -> str:
        return f"{self.where} at byte {self.found.at}: {self.found.how} ({self.found.score:.2f})"


def search(data: bytes, where: str) -> list[Hit]:
    """All places where it is; `where` names what the bytes are of."""
    return [hit for begin, extent in extents(data) for hit in _searched(where, begin, extent)]


def search_all(named: Mapping[str, bytes]) -> list[Hit]:
    """The same of much, by name, on all processors."""
    parts = [(name, *part) for name, data in named.items() for part in extents(data)]
    if not parts:
        return []
    with all_processors() as pool:
        return [hit for found in pool.map(_searched, *zip(*parts, strict=True)) for hit in found]


def _searched(where: str, begin: int, extent: bytes) -> list[Hit]:
    return [Hit(where, Found(begin + f.at, f.how, f.score)) for f in _search(extent, _DEEPEST)]


def search_file(path: Path, name: str = "") -> list[Hit]:
    """Search a file, or a device; one that has gone meanwhile holds nothing."""
    try:
        data = path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return search(data, name or str(path))


def extents(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Pieces of the data that hold something, and where they begin; they overlap."""
    count = -(-len(data) // _BLOCK)
    full = [n for n in range(count) if data[n * _BLOCK : (n + 1) * _BLOCK].strip(b"\0")]
    for first, last in _runs(full):
        begin, end = first * _BLOCK, min(len(data), (last + 1) * _BLOCK)
        while True:
            yield begin, data[begin : min(end, begin + _EXTENT)]
            if begin + _EXTENT >= end:
                break
            begin += _EXTENT - _OVERLAP


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of neighbours."""
    first = last = -2
    for number in numbers:
        if number != last + 1:
            if last >= 0:
                yield first, last
            first = number
        last = number
    if last >= 0:
        yield first, last


def _search(data: bytes, depth: int) -> Iterator[Found]:
    """What is found as it lies there; else, layer by layer, what is wrapped up in it."""
    found = [*pictures.find(data), *raw.find(data)]
    for at, numbers in layers.printed(data):
        found += [
            Found(at, f"printed, {f.how}", f.score) for f in islice(raw.find_numbers(numbers, _PRINTED_PX), 1)
        ]
    yield from found
    if depth and not found:
        for name, inner in layers.unwrapped(data):
            for f in _search(inner, depth - 1):
                yield Found(f.at, f"{name}: {f.how}", f.score)
