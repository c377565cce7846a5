"""The attacker who wants to know whether somebody passed, and knows all but that.

The game of Pyrgelis, Troncoso and De Cristofaro (2018, Knock knock, who's there? Membership inference on
aggregate location data), played on released rows: the attacker knows the target's place, quarter of an hour, class
and way, the true mean rates of everybody else, and the rule. He compares the likelihood of the rows with and
without the target, and learns from other drawn weeks of the same city how far to trust it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import lgamma, log, sqrt
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from passerby.classes import Class
from passerby.records import Measurement
from passerby.release.grids import DAY, LONGEST, Ladder, needed, visits
from redteam.cities import publishing
from redteam.cities.city import CELL, CELLS, START, Counts, Floats, Series, Spot

_SURE: Final = 20.0  # a log likelihood ratio beyond which nothing more is learnt
_QUIET: Final = 0.5  # passes in 15 minutes: in busier places no interval lasts longer than a few days
_FEW_DAYS: Final = 4


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody whose routine the attacker knows: the quarter of the day, and as what they pass."""

    quarter: int
    series: Series


@dataclass(frozen=True, slots=True)
class Score:
    """How often an attacker was right, of so many drawn worlds, each with and without the target."""

    right: float
    error: float  # standard error of it
    worlds: int

    @property
    def least(self) -> float:
        """The lower end of the 95 % interval."""
        return self.right - 1.96 * self.error

    def __str__(self) -> str:
        return f"{100 * self.right:.1f} % ± {196 * self.error:.1f}"


