"""Drawn crowds: thousands on a square who walk, meet and stand, from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.scene.actors import Actor, Path
from passerby.scene.forces import STEP_S, Floor, Manner, step
from passerby.scene.layout import Layout
from passerby.scene.optics import Pinhole
from passerby.scene.shapes import SIZES
from passerby.scene.traffic import numbered
from passerby.scene.world import Street

Floats = NDArray[np.float64]

MOST: Final = 5000  # people
DENSEST: Final = 6.5  # people per m2
_PACE: Final = (1.34, 0.26)  # m/s: mean and spread of free walking (Weidmann, 1993)
_SETTLE_S: Final = 10.0  # of forces before 0, after which nobody stands in another
_EVERY: Final = 5  # steps between two way-points
_HOME_S: Final = 2.0  # who stands goes back to their spot in about this time,
_SHUFFLE: Final = 0.3  # m/s: and no faster than this

SQUARE: Final = Layout(  # paved from under the camera to houses 60 m away, the street behind it
    near_wall=-30.0,
    near_pavement=(-30.0, -28.0),
    verge=(-28.0, -26.0),
    carriageway=(-26.0, -21.0),
    cycle_track=(-20.9, -19.0),
    far_pavement=(-19.0, 60.0),
    facade=60.0,
    trees=(),
    doors=(),
)


@dataclass(frozen=True, slots=True)
class Gathering:
    """A crowd on a rectangle of the ground; who walks goes along x, and from one end comes in at the other."""

    low: tuple[float, float]  # m: corner from which x and y rise
    high: tuple[float, float]  # m: the opposite corner
    density: float  # people per m2, up to 6.5
    stand: float = 0.0  # share that stand, 0-1
    against: float = 0.0  # share of those who walk that go towards lower x, 0-1

    @property
    def floor(self) -> Floor:
        """The rectangle by itself."""
        return Floor(self.high[0] - self.low[0], self.high[1] - self.low[1])

    @property
    def people(self) -> int:
        """How many it holds at any time."""
        return round(self.density * self.floor.length * self.floor.width)


class Film(NamedTuple):
    """Where everyone is over time; beyond the ends of the floor whoever comes in again goes on counting."""

    times: Floats  # (t,) s
    at: Floats  # (t, n, 2) m on the floor


def crowd(
    seed: int,
    gatherings: Sequence[Gathering],
    *,
    duration_s: float = 10.0,
    empty_s: float = 0.0,
    camera: Pinhole | None = None,
    layout: Layout = SQUARE,
) -> Street:
    """A square with these crowds, the same for the same arguments; raises `ValueError` for what cannot stand.

    For the first `empty_s` nobody is there, so that one can learn what the square looks like.
    """
    many = sum(g.people for g in gatherings)
    if many > MOST:
        raise ValueError(f"a drawn crowd has at most {MOST} people, not {many}")
    actors: list[Actor] = []
    for index, gathering in enumerate(gatherings):
        _check(gathering)
        rng = np.random.default_rng([seed, index])
        film = walked(rng, gathering, duration_s - empty_s)
        actors += _actors(rng, gathering, Film(film.times + empty_s, film.at))
    return Street(camera or Pinhole(), numbered(actors), duration_s, (), layout, seed)


def _check(gathering: Gathering) -> None:
    floor = gathering.floor
    if not (floor.length >= 5 and floor.width >= 1):
        raise ValueError(f"a gathering is 5 m long or more and 1 m wide, not {floor.length:g} x {floor.width:g} m")
    if not 0 <= gathering.density <= DENSEST:
        raise ValueError(f"a density is between 0 and {DENSEST} people per m2, not {gathering.density:g}")
    if not (0 <= gathering.stand <= 1 and 0 <= gathering.against <= 1):
        raise ValueError("stand and against are shares from 0 to 1")


def walked(rng: Generator, gathering: Gathering, duration_s: float, manner: Manner | None = None) -> Film:
    """The crowd moved by its forces, from 0 to the end of `duration_s`."""
    floor, n, manner = gathering.floor, gathering.people, manner or Manner()
    at = _spread(rng, floor, n)
    stands = rng.random(n) < gathering.stand
    # Opposing streams have formed lanes already: those against walk on their right-hand side.
    against = at[:, 1] > floor.width * (1 - gathering.against)
    pace = np.clip(rng.normal(*_PACE, n), 0.6, 2.1)
    way = np.stack([np.where(against, -pace, pace), np.zeros(n)], axis=1)
    home, velocity = at.copy(), np.where(stands[:, None], 0.0, 0.3 * way)
    times, places = [], []
    before = round(_SETTLE_S / STEP_S)
    for index in range(before + round(duration_s / STEP_S) + _EVERY + 1):
        if index >= before and (index - before) % _EVERY == 0:
            times.append((index - before) * STEP_S)
            places.append(at)
        back = home - at
        back *= np.minimum(1 / _HOME_S, _SHUFFLE / np.maximum(np.hypot(*back.T), 1e-9))[:, None]
        at, velocity = step(floor, manner, at, velocity, np.where(stands[:, None], back, way))
        if index < before:
            home = at  # the spot is where the others left room
    return Film(np.array(times), np.array(places).reshape(len(times), n, 2))


def _spread(rng: Generator, floor: Floor, n: int) -> Floats:
    """Places (n, 2) m, even but in no pattern: a jittered lattice of which those too many are left out."""
    if not n:
        return np.empty((0, 2))
    gap = np.sqrt(floor.length * floor.width / n)
    rows = max(1, round(floor.width / gap))
    columns = -(-n // rows)
    chosen = rng.permutation(rows * columns)[:n]
    lattice = np.stack([chosen // rows, chosen % rows], axis=1) + rng.uniform(0.1, 0.9, (n, 2))
    spread: Floats = lattice / (columns, rows) * (floor.length, floor.width)
    return spread


def _actors(rng: Generator, gathering: Gathering, film: Film) -> list[Actor]:
    """One actor a person and stay on the floor."""
    floor = gathering.floor
    length, width, height = SIZES[Class.PERSON]
    tall = height * np.clip(rng.normal(1, 0.05, gathering.people), 0.85, 1.12)
    variants = rng.integers(2**31, size=gathering.people)
    actors = []
    for row in range(gathering.people):
        lap = np.floor(film.at[:, row, 0] / floor.length)
        changes = np.flatnonzero(np.diff(lap)) + 1
        for first, after in zip([0, *changes], [*changes, len(lap)], strict=True):
            stay = slice(max(first - 1, 0), min(after + 1, len(lap)))  # until it has left the floor
            if stay.stop - stay.start < 2:
                continue
            points = film.at[stay, row] - (lap[first] * floor.length, 0.0) + gathering.low
            path = Path(film.times[stay], points)
            size = (length, width, float(tall[row]))
            actors.append(Actor(0, Class.PERSON, path, size, int(variants[row])))
    return actors
