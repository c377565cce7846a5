"""A pinhole camera on a mast over a flat ground: from metres to shares of the picture, and back."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

NEAREST_M = 0.3  # what is closer to the lens plane than this is drawn as if it were this far


@dataclass(frozen=True, slots=True)
class Pinhole:
    """Where the camera hangs and how it looks; it stands over the origin of the ground.

    ::

        seen from above                 seen from the side
              y (across the street)      camera ─ ─ ─ ─ ─ horizon
              │  ╱ view axis               │ ╲ tilt_deg
              │ ╱ pan_deg                  │   ╲
              │╱                  height_m │     ╲  view axis
        camera ───── x (along)         ────┴───────╲────── ground

    World axes are metres: x to the right along the street, y away across it, z up. Lengths in the picture are
    shares of its width and height, as everywhere.
    """

    height_m: float = 6.8
    tilt_deg: float = 14.0  # down from the horizon
    pan_deg: float = 59.0  # from straight across the street towards x
    focal: float = 1.25  # heights of the picture
    aspect: float = 4 / 3  # width / height of the picture

    axes: Floats = field(
        init=False, repr=False, compare=False
    )  # (3, 3): right, down, into the picture, as columns

    def __post_init__(self) -> None:
        tilt, pan = math.radians(self.tilt_deg), math.radians(self.pan_deg)
        ahead = np.array([math.sin(pan), math.cos(pan), 0.0])
        right = np.array([math.cos(pan), -math.sin(pan), 0.0])
        up = np.array([0.0, 0.0, 1.0])
        down, into = -math.sin(tilt) * ahead - math.cos(tilt) * up, math.cos(tilt) * ahead - math.sin(tilt) * up
        object.__setattr__(self, "axes", np.stack([right, down, into], axis=1))

    def _seen(self, world: ArrayLike) -> Floats:
        """Points (..., 3) m along the camera's own axes."""
        seen: Floats = (np.asarray(world, np.float64) - (0.0, 0.0, self.height_m)) @ self.axes
        return seen

    def depth(self, world: ArrayLike) -> Floats:
        """Distance of points (..., 3) m from the lens plane, m; negative behind the camera."""
        return self._seen(world)[..., 2]

    def picture(self, world: ArrayLike) -> Floats:
        """Shares of the picture (..., 2) of points (..., 3) m; may lie outside 0-1."""
        seen = self._seen(world)
        shares: Floats = seen[..., :2] / np.maximum(seen[..., 2:], NEAREST_M)
        return shares * (self.focal / self.aspect, self.focal) + 0.5

    def scale(self, world: ArrayLike) -> Floats:
        """Heights of the picture that one metre across the view takes up at points (..., 3)."""
        return self.focal / np.maximum(self.depth(world), NEAREST_M)

    def ground(self, shares: ArrayLike) -> Floats:
        """Ground points (..., 2) m seen at shares of the picture (..., 2); nan at and above the horizon."""
        s = np.asarray(shares, np.float64)
        right, down, into = self.axes.T
        across = (s[..., :1] - 0.5) * self.aspect / self.focal
        ray = across * right + (s[..., 1:] - 0.5) / self.focal * down + into
        falls = -ray[..., 2:]
        reach = np.where(falls > 1e-9, self.height_m / np.where(falls > 1e-9, falls, 1.0), np.nan)
        result: Floats = ray[..., :2] * reach
        return result

    @property
    def horizon(self) -> float:
        """Share of the picture's height at which the ground ends; may lie outside 0-1."""
        return 0.5 - self.focal * math.tan(math.radians(self.tilt_deg))
