"""How tall things are that stand on the ground: the vertical that a ground plane implies.

Square pixels and a middle of the picture that the lens looks through leave one unknown, the focal length, for
which the two axes of the ground, being at right angles and equally long, give two equations (Zhang 2000, "A
flexible new technique for camera calibration"). With it the homography is a whole camera, and a box on it has a
height in metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from passerby.ground.lens import Lens
from passerby.ground.plane import Ground

Floats = NDArray[np.float64]

_FOCAL: Final = (0.3, 20.0)  # heights of the picture: lenses that hang over streets, from fish-eye to long


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """A camera over its ground, in heights of the picture from its middle."""

    matrix: Floats  # (3, 4): metres to heights of the picture; z is up
    focal: float  # heights of the picture
    height_m: float  # of the camera over the ground
    aspect: float  # width / height of the picture
    lens: Lens | None

    @classmethod
    def of(cls, ground: Ground, aspect: float) -> Self | None:
        """The camera that a ground implies; None where no camera with square pixels looks at it like this."""
        to_heights = np.array([[aspect, 0, -aspect / 2], [0, 1, -0.5], [0, 0, 1]])
        onto: Floats = to_heights @ np.linalg.inv(ground.to_metres)
        right, ahead, origin = onto.T
        known = np.array([right[:2] @ ahead[:2], right[:2] @ right[:2] - ahead[:2] @ ahead[:2]])
        other = np.array([right[2] * ahead[2], right[2] ** 2 - ahead[2] ** 2])
        inverse2 = -float(known @ other) / float(known @ known)  # 1 / focal², by least squares
        if not 1 / _FOCAL[1] ** 2 < inverse2 < 1 / _FOCAL[0] ** 2:
            return None
        focal = inverse2**-0.5
        lens = np.array([focal, focal, 1.0])
        axes = np.stack([right / lens, ahead / lens], axis=1)
        scale = float(np.sqrt(np.prod(np.linalg.norm(axes, axis=0))))
        up = np.cross(axes[:, 0], axes[:, 1]) / scale
        turn = np.column_stack([axes, up]) / scale
        stands = -np.linalg.solve(turn, origin / lens / scale)
        if stands[2] < 0:
            up, stands = -up, stands * (1, 1, -1)
        matrix = np.column_stack([right, ahead, up * lens, origin])
        return cls(matrix, focal, float(stands[2]), aspect, ground.lens)

    def tall(self, ground: Ground, foot: ArrayLike, top: ArrayLike) -> Floats:
        """How many metres (n,) things reach from their feet (n, 2) to rows of the picture (n,), shares of it.

        nan where the foot is on no ground.
        """
        feet = np.asarray(foot, np.float64).reshape(-1, 2)
        tops = np.column_stack([feet[:, 0], np.asarray(top, np.float64)])
        rows = (tops if self.lens is None else self.lens.straight(tops))[:, 1] - 0.5
        base = np.column_stack([ground.metres(feet), np.zeros(len(feet)), np.ones(len(feet))]) @ self.matrix.T
        up = self.matrix[:, 2]
        tall: Floats = (rows * base[:, 2] - base[:, 1]) / (up[1] - rows * up[2])
        return tall

    def top(self, metres: ArrayLike, tall_m: float) -> Floats:
        """The row of the picture (n,), in shares, up to which things of a height reach at metres (n, 2)."""
        p = np.asarray(metres, np.float64).reshape(-1, 2)
        shown = np.column_stack([p, np.full(len(p), tall_m), np.ones(len(p))]) @ self.matrix.T
        straight = shown[:, :2] / shown[:, 2:] / (self.aspect, 1.0) + 0.5
        rows: Floats = (straight if self.lens is None else self.lens.bent(straight))[:, 1]
        return rows
