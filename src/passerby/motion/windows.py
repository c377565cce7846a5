"""Pieces of a picture as upright windows of one size in metres, each where somebody would stand on a cell.

::

    picture                      window: 2 m wide, 2 m high, as if seen from near and level
     ┌───────────────┐            ┌────────┐
     │   ┌┐ ┌┐ ┌┐    │            │  head  │  its middle at a height over the cell
     │  ┌─┐┌─┐┌─┐    │   ──►      │ ┌────┐ │
     │ ┌──┐┌──┐┌──┐  │            │ │    │ │
     └───────────────┘            └────────┘

How large and how foreshortened the ground is at a cell follows from the ground plane alone: a metre across the
view spans most pixels, a metre in depth spans the sine of the angle at which the camera looks down times as many,
and a metre upwards its cosine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, Self

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from passerby.frame import Gray
from passerby.geometry import Cells

Floats = NDArray[np.float64]
Pixels = NDArray[np.float32]

SIDE_M: Final = 1.0  # of a cell
LEAST_PX: Final = 12.0  # px of the frame for a metre: where people are smaller, nothing is said
LEAST_SINE: Final = 0.2  # of the angle at which the camera looks down: the same
FARTHEST_M: Final = 150.0
SAMPLES: Final = 32  # along each side of a window
WINDOW_M: Final = 2.0
HEAD_M: Final = 1.45  # height of the window's middle: head and shoulders are what others hide least
FORE_M: Final = (0.1, 0.85, 1.5)  # heights at which the share of foreground is taken
_FEW: Final = 8  # samples along each side of what is only averaged
_GRAIN: Final = 1 / 64  # of the picture: how finely the ground is looked through for cells
_TALLEST: Final = 30_000  # rows that cv2 takes at once
_AHEAD_M: Final = 0.05  # over which the ground plane is taken as straight


class Plane(Protocol):
    """Knows where on the ground, in metres, each share of the picture is; `ground.Ground` does."""

    def metres(self, points: ArrayLike) -> Floats:
        """Shares of the picture (n, 2) -> metres (n, 2); nan beyond the horizon."""
        ...

    def picture(self, metres: ArrayLike) -> Floats:
        """Metres (n, 2) -> shares of the picture (n, 2)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Where in a picture of one size the windows of all cells lie; those that are not seen are left out."""

    cells: Cells
    rows: NDArray[np.intp]  # (n,) cells that are seen, counted through rows and columns
    scale: Floats  # (n,) px of the picture for a metre across
    sine: Floats  # (n,) of the angle at which the camera looks down there
    _foot: Floats  # (n, 2) px
    _up: Floats  # (n, 2) px for a metre upwards

    @classmethod
    def over(cls, plane: Plane, frame: tuple[int, int], size: tuple[int, int]) -> Self | None:
        """All cells of the ground that a frame of a size (width, height) shows well enough, or None.

        size: of the picture in which they lie, which shows the same as the frame.
        """
        cells = _seen(plane, frame)
        if cells is None:
            return None
        middle = cells.centres.reshape(-1, 2)
        foot, across, up, sine = _local(plane, middle, size)
        there = (sine >= LEAST_SINE) & (np.hypot(*across.T) * frame[0] / size[0] >= LEAST_PX)
        for height in (*FORE_M, HEAD_M - WINDOW_M / 2, HEAD_M + WINDOW_M / 2):
            at = foot + height * up
            there &= ((at > 0) & (at < np.array(size) - 1)).all(axis=1)
        rows = np.flatnonzero(there)
        if not len(rows):
            return None
        return cls(cells, rows, np.hypot(*across[rows].T), sine[rows], foot[rows], up[rows])

    def heads(self, picture: Gray) -> Pixels:
        """What a picture (h, w) shows in each window (n, SAMPLES, SAMPLES), grey levels."""
        step = WINDOW_M / SAMPLES
        level = np.clip(np.floor(np.log2(np.maximum(self.scale * step, 1e-6)) + 0.3), 0, 4).astype(np.int64)
        along = step * (np.arange(SAMPLES, dtype=np.float64) - (SAMPLES - 1) / 2)
        found = np.empty((len(self.rows), SAMPLES, SAMPLES), np.float32)
        for halved in range(int(level.max()) + 1):
            if halved:
                picture = np.asarray(cv2.pyrDown(picture), np.uint8)
            mine = np.flatnonzero(level == halved)
            if len(mine):
                at = self._points(mine, HEAD_M, along, np.tile(along, (len(mine), 1)))
                found[mine] = _read(picture, (at + 0.5) / 2**halved - 0.5)
        return found

    def shares(self, mask: Gray, height_m: float) -> Floats:
        """Share (n,) of a mask (h, w; 0 or 255) that is set around a height over each cell."""
        few: Floats = ((np.arange(_FEW) + 0.5) / _FEW - 0.5) * SIDE_M
        depth = self.sine[:, None] * few  # a metre of ground, seen as upwards
        at = self._points(np.arange(len(self.rows)), height_m, few, depth)
        return np.asarray(_read(mask, at).mean(axis=(1, 2)) / 255, np.float64)

    def spread(self, values: Floats) -> Floats:
        """Values (n, ...) of the windows as a map (rows, columns, ...), nan where nothing is seen."""
        whole = np.full((self.cells.rows * self.cells.columns, *values.shape[1:]), np.nan)
        whole[self.rows] = values
        return whole.reshape(self.cells.rows, self.cells.columns, *values.shape[1:])

    def _points(self, mine: NDArray[np.intp], height_m: float, across: Floats, down: Floats) -> Floats:
        """Pixels (m, k, k, 2) of windows, `across` (k,) and `down` (m, k) m from their middles."""
        up = self._up[mine]
        right = np.stack([-up[:, 1], up[:, 0]], axis=1) * (self.scale[mine] / np.hypot(*up.T))[:, None]
        middle = self._foot[mine] + height_m * up
        columns = across[None, None, :, None] * right[:, None, None]
        return np.asarray(middle[:, None, None] + columns - down[:, :, None, None] * up[:, None, None], np.float64)


def _read(picture: Gray, at: Floats) -> Pixels:
    """Pixels at (m, k, k, 2), between them in proportion."""
    m, k = at.shape[:2]
    flat = at.reshape(m * k, k, 2).astype(np.float32)
    read = [
        cv2.remap(picture, part[..., 0], part[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for part in np.split(flat, range(_TALLEST, len(flat), _TALLEST))
    ]
    return np.concatenate(read).reshape(m, k, k).astype(np.float32)


def _seen(plane: Plane, frame: tuple[int, int]) -> Cells | None:
    """Cells around all of the ground in the picture, as far as it goes on with a metre of some size."""
    shares = np.arange(_GRAIN / 2, 1, _GRAIN)
    points = np.stack(np.meshgrid(shares, shares), axis=-1).reshape(-1, 2)
    metres = plane.metres(points)
    _, across, _, sine = _local(plane, metres, frame)
    good = np.isfinite(metres).all(axis=1) & (sine >= LEAST_SINE) & (np.hypot(*across.T) >= LEAST_PX)
    if not good.any():
        return None
    nearest = metres[good][np.argmax(np.hypot(*across[good].T))]
    good &= np.hypot(*(metres - nearest).T) <= FARTHEST_M
    low = np.floor(metres[good].min(axis=0) / SIDE_M) * SIDE_M
    columns, rows = np.ceil((metres[good].max(axis=0) - low) / SIDE_M).astype(int)
    return Cells((float(low[0]), float(low[1])), SIDE_M, int(rows), int(columns))


def _local(plane: Plane, metres: Floats, size: tuple[int, int]) -> tuple[Floats, Floats, Floats, Floats]:
    """At points (n, 2) m: foot (n, 2), a metre across and upwards (n, 2) px, and the sine (n,) of looking down."""
    foot = plane.picture(metres) * size
    slopes = [(plane.picture(metres + step) * size - foot) / _AHEAD_M for step in _AHEAD_M * np.eye(2)]
    slope = np.stack(slopes, axis=-1)  # (n, 2 px, 2 m)
    slope[~np.isfinite(slope).all(axis=(1, 2))] = 0
    ways, spans, _ = np.linalg.svd(slope)
    across, deep = ways[:, :, 0], ways[:, :, 1]
    sine = np.clip(spans[:, 1] / np.maximum(spans[:, 0], 1e-9), 0.0, 0.999)
    upwards = np.where(deep[:, 1:] > 0, -deep, deep) * (spans[:, :1] * np.sqrt(1 - sine[:, None] ** 2))
    return foot - 0.5, across * spans[:, :1], upwards, sine
