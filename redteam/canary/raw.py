"""Looks for the canary in memory as it is: pixels of any width, as bytes or as other numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import DTypeLike, NDArray

from redteam.canary.pictures import Found
from redteam.texture import CELLS, Floats, pattern

LEAST: Final = 0.75  # correlation of all rows of the texture that there are
_ONE_ROW: Final = 0.88  # of one row of it, before the others are looked for
_APART: Final = 4
_ROWS: Final = (1, 1 + _APART, 1 + 2 * _APART)  # of the texture that are looked for first
_CELLS_PX: Final = (5.0, 2.5, 10.0, 6.5, 4.0, 2.0)  # px of a cell, a side; _APART are whole pixels
_BLOCK: Final = 512  # samples
_WINDOW: Final = 25  # samples
_WIDEST: Final = 8192  # samples between two rows of a picture
_LEAST_ROWS: Final = 6  # of the texture

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """How pixels may lie in memory; each `step`-th number is of one colour or plane."""

    name: str
    dtype: DTypeLike
    step: int
    offsets: tuple[int, ...]  # bytes at which numbers may begin


_LAYOUTS: Final = (
    Layout("bytes, a plane", np.uint8, 1, (0,)),
    Layout("bytes, two by two", np.uint8, 2, (0, 1)),
    Layout("bytes, three by three", np.uint8, 3, (0,)),
    Layout("bytes, four by four", np.uint8, 4, (0, 1)),
    Layout("float32, a plane", np.float32, 1, (0, 1, 2, 3)),
    Layout("float32, three by three", np.float32, 3, (0, 1, 2, 3)),
    Layout("float16, a plane", np.float16, 1, (0, 1)),
)


def find(data: bytes) -> Iterator[Found]:
    """The first place where it lies."""
    for layout in _LAYOUTS:
        size = np.dtype(layout.dtype).itemsize
        for offset in layout.offsets:
            count = (len(data) - offset) // size
            if count <= 0:
                continue
            numbers = np.frombuffer(data, layout.dtype, count, offset)[:: layout.step]
            found = next(find_numbers(numbers), None)
            if found is not None:
                yield Found(offset + found.at * size * layout.step, f"{layout.name}, {found.how}", found.score)
                return


def find_numbers(numbers: NDArray[np.generic], cells: tuple[float, ...] = _CELLS_PX) -> Iterator[Found]:
    """Where it lies in a row of numbers, of which a picture's rows follow each other at any distance."""
    likely = _plausible(numbers)
    if not likely.any():
        return
    with np.errstate(all="ignore"):
        values = numbers.astype(np.float32)
    values[~np.isfinite(values) | (np.abs(values) > 1e4)] = 0.0
    for begin, end in _stretches(likely & _smooth(values, len(likely)), len(values)):
        part = values[begin:end]
        for cell in cells:
            peaks = [_peaks(part, cell, row) + begin for row in _ROWS]
            for row, (first, second) in zip(_ROWS, pairwise(peaks), strict=False):
                for at, width, score in _pairs(values, first, second, row, cell):
                    yield Found(at, f"{width} to a row, a cell is {cell:g}", score)


