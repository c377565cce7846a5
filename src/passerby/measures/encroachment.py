"""How near two road users came to a collision: post-encroachment time, and time to collision.

Post-encroachment time (PET; Allen, Shin and Cooper 1978, "Analysis of traffic conflicts and collisions"): from
when the first leaves a spot to when the second comes to it, the least over all spots. Only of ways that cross or
merge at 30 degrees or more: below that one follows the other (FHWA 2008, "Surrogate Safety Assessment Model",
sorts conflicts by this angle).

Time to collision (TTC; Hayward 1972, "Near-miss determination through use of a scale of danger"): until both would
meet if they went on as they do, the least over time. Cf. Laureshyn, Svensson and Hydén 2010, "Evaluation of
traffic safety, based on micro-level behavioural data".

A road user covers a rectangle along its way, as long and as wide as its class usually is. Rectangles meet unless
some line separates them, and then one along their sides does (Gottschalk, Lin and Manocha 1996, "OBBTree").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.ground import Ground

Floats = NDArray[np.float64]

STEP_S: Final = 0.05  # between two instants that are compared
SIZES: Final[Mapping[Class, tuple[float, float]]] = {  # m: length, width
    Class.PERSON: (0.5, 0.5),
    Class.BICYCLE: (1.8, 0.6),
    Class.MOTORCYCLE: (2.1, 0.8),
    Class.CAR: (4.4, 1.8),
    Class.BUS: (12.0, 2.5),
    Class.TRUCK: (8.0, 2.5),
    Class.TRAIN: (30.0, 2.6),
    Class.VEHICLE: (4.4, 1.8),
}

_SMOOTH: Final = 4  # steps to each side over which a way is smoothed
_MOVES: Final = 0.5  # m/s: slower is standing, and goes nowhere
_CLOSES: Final = 1.0  # m/s: who closes in more slowly can stop at once
_ANGLE: Final = np.cos(np.radians(30.0))
_STEPS: Final = ((0.0, -0.005), (0.005, 0.0))  # shares of the picture: a step away from the camera, and aside
_WHEELS: Final = 0.75  # of the length lies between the wheels, as the camera sees it


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Where the body of one road user was at each step of a clock that all share."""

    first: int  # step of the first row
    middle: Floats  # (n, 2) m
    heading: Floats  # (n, 2) unit vectors
    half: tuple[float, float]  # m: of the length, of the width
    velocity: Floats  # (n, 2) m/s

    @property
    def steps(self) -> range:
        """The steps of its rows."""
        return range(self.first, self.first + len(self.middle))


def motion(times: Sequence[float], feet: Sequence[tuple[float, float]], class_: Class, ground: Ground) -> Motion:
    """The motion of a road user, from where its foot was in shares of the picture."""
    steps = np.arange(np.ceil(times[0] / STEP_S), np.floor(times[-1] / STEP_S) + 1)
    shares = np.array(feet, np.float64)
    metres = _at(times, ground.metres(shares), steps)
    way = _smooth(metres)
    velocity: Floats = np.gradient(way, STEP_S, axis=0) if len(way) > 1 else np.zeros_like(way)
    heading, moved = _headings(velocity)
    length, width = SIZES[class_] if moved else SIZES[class_][1:] * 2
    if class_ is not Class.PERSON:
        up, aside = (_at(times, ground.metres(shares + step), steps) - metres for step in _STEPS)
        way = way + _to_the_middle(up, aside, heading, length, width)
    return Motion(int(steps[0]) if len(steps) else 0, way, heading, (length / 2, width / 2), velocity)


def pet(one: Motion, other: Motion, most_s: float) -> tuple[float, float] | None:
    """The post-encroachment time, s, and when the second came; None where it is more than `most_s`."""
    for apart in range(int(np.ceil(most_s / STEP_S)) + 1):
        for first, second in ((one, other), (other, one)) if apart else ((one, other),):
            rows, late = _common(first, second, apart)
            apart_m, reach = _sides(first, second, rows, late)
            meets = (np.abs(apart_m) <= reach).all(axis=1)
            if meets.any():
                meets &= _crosses(first.velocity[rows], second.velocity[late])
            if meets.any():
                step = second.first + late.start + int(np.argmax(meets))
                return max(0.0, (apart - 0.5) * STEP_S), step * STEP_S
    return None


