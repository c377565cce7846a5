"""How crowded a zone is: people per square metre, where it is worst, and how the crowd moves.

**Not validated on real crowds; an aid, not a safety system.**

Density is people by area of walkable ground, in 1/m2 (Fruin, "Pedestrian Planning and Design", 1971; Weidmann,
1993). It comes from the map of the crowd where the camera has one, else from the tracks, which fail above about 2
people per m2. Its bands are Fruin's levels of service of a walkway, A to F, and Still's for safety ("Introduction
to Crowd Science", 2014): flow breaks at 2 to 3, from 5 on it is dangerous::

    1/m2   0   0.31   0.43   0.72   1.08   2   2.17   3.5   5
           │ A │  B   │  C   │  D   │    E │    F
           │                               │ watch    │ warn │ danger

The flow through each metre of width is density times mean velocity, in 1/(m s) (Fruin; Seyfried et al., 2005).
Early warnings: `pressure`, density times the variance of velocity, which passed 0.02 1/s2 where a crowd became
turbulent, and `waves`, how much the mean speed changes over time as a share of itself, for stop-and-go waves come
before (Helbing, Johansson and Al-Abideen, "Dynamics of crowd disasters", Physical Review E 75, 2007).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.geometry import Cells, Zone, heights, inside
from passerby.ground import Ground, needed
from passerby.measures.service import FRUIN, STILL
from passerby.records import Observation, Quantity, Sample
from passerby.stages import Scene

Floats = NDArray[np.float64]

CELL_M: Final = 0.5  # side of the cells into which tracks are counted
_LOOK_S: Final = 2.0  # the crowd is looked at no more often
_PARTS: Final = 4  # a cell's share of the zone is told by so many points along each side
_KNOWN: Final = 0.5  # share of the zone that the map must show
_MOST: Final = 200.0  # m: zones reach no farther, whatever the horizon does
_STEP_S: Final = 0.1  # over which a velocity in the picture is turned into metres
_MOVES: Final = 0.2  # m/s: slower people have no direction
_FEW: Final = 5  # people whose velocities are known, at least
_WAVE_S: Final = 20.0  # over which the mean speed is watched


class DensityMeasure:
    """Samples how crowded `at` is; needs the camera's ground. An aid, not a safety system.

    `sample_s`: s between two samples. `window_m`: side of the square in which the local peak is looked for.
    `service`: bounds of Fruin's levels of service, 1/m2. `safety`: densities at which to watch, to warn, and from
    which there is danger, 1/m2.
    """

    def __init__(
        self,
        at: Zone,
        *,
        sample_s: float = 1.0,
        window_m: float = 2.0,
        service: tuple[float, float, float, float, float] = FRUIN,
        safety: tuple[float, float, float] = STILL,
        ground: Ground | None = None,
    ) -> None:
        self._plane = needed(ground, "a density", at)
        self._zone = at
        self._sample_s, self._window_m = sample_s, window_m
        self._bounds = tuple(sorted({*_rising("service", service), *_rising("safety", safety)}))
        self._own = _cells_around(self._plane.metres(at.points), at.name)
        self._cells: Cells | None = None
        self._shares = np.empty((0, 0))  # (rows, columns) of each cell that lies in the zone
        self._speeds: deque[tuple[float, float]] = deque()  # stream time, mean m/s
        self._sampled = -np.inf
        self.crowd_every_s = max(sample_s, _LOOK_S)

    def update(self, scene: Scene) -> Iterable[Observation]:
        """What the zone holds, where a sample is due; nothing where too little of it is seen."""
        due = np.floor(scene.time_s / self._sample_s + 1e-6)
        if due <= self._sampled:
            return
        self._sampled = due
        if scene.health.state != "ok":
            return
        here = self._here(scene)
        people, errors = self._map(scene, here)
        assert self._cells is not None
        known = np.isfinite(people) & (self._shares > 0)
        area = float(self._shares[known].sum()) * self._cells.side**2
        whole = float(self._shares.sum()) * self._cells.side**2
        if area < _KNOWN * whole:
            return
        density = float((people * self._shares)[known].sum()) / area
        yield self._sample(scene, "people", density * whole)
        yield self._sample(scene, "density", density, bands=True)
        yield self._sample(scene, "density_peak", self._peak(people, known), bands=True)
        if errors is not None:
            # What makes one cell wrong makes its neighbours wrong too: errors are taken to go together.
            yield self._sample(scene, "density_error", float((errors * self._shares)[known].sum()) / area)
        yield from self._moves(scene, here, density)

    def _sample(self, scene: Scene, quantity: Quantity, value: float, *, bands: bool = False) -> Sample:
        bounds = self._bounds if bands else ()
        return Sample(self._zone.name, scene.time_s, quantity, Class.PERSON, value, bounds)

    def _here(self, scene: Scene) -> NDArray[np.bool_]:
        """Which tracks (n,) are people in the zone."""
        tracks = scene.tracks
        corners = heights(self._zone.points, scene.aspect)
        people = tracks.confirmed & (tracks.class_id == Class.PERSON)
        within: NDArray[np.bool_] = people & inside(heights(tracks.foot, scene.aspect), corners)
        return within

    def _map(self, scene: Scene, here: NDArray[np.bool_]) -> tuple[Floats, Floats | None]:
        """People in each cell (rows, columns) and their standard errors, from the map or by counting tracks."""
        mapped = scene.crowd is not None and scene.cells is not None
        cells = scene.cells if mapped and scene.cells is not None else self._own
        if cells != self._cells:
            self._cells, self._shares = cells, self._within(cells)
        if not mapped or scene.crowd is None:
            return cells.count(self._plane.metres(scene.tracks.foot[here])), None
        errors = scene.crowd_error
        return scene.crowd.astype(np.float64), None if errors is None else errors.astype(np.float64)

    def _within(self, cells: Cells) -> Floats:
        """The share of each cell (rows, columns) that lies in the zone."""
        offsets = (np.arange(_PARTS) + 0.5) / _PARTS - 0.5
        parts = np.stack(np.meshgrid(offsets, offsets), axis=-1).reshape(-1, 2) * cells.side
        points = cells.centres[:, :, None] + parts
        seen = self._plane.picture(points.reshape(-1, 2))
        within = inside(np.nan_to_num(seen, nan=-9.0), self._zone.points)
        return np.asarray(within.reshape(points.shape[:3]).mean(axis=2), np.float64)

    def _peak(self, people: Floats, known: NDArray[np.bool_]) -> float:
        """The largest density over squares of the window's side that lie mostly in the known part of the zone."""
        assert self._cells is not None
        cells = max(1, round(self._window_m / self._cells.side))
        held = _sums(np.where(known, people * self._shares, 0.0), cells)
        area = _sums(np.where(known, self._shares, 0.0), cells) * self._cells.side**2
        enough = area >= 0.75 * min(float(area.max()), (cells * self._cells.side) ** 2)
        return float((held[enough] / area[enough]).max())

    def _moves(self, scene: Scene, here: NDArray[np.bool_], density: float) -> Iterator[Sample]:
        """How the crowd moves, where enough of it can be followed."""
        while self._speeds and self._speeds[0][0] < scene.time_s - _WAVE_S:
            self._speeds.popleft()
        velocity = self._velocities(scene, here)
        if len(velocity) < _FEW:
            return
        mean = velocity.mean(axis=0)
        yield self._sample(scene, "flow", density * float(np.hypot(*mean)))
        yield self._sample(scene, "against", against(velocity))
        yield self._sample(scene, "pressure", density * float(velocity.var(axis=0).sum()))
        self._speeds.append((scene.time_s, float(np.hypot(*velocity.T).mean())))
        if scene.time_s - self._speeds[0][0] > _WAVE_S / 2:
            speeds = np.array([speed for _, speed in self._speeds])
            yield self._sample(scene, "waves", float(speeds.std() / max(speeds.mean(), _MOVES)))

    def _velocities(self, scene: Scene, here: NDArray[np.bool_]) -> Floats:
        """Velocities (m, 2) m/s of those in the zone who are seen now."""
        rows = here & (scene.tracks.lost_s <= 0)
        foot = scene.tracks.foot[rows]
        ahead = foot + scene.tracks.velocity[rows] * _STEP_S
        velocity: Floats = (self._plane.metres(ahead) - self._plane.metres(foot)) / _STEP_S
        return velocity[np.isfinite(velocity).all(axis=1)]


