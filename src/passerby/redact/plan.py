"""What is hidden in each frame of a film: cells, never pixels."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from passerby.frame import Size
from passerby.redact.grid import Cells, Grid


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is hidden in one frame. An hour of them fits into some ten megabytes."""

    time_s: float
    size: Size  # px of the frame
    packed: bytes | None  # the cells, deflated; None: all of them, nothing is known of this frame

    @classmethod
    def of(cls, time_s: float, grid: Grid, cells: Cells | None) -> Hidden:
        """Cells of a frame; None for all of it."""
        packed = None if cells is None else zlib.compress(np.packbits(cells).tobytes(), 1)
        return cls(time_s, grid.size, packed)

    @property
    def cells(self) -> Cells | None:
        """The hidden cells, True; None where that is the whole frame."""
        if self.packed is None:
            return None
        shape = Grid(self.size).shape
        bits = np.frombuffer(zlib.decompress(self.packed), np.uint8)
        return np.unpackbits(bits, count=shape[0] * shape[1]).reshape(shape).view(np.bool_)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is hidden in every frame of a film, by the number of the frame."""

    frames: tuple[Hidden, ...]

    def of(self, index: int, time_s: float, size: Size) -> Cells | None:
        """The hidden cells of a frame; None, all of it, also where it is not the frame that was analysed."""
        if index >= len(self.frames):
            return None
        hidden = self.frames[index]
        return hidden.cells if (hidden.time_s, hidden.size) == (time_s, size) else None