def ttc(one: Motion, other: Motion) -> tuple[float, float] | None:
    """The least time to collision, s, and when that was; None where they never were on a way to collide."""
    rows, same = _common(one, other, 0)
    apart_m, reach = _sides(one, other, rows, same)
    if not len(apart_m):
        return None
    speed = other.velocity[same] - one.velocity[rows]
    closing = (_axes(one, other, rows, same) * speed[:, None]).sum(axis=-1)  # (n, 4) m/s
    with np.errstate(divide="ignore", invalid="ignore"):
        times = np.stack([(-reach - apart_m) / closing, (reach - apart_m) / closing])
    beside = np.where(np.abs(apart_m) <= reach, -np.inf, np.inf)
    from_s = np.where(closing == 0, beside, times.min(axis=0)).max(axis=1)
    to_s = np.where(closing == 0, -beside, times.max(axis=0)).min(axis=1)
    collide = (from_s > 0) & (from_s < to_s) & (np.hypot(*speed.T) > _CLOSES)
    until = np.where(collide, from_s, np.inf)
    least = int(np.argmin(until))
    return (float(until[least]), (one.first + rows.start + least) * STEP_S) if collide.any() else None


def _at(times: Sequence[float], values: Floats, steps: Floats) -> Floats:
    return np.stack([np.interp(steps * STEP_S, times, values[:, axis]) for axis in (0, 1)], axis=1)


def _to_the_middle(up: Floats, aside: Floats, heading: Floats, length: float, width: float) -> Floats:
    """From the lower edge of a box to the middle of the body (n, 2) m.

    The edge is where the wheels are nearest to the camera, so half their depth from the middle along the line of
    sight. up, aside: ways on the ground (n, 2) m that lead up and aside in the picture.
    """
    depth = np.column_stack([-aside[:, 1], aside[:, 0]]) / np.hypot(*aside.T)[:, None]
    along = np.abs((depth * heading).sum(axis=1))
    across = np.sqrt(np.maximum(0.0, 1 - along**2))
    track = width if width > 1.0 else 0.0  # two wheels run in one line
    half = (_WHEELS * length * along + track * across) / 2
    step: Floats = up * (half / np.maximum(np.abs((up * depth).sum(axis=1)), 1e-9))[:, None]
    return step


def _smooth(way: Floats) -> Floats:
    """Moving means (n, 2), with the ends drawn on straight."""
    reach = min(_SMOOTH, (len(way) - 1) // 2)
    if reach < 1:
        return way
    before = 2 * way[0] - way[reach:0:-1]
    after = 2 * way[-1] - way[-2 : -reach - 2 : -1]
    whole = np.concatenate([before, way, after])
    kernel = np.full(2 * reach + 1, 1 / (2 * reach + 1))
    return np.stack([np.convolve(whole[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)


def _headings(velocity: Floats) -> tuple[Floats, bool]:
    """Unit vectors (n, 2), those who stand keeping the last one; False: it never went anywhere."""
    speed = np.hypot(*velocity.T)
    moving = np.flatnonzero(speed > _MOVES)
    if not len(moving):
        return np.tile([1.0, 0.0], (len(velocity), 1)), False
    last = moving[np.maximum(np.searchsorted(moving, np.arange(len(velocity)), side="right") - 1, 0)]
    return velocity[last] / speed[last, None], True


def _common(first: Motion, second: Motion, late: int) -> tuple[slice, slice]:
    """The rows of both where the second is looked at so many steps later."""
    start = max(first.steps.start, second.steps.start - late)
    end = max(start, min(first.steps.stop, second.steps.stop - late))
    return (
        slice(start - first.first, end - first.first),
        slice(start + late - second.first, end + late - second.first),
    )


def _axes(first: Motion, second: Motion, rows: slice, late: slice) -> Floats:
    """The directions (n, 4, 2) of the sides of both."""
    a, b = first.heading[rows], second.heading[late]
    turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
    return np.stack([a, a @ turn, b, b @ turn], axis=1)


def _sides(first: Motion, second: Motion, rows: slice, late: slice) -> tuple[Floats, Floats]:
    """Along each of their sides (n, 4): m between their middles, and m up to which they touch."""
    axes = _axes(first, second, rows, late)
    apart: Floats = (axes * (second.middle[late] - first.middle[rows])[:, None]).sum(axis=-1)
    onto = np.abs(axes @ axes.transpose(0, 2, 1))  # (n, 4, 4)
    reach: Floats = onto @ np.array([*first.half, *second.half])
    return apart, reach


def _crosses(one: Floats, other: Floats) -> NDArray[np.bool_]:
    """Whether both move (n, 2), and at 30 degrees or more to each other."""
    speeds = np.hypot(*one.T), np.hypot(*other.T)
    along = (one * other).sum(axis=1)
    moving = (speeds[0] > _MOVES) & (speeds[1] > _MOVES)
    return np.asarray(moving & (along <= _ANGLE * speeds[0] * speeds[1]), np.bool_)