def against(velocity: Floats) -> float:
    """Share 0-0.5 of those who move that go against the larger part, along the line on which most move (n, 2)."""
    moving = velocity[np.hypot(*velocity.T) > _MOVES]
    if not len(moving):
        return 0.0
    _, _, axes = np.linalg.svd(moving, full_matrices=False)
    forward = float((moving @ axes[0] > 0).mean())
    return min(forward, 1 - forward)


def _rising(name: str, bounds: Sequence[float]) -> Sequence[float]:
    if not bounds or any(not b > a for a, b in zip((0.0, *bounds), bounds, strict=False)):
        raise ValueError(f"the bounds of {name} must rise from above 0, not {list(bounds)}")
    return bounds


def _cells_around(corners: Floats, name: str) -> Cells:
    """Cells of `CELL_M` over a polygon (n, 2) m."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    if (high - low).max() > _MOST:
        raise ValueError(f"'{name}' is {(high - low).max():.0f} m long: so far away nobody can be told apart")
    columns, rows = (max(1, int(np.ceil(side))) for side in (high - low) / CELL_M)
    return Cells((float(low[0]), float(low[1])), CELL_M, rows, columns)


def _sums(values: Floats, side: int) -> Floats:
    """Sums of all squares of so many cells; of the whole where it is smaller."""
    for axis in (0, 1):
        many = min(side, values.shape[axis])
        total = np.cumsum(np.insert(values, 0, 0.0, axis=axis), axis=axis)
        last = total.shape[axis] - many
        values = np.take(total, range(many, many + last), axis) - np.take(total, range(last), axis)
    return values
