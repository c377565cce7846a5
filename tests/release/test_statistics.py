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
    bins = summary(values, k=20, counted=len(values)).histogram
    assert sum(n for *_, n in bins) == len(values)
    assert all(n >= BIN for *_, n in bins)
    assert bins[0][0] == 0
    assert bins[-1][1] == EDGES[-1]
    assert [high for _, high, _ in bins[:-1]] == [low for low, _, _ in bins[1:]]


def test_the_extremes_do_not_show() -> None:
    usual = [10.0] * 50
    found = summary([*usual, 3600.0], k=20, counted=51)
    assert found.histogram == ((0.0, 1e5, 51),)
    assert (found.mean, found.p85) == (10.0, 10.0)
    assert {f.name for f in fields(Statistics)} == {"mean", "median", "p85", "histogram", "n"}


def test_mean_median_and_85th_percentile() -> None:
    values = [float(n) for n in range(1, 101)]
    found = summary(values, k=20)
    assert found.mean == pytest.approx(np.mean(values))
    assert found.median == pytest.approx(50.5)
    assert found.p85 == pytest.approx(85.15, abs=0.06)
    assert found.n == 0
    assert found.histogram == ()


@given(VALUES, st.floats(0, 1e6))
def test_a_mean_does_not_say_how_long_the_longest_was(values: list[float], longest: float) -> None:
    most = max(values)
    means = {summary([*values, more], k=20).mean for more in (most, most + longest)}
    assert len(means) == 1


def test_a_histogram_of_fewer_values_is_spread_as_all_are() -> None:
    bins = summary([1.3] * 60 + [2.6] * 30, k=20, counted=60).histogram
    assert [n for *_, n in bins] == [40, 20]


@pytest.mark.parametrize(("value", "said"), [(0, 0), (12.3456, 12.3), (0.0012345, 0.00123), (98765, 98800)])
def test_numbers_have_three_digits(value: float, said: float) -> None:
    assert rounded(value) == said


def test_edges_rise_by_about_an_eighth() -> None:
    steps = np.diff(np.log(EDGES[1:]))
    assert (steps > 0.09).all()
    assert (steps < 0.14).all()
