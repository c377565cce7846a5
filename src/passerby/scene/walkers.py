"""Random people on foot: alone and together, who stop, turn back, cross the street and go into shops."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.scene.actors import Actor, Path, Waypoint, path, smooth
from passerby.scene.layout import Layout
from passerby.scene.shapes import SIZES

Floats = NDArray[np.float64]

_PACE: Final = (1.34, 0.22)  # m/s: mean and spread of free walking (Weidmann, 1993: 1.34, 0.26)
_PATIENCE_S: Final = 20.0  # who finds no gap in the traffic for so long walks on
_CLEAR_M: Final = 2.5  # kept from any vehicle while crossing
_REMEMBERED: Final = 100  # parties that a new one looks out for
_TRIES: Final = 5  # places across the pavement that a party considers


@dataclass(frozen=True, slots=True)
class Habits:
    """How people on foot behave; each is a share of the parties, 0-1."""

    together: float = 0.35  # two or more
    stop: float = 0.14
    turn_back: float = 0.06
    cross: float = 0.12  # over the zebra
    shop: float = 0.10  # end at a door
    far_side: float = 0.68  # walk on the far pavement


@dataclass(frozen=True, slots=True)
class _Side:
    """One pavement: where one walks on it, and where its ways begin and end."""

    low: float  # m across
    high: float  # m across
    start: float  # m along, outside the picture
    door: float  # m across: the wall with the doors


class _Trace(NamedTuple):
    """Where a party is at each whole second."""

    first: int  # s
    points: Floats  # (n, 2) m

    @classmethod
    def of(cls, way: Path) -> _Trace:
        first = math.ceil(way.start_s)
        return cls(first, way.at(np.arange(first, way.end_s, 1.0)))


class Walkers:
    """Draws parties one after the other; each looks where those before it walk."""

    def __init__(self, rng: Generator, layout: Layout, habits: Habits, traffic: Sequence[Actor]) -> None:
        self._rng, self._layout, self._habits = rng, layout, habits
        far, near = layout.far_pavement, layout.near_pavement
        self._far = _Side(far[0] + 0.9, far[1] - 0.7, -6.0, layout.facade)
        self._near = _Side(near[0] + 0.8, near[1] - 0.5, -4.0, layout.near_wall)
        self._traffic = traffic
        self._ways: list[_Trace] = []
        self.actors: list[Actor] = []

    def party(self, now: float) -> None:
        """Let one party set out at `now` seconds."""
        rng, habits = self._rng, self._habits
        many = 1 if rng.random() >= habits.together else int(rng.choice([2, 3, 4], p=[0.72, 0.2, 0.08]))
        side = self._far if rng.random() < habits.far_side else self._near
        pace = float(np.clip(rng.normal(*_PACE), 0.8, 2.0)) * (1.0 if many == 1 else 0.9)
        away = bool(rng.random() < 0.5)
        plan = rng.random(4) < (habits.turn_back, habits.cross, habits.shop, habits.stop)
        lanes = rng.uniform(side.low, side.high - 0.35 * (many - 1), _TRIES)
        seeds = rng.integers(2**63, size=2)
        options = []
        for lane in lanes:
            way = self._way(np.random.default_rng(seeds), (now, pace, away), side, float(lane), plan)
            options.append(smooth(path(way)))
        traces = [_Trace.of(option) for option in options]
        best = max(range(_TRIES), key=lambda index: self._room(traces[index]))
        chosen = options[best]
        self._ways.append(traces[best])
        self.actors.extend(self._members(chosen, many, np.random.default_rng(seeds + 1), abreast=not plan[1]))

    def _way(
        self,
        rng: Generator,
        gait: tuple[float, float, bool],
        side: _Side,
        lane: float,
        plan: NDArray[np.bool_],
    ) -> list[Waypoint]:
        """Way-points of a party on one side of the street."""
        now, pace, away = gait
        layout = self._layout
        turns, crosses, shops, stops = plan
        begin, end = (side.start, layout.end) if away else (layout.end, side.start)
        points: list[Waypoint] = (
            [(now, begin, lane)] if away else [(now, begin, side.door), (now + 2.5, begin, lane)]
        )

        def walk(x: float, y: float) -> None:
            t, x0, y0 = points[-1]
            points.append((t + max(float(np.hypot(x - x0, y - y0)) / pace, 0.1), x, y))

        def wait(seconds: float) -> None:
            t, x, y = points[-1]
            points.append((t + seconds, x, y))

        if stops:
            walk(float(rng.uniform(13, 32)), lane + float(rng.uniform(-0.2, 0.2)))
            wait(float(rng.uniform(4, 14)))
        if turns:
            walk(float(rng.uniform(18, 30)), lane)
            wait(float(rng.uniform(0.5, 2)))
            walk(begin, lane + 0.5)
            return points
        if crosses:
            x = float(rng.uniform(*layout.zebra))
            kerb, other = self._kerbs(side)
            walk(x, kerb)
            gap = self._gap(points[-1][0], x, kerb, other, pace)
            if gap is not None:
                wait(gap + 0.1)
                walk(x, other)
                side = self._near if side is self._far else self._far
                lane = float(rng.uniform(side.low, side.high))
                end = layout.end if end == layout.end else side.start
        if shops and not crosses:
            door = float(rng.choice(layout.doors))
            if side is self._far:
                walk(door, lane)
                walk(door, side.door)
                return points
        walk(end, lane)
        if end == layout.end:
            walk(end, side.door)
        return points

    def _kerbs(self, side: _Side) -> tuple[float, float]:
        """Where one waits to cross from a side, and where one arrives, m across."""
        near, far = self._layout.verge[1] - 0.5, self._layout.far_pavement[0] + 0.3
        return (far, near) if side is self._far else (near, far)

    def _gap(self, now: float, x: float, kerb: float, other: float, pace: float) -> float | None:
        """Seconds to wait at the kerb until the way over is free of traffic; None: it does not get free."""
        steps = np.arange(0, abs(other - kerb) / pace + 0.5, 0.5)
        across = kerb + np.sign(other - kerb) * pace * steps
        for wait in np.arange(0.0, _PATIENCE_S, 1.0):
            times = now + wait + steps
            if not any(self._meets(vehicle, times, x, across) for vehicle in self._traffic):
                return float(wait)
        return None

    @staticmethod
    def _meets(vehicle: Actor, times: Floats, x: float, across: Floats) -> bool:
        way = vehicle.path
        if way.end_s < times[0] or way.start_s > times[-1]:
            return False
        gap = np.abs(way.at(times) - np.stack([np.full(len(times), x), across], axis=1))
        close = (gap[:, 0] < vehicle.size[0] / 2 + _CLEAR_M) & (gap[:, 1] < vehicle.size[1] / 2 + 0.8)
        return bool(close.any())

    def _room(self, trace: _Trace) -> float:
        """How far a way stays from those before it, m, at its closest; more than 1 m is as good as 1 m."""
        room, last = 1.0, trace.first + len(trace.points)
        for other in self._ways[-_REMEMBERED:]:
            start, end = max(trace.first, other.first), min(last, other.first + len(other.points))
            if start < end:
                mine = trace.points[start - trace.first : end - trace.first]
                gap = mine - other.points[start - other.first : end - other.first]
                room = min(room, math.sqrt(float((gap**2).sum(axis=1).min())))
        return room

    def _members(self, way: Path, many: int, rng: Generator, *, abreast: bool) -> list[Actor]:
        """A party's members; they walk abreast along the street, and those who cross it abreast over it."""
        members = []
        for place in range(many):
            behind, beside = float(rng.uniform(-0.3, 0.3)) * (many > 1), 0.62 * place
            shift = (behind, beside) if abreast else (beside, behind)
            sway = 0.06 * np.sin(2 * np.pi * way.times / rng.uniform(4, 8) + rng.uniform(0, 6))
            points = way.points + shift + np.stack([np.zeros(len(sway)), sway], axis=1)
            length, width, height = SIZES[Class.PERSON]
            size = (length, width, height * float(np.clip(rng.normal(1, 0.05), 0.85, 1.12)))
            members.append(Actor(0, Class.PERSON, Path(way.times, points), size, int(rng.integers(2**31))))
        return members
