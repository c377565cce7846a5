"""Looks for the canary in pictures and films: cut out by their first bytes, decoded."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from redteam.texture import CELLS, Floats, pattern

LEAST: Final = 0.6  # correlation from which it is the canary; 0.40 was the most that pictures without it gave
_LARGEST_PX: Final = 1000  # a side; larger pictures are made smaller first
_CELLS_PX: Final = tuple(1.5 * 1.06**n for n in range(48))  # px of a cell, a side: up to 24
_FAINTEST: Final = 0.6  # grey levels of standard deviation, below which a place is plain
_LONGEST: Final = 32 << 20  # bytes of one picture or film
_FRAMES: Final = 12  # of a film that are looked at, spread over it

# A picture's first bytes, and a film's.
_PICTURES: Final = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|RIFF.{4}WEBP|GIF8[79]a|BM.{12}[\x28\x6c\x7c]\0\0\0|II\*\0|MM\0\*|P[256]\s[\d#]",
    re.DOTALL,
)
_FILMS: Final = re.compile(
    rb"(?P<mp4>....ftyp)|(?P<matroska>\x1aE\xdf\xa3)|(?P<avi>RIFF.{4}AVI )"
    rb"|(?P<h264>\0\0\0\x01[\x67\x27\x47])|(?P<m4v>\0\0\x01\xb0)|(?P<mpegvideo>\0\0\x01\xb3)"
    rb"|(?P<mpegts>\x47.{187}\x47.{187}\x47.{187}\x47)|(?P<flv>FLV\x01)|(?P<gif>GIF8[79]a)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Found:
    """One place in bytes that shows the canary."""

    at: int  # byte
    how: str
    score: float  # correlation, 0-1


def find(data: bytes) -> Iterator[Found]:
    """Each picture and film in which it is."""
    for match in _PICTURES.finditer(data):
        for picture in _decoded(data[match.start() : match.start() + _LONGEST]):
            if (score := correlation(picture)) >= LEAST:
                yield Found(match.start(), f"a picture {picture.shape[1]}x{picture.shape[0]}", score)
    for match in _FILMS.finditer(data):
        kind = str(match.lastgroup)
        best = 0.0
        for picture in _films(data[match.start() : match.start() + _LONGEST], kind):
            best = max(best, correlation(picture))
            if best >= LEAST:
                yield Found(match.start(), f"a film ({kind})", best)
                break


def correlation(picture: NDArray[np.uint8]) -> float:
    """The best normalised correlation with the texture at any place and scale; an inverted one counts too.

    `picture`: grey (h, w) or BGR (h, w, 3).
    """
    grey = picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    longest = max(grey.shape)
    if longest > _LARGEST_PX:
        size = tuple(max(1, round(side * _LARGEST_PX / longest)) for side in grey.shape[::-1])
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    values = grey.astype(np.float32)
    return max(
        (_at_scale(values, cell) for cell in _CELLS_PX if round(cell * CELLS) <= min(grey.shape)), default=0.0
    )


def _at_scale(values: Floats, cell: float) -> float:
    side = round(cell * CELLS)
    template = np.asarray(
        cv2.resize(pattern(), (side, side), interpolation=cv2.INTER_NEAREST if cell > 3 else cv2.INTER_AREA),
        np.float32,
    )
    values, template = _levelled(values, side), _levelled(template, side)
    scores = np.abs(cv2.matchTemplate(values, template, cv2.TM_CCOEFF_NORMED))
    mean = cv2.boxFilter(values, cv2.CV_64F, (side, side), anchor=(0, 0))[: scores.shape[0], : scores.shape[1]]
    square = cv2.sqrBoxFilter(values, cv2.CV_64F, (side, side), anchor=(0, 0))[
        : scores.shape[0], : scores.shape[1]
    ]
    plain = square - mean**2 < _FAINTEST**2
    scores[plain | ~np.isfinite(scores)] = 0.0
    return float(scores.max())


def _levelled(values: Floats, side: int) -> Floats:
    """Without what changes slowly: light that falls from one side must not hide a faint trace."""
    return np.asarray(values - cv2.blur(values, (side // 3, side // 3)), np.float32)


def _decoded(data: bytes) -> Iterator[NDArray[np.uint8]]:
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return
    if picture is not None:
        yield np.asarray(picture, np.uint8)


def _films(data: bytes, kind: str) -> Iterator[NDArray[np.uint8]]:
    pictures: list[NDArray[np.uint8]] = []
    try:
        with av.open(io.BytesIO(data), "r", format=kind) as film:
            for frame in film.decode(video=0):
                pictures.append(np.asarray(frame.to_ndarray(format="gray"), np.uint8))
                if len(pictures) > 300:
                    break
    except (av.error.FFmpegError, ValueError, IndexError, EOFError):
        pass  # cut off, or no film: what there is counts
    yield from pictures[:: max(1, len(pictures) // _FRAMES)]
