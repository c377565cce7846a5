"""Turns tracks into glyphs: the class and the rough position of what is seen now, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Tracks

CELLS: Final = 64  # grid cells along the longer side of the picture
RATE_HZ: Final = 2.0  # glyphs are shown at most so often, in stream time
_SEEN_S: Final = 1.0  # a track not matched for longer is not shown


@dataclass(frozen=True, slots=True, order=True)
class Glyph:
    """One road user as it is shown: no id, no size, no speed, no exact position."""

    class_label: str
    x: float  # 0-1: centre of a grid cell
    y: float  # 0-1: centre of a grid cell


def glyphs(tracks: Tracks, aspect: float) -> tuple[Glyph, ...]:
    """What a viewer may see of the tracks of a picture with this aspect (width / height).

    Only confirmed tracks seen within the last second whose foot is in the picture. The foot is moved to the
    centre of its cell in a grid of nearly square cells, 64 along the longer side; how big a glyph is drawn
    depends on its class only. The order is that of position and class, so that two calls cannot be joined by
    it: they are equal whenever the same cells hold the same classes, whoever stands there.
    """
    shown = tracks.confirmed & (tracks.lost_s <= _SEEN_S) & _in_picture(tracks.foot)
    grid = np.array(cells(aspect), np.float64)
    corners = np.minimum(np.floor(tracks.foot[shown] * grid), grid - 1)
    centres = (corners + 0.5) / grid
    found = (
        Glyph(Class(int(class_id)).label, float(x), float(y))
        for class_id, (x, y) in zip(tracks.class_id[shown], centres, strict=True)
    )
    return tuple(sorted(found, key=lambda g: (g.y, g.x, g.class_label)))


def cells(aspect: float) -> tuple[int, int]:
    """Columns and rows of the grid of nearly square cells in which glyphs of this picture stand."""
    short = max(1, round(CELLS / aspect if aspect >= 1 else CELLS * aspect))
    return (CELLS, short) if aspect >= 1 else (short, CELLS)


def _in_picture(foot: NDArray[np.float64]) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = np.all((foot >= 0) & (foot <= 1), axis=1)
    return inside


class Limiter:
    """Says when glyphs are due: at most `rate_hz` times a second of stream time."""

    def __init__(self, rate_hz: float = RATE_HZ) -> None:
        self._apart_s = 1.0 / min(rate_hz, RATE_HZ)
        self._last_s: float | None = None

    def due(self, time_s: float) -> bool:
        """Whether glyphs may be shown at this stream time; True starts the next pause."""
        if self._last_s is not None and 0 <= time_s - self._last_s < self._apart_s:
            return False
        self._last_s = time_s
        return True
