"""Figures for counts against true counts, as traffic engineers give them."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]  # (b, c): passes by block of time (rows) and by cell, one line, class and way (columns)
Interval = tuple[float, float]

BLOCK_S = 30.0  # traffic comes in platoons and groups: a block holds most of what hangs together
FEWEST_BLOCKS = 5  # below it the spread between blocks says nothing


def wape(counted: Counts, truth: Counts) -> float | None:
    """Weighted absolute percentage error of the sums over all blocks; None where nothing passed.

    ::

        WAPE = sum over cells |counted - true| / sum of true

    This is the weighted average percentage deviation (WAPD) of NCHRP Report 797, "Guidebook on Pedestrian and
    Bicycle Volume Data Collection" (2014), section 4: errors within a cell cancel, errors between cells do not.
    """
    total = int(truth.sum())
    return float(np.abs((counted - truth).sum(axis=0)).sum() / total) if total else None


def segment_wape(counted: Counts, truth: Counts) -> float | None:
    """The same, block by block and weighted by traffic, so that errors do not cancel over time either."""
    total = int(truth.sum())
    return float(np.abs(counted - truth).sum() / total) if total else None


def bias(counted: Counts, truth: Counts) -> float | None:
    """Sum of errors over the sum of true counts, below 0 where too few were counted; None where nothing passed.

    The overall form of the average percentage deviation (APD) of NCHRP Report 797.
    """
    total = int(truth.sum())
    return float((counted - truth).sum() / total) if total else None


def geh(counted_per_h: float, true_per_h: float) -> float:
    """The GEH statistic of two *hourly* volumes, ``sqrt(2 (M - C)^2 / (M + C))``; 0 where both are 0.

    Source: Design Manual for Roads and Bridges, volume 12, section 2, part 1 (1996), which asks for GEH < 5 on
    85 % of the flows. It was made for models and is lenient with low volumes: never give it alone.
    """
    both = counted_per_h + true_per_h
    return sqrt(2 * (counted_per_h - true_per_h) ** 2 / both) if both else 0.0


def geh_p85(counted: Counts, truth: Counts, hours: NDArray[np.float64]) -> float | None:
    """The 85th percentile of the GEH of the cells' hourly volumes; below 5 is what the manual asks for.

    `hours` (c,) is how long each cell was counted. Cells of less than an hour are left out; None if all are.
    """
    sums = zip(counted.sum(axis=0), truth.sum(axis=0), hours, strict=True)
    each = [geh(c / h, t / h) for c, t, h in sums if h >= 1]
    return float(np.percentile(each, 85, method="higher")) if each else None


@dataclass(frozen=True, slots=True)
class Intervals:
    """95 % intervals from resampled blocks of time."""

    wape: Interval
    bias: Interval


def intervals(counted: Counts, truth: Counts, rng: np.random.Generator, samples: int = 2000) -> Intervals | None:
    """95 % percentile intervals of WAPE and bias; None for fewer than 5 blocks, or where nothing passed.

    Whole blocks of time are drawn with replacement, all lines together (block bootstrap: Carlstein, "The Use of
    Subseries Values for Estimating the Variance of a General Statistic from a Stationary Sequence", Annals of
    Statistics 14, 1986). Lines are never resampled: they see the same people, so they are not independent.
    """
    blocks = len(truth)
    if blocks < FEWEST_BLOCKS or not truth.sum():
        return None
    weights = rng.multinomial(blocks, np.full(blocks, 1 / blocks), size=samples)  # how often each block was drawn
    true, error = weights @ truth, weights @ (counted - truth)
    total = true.sum(axis=1)
    drawn = total > 0
    total, error = total[drawn], error[drawn]
    return Intervals(_middle(np.abs(error).sum(axis=1) / total), _middle(error.sum(axis=1) / total))


def _middle(values: NDArray[np.float64]) -> Interval:
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
