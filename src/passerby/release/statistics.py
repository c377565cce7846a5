"""How a value is spread over passes, said so that no single value shows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import floor, log10
from typing import Final

import numpy as np

from passerby.records import Statistics

BIN: Final = 5  # passes that a bin of a histogram holds at least

# Preferred numbers of ISO 3, series R20: steps of about 12 %, the same for every column and place, so that no
# edge says anything about the values.
_R20 = (
    1.0, 1.12, 1.25, 1.4, 1.6, 1.8, 2.0, 2.24, 2.5, 2.8,
    3.15, 3.55, 4.0, 4.5, 5.0, 5.6, 6.3, 7.1, 8.0, 9.0,
)  # fmt: skip
EDGES: Final = (0.0, *(float(f"{r}e{decade}") for decade in range(-2, 5) for r in _R20), 1e5)


def summary(values: Sequence[float], *, histogram: bool) -> Statistics:
    """Mean, median and 85th percentile to three digits, and bins of 5 or more; SI units as given.

    values: (n,) 0 or more, not empty. The first bin begins at 0 and the last ends at 100 000 whatever the
    values are, for the ends of a distribution are single passes.
    """
    median, p85 = np.percentile(values, (50, 85))
    return Statistics(
        mean=rounded(float(np.mean(values))),
        median=rounded(float(median)),
        p85=rounded(float(p85)),
        histogram=_histogram(values) if histogram else (),
        n=len(values),
    )


def rounded(value: float) -> float:
    """To three significant digits."""
    return round(value, 2 - floor(log10(abs(value)))) if value else 0.0


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
