"""Who is on a street: a class, a size, and a path that is a function of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.scene import shapes
from passerby.scene.optics import Pinhole

Floats = NDArray[np.float64]

_STILL = 0.05  # m/s: slower than this has no direction of its own, and keeps the last one


class State(NamedTuple):
    """Where someone is on a path at one time."""

    x: float  # m
    y: float  # m
    heading: float  # rad
    walked: float  # m since the start
    vx: float  # m/s
    vy: float  # m/s


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Way-points with their times; between two of them the way is straight and the speed constant."""

    times: Floats  # (n,) s, rising
    points: Floats  # (n, 2) m
    slopes: Floats = field(init=False)  # (n-1, 2) m/s
    table: Floats = field(init=False)  # (n, 4): x, y m, heading rad from x to y (unwrapped), m walked

    def __post_init__(self) -> None:
        times, points = np.asarray(self.times, np.float64), np.asarray(self.points, np.float64)
        if len(times) < 2 or points.shape != (len(times), 2) or not (np.diff(times) > 0).all():
            raise ValueError(f"a path needs two or more points at rising times, got {times} and {points.shape}")
        steps = np.diff(points, axis=0)
        slopes = steps / np.diff(times)[:, None]
        walked = np.concatenate([[0.0], np.cumsum(np.hypot(*steps.T))])
        table = np.column_stack([points, _headings(slopes), walked])
        for name, value in (("times", times), ("points", points), ("slopes", slopes), ("table", table)):
            object.__setattr__(self, name, value)

    @property
    def start_s(self) -> float:
        """When it begins."""
        return float(self.times[0])

    @property
    def end_s(self) -> float:
        """When it ends."""
        return float(self.times[-1])

    def at(self, times: Floats) -> Floats:
        """Positions (m, 2) m at times (m,) s, held at both ends."""
        return np.stack([np.interp(times, self.times, self.points[:, i]) for i in (0, 1)], axis=-1)

    def velocity(self, times: Floats) -> Floats:
        """Velocities (m, 2) m/s at times (m,) s: the slope of the stretch that begins there."""
        index = np.searchsorted(self.times, times, side="right") - 1
        return self.slopes[np.clip(index, 0, len(self.slopes) - 1)]

    def headings(self, times: Floats) -> Floats:
        """Directions (m,) rad from x to y at times (m,) s; who stands keeps the last one."""
        return np.interp(times, self.times, self.table[:, 2])

    def state(self, time_s: float) -> State:
        """All of it at one time, quickly."""
        index = int(self.times.searchsorted(time_s, side="right")) - 1
        index = min(max(index, 0), len(self.slopes) - 1)
        start = self.times[index]
        share = min(max((time_s - start) / (self.times[index + 1] - start), 0.0), 1.0)
        here = self.table[index] + share * (self.table[index + 1] - self.table[index])
        return State(*here.tolist(), *self.slopes[index].tolist())


def _headings(slopes: Floats) -> Floats:
    """Direction at each way-point (n,), from slopes (n-1, 2); a halt keeps the direction before it."""
    moving = np.flatnonzero(np.hypot(*slopes.T) > _STILL)
    if not len(moving):
        return np.zeros(len(slopes) + 1)
    last = moving[np.maximum(np.searchsorted(moving, np.arange(len(slopes)), side="right") - 1, 0)]
    angles = np.unwrap(np.arctan2(slopes[last, 1], slopes[last, 0]))
    return np.concatenate([angles[:1], angles])


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """One road user; its id is the truth's and means nothing outside a drawn street."""

    id: int  # from 1, in order of birth
    class_: Class
    path: Path
    size: shapes.Measures  # m: length, width, height
    variant: int = 0  # picks body shape and colours
    outline: Floats = field(init=False)  # (k, 3) m: of the body on its wheels; empty for people

    def __post_init__(self) -> None:
        object.__setattr__(self, "outline", shapes.outline(self.class_, self.size, self.variant))

    def boxes(self, camera: Pinhole, times: Floats) -> Floats:
        """Boxes (m, 4) in shares at times (m,) s, whole even where hidden or outside the picture."""
        positions, headings = self.path.at(times), self.path.headings(times)
        if self.class_ is Class.PERSON:
            speeds = np.hypot(*self.path.velocity(times).T)
            return shapes.figure_boxes(camera, positions, headings, speeds, self.size[2])
        return shapes.body_boxes(camera, shapes.place(self.outline, positions, headings))


Waypoint = tuple[float, float, float]  # s, m, m


def path(points: Sequence[Waypoint]) -> Path:
    """A path through (time s, x m, y m)."""
    table = np.asarray(points, np.float64).reshape(-1, 3)
    return Path(table[:, 0], table[:, 1:])


def smooth(path: Path, *, step_s: float = 0.25, window_s: float = 1.25) -> Path:
    """The same way with corners rounded and starts softened, by a moving mean over `window_s`."""
    half = max(1, round(window_s / step_s / 2))
    times = np.arange(path.start_s, path.end_s + step_s, step_s)
    outer = np.concatenate(
        [times[0] + step_s * np.arange(-half, 0), times, times[-1] + step_s * np.arange(1, half + 1)]
    )
    points = path.at(outer)
    points[:half] += np.outer(outer[:half] - path.start_s, path.slopes[0])
    late = outer > path.end_s
    points[late] += np.outer(outer[late] - path.end_s, path.slopes[-1])
    kernel = np.full(2 * half + 1, 1 / (2 * half + 1))
    return Path(times, np.stack([np.convolve(points[:, i], kernel, "valid") for i in (0, 1)], axis=-1))


@dataclass(frozen=True, slots=True)
class Pole:
    """Something thin and upright that stands in the way of the view: a lamp post, the trunk of a tree."""

    x: float  # m
    y: float  # m
    height: float = 5.5  # m
    width: float = 0.16  # m
    tree: bool = False  # a crown sits on it


@dataclass(frozen=True, slots=True)
class Sign:
    """A board with the outline of a person, which must never be counted as one."""

    x: float  # m
    y: float  # m
    height: float = 1.75  # m
    variant: int = 0  # picks its colours


Thing = Pole | Sign
