r"""The ground plane: from shares of a picture to metres on the street, and back.

A flat ground seen by a camera is a homography, once the lens is straightened (Hartley and Zisserman, "Multiple
View Geometry", 2nd ed., chapters 2 and 4)::

    picture (0-1)            street (m)
       ─────────  horizon
        d ── c                d ───── c
       /      \       ◄──►     │       │
      a ────── b              a ───── b
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from passerby.errors import ConfigError
from passerby.ground.lens import Lens

_FLAT: Final = 1e-3  # equations weaker than this share of the strongest say nothing


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Where each point of a picture lies on the ground."""

    to_metres: NDArray[np.float64]  # (3, 3) homography; shares of the picture -> m, positive before the horizon
    rms_m: float  # root mean square of what the given points are off, m
    lens: Lens | None = None
    guess: bool = False  # guessed from how tall people look, not measured

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Ground):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return self.to_metres.tobytes(), self.rms_m, self.lens, self.guess

    @classmethod
    def fit(cls, rows: Sequence[Sequence[float]], lens: Lens | None = None) -> Self:
        """Fit by least squares to rows of (x, y in shares of the picture, x, y in metres), four or more.

        Raises `ConfigError` where the rows do not tell a plane: too few, not numbers, on one line, or across
        the horizon.
        """
        table = np.asarray(rows, np.float64) if all(len(row) == 4 for row in rows) else np.empty((0, 0))
        if table.ndim != 2 or len(table) < 4 or not np.isfinite(table).all():
            raise ConfigError(
                f"a ground needs four or more points of four numbers, got {len(rows)}.",
                "Each is [x, y of the picture from 0 to 1, x, y in metres].",
            )
        picture, metres = table[:, :2] if lens is None else lens.straight(table[:, :2]), table[:, 2:]
        if not _tells_a_plane(picture, metres):
            raise ConfigError(
                "the ground points tell no plane: all, or all but one, lie on one line.",
                "Take four that span the ground like the corners of a rectangle.",
            )
        return cls._fitted(picture, metres, lens)

    @classmethod
    def _fitted(cls, picture: NDArray[np.float64], metres: NDArray[np.float64], lens: Lens | None) -> Self:
        found, _ = cv2.findHomography(picture, metres, 0)
        matrix: NDArray[np.float64] = np.full((3, 3), np.nan) if found is None else np.asarray(found, np.float64)
        depth = np.column_stack([picture, np.ones(len(picture))]) @ matrix[2]
        matrix = matrix * np.sign(depth[0])
        if not np.isfinite(matrix).all() or abs(np.linalg.det(matrix)) < 1e-12 or (depth * depth[0] <= 0).any():
            raise ConfigError(
                "the ground points contradict each other: no flat ground looks like this.",
                "Check their order, and that each lies below the horizon.",
            )
        off = _project(matrix, picture) - metres
        return cls(matrix, float(np.sqrt((off**2).sum(axis=1).mean())), lens)

    def metres(self, points: ArrayLike) -> NDArray[np.float64]:
        """Shares of the picture (n, 2) -> metres (n, 2); nan on and beyond the horizon, where no ground is."""
        p = np.asarray(points, np.float64).reshape(-1, 2)
        return _project(self.to_metres, p if self.lens is None else self.lens.straight(p))

    def picture(self, metres: ArrayLike) -> NDArray[np.float64]:
        """Metres (n, 2) -> shares of the picture (n, 2), outside 0-1 where out of view; nan behind the camera."""
        inverse: NDArray[np.float64] = np.linalg.inv(self.to_metres).astype(np.float64)
        straight = _project(inverse, metres)
        return straight if self.lens is None else self.lens.bent(straight)

    def px_per_m(self, points: ArrayLike, size: tuple[int, int]) -> NDArray[np.float64]:
        """How many pixels of a picture of (width, height) one metre of ground spans at points (n, 2); (n,).

        Measured in the direction in which it spans most, that is along the picture's rows for an upright camera.
        """
        p = np.asarray(points, np.float64).reshape(-1, 2)
        p = p if self.lens is None else self.lens.straight(p)
        onto = np.column_stack([p, np.ones(len(p))]) @ self.to_metres.T
        depth = np.where(onto[:, 2] > 0, onto[:, 2], np.nan)[:, None, None]
        ground = onto[:, :2, None] / depth
        slope = (self.to_metres[None, :2, :2] - ground * self.to_metres[None, 2:, :2]) / depth  # m per share
        slope = slope / np.asarray(size, np.float64)  # m per px
        result = np.full(len(p), np.nan)
        seen = np.isfinite(slope).all(axis=(1, 2))
        result[seen] = 1 / np.linalg.svd(slope[seen], compute_uv=False)[:, -1]
        return result


def _project(matrix: NDArray[np.float64], points: ArrayLike) -> NDArray[np.float64]:
    p = np.asarray(points, np.float64).reshape(-1, 2)
    onto = np.column_stack([p, np.ones(len(p))]) @ matrix.T
    depth = np.where(onto[:, 2:] > 0, onto[:, 2:], np.nan)
    result: NDArray[np.float64] = onto[:, :2] / depth
    return result


def _tells_a_plane(picture: NDArray[np.float64], metres: NDArray[np.float64]) -> bool:
    """Whether one homography only fits: the equations of the direct linear transform have rank 8."""
    (x, y), (u, v) = _centred(picture).T, _centred(metres).T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = [
        np.column_stack([x, y, one, none, none, none, -u * x, -u * y, -u]),
        np.column_stack([none, none, none, x, y, one, -v * x, -v * y, -v]),
    ]
    strength = np.linalg.svd(np.vstack(rows), compute_uv=False)
    return bool(strength[7] > _FLAT * strength[0])


def _centred(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points moved to their mean and scaled to a spread of one (Hartley's normalisation)."""
    moved = points - points.mean(axis=0)
    scaled: NDArray[np.float64] = moved / max(float(np.sqrt((moved**2).sum(axis=1).mean())), 1e-12)
    return scaled
