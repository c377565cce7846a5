"""The calibration of PETS 2009 view 1 after Tsai (1987), for comparison only: this camera model is not ours."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SIZE = (768, 576)


class Tsai:
    """Metres of the ground to shares of the picture."""

    def __init__(self, path: Path) -> None:
        root = ElementTree.parse(path).getroot()
        self.geometry, self.inner, outer = ({k: float(v) for k, v in part.attrib.items()} for part in root)
        (sx, sy, sz), (cx, cy, cz) = ([f(outer[a]) for a in ("rx", "ry", "rz")] for f in (np.sin, np.cos))
        self.turn = np.array(
            [
                [cy * cz, cz * sx * sy - cx * sz, sx * sz + cx * cz * sy],
                [cy * sz, sx * sy * sz + cx * cz, cx * sy * sz - cz * sx],
                [-sy, cy * sx, cx * cy],
            ]
        )
        self.shift = np.array([outer["tx"], outer["ty"], outer["tz"]]) / 1000

    @property
    def tall(self) -> float:
        """The sensor's height, mm."""
        return self.geometry["height"] * self.geometry["dpy"]

    @property
    def k1(self) -> float:
        """The distortion, in heights of the picture."""
        return self.inner["kappa1"] * self.tall**2

    @property
    def focal(self) -> float:
        """In heights of the picture."""
        return self.inner["focal"] / self.tall

    @property
    def height_m(self) -> float:
        return float((-self.turn.T @ self.shift)[2])

    @property
    def tilt_deg(self) -> float:
        return float(np.degrees(np.arcsin(-self.turn[2, 2])))

    @property
    def roll_deg(self) -> float:
        """Clockwise: where the vertical of the world points, seen in the picture."""
        return float(np.degrees(np.arctan2(-self.turn[0, 2], -self.turn[1, 2])))

    def picture(self, metres: Floats) -> Floats:
        seen = np.column_stack([metres, np.zeros(len(metres))]) @ self.turn.T + self.shift
        straight = self.inner["focal"] * seen[:, :2] / seen[:, 2:]
        bent = straight
        for _ in range(50):
            bent = straight / (1 + self.inner["kappa1"] * (bent**2).sum(axis=1, keepdims=True))
        px = bent / (self.geometry["dpx"] / self.inner["sx"], self.geometry["dpy"])
        shares: Floats = (px + np.array([self.inner["cx"], self.inner["cy"]])) / SIZE
        return np.where(seen[:, 2:] > 0, shares, np.nan)

    def street(self) -> tuple[Floats, Floats]:
        """The ground that is in the picture, on a grid of 25 cm: metres (n, 2) and shares (n, 2)."""
        grid = np.stack(np.meshgrid(np.linspace(-25, 10, 141), np.linspace(-25, 15, 161)), axis=-1).reshape(-1, 2)
        shown = self.picture(grid)
        within = ((shown > 0.02) & (shown < 0.98)).all(axis=1)
        return grid[within], shown[within]
