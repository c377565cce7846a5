"""Values are said as a distribution in which no single pass shows."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.records import Statistics
from passerby.release.statistics import BIN, EDGES, rounded, summary

VALUES = st.lists(st.floats(0, 1e6), min_size=20, max_size=200)


@given(VALUES)
def test_bins_hold_five_or_more_and_cover_everything(values: list[float]) -> None:
    bins = summary(values, histogram=True).histogram
    assert sum(n for *_, n in bins) == len(values)
    assert all(n >= BIN for *_, n in bins)
    assert bins[0][0] == 0
    assert bins[-1][1] == EDGES[-1]
    assert [high for _, high, _ in bins[:-1]] == [low for low, _, _ in bins[1:]]


def test_the_extremes_do_not_show() -> None:
    usual = [10.0] * 50
    assert summary([*usual, 3600.0], histogram=True).histogram == ((0.0, 1e5, 51),)
    assert {f.name for f in fields(Statistics)} == {"mean", "median", "p85", "histogram", "n"}


def test_mean_median_and_85th_percentile() -> None:
    values = [float(n) for n in range(1, 101)]
    found = summary(values, histogram=False)
    assert found.mean == pytest.approx(np.mean(values))
    assert found.median == pytest.approx(50.5)
    assert found.p85 == pytest.approx(85.15, abs=0.06)
    assert found.n == 100
    assert found.histogram == ()


@pytest.mark.parametrize(("value", "said"), [(0, 0), (12.3456, 12.3), (0.0012345, 0.00123), (98765, 98800)])
def test_numbers_have_three_digits(value: float, said: float) -> None:
    assert rounded(value) == said


def test_edges_rise_by_about_an_eighth() -> None:
    steps = np.diff(np.log(EDGES[1:]))
    assert (steps > 0.09).all()
    assert (steps < 0.14).all()
