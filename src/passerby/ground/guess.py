"""A first guess of the ground from how tall people look, for who has measured nothing yet.

Standing people are about 1.7 m tall. How their boxes shrink towards the horizon tells the camera's tilt and, by
their height, its own (Hoiem et al. 2008, "Putting objects in perspective"). The focal length hardly shows there,
so it is taken to be a usual one unless it is given, and distances along the view are only as good as that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.ground.forms import overhead
from passerby.ground.plane import Ground
from passerby.ground.stature import USUAL_M
from passerby.ground.upright import Upright

Floats = NDArray[np.float64]

USUAL_FOV_DEG: Final = 60.0  # across, of a camera that watches a street
_LEAST: Final = 50  # boxes
_TILTS: Final = np.arange(2.0, 80.1, 0.5)  # deg


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """A ground that nobody measured."""

    ground: Ground
    height_m: float
    tilt_deg: float
    fov_deg: float
    people: int  # boxes that it rests on

    def table(self, size: tuple[int, int]) -> str:
        """What to write into the configuration to use it; size: (width, height) of the picture, px."""
        return (
            f"ground = {{ height_m = {self.height_m:.2f}, tilt_deg = {self.tilt_deg:.1f}, "
            f"fov_deg = {self.fov_deg:g}, size = [{size[0]}, {size[1]}], guess = true }}"
        )


def guess(boxes: Floats, aspect: float, fov_deg: float = USUAL_FOV_DEG) -> Guess | None:
    """The ground on which standing people of these boxes (n, 4; shares of the picture) are alike.

    Among all tilts that under which their heights differ least; then the camera's height is that which makes their
    median 1.7 m. None where they are too few, or no tilt makes them alike.
    """
    if len(boxes) < _LEAST:
        return None
    focal = aspect / 2 / float(np.tan(np.radians(fov_deg) / 2))
    found = [_differ(boxes, aspect, focal, tilt) for tilt in _TILTS]
    best = int(np.argmin([differ for differ, _ in found]))
    differ, tall = found[best]
    if not np.isfinite(differ):
        return None
    height, tilt = USUAL_M / tall, float(_TILTS[best])
    plane = overhead(height, tilt, 0.0, focal, aspect, guess=True)
    return Guess(plane, height, tilt, fov_deg, len(boxes))


def _differ(boxes: Floats, aspect: float, focal: float, tilt_deg: float) -> tuple[float, float]:
    """How much heights differ (median deviation by the median), and their median, for a camera 1 m high."""
    plane = overhead(1.0, tilt_deg, 0.0, focal, aspect)
    upright = Upright.of(plane, aspect)
    feet = np.column_stack([boxes[:, [0, 2]].mean(axis=1), boxes[:, 3]])
    tall = np.empty(0) if upright is None else upright.tall(plane, feet, boxes[:, 1])
    if len(tall) < len(boxes) or not np.isfinite(tall).all() or (tall <= 0).any():
        return np.inf, np.nan
    middle = float(np.median(tall))
    return float(np.median(np.abs(tall - middle))) / middle, middle
