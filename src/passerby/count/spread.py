"""How the exact values of a film are spread, for its owner: with all the digits that a release would not show."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from passerby.release.statistics import EDGES


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Number, mean, median, 85th percentile and histogram of values (n,), 0 or more and not empty; SI units.

    The bins [from, to, n] are those of released rows, from the first to the last that holds something.
    """
    median, p85 = np.percentile(values, (50, 85))
    bins = Counter(min(bisect_right(EDGES, value), len(EDGES) - 1) for value in values)
    return {
        "n": len(values),
        "mean": round(float(np.mean(values)), 3),
        "median": round(float(median), 3),
        "p85": round(float(p85), 3),
        "histogram": [[EDGES[b - 1], EDGES[b], bins[b]] for b in range(min(bins), max(bins) + 1)],
    }


def over_time(instants: Mapping[float, int]) -> dict[str, float]:
    """Mean, 95th percentile and greatest of samples, given as value -> instants; not empty."""
    values = sorted(instants)
    share = np.cumsum([instants[value] for value in values]) / sum(instants.values())
    return {
        "mean": round(sum(value * n for value, n in instants.items()) / sum(instants.values()), 3),
        "p95": values[int(np.searchsorted(share, 0.95 - 1e-9))],
        "max": values[-1],
    }
