"""Count figures against numbers worked out by hand, and what intervals may and may not do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from passerby.evaluate.counts import Counts, bias, geh, geh_p85, intervals, segment_wape, wape


def _counts(*rows: list[int]) -> Counts:
    return np.array(rows, np.int64)


def test_errors_of_one_cell_cancel_over_time_and_those_of_two_cells_do_not() -> None:
    truth = _counts([10, 20], [10, 0])
    counted = _counts([12, 18], [8, 0])
    assert wape(counted, truth) == pytest.approx(2 / 40)
    assert segment_wape(counted, truth) == pytest.approx(6 / 40)
    assert bias(counted, truth) == pytest.approx(-2 / 40)


def test_without_true_passes_there_is_no_share() -> None:
    nothing = _counts([0, 0])
    assert wape(_counts([3, 0]), nothing) is None
    assert segment_wape(nothing, nothing) is None
    assert bias(nothing, nothing) is None


def test_geh_is_that_of_the_manual() -> None:
    assert geh(1000, 850) == pytest.approx(4.932, abs=1e-3)
    assert geh(0, 0) == 0
    assert geh(5, 2) == geh(2, 5)


def test_geh_needs_an_hour_and_speaks_of_hourly_volumes() -> None:
    truth, counted = _counts([200, 400]), _counts([200, 480])
    assert geh_p85(counted, truth, np.array([0.99, 0.99])) is None
    assert geh_p85(counted, truth, np.array([2.0, 2.0])) == pytest.approx(geh(240, 200))
    assert geh_p85(counted, truth, np.array([2.0, 0.5])) == 0


def test_intervals_need_blocks_and_passes() -> None:
    rng = np.random.default_rng(1)
    four = np.ones((4, 2), np.int64)
    assert intervals(four, four, rng) is None
    six = np.zeros((6, 2), np.int64)
    assert intervals(six + 1, six, rng) is None


def test_a_constant_share_of_error_has_no_spread() -> None:
    truth = np.full((8, 3), 10, np.int64)
    found = intervals(truth + 1, truth, np.random.default_rng(1))
    assert found is not None
    assert found.wape == pytest.approx((0.1, 0.1))
    assert found.bias == pytest.approx((0.1, 0.1))


def test_intervals_cover_the_long_run_error_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    inside = 0
    for _ in range(200):
        truth = rng.poisson(20, (20, 1))
        counted = rng.binomial(truth, 0.8)
        found = intervals(counted, truth, rng, samples=400)
        assert found is not None
        inside += found.bias[0] <= -0.2 <= found.bias[1]
    assert 0.88 <= inside / 200 <= 0.99


small = arrays(np.int64, st.tuples(st.integers(1, 8), st.integers(1, 4)), elements=st.integers(0, 30))


@given(truth=small, seed=st.integers(0, 99))
def test_shares_agree_with_each_other(truth: Counts, seed: int) -> None:
    counted = np.random.default_rng(seed).poisson(truth)
    full, segments, signed = wape(counted, truth), segment_wape(counted, truth), bias(counted, truth)
    if full is None or segments is None or signed is None:
        assert truth.sum() == 0
        return
    assert abs(signed) <= full + 1e-12 <= segments + 2e-12
    assert wape(truth, truth) == 0
