"""Weeks of a street as passes alone, for everything that comes after the picture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.records import Pass, Way

Floats = NDArray[np.float64]

# Passes an hour on a working day, by local hour, of all classes together, and the same for a weekend day.
_WORKDAY: Final = (
    (4, 2, 1, 1, 2, 9, 40, 140, 330, 260, 190, 210, 300, 280, 220, 240, 310, 420, 360, 230, 140, 90, 45, 15)
)  # fmt: skip
_WEEKEND: Final = (
    (18, 12, 7, 4, 3, 4, 10, 25, 60, 120, 210, 290, 320, 310, 320, 310, 290, 250, 210, 170, 130, 100, 70, 35)
)  # fmt: skip
_SHARES: Final = {  # of all passes
    Class.PERSON: 0.62,
    Class.BICYCLE: 0.14,
    Class.CAR: 0.20,
    Class.BUS: 0.02,
    Class.TRUCK: 0.015,
    Class.MOTORCYCLE: 0.005,
}
_IN: Final = (  # share that comes in, by local hour: into town in the morning, home in the evening
    *(0.3, 0.3, 0.4, 0.5, 0.6, 0.7, 0.72, 0.72, 0.70, 0.64, 0.58, 0.54),
    *(0.5, 0.5, 0.5, 0.48, 0.42, 0.34, 0.32, 0.36, 0.40, 0.38, 0.34, 0.3),
)
_COMPANY: Final = 0.3  # share of people who come in pairs


def days(
    seed: int, start: date, days: int, zone: tzinfo, *, place: str = "gate", scale: float = 1.0
) -> Iterator[tuple[datetime, Pass]]:
    """Passes over one place on `days` local days from `start`, in order of time, as (UTC, pass).

    Busy hours hold some hundreds, quiet nights a few. The profile follows the clock of `zone`, so the day on
    which it changes has 23 or 25 hours. Days differ as weather makes them. Arrivals are a Poisson process, some
    people come in pairs. `time_s` counts from the first local midnight; `scale` multiplies all rates.
    """
    first = _midnight(start, zone)
    for index in range(days):
        day = start + timedelta(days=index)
        rng = np.random.default_rng([seed, day.toordinal()])
        at = _midnight(day, zone)
        hours = round((_midnight(day + timedelta(days=1), zone) - at).total_seconds() / 3600)
        weather = float(rng.gamma(40, 1 / 40)) * scale
        for hour in range(hours):
            begin = at + timedelta(hours=hour)
            local = begin.astimezone(zone)
            profile = _WORKDAY if local.weekday() < 5 else _WEEKEND
            yield from _hour(
                rng, begin, (begin - first).total_seconds(), profile[local.hour] * weather, local.hour, place
            )


def _midnight(day: date, zone: tzinfo) -> datetime:
    """The instant, in UTC, at which a local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _hour(
    rng: Generator, begin: datetime, begin_s: float, rate: float, hour: int, place: str
) -> Iterator[tuple[datetime, Pass]]:
    """The passes of one hour that holds about `rate` of them."""
    many = int(rng.poisson(rate))
    classes = rng.choice(list(_SHARES), size=many, p=list(_SHARES.values()))
    inward = rng.random(many) < _IN[hour]
    seconds = rng.uniform(0, 3600, many)
    # every other one of a pair walks beside the one before: same way, a moment later
    pairs = np.flatnonzero((classes[1:] == Class.PERSON) & (classes[:-1] == Class.PERSON))[::2]
    pairs = pairs[rng.random(len(pairs)) < _COMPANY]
    seconds[pairs + 1] = np.minimum(seconds[pairs] + rng.uniform(0.1, 0.8, len(pairs)), 3599.999)
    inward[pairs + 1] = inward[pairs]
    for row in np.argsort(seconds, kind="stable"):
        second = float(seconds[row])
        way: Way = "in" if inward[row] else "out"
        yield begin + timedelta(seconds=second), Pass(place, begin_s + second, Class(int(classes[row])), way)
