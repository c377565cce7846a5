"""What several rows of one table say together, and what they cannot say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from passerby.records import Measurement

# Little 1961, "A proof for the queuing formula L = lambda W": passes by time, times how long each stays.
_PRESENT: Final = {"dwell_s": "inside", "wait_s": "queue", "occupied_s": "occupancy"}
_OF_EXITS: Final = {"dwell_s", "wait_s"}  # only who leaves has stayed


@dataclass(frozen=True, slots=True)
class Column:
    """How a value is spread over the passes of one row or of several; SI units."""

    mean: float
    median: float | None = None  # of a single row, as are the others
    p85: float | None = None
    histogram: tuple[tuple[float, float, int], ...] = ()  # (from, to, n)


def column(rows: Sequence[Measurement], name: str) -> Column:
    """A column that every row has; the mean of several is weighted by their passes."""
    if len(rows) == 1:
        only = rows[0].values[name]
        return Column(only.mean, only.median, only.p85, only.histogram)
    total = sum(row.count or 0 for row in rows)
    return Column(round(sum(row.values[name].mean * (row.count or 0) for row in rows) / total, 4))


def present(values: Mapping[str, Column], series: str, passes: int | None, seen_s: float) -> dict[str, float]:
    """How many were inside or queued at once, and which share of the time was occupied, in the mean."""
    return {
        name: round(passes * values[stay].mean / seen_s, 4)
        for stay, name in _PRESENT.items()
        if stay in values and passes and seen_s and (stay not in _OF_EXITS or series.endswith(" out"))
    }


def over_time(rows: Sequence[Measurement]) -> float | None:
    """The mean of samples over the time that was seen."""
    weights = [
        (row.mean, (row.end - row.start).total_seconds() * row.observed) for row in rows if row.mean is not None
    ]
    total = sum(weight for _, weight in weights)
    return round(sum(mean * weight for mean, weight in weights) / total, 4) if total else None


def minutes(rows: Sequence[Measurement]) -> dict[str, float]:
    """Minutes in each band, added up; nothing where the rows' bands overlap, for then they cannot be."""
    total: dict[str, float] = {}
    for row in rows:
        for band, some in row.bands.items():
            total[band] = total.get(band, 0.0) + some
    rising = sorted(total, key=_bounds)
    if any(_bounds(low)[1] > _bounds(high)[0] for low, high in pairwise(rising)):
        return {}
    return {band: round(total[band], 1) for band in rising}


def _bounds(band: str) -> tuple[float, float]:
    """Where a band such as "20-39", "2-3.5" or "5-" begins and ends."""
    low, _, high = band.partition("-")
    return float(low), float(high) if high else float("inf")
