"""Stream time and the time of day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.office.clock import APART, Clock

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def test_a_connection_sets_it() -> None:
    clock = Clock()
    assert not clock.is_set
    with pytest.raises(ValueError, match="never set"):
        clock.at(0.0)
    clock.set(10.0, BEGIN)
    assert (clock.is_set, clock.at(12.5), clock.at(8.0)) == (True, after(2.5), after(-2.0))


@given(st.lists(st.floats(0.0, 8.0), min_size=1, max_size=200))
def test_pictures_that_come_in_bursts_prove_nothing(late: list[float]) -> None:
    """As from HLS: seconds of pictures at once, of which one is on time now and then."""
    clock = Clock()
    clock.set(0.0, BEGIN)
    for second, lateness in enumerate(late):
        assert not clock.compare(second, after(second + (0.0 if second % 10 == 0 else lateness)))
    assert clock.at(5.0) == after(5.0)


@pytest.mark.parametrize("rate", [0.999, 1.001])
def test_a_camera_whose_clock_runs_wrong_is_held_to_the_machine_s(rate: float) -> None:
    clock = Clock()
    clock.set(0.0, BEGIN)
    set_anew = 0
    for second in range(4 * 3600):
        set_anew += clock.compare(second * rate, after(second))
        assert abs(clock.at(second * rate) - after(second)) < APART + timedelta(seconds=0.2)
    assert 5 <= set_anew <= 8  # 14.4 s in all


def test_the_machine_s_clock_may_be_set() -> None:
    clock = Clock()
    clock.set(0.0, BEGIN)
    assert [second for second in range(300) if clock.compare(second, after(second + 3600))] == [60]
    assert clock.at(299.0) == after(3899.0)
