"""The attacker who wants to know whether somebody passed, and knows all but that.

The game of Pyrgelis, Troncoso and De Cristofaro (2018, Knock knock, who's there? Membership inference on
aggregate location data), played on released rows: the attacker knows the target's place, minute and way, the true
mean rate of everybody else, and the rule. He compares the likelihood of the rows with and without the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp, inf, lgamma, log
from zoneinfo import ZoneInfo

import numpy as np

from passerby.classes import Class
from passerby.geometry import Line
from passerby.records import Measurement, Pass, Way
from passerby.release import Ledger, Rule
from passerby.release.grids import Ladder

CELL = timedelta(minutes=15)
START = datetime(2026, 5, 4, tzinfo=UTC)
HABIT = timedelta(hours=12, minutes=7)  # when the target passes, if it does: inward
GATE = Line("gate", (0.0, 0.5), (1.0, 0.5))


@dataclass(frozen=True)
class Street:
    """People who pass one line, alike at all hours: the attacker knows these numbers."""

    rate: float  # passes in 15 minutes, both ways
    inward: float = 1.0  # share that goes in


def release(
    street: Street, rng: np.random.Generator, days: int, present: Sequence[int], k: int
) -> list[Measurement]:
    """The rows of so many days on which the target came on the given days."""
    ledger = Ledger(Rule(k=k), detector="drawn", version="0")
    ledger.open("camera", GATE, classes=(Class.PERSON,))
    ledger.seen("camera", START, START + CELL)  # from here on; `observed` is of no use to the attacker
    cells = days * 96
    counts: dict[Way, np.ndarray[tuple[int], np.dtype[np.int64]]] = {
        "in": rng.poisson(street.rate * street.inward, cells),
        "out": rng.poisson(street.rate * (1 - street.inward), cells),
    }
    for day in present:
        counts["in"][day * 96 + HABIT // CELL] += 1
    for way, numbers in counts.items():
        one = Pass("gate", 0.0, Class.PERSON, way)
        for cell in np.flatnonzero(numbers):
            at = START + int(cell) * CELL + timedelta(minutes=7)
            for _ in range(numbers[cell]):
                ledger.take("camera", at, one)
    return ledger.advance("camera", START + timedelta(days=days))


def poisson(n: int, mean: float) -> float:
    """P(n) of a Poisson variable."""
    return exp(n * log(mean) - mean - lgamma(n + 1)) if n >= 0 else 0.0


def binomial(n: int, of: int, share: float) -> float:
    """P(n) of a binomial variable."""
    if not 0 <= n <= of:
        return 0.0
    if share in (0.0, 1.0):
        return float(n == of * share)
    ways = lgamma(of + 1) - lgamma(n + 1) - lgamma(of - n + 1)
    return exp(ways + n * log(share) + (of - n) * log(1 - share))


def evidence(rows: Sequence[Measurement], street: Street, days: Sequence[int], k: int) -> float:
    """Log likelihood ratio of "came on all of these days" against "came on none"."""
    visits = [START + timedelta(days=day) + HABIT for day in days]
    score = 0.0
    for row in rows:
        inside = [at for at in visits if row.start <= at < row.end]
        if inside and row.cut == "all":
            score += _total(row, inside, street, k)
    for row in rows:
        inside = [at for at in visits if row.start <= at < row.end]
        if inside and row.cut == "class" and row.part == ("person in",):
            score += _split(row, rows, len(inside), street)
    return score


def _total(row: Measurement, visits: Sequence[datetime], street: Street, k: int) -> float:
    """Of the total of an interval, and of its having ended there and not before."""
    ladder = Ladder(CELL, ZoneInfo("UTC"))
    marks = (row.end - n * CELL for n in range(1, (row.end - row.start) // CELL))
    last = next((mark for mark in marks if ladder.may_end(row.start, mark)), row.start)
    total = row.count or 0

    def likelihood(times: Sequence[datetime]) -> float:
        """P(fewer than k by the last mark on which it might have ended, and the count in the end)."""
        early = sum(at < last for at in times)
        before, after = ((b - a) / CELL * street.rate for a, b in ((row.start, last), (last, row.end)))
        by_last = range(early, k) if last > row.start else range(1)
        return sum(
            (poisson(n - early, before) if before else 1.0) * poisson(total - n - (len(times) - early), after)
            for n in by_last
        )

    return _log_ratio(likelihood(visits), likelihood(()))


def _log_ratio(with_: float, without: float) -> float:
    if with_ and without:
        return log(with_ / without)
    return inf if with_ else -inf


def _split(day: Measurement, rows: Sequence[Measurement], visits: int, street: Street) -> float:
    """Of how many of the interval's passes went in. (Hours say the same in finer pieces.)"""
    total = sum(row.count or 0 for row in rows if row.cut == "class" and row.start == day.start)
    inward = day.count or 0
    with_ = binomial(inward - visits, total - visits, street.inward)
    without = binomial(inward, total, street.inward)
    return _log_ratio(with_, without)


def accuracy(street: Street, rng: np.random.Generator, worlds: int, days: int, k: int) -> float:
    """Share of worlds in which the attacker tells a target that came on all days from one that never did."""
    right = 0
    for world in range(worlds):
        came = world % 2 == 0
        lead = 1 + int(rng.integers(3))  # intervals do not begin with the game
        game = range(lead, lead + days)
        rows = release(street, rng, lead + days + 3, game if came else (), k)
        right += (evidence(rows, street, game, k) > 0) == came
    return right / worlds
