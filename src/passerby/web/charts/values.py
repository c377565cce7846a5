"""Speeds, stays and the like, in the units in which they are read, and the bins of their histograms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from passerby.records import Statistics
from passerby.release.statistics import EDGES


@dataclass(frozen=True, slots=True)
class Unit:
    """In which a value is read."""

    symbol: str = ""
    factor: float = 1.0  # of SI units


UNITS: Final[Mapping[str, Unit]] = {
    "speed_mps": Unit("km/h", 3.6),
    "headway_s": Unit("s"),
    "dwell_s": Unit("s"),
    "wait_s": Unit("s"),
    "occupied_s": Unit("s"),
}


@dataclass(frozen=True, slots=True)
class Bin:
    """Passes with a value in a range."""

    low: float
    high: float | None  # None: and all that is more
    drawn_high: float  # an open bin is drawn as wide as the one before it
    passes: int

    @property
    def height(self) -> float:
        """Passes by unit of the value, so that a wide bin is as flat as it is."""
        return self.passes / (self.drawn_high - self.low)


def unit(value: str) -> Unit:
    """In which a value is read; one that nobody knows here as it is."""
    return UNITS.get(value, Unit())


def bins(said: Statistics, factor: float) -> list[Bin]:
    """The histogram of a row in a unit; none where it has one bin only, which tells nothing."""
    if len(said.histogram) < 2:
        return []
    found, width = [], 0.0
    for low, high, passes in said.histogram:
        is_open = high >= EDGES[-1]
        width = width if is_open else high - low
        found.append(Bin(low * factor, None if is_open else high * factor, (low + width) * factor, passes))
    return found