class Attacker:
    """Knows a spot's mean rates and the rule, and reads released rows."""

    def __init__(self, spot: Spot, k: int = publishing.K) -> None:
        self._k = k
        self._names = [(f"{class_.label} {way}", f"{class_.mode} {way}") for class_, way in Spot.series]
        weeks = np.tile(spot.expected, (3 * LONGEST.days // 7, 1))
        self._sums = np.vstack([np.zeros(weeks.shape[1]), weeks.cumsum(axis=0)])
        self._all = self._sums.sum(axis=1)
        self._ladder = Ladder(CELL, ZoneInfo("UTC"))
        self._marks: dict[tuple[datetime, datetime], list[datetime]] = {}

    def evidence(self, rows: Sequence[Measurement], target: Target, game: Sequence[int]) -> Floats:
        """(5,) that grow with his belief that the target came on all of these days and not on none.

        Log likelihood ratios of the totals, and of their division by mode and by class; in how many rows the
        target's series stands alone; and how much less than expected came when the target is not to be seen.
        """
        visits = [START + timedelta(days=day) + target.quarter * CELL for day in game]
        totals, other, expected = 0.0, 0.0, 1e-9
        for row in rows:
            if row.cut != "all":
                continue
            inside = _between(visits, row.start, row.end)
            if inside:
                totals += self._total(row, visits[inside[0] : inside[-1] + 1])
            elif visits[0] - DAY < row.start and row.end < visits[-1] + DAY:
                other += (row.count or 0) - self._mean(row.start, row.end)
                expected += self._mean(row.start, row.end)
        by_mode, by_class, alone = self._splits(rows, target, visits)
        return np.array([_held(totals), _held(by_mode), _held(by_class), alone, other / sqrt(expected)])

    def _mean(self, start: datetime, end: datetime) -> float:
        return float(self._all[_cell(end)] - self._all[_cell(start)])

    def _total(self, row: Measurement, visits: Sequence[datetime]) -> float:
        """Of the total of an interval, and of its having ended there and on no mark before."""
        marks = self._between(row.start, row.end)
        total = row.count or 0
        with_, without = (self._likelihood(row.start, [*marks, row.end], total, v) for v in (visits, ()))
        return log(max(with_, 1e-300)) - log(max(without, 1e-300))

    def _between(self, start: datetime, end: datetime) -> list[datetime]:
        """The marks on which an interval may end, before the one on which it did."""
        if (start, end) not in self._marks:
            marks = (start + n * CELL for n in range(1, (end - start) // CELL))
            self._marks[start, end] = [mark for mark in marks if self._ladder.may_end(start, mark)]
        return self._marks[start, end]

    def _likelihood(
        self, start: datetime, marks: Sequence[datetime], total: int, visits: Sequence[datetime]
    ) -> float:
        """P(too few passes at every mark but the last, and this total there)."""
        held = np.ones(1)  # by number of passes of others, who are all that is unknown
        since, numbers = start, np.arange(total + 1)
        for mark in marks:
            held = np.convolve(held, _poisson(numbers, self._mean(since, mark)))[: total + 1]
            since = mark
            if mark != marks[-1]:
                came = sum(at < mark for at in visits)
                held[max(0, self._needed(start, mark) - came) :] = 0.0
        others = total - len(visits)
        return float(held[others]) if 0 <= others < len(held) else 0.0

    def _needed(self, start: datetime, mark: datetime) -> int:
        """With how many passes an interval would have ended on a mark on which it may."""
        if self._ladder.may_end(start, mark, 1.0):
            return self._k
        return needed(self._k, visits(start, mark))

    def _splits(
        self, rows: Sequence[Measurement], target: Target, visits: Sequence[datetime]
    ) -> tuple[float, float, float]:
        """Of the rows that may hold the target among all of their interval, by mode and by class."""
        tables: dict[tuple[str, datetime, datetime], list[Measurement]] = {}
        for row in rows:
            if row.cut in ("mode", "class"):
                tables.setdefault((row.cut, row.start, row.end), []).append(row)
        class_, way = target.series
        names = {"mode": f"{class_.mode} {way}", "class": f"{class_.label} {way}"}
        found, alone = {"mode": 0.0, "class": 0.0}, 0.0
        for (cut, start, end), table in tables.items():
            inside = _between(visits, start, end)
            if not inside:
                continue
            his = [row for row in table if names[cut] in row.part]
            part = {series for row in his for series in row.part}
            alone += len(inside) * (part == {names[cut]})
            total, number = (sum(row.count or 0 for row in some) for some in (table, his))
            share = self._share(cut, part, start, end)
            if 0 < share < 1:
                visited = len(inside)
                ratio = _binomial(number - visited, total - visited, share) - _binomial(number, total, share)
                found[cut] += max(-_SURE, ratio)
        return found["mode"], found["class"], alone

    def _share(self, cut: str, part: set[str], start: datetime, end: datetime) -> float:
        means = self._sums[_cell(end)] - self._sums[_cell(start)]
        held = [names[cut == "mode"] in part for names in self._names]
        return min(1.0, float(means[held].sum() / means.sum()))


def play(
    spot: Spot, target: Target, game: int, worlds: int, seed: int, *, classes: Sequence[Class] | None = None
) -> tuple[Score, Score, Score]:
    """How well an attacker tells a target that came on all days from one that came on none.

    Two scores, of released rows and of exact quarters of an hour, and the control: of those who never came, the
    share of whom he says that they did, reading released rows.
    """
    rng = np.random.default_rng(seed)
    attacker = Attacker(spot)
    column = Spot.series.index(target.series)
    quarters = spot.expected.sum(axis=1)
    around = LONGEST.days if spot.rate < _QUIET else _FEW_DAYS
    seen, exact = np.empty((worlds, 2, 5)), np.empty((worlds, 2))
    for world in range(worlds):
        lead = int(rng.integers(around))  # intervals do not begin with the game
        days_of = range(lead, lead + game)
        counts = spot.draw(rng, -(-(lead + game) // around) * around)
        cells = [day * CELLS + target.quarter for day in days_of]
        for came in (0, 1):
            counts[cells, column] += came
            seen[world, came] = attacker.evidence(publishing.rows(counts, classes=classes), target, days_of)
            exact[world, came] = _exact(counts[cells].sum(axis=1), quarters[[c % (7 * CELLS) for c in cells]])
    believed = _believed(seen)
    truth = np.array([False, True])
    return _score(believed == truth), _score((exact > 0) == truth), _score(believed[:, :1])


def _exact(numbers: Counts, means: Floats) -> float:
    with_ = np.log(np.maximum(numbers, 1e-9) / means)  # of P(n - 1) to P(n) of a Poisson variable
    return float(np.clip(with_, -_SURE, _SURE).sum())


def _believed(seen: Floats) -> NDArray[np.bool_]:
    """Whether he says that the target came: each half of the worlds is judged by what the other half taught.

    By the likelihood ratio, or by a linear discriminant (Fisher 1936) of all he reads, whichever served better.
    """
    plain = seen[:, :, :3].sum(axis=2)
    result = np.empty(plain.shape, bool)
    truth = np.array([-1.0, 1.0])
    half = np.arange(len(seen)) % 2 == 0
    for judged in (half, ~half):
        taught = seen[~judged]
        scale = taught.std(axis=(0, 1)) + 1e-9
        padded = np.concatenate([seen / scale, np.ones((*plain.shape, 1))], axis=2)
        known = padded[~judged].reshape(-1, padded.shape[2])
        weights, *_ = np.linalg.lstsq(known, np.tile(truth, len(taught)), rcond=None)
        both = [plain, padded @ weights]
        right = [float(((b[~judged] > 0) == (truth > 0)).mean()) for b in both]
        result[judged] = both[int(np.argmax(right))][judged] > 0
    return result


def _score(right: NDArray[np.bool_]) -> Score:
    by_world = right.mean(axis=1)
    return Score(float(by_world.mean()), float(by_world.std(ddof=1) / sqrt(len(by_world))), len(by_world))


def _poisson(numbers: NDArray[np.int64], mean: float) -> Floats:
    """P(n) of a Poisson variable."""
    if mean <= 0:
        return np.asarray(numbers == 0, np.float64)
    return np.asarray(np.exp(numbers * log(mean) - mean - gammaln(numbers + 1)), np.float64)


def _binomial(n: int, of: int, share: float) -> float:
    """Log P(n) of a binomial variable with a share between 0 and 1."""
    if not 0 <= n <= of:
        return -1e9
    ways = lgamma(of + 1) - lgamma(n + 1) - lgamma(of - n + 1)
    return ways + n * log(share) + (of - n) * log(1 - share)


def _between(visits: Sequence[datetime], start: datetime, end: datetime) -> range:
    return range(bisect_left(visits, start), bisect_left(visits, end))


def _cell(at: datetime) -> int:
    return (at - START) // CELL


def _held(ratio: float) -> float:
    return float(np.clip(ratio, -_SURE, _SURE))