def _blocks(n: int) -> int:
    return -(-n // _BLOCK)


def _by_block(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many are true in each block."""
    padded = np.zeros(_blocks(len(flags)) * _BLOCK, np.bool_)
    padded[: len(flags)] = flags
    return np.asarray(padded.reshape(-1, _BLOCK).sum(axis=1), np.int64)


def _plausible(numbers: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Blocks that may hold pixels: bytes that are not all letters, numbers of a usual size."""
    if numbers.dtype == np.uint8:
        return _by_block(np.asarray(numbers.view(np.uint8) > 127, np.bool_)) >= 4
    with np.errstate(all="ignore"):
        size = np.abs(numbers.astype(np.float32))
    usual = (size == 0) | ((size > 1e-3) & (size < 1e3))
    return (_by_block(usual) > min(_BLOCK, len(numbers)) * 0.6) & (_by_block(usual & (size > 0)) >= 20)


def _smooth(values: Floats, blocks: int) -> NDArray[np.bool_]:
    """Blocks in which neighbours are alike, and yet not all the same: no letters, nothing compressed."""
    line = values[None]
    window = (_WINDOW, 1)
    mean = cv2.blur(line, window)
    variance = np.asarray(cv2.blur(line * line, window) - mean * mean)[0]
    steps = np.zeros_like(values)
    steps[1:] = np.abs(np.diff(values))
    step = np.asarray(cv2.blur(steps[None], window))[0]
    spread = float(np.median(variance[:: max(1, len(variance) // 4096)]))
    flags = (variance > max(1e-6, 1e-6 * spread)) & (step * step < 0.5 * variance)
    counted = _by_block(np.asarray(flags, np.bool_)) >= 12
    return counted[:blocks]


def _stretches(blocks: NDArray[np.bool_], n: int) -> Iterator[tuple[int, int]]:
    """Begin and end of neighbouring blocks, with a margin so that a row that is cut by a block's end is whole."""
    margin = round(CELLS * max(_CELLS_PX))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], blocks.astype(np.int8), [0]])))
    for first, last in edges.reshape(-1, 2):
        yield max(0, int(first) * _BLOCK - margin), min(n, int(last) * _BLOCK + margin)


def _peaks(values: Floats, cell: float, row: int) -> Places:
    """Where one row of the texture seems to be."""
    width = round(CELLS * cell)
    if len(values) < width:
        return np.empty(0, np.int64)
    template = pattern()[row][(np.arange(width) / cell).astype(np.int64).clip(max=CELLS - 1)]
    scores = np.abs(cv2.matchTemplate(values[None], template[None], cv2.TM_CCOEFF_NORMED))[0]
    scores[~np.isfinite(scores) | (scores > 1.01)] = 0.0
    likely = np.flatnonzero(scores > _ONE_ROW)
    if not len(likely):
        return likely
    groups = np.split(likely, np.flatnonzero(np.diff(likely) > cell) + 1)
    return np.array([group[np.argmax(scores[group])] for group in groups], np.int64)


def _pairs(
    values: Floats, first: Places, second: Places, row: int, cell: float
) -> Iterator[tuple[int, int, float]]:
    """Where the whole texture is, how many samples its picture's rows are apart, and how well it fits.

    `first` and `second` are places where `row` of the texture and the one _APART rows later seem to be.
    """
    lines = _APART * cell  # of the picture, from one to the other
    for at in first:
        near = second[np.searchsorted(second, at + lines * CELLS * cell) :]
        near = near[: np.searchsorted(near, at + lines * _WIDEST, side="right")]
        widths = np.unique(np.round((near - at) / lines).astype(np.int64))
        if not len(widths):
            continue
        scores = _fits(values, int(at), widths, row, cell)
        best = int(np.argmax(scores))
        if scores[best] >= LEAST:
            yield int(at), int(widths[best]), float(scores[best])


def _fits(values: Floats, at: int, widths: Places, row: int, cell: float) -> NDArray[np.float64]:
    """Correlation with the texture, one of whose rows is at a place, for each distance of a picture's rows."""
    columns = at + np.floor((np.arange(CELLS) + 0.5) * cell).astype(np.int64)
    lines = np.round((np.arange(CELLS) - row) * cell).astype(np.int64)
    begins = columns[0] + lines[None] * widths[:, None]
    inside = (begins >= 0) & (begins + columns[-1] - columns[0] < len(values))  # (widths, rows of the texture)
    weight = np.broadcast_to(inside[:, :, None], (len(widths), CELLS, CELLS)).astype(np.float64)
    places = columns[None, None] + lines[None, :, None] * widths[:, None, None]
    found = _centred(values[np.clip(places, 0, len(values) - 1)], weight)
    wanted = _centred(pattern()[None], weight)
    norm = np.sqrt((found**2).sum(axis=(1, 2)) * (wanted**2).sum(axis=(1, 2)))
    score = np.abs((found * wanted).sum(axis=(1, 2))) / np.maximum(norm, 1e-9)
    return np.where(inside.sum(axis=1) >= _LEAST_ROWS, score, 0.0)


def _centred(values: NDArray[np.floating], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    mean = (values * weight).sum(axis=(1, 2)) / np.maximum(weight.sum(axis=(1, 2)), 1)
    return np.asarray((values - mean[:, None, None]) * weight, np.float64)
