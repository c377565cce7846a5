"""How people in a crowd keep away from each other: a social-force model, for all of them at once.

Each is driven towards a wished velocity within a second, and is pushed away by others, more by those in view than
by those behind (Helbing and Molnár, "Social force model for pedestrian dynamics", 1995); bodies that touch push
back (Helbing, Farkas and Vicsek, 2000). With those forces alone a dense stream walks too fast, so the wished speed
is no more than leaves a time headway to the next one ahead, as in Parisi, Gilman and Moldovan (2009) and Tordeux,
Chraibi and Seyfried (2016). `Manner`'s numbers were chosen so that a stream keeps Weidmann's density-speed curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Index = NDArray[np.intp]

STEP_S = 0.1  # of the simulation
_SIGHT_M = 1.4  # who is farther away does not matter
_AROUND = ((0, 0), (1, 0), (1, 1), (0, 1), (1, -1))  # cells that hold each pair of neighbours once


@dataclass(frozen=True, slots=True)
class Manner:
    """How people keep their distance; forces are accelerations."""

    relax_s: float = 0.5  # in which the wished velocity is reached
    push: float = 1.0  # m/s2 from one who touches,
    reach_m: float = 0.2  # and less by a factor of e for each such distance
    behind: float = 0.3  # share of it that one behind has, 0-1
    diameter_m: float = 0.4  # of a body
    stiff: float = 30.0  # m/s2 for each metre that bodies are pressed into each other
    stand_m: float = 0.22  # one stops so far behind the next,
    headway_s: float = 0.77  # and keeps so much time to them while walking
    beside_m: float = 0.29  # who is farther than that from the way ahead is not in it
    dodge: float = 2.0  # m/s2: who is held up steps aside with it


@dataclass(frozen=True, slots=True)
class Floor:
    """A rectangle from (0, 0); what leaves it at one end comes in at the other, its sides are walls."""

    length: float  # m along x, 5 or more: nobody sees the same one at both ends
    width: float  # m along y


def step(floor: Floor, manner: Manner, at: Floats, velocity: Floats, wish: Floats) -> tuple[Floats, Floats]:
    """Positions (n, 2) m and velocities (n, 2) m/s one `STEP_S` later, of people who wish for `wish` (n, 2) m/s.

    `at` may lie beyond the floor's ends by any number of lengths, and goes on there.
    """
    first, second, apart = _neighbours(floor, at)
    distance = np.maximum(np.hypot(*apart.T), 1e-3)
    towards = apart / distance[:, None]  # from the second to the first
    pace = np.hypot(*wish.T)
    ahead = wish / np.maximum(pace, 1e-9)[:, None]
    one, other = (_way_ahead(manner, who, to, ahead) for who, to in ((first, -apart), (second, apart)))
    free = np.minimum(one[0], other[0])
    slowed = ahead * np.clip((free - manner.stand_m) / manner.headway_s, 0, pace)[:, None]
    wary = manner.push * np.exp((manner.diameter_m - distance) / manner.reach_m)
    pressed = manner.stiff * np.maximum(manner.diameter_m - distance, 0)
    force = (slowed - velocity) / manner.relax_s + _from_walls(floor, manner, at)
    force += (manner.dodge * (one[1] + other[1]))[:, None] * ahead[:, ::-1] * (-1, 1)
    for who, side in ((first, 1.0), (second, -1.0)):
        seen = -side * (towards * ahead[who]).sum(axis=1)  # 1: straight ahead, -1: behind
        size = wary * (manner.behind + (1 - manner.behind) * (1 + seen) / 2) + pressed
        for axis in (0, 1):
            force[:, axis] += np.bincount(who, side * size * towards[:, axis], len(at))
    velocity = velocity + force * STEP_S
    # Nobody is pushed backwards by what they see, nor runs.
    backward = np.minimum((velocity * ahead).sum(axis=1), 0)
    velocity -= backward[:, None] * ahead
    most = np.maximum(1.3 * pace, 0.3)
    velocity *= np.minimum(1, most / np.maximum(np.hypot(*velocity.T), 1e-9))[:, None]
    moved = at + velocity * STEP_S
    moved[:, 1] = np.clip(moved[:, 1], 0, floor.width)
    return moved, velocity


def _way_ahead(manner: Manner, who: Index, to: Floats, ahead: Floats) -> tuple[Floats, Floats]:
    """Distance (n,) m to the next one in the way, and the side (n,) on which more room is, above 0 the left.

    `to` (p, 2) m leads from each of `who` (p,) to another.
    """
    along = (to * ahead[who]).sum(axis=1)
    left = to[:, 1] * ahead[who, 0] - to[:, 0] * ahead[who, 1]
    blocks = (along > 0) & (np.abs(left) < manner.beside_m)
    free = np.full(len(ahead), np.inf)
    np.minimum.at(free, who[blocks], np.hypot(*to[blocks].T))
    aside = -np.sign(left[blocks]) * np.exp(-along[blocks])
    room = np.bincount(who[blocks], aside, len(ahead)).astype(np.float64)
    return free, room


def _from_walls(floor: Floor, manner: Manner, at: Floats) -> Floats:
    """Accelerations (n, 2) away from the two walls."""
    half = manner.diameter_m / 2
    low, high = (5 * np.exp((half - gap) / manner.reach_m) for gap in (at[:, 1], floor.width - at[:, 1]))
    return np.stack([np.zeros(len(at)), low - high], axis=1)


def _neighbours(floor: Floor, at: Floats) -> tuple[Index, Index, Floats]:
    """All pairs within sight, each once: indices (p,), and the way (p, 2) m from the second to the first.

    By cells of the size of the sight (Hockney and Eastwood, "Computer Simulation Using Particles", chapter 8).
    """
    along = at[:, 0] % floor.length
    columns, rows = max(int(floor.length / _SIGHT_M), 3), max(int(floor.width / _SIGHT_M), 1)
    column = np.minimum((along / floor.length * columns).astype(np.intp), columns - 1)
    row = np.clip((at[:, 1] / floor.width * rows).astype(np.intp), 0, rows - 1)
    order = np.argsort(column * rows + row, kind="stable")
    held = np.bincount(column * rows + row, minlength=columns * rows)
    start = np.cumsum(held) - held
    firsts, seconds = [], []
    for right, up in _AROUND:
        there = (row + up >= 0) & (row + up < rows)
        who = np.flatnonzero(there)
        cell = (column[who] + right) % columns * rows + row[who] + up
        many = held[cell]
        first = np.repeat(who, many)
        place = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        second = order[np.repeat(start[cell], many) + place]
        once = first < second if (right, up) == (0, 0) else np.ones(len(first), np.bool_)
        firsts.append(first[once])
        seconds.append(second[once])
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    apart = at[first] - at[second]
    apart[:, 0] -= floor.length * np.round(apart[:, 0] / floor.length)
    near = (apart**2).sum(axis=1) < _SIGHT_M**2
    return first[near], second[near], apart[near]
