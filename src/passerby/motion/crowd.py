"""How many people stand on each cell of the ground, where they hide each other and boxes cannot be counted.

::

    picture ─┬─ differs from the empty place ─► share of foreground ─┐
             └─ windows around heads ─► texture ─────────────────────┴─► learned ─► people, standard error
                                        boxes in sparse times ─► factor of this camera ┘

Where few stand, the share of the foreground tells: silhouettes dropped at random cover 1 - exp(-density x area) of
the view (Boolean model: Matheron, 1975), where the area is that of the ground behind a silhouette, which the angle
of the camera gives. That saturates at 2 to 3 people per m2; beyond, the texture goes on growing finer. Both feed a
regression on logarithms, learned from drawn crowds only (`learned`). **Not validated on real crowds.**
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from passerby.frame import Frame, Gray, Size
from passerby.geometry import Cells
from passerby.motion.empty import Empty
from passerby.motion.learned import CURVE, WEIGHTS
from passerby.motion.texture import describe
from passerby.motion.windows import FORE_M, Plane, Windows

Floats = NDArray[np.float64]

SETTLE_S: Final = 3600.0  # a crowd that stands for less is not taken for the place itself
BLEND_S: Final = 4.0  # densities are averaged over this time
PX_PER_M: Final = 22  # a larger picture is shrunk to about this, which makes it cheap and less noisy
NOTHING: Final = 0.02  # share of foreground below which a cell is empty
SPARSE: Final = 0.9  # 1/m2: while people have no more around them on average, boxes are believed
FORGET_S: Final = 600.0  # boxes teach the factor over this time
DOUBT: Final = 5.0  # people that the factor 1 is worth
FARTHEST: Final = 2.0  # the factor lies between one by this and this
FADES: Final = 2.0  # 1/m2: the denser, the less sparse times say; by a factor of e for so much
LEAST: Final = 0.02  # 1/m2: less is nobody
MOST: Final = 7.5  # 1/m2: more do not fit
ERROR: Final = (0.1, 0.18)  # standard error of a cell: people per m2, and share of the density, on drawn crowds


@dataclass(frozen=True, slots=True, eq=False)
class CrowdMap:
    """How the crowd is spread at one time."""

    time_s: float
    cells: Cells
    people: NDArray[np.float32]  # (rows, columns) in each cell; nan where it is not seen well enough
    error: NDArray[np.float32]  # (rows, columns) standard errors


class Crowd:
    """One camera's eye for crowds; give it the frames in the order of their time, skips are fine.

    `plane` is the camera's ground. It looks every `every_s`, and must see the place empty or sparse at first: what
    stands there in the first frame is taken for the place until it has left.
    """

    def __init__(self, plane: Plane, *, every_s: float = 2.0) -> None:
        self._plane = plane
        self._every_s = every_s
        self._frame = Size(0, 0)
        self._windows: Windows | None = None
        self._size = Size(0, 0)  # of the picture, px
        self._empty: Empty | None = None
        self._density: Floats | None = None  # (n,) 1/m2, averaged over time
        self._map: CrowdMap | None = None
        self._looked_s = -math.inf
        self._boxes = self._guessed = 0.0  # people in sparse times: by boxes, and by what is learned

    @property
    def factor(self) -> float:
        """How many people there are for each that is guessed, as the boxes of sparse times say; 1 at first."""
        factor = (self._boxes + DOUBT) / (self._guessed + DOUBT)
        return min(max(factor, 1 / FARTHEST), FARTHEST)

    def update(self, frame: Frame, feet: ArrayLike | None = None) -> CrowdMap | None:
        """The map as of now, or None where no ground is seen well enough.

        feet: (n, 2) shares of the picture, where people are known to stand; None: nobody has looked.
        """
        if frame.size != self._frame:
            self._begin(frame)
        if self._windows is None or frame.time_s - self._looked_s < self._every_s - 1e-6:
            return self._map
        elapsed_s = min(frame.time_s - self._looked_s, FORGET_S)
        self._looked_s = frame.time_s
        now = guess(self._windows, self._look(self._windows, frame))
        if feet is not None:
            self._learn(self._windows, now, self._plane.metres(feet), elapsed_s)
        before = now if self._density is None else self._density
        self._density = density = before + (1 - math.exp(-elapsed_s / BLEND_S)) * (now - before)
        density = np.minimum(density * self.factor ** np.exp(-density / FADES), MOST)
        area = self._windows.cells.side**2
        people, error = (self._windows.spread(d * area) for d in (density, ERROR[0] + ERROR[1] * density))
        self._map = CrowdMap(
            frame.time_s, self._windows.cells, people.astype(np.float32), error.astype(np.float32)
        )
        return self._map

    def _begin(self, frame: Frame) -> None:
        """Lay the windows over a stream of another size."""
        self._frame, self._size = frame.size, frame.size
        self._empty = self._density = self._map = None
        self._windows = Windows.over(self._plane, frame.size, frame.size)
        if self._windows is None:
            return
        times = max(1, int(np.median(self._windows.scale) / PX_PER_M))
        self._size = Size(frame.size.width // times, frame.size.height // times)
        self._windows = Windows.over(self._plane, frame.size, self._size)

    def _look(self, windows: Windows, frame: Frame) -> Floats:
        """What each window (n, signs) shows in this frame."""
        picture = frame.luma(self._size)
        if self._empty is None:
            self._empty = Empty(SETTLE_S)
        changed, solid = self._empty.differs(picture, frame.bgr(frame.whole, self._size), frame.time_s)
        return signs_of(windows, picture, changed, solid)

    def _learn(self, windows: Windows, density: Floats, metres: Floats, elapsed_s: float) -> None:
        """Hold what was guessed against boxes, while people stand apart."""
        if (density**2).sum() > SPARSE * density.sum():
            return
        boxes = windows.cells.count(metres[np.isfinite(metres).all(axis=1)]).reshape(-1)[windows.rows]
        keep = math.exp(-elapsed_s / FORGET_S)
        self._boxes = keep * self._boxes + float(boxes.sum())
        self._guessed = keep * self._guessed + float(density.sum()) * windows.cells.side**2


def signs_of(windows: Windows, picture: Gray, *foregrounds: Gray) -> Floats:
    """Signs of a crowd in each window (n, signs): shares of both foregrounds at three heights, and texture.

    Neither foreground is right: a shadow is not a person, but evenly dark clothes look like one.
    """
    shares = [windows.shares(mask, height)[:, None] for mask in foregrounds for height in FORE_M]
    return np.concatenate([*shares, *describe(windows.heads(picture))], axis=1)


def guess(windows: Windows, signs: Floats) -> Floats:
    """People per m2 (n,), from signs (n, signs) of each window and those beside it."""
    wide = smooth(windows.spread(signs)).reshape(-1, signs.shape[1])[windows.rows]
    logarithm = regressors(windows.sine, windows.scale, wide) @ np.array(WEIGHTS)
    density = np.exp(np.clip(logarithm, -5, math.log(MOST))) - OFFSET
    straight = np.exp(bends(np.maximum(density, LEAST)) @ np.array(CURVE))
    return np.where((wide[:, 1] < NOTHING) | (density < LEAST), 0.0, np.minimum(straight, MOST))


OFFSET: Final = 0.1  # 1/m2 added before the logarithm is taken, so that no people have one


def bends(density: Floats) -> Floats:
    """What a curve over densities (n,) above 0 is made of (n, 3), in logarithms: a line that bends from 1 on."""
    logarithm = np.log(density)
    return np.stack([np.ones_like(logarithm), logarithm, np.maximum(logarithm, 0) ** 2], axis=1)


def regressors(sine: Floats, scale: Floats, signs: Floats) -> Floats:
    """What is learned from (n, 119): angle, scale, and signs (n, signs) free of contrast, in logarithms."""
    many = 2 * len(FORE_M)
    angle, size = np.log(sine / np.sqrt(1 - sine**2))[:, None], np.log(scale)[:, None]
    power = signs[:, many : many + 36].reshape(-1, 6, 6)
    whole = power[:, :5, :5].sum(axis=(1, 2))[:, None, None]
    relative = np.log(power + 0.01) - np.log(whole + 0.01)
    upright, lateral = relative.mean(axis=2), relative.mean(axis=1)
    peaks = np.log(signs[:, many + 36 :] + 0.05)
    # The Boolean model: its density by its area, in logarithms.
    covered = np.log(np.clip(-np.log(np.clip(1 - signs[:, :many], 0.003, 1)), 0.01, 9))
    fine = np.concatenate([upright, lateral, peaks], axis=1)
    columns = [np.ones_like(angle), angle, angle**2, size, size**2]
    columns += [covered, covered**2, angle * covered, fine, angle * fine]
    columns += [covered[:, middle : middle + 1] * fine for middle in (1, 4)]
    return np.concatenate(columns, axis=1)


def smooth(values: Floats) -> Floats:
    """The mean of each cell and those around it (rows, columns, k), of what is known; nan stays nan."""
    known = np.isfinite(values[..., :1])
    padded = np.pad(np.where(known, values, 0.0), ((1, 1), (1, 1), (0, 0)))
    there = np.pad(known.astype(np.float64), ((1, 1), (1, 1), (0, 0)))
    rows, columns = values.shape[:2]
    around = [np.s_[i : i + rows, j : j + columns] for i in range(3) for j in range(3)]
    total = sum((padded[part] for part in around), np.zeros_like(values))
    weight = sum((there[part] for part in around), np.zeros((rows, columns, 1)))
    return np.where(known, total / np.maximum(weight, 1), np.nan)
