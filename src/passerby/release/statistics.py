"""How a value is spread over passes, said so that no single value shows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import floor, log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.records import Statistics

BIN: Final = 5  # passes that a bin of a histogram holds at least

# Preferred numbers of ISO 3, series R20: steps of about 12 %, the same for every column and place, so that no
# edge says anything about the values.
_R20 = (
    1.0, 1.12, 1.25, 1.4, 1.6, 1.8, 2.0, 2.24, 2.5, 2.8,
    3.15, 3.55, 4.0, 4.5, 5.0, 5.6, 6.3, 7.1, 8.0, 9.0,
)  # fmt: skip
EDGES: Final = (0.0, *(float(f"{r}e{decade}") for decade in range(-2, 5) for r in _R20), 1e5)


def summary(values: Sequence[float], *, k: int, counted: int = 0) -> Statistics:
    """Mean, median and 85th percentile to three digits, and bins of 5 or more; SI units as given.

    The mean is winsorised: the greatest and the least k-th part of the values count as the ones next to them, so
    that nobody who stays for an hour where all others stay for seconds shows in it (Tukey 1962, "The future of
    data analysis"). The first bin begins at 0 and the last ends at 100 000 whatever the values are, for the ends
    of a distribution are single passes.

    values: (n,) 0 or more, k of them or more. counted: how many of them the histogram and `n` may tell of; none
    where it is 0.
    """
    rising = np.sort(np.asarray(values, dtype=np.float64))
    median, p85 = np.percentile(rising, (50, 85))
    return Statistics(
        mean=rounded(_winsorised(rising, k)),
        median=rounded(float(median)),
        p85=rounded(float(p85)),
        histogram=_histogram(_evenly(rising, counted)),
        n=counted,
    )


def rounded(value: float) -> float:
    """To three significant digits."""
    return round(value, 2 - floor(log10(abs(value)))) if value else 0.0


def _winsorised(rising: NDArray[np.float64], k: int) -> float:
    ends = len(rising) // k
    return float(np.clip(rising, rising[ends], rising[-1 - ends]).mean())


def _evenly(rising: NDArray[np.float64], number: int) -> list[float]:
    """So many of the values, spread as all of them are."""
    rows = ((np.arange(number) + 0.5) * len(rising) / max(number, 1)).astype(int)
    chosen: list[float] = rising[rows].tolist()
    return chosen


def _histogram(values: Sequence[float]) -> tuple[tuple[float, float, int], ...]:
    counts = [0] * (len(EDGES) - 1)
    for value in values:
        counts[min(bisect_right(EDGES, value), len(counts)) - 1] += 1
    bins: list[tuple[float, float, int]] = []
    low, held = EDGES[0], 0
    for n, high in zip(counts, EDGES[1:], strict=True):
        held += n
        if held >= BIN:
            bins.append((low, high, held))
            low, held = high, 0
    if bins:
        start, _, n = bins.pop()
        bins.append((start, EDGES[-1], n + held))
    return tuple(bins)
