"""Drawn cities: some hundred people with routines, visitors without, and the places that they pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from math import erf, sqrt
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.records import Way

START: Final = datetime(2026, 5, 11, tzinfo=UTC)  # a Monday on which even the longest intervals end
CELL: Final = timedelta(minutes=15)
CELLS: Final = 96  # a day
WAYS: Final[tuple[Way, ...]] = ("in", "out")

Series = tuple[Class, Way]
Counts = NDArray[np.int64]  # (cells, series): passes in each quarter of an hour
Floats = NDArray[np.float64]

_SIDE: Final = 5  # streets of the city's grid in each direction
_BLOCK_MIN: Final = {Class.PERSON: 2.5, Class.BICYCLE: 0.9, Class.CAR: 0.6}  # from corner to corner
_MODES: Final = {Class.PERSON: 0.6, Class.BICYCLE: 0.18, Class.CAR: 0.22}
_VISITORS: Final = {
    Class.PERSON: 0.62, Class.BICYCLE: 0.14, Class.CAR: 0.19, Class.TRUCK: 0.02, Class.BUS: 0.03,
}  # fmt: skip
CLASSES: Final = tuple(sorted(_VISITORS))
ROUTINE: Final = 0.5  # of the passes of a spot, where there are so many
_WEATHER: Final = 40.0  # shape of the gamma by which days of visitors differ: 16 %

Street = tuple[tuple[int, int], tuple[int, int]]  # from corner to corner, in the drawn direction


@dataclass(frozen=True, slots=True)
class Habit:
    """Somebody passes a place at about the same time, on some days of the week."""

    person: int
    leg: int  # which of the day's ways of this person
    series: Series
    minute: float  # of the day
    spread: float  # min, standard deviation
    share: float  # of the days on which it is theirs
    days: tuple[bool, ...]  # of the week, Monday first


@dataclass(frozen=True)
class Spot:
    """A line over one street, what passes it, and how often visitors do, whom nobody expects."""

    name: str
    habits: tuple[Habit, ...]
    visitors: Floats  # (7 * 96, series): mean passes by quarter of the week
    weather: float = _WEATHER  # 0 = all days alike

    series = tuple((class_, way) for class_ in CLASSES for way in WAYS)

    @cached_property
    def expected(self) -> Floats:
        """Mean passes of everybody by quarter of the week and series: what the strongest attacker knows."""
        mean = self.visitors.copy()
        for habit in self.habits:
            column = self.series.index(habit.series)
            edges = np.arange(CELLS + 1) * 15.0
            below = np.array([0.5 + 0.5 * erf((e - habit.minute) / (habit.spread * sqrt(2))) for e in edges])
            for day in np.flatnonzero(habit.days):
                mean[day * CELLS : (day + 1) * CELLS, column] += habit.share * np.diff(below)
        return mean

    @cached_property
    def rate(self) -> float:
        """Mean passes in 15 minutes."""
        return float(self.expected.sum()) / len(self.expected)

    @property
    def routine(self) -> float:
        """The share of passes that are somebody's routine."""
        return 1 - float(np.sum(self.visitors)) / float(np.sum(self.expected))

    def draw(self, rng: Generator, days: int) -> Counts:
        """Passes of so many days from `START`, by quarter of an hour and series."""
        week = self.visitors.reshape(7, CELLS, -1)[np.arange(days) % 7]
        weather = rng.gamma(self.weather, 1 / self.weather, days) if self.weather else np.ones(days)
        counts = rng.poisson(week * weather[:, None, None]).reshape(days * CELLS, -1)
        for day, minutes, columns in self._routines(rng, days):
            np.add.at(counts, (day * CELLS + (minutes // 15).astype(int), columns), 1)
        return counts

    def _routines(self, rng: Generator, days: int) -> Iterator[tuple[int, Floats, NDArray[np.intp]]]:
        if not self.habits:
            return
        table = np.array([(h.minute, h.spread, h.share, self.series.index(h.series)) for h in self.habits])
        theirs = np.array([h.days for h in self.habits])
        for day in range(days):
            goes = theirs[:, day % 7] & (rng.random(len(table)) < table[:, 2])
            minutes = np.clip(rng.normal(table[goes, 0], table[goes, 1]), 0, 1439.9)
            yield day, minutes, table[goes, 3].astype(int)


@dataclass(frozen=True)
class City:
    """Streets in a grid, and the routines of those who live there."""

    people: int
    habits: dict[Street, tuple[Habit, ...]]

    @staticmethod
    def drawn(seed: int, people: int) -> City:
        """Everybody has a home, a place of work or a school, a shop, and a way of going there."""
        rng = np.random.default_rng(seed)
        found: dict[Street, list[Habit]] = {}
        for person in range(people):
            for street, habit in _routine(rng, person):
                found.setdefault(street, []).append(habit)
        return City(people, {street: tuple(habits) for street, habits in sorted(found.items())})

    def spot(self, rate: float) -> Spot:
        """A line over a street, or over the side of it that some people use, with so many passes in 15 minutes.

        Half of them are somebody's routine, if the city has such a street; visitors add the rest.
        """
        wanted = ROUTINE * rate * CELLS
        street = min(self.habits, key=lambda s: abs(_daily(self.habits[s]) - wanted))
        people = sorted({habit.person for habit in self.habits[street]})
        theirs: tuple[Habit, ...] = ()
        for person in people:
            more = theirs + tuple(habit for habit in self.habits[street] if habit.person == person)
            if _daily(more) > wanted:
                break
            theirs = more
        return Spot(f"street-{street}", theirs, _visiting(rate * CELLS - _daily(theirs)))


def steady(rate: float, inward: float = 1.0) -> Spot:
    """People alone, alike at all hours and on all days: the game of the literature."""
    mean = np.zeros((7 * CELLS, len(Spot.series)))
    mean[:, Spot.series.index((Class.PERSON, "in"))] = rate * inward
    mean[:, Spot.series.index((Class.PERSON, "out"))] = rate * (1 - inward)
    return Spot("steady", (), mean, weather=0.0)


def _daily(habits: tuple[Habit, ...]) -> float:
    return sum(h.share * sum(h.days) / 7 for h in habits)


def _visiting(daily: float) -> Floats:
    """Visitors by quarter of the week and series: few at night, most at noon and in the evening."""
    hours: Floats = (np.arange(CELLS) + 0.5) / 4
    humps = [(8.3, 1.0, 0.8), (12.5, 2.0, 1.0), (17.5, 1.8, 1.2), (21.0, 2.0, 0.3)]
    workday = 0.03 + np.sum(
        [height * np.exp(-(((hours - at) / width) ** 2)) for at, width, height in humps], axis=0
    )
    weekend = 0.06 + np.exp(-(((hours - 15) / 4) ** 2)) + 0.3 * np.exp(-(((hours - 23) / 2) ** 2))
    week = np.concatenate([workday / workday.sum()] * 5 + [weekend / weekend.sum()] * 2)
    shares = np.array([_VISITORS[class_] / 2 for class_, _ in Spot.series])
    return np.asarray(daily * week[:, None] * shares[None, :], np.float64)


def _routine(rng: Generator, person: int) -> Iterator[tuple[Street, Habit]]:
    home, work, shop = (tuple(int(c) for c in rng.integers(_SIDE, size=2)) for _ in range(3))
    class_ = list(_MODES)[int(rng.choice(len(_MODES), p=list(_MODES.values())))]
    is_pupil = rng.random() < 0.2
    leaves = rng.normal(7.6 * 60, 10) if is_pupil else rng.normal(8.2 * 60, 50)
    stays = rng.normal(6.5 * 60, 20) if is_pupil else rng.normal(8.6 * 60, 40)
    spread, share = rng.uniform(4, 15), rng.uniform(0.6, 0.95)
    workdays, weekend = (True,) * 5 + (False,) * 2, (False,) * 5 + (True,) * 2
    evening = rng.normal(18.5 * 60, 40)
    legs = [
        (home, work, leaves, spread, share, workdays),
        (work, home, leaves + stays, 2 * spread, share, workdays),
        (home, shop, evening, 25.0, 0.35, workdays),
        (shop, home, evening + 30, 25.0, 0.35, workdays),
        (home, shop, rng.normal(11 * 60, 60), 40.0, 0.6, weekend),
        (shop, home, rng.normal(12.5 * 60, 60), 45.0, 0.6, weekend),
    ]
    for leg, (a, b, minute, apart, often, on) in enumerate(legs):
        for number, (street, way) in enumerate(_path(a, b)):
            at = float(np.clip(minute + (number + 0.5) * _BLOCK_MIN[class_], 30, 1410))
            yield street, Habit(person, leg, (class_, way), at, float(apart), float(often), on)


def _path(a: tuple[int, ...], b: tuple[int, ...]) -> Iterator[tuple[Street, Way]]:
    """Along one street, round the corner, and along the other."""
    x, y = a
    while (x, y) != tuple(b):
        step = (np.sign(b[0] - x), 0) if x != b[0] else (0, np.sign(b[1] - y))
        here, there = (x, y), (int(x + step[0]), int(y + step[1]))
        x, y = there
        yield (min(here, there), max(here, there)), "in" if here < there else "out"
