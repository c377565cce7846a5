"""Runs the attacker who subtracts on places of a drawn city, on a planted weak rule, and on two places at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from passerby.records import Measurement
from passerby.release.cuts import CLASS, Atom, Universe
from redteam.cities import publishing
from redteam.cities.city import CLASSES, START, City, Spot
from redteam.cities.differencing import Tables, determined
from redteam.cities.publishing import PLANS, K

_WEAK_K: Final = 5
_FEW: Final = 0.03  # of those who pass one of two lines do not pass the other


@dataclass(frozen=True, slots=True)
class Compared:
    """What subtracting came to."""

    places: int
    numbers: int  # below k, that nobody should learn
    determined: list[str]
    added: int  # rows of a second run that the store took


def compare(city: City, rate: float, days: int, seed: int) -> Compared:
    """Attack a place of each plan, all days at once."""
    numbers, added, caught = 0, 0, list[str]()
    for which, plan in enumerate(PLANS):
        rng = np.random.default_rng([seed, which])
        published = publishing.site(city.spot(rate).draw(rng, days), plan, rng)
        added += published.offered_again
        if not any(row.quantity == "passes" for row in published.rows):
            continue
        tables = Tables(published.rows, published.universe, published.bounds)
        small = [t for t in tables.targets(published.rows, published.passes) if t.true < K]
        numbers += len(small)
        caught += [
            f"{plan.name} at {rate:g} passes in 15 min: {t.name} from {t.span[0]:%a %H:%M} is {low} to {high}"
            for t, low, high in determined(tables, small, K)
        ]
    return Compared(len(PLANS), numbers, caught, added)


def weak(city: City, rate: float, seed: int) -> int:
    """How many numbers below 5 a weak rule gives away on one day: hours, zeros shown, k = 5, the rest left out."""
    rng = np.random.default_rng(seed)
    counts = city.spot(rate).draw(rng, 1)
    passes = [(at, (*series, "")) for at, series, number in publishing.passes(counts) for _ in range(number)]
    rows = weak_rows(passes)
    tables = Tables(rows, Universe(CLASSES))
    day = [t for t in tables.targets(rows, passes) if 0 < t.true < _WEAK_K]
    return len(determined(tables, day, _WEAK_K))


def weak_rows(passes: Sequence[tuple[datetime, Atom]]) -> list[Measurement]:
    """Totals by the hour, and each class and way that had none, or 5 or more."""
    universe = Universe(sorted({atom[0] for _, atom in passes}))
    series = dict.fromkeys(universe.names(CLASS).values())
    blank = Measurement("camera", "gate", "", "passes", "all", (), False, START, START, 1.0)
    rows = []
    for hour in sorted({at.replace(minute=0, second=0, microsecond=0) for at, _ in passes}):
        end = hour + timedelta(hours=1)
        counts = Counter(CLASS.series(atom) for at, atom in passes if hour <= at < end)
        rows.append(replace(blank, start=hour, end=end, count=counts.total()))
        rows += [
            replace(blank, cut="class", part=(name,), start=hour, end=end, count=counts[name])
            for name in series
            if not 0 < counts[name] < _WEAK_K
        ]
    return rows


def overlapping(city: City, rate: float, days: int, seed: int) -> tuple[int, int]:
    """Two lines over one pavement, of which a few people pass one only: the limit that is stated.

    Returns how many times both tell of, and in how many of these their difference is below k, and so known.
    """
    rng = np.random.default_rng(seed)
    spot: Spot = city.spot(rate)
    one = spot.draw(rng, days)
    other = rng.binomial(one, 1 - _FEW)
    first, second = (_totals(publishing.rows(counts)) for counts in (one, other))
    common = first.keys() & second.keys()
    return len(common), sum(0 < abs(first[span] - second[span]) < K for span in common)


def _totals(rows: Iterable[Measurement]) -> dict[tuple[datetime, datetime], int]:
    return {(row.start, row.end): row.count or 0 for row in rows if row.cut == "all"}
