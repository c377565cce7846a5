"""What is known of a longer time is shown with that time, and what is shared with what it may at most be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.errors import UsageError
from passerby.export import regular
from passerby.export.joining import Column
from passerby.records import Measurement, Statistics

SEVEN = datetime(2026, 5, 4, 7, tzinfo=UTC)
ZONE = ZoneInfo("UTC")
QUARTER = timedelta(minutes=15)


def row(start: int, end: int, count: int, *, part: tuple[str, ...] = (), observed: float = 1.0) -> Measurement:
    """A row from `start` to `end`, minutes after seven."""
    return Measurement(
        "cam", "gate", "r1", "passes", "all", part, False,
        SEVEN + timedelta(minutes=start), SEVEN + timedelta(minutes=end), observed, count,
    )  # fmt: skip


def test_a_value_of_a_longer_time_is_shown_with_that_time() -> None:
    slots = list(regular([row(0, 15, 23), row(15, 60, 20)], QUARTER, ZONE))
    assert [slot.least for slot in slots] == [23, 20, 20, 20]
    assert [slot.is_own for slot in slots] == [True, False, False, False]
    assert {(slot.period_start, slot.period_end) for slot in slots[1:]} == {
        (SEVEN + QUARTER, SEVEN + timedelta(hours=1))
    }


def test_shorter_rows_are_added_up() -> None:
    rows = [row(15 * n, 15 * n + 15, 20 + n, observed=0.5) for n in range(8)]
    slots = list(regular(rows, timedelta(hours=1), ZONE))
    assert [(slot.least, slot.is_own, slot.observed) for slot in slots] == [(86, True, 0.5), (102, True, 0.5)]


def test_rows_over_a_mark_belong_to_the_slot_of_their_middle() -> None:
    rows = [row(0, 45, 20), row(45, 90, 30), row(90, 120, 40)]
    slots = list(regular(rows, timedelta(hours=1), ZONE))
    assert [slot.least for slot in slots] == [20, 70]
    assert not any(slot.is_own for slot in slots)
    assert [slot.period_end - slot.period_start for slot in slots] == [
        timedelta(minutes=45),
        timedelta(minutes=75),
    ]


def test_quiet_nights_do_not_make_one_period_of_a_year() -> None:
    hours = [(24 * day + at, 24 * day + to) for day in range(3) for at, to in ((0, 5), (5, 12), (12, 24))]
    rows = [row(60 * at, 60 * to, 20) for at, to in hours]
    slots = list(regular(rows, timedelta(days=1), ZONE))
    assert [slot.least for slot in slots] == [40, 60, 60, 20]
    assert {slot.period_end - slot.period_start for slot in slots[1:3]} == {timedelta(hours=24)}


def test_time_of_which_nothing_was_released_is_left_out() -> None:
    slots = list(regular([row(0, 15, 23), row(60, 75, 25)], QUARTER, ZONE))
    assert [slot.start for slot in slots] == [SEVEN, SEVEN + timedelta(hours=1)]


def test_a_series_that_shares_rows_lies_between_two_numbers() -> None:
    rows = [
        row(0, 30, 23, part=("foot in",)),
        row(0, 30, 31, part=("foot out", "motor in")),
        row(30, 60, 90, part=("foot in", "foot out", "motor in")),
    ]
    slots = list(regular(rows, timedelta(hours=1), ZONE))
    assert [(slot.series, slot.least, slot.most) for slot in slots] == [
        ("all", 144, 144),
        ("foot in", 23, 113),
        ("foot out", 0, 121),
        ("motor in", 0, 121),
    ]
    halves = regular(rows, timedelta(minutes=30), ZONE)
    assert [(slot.least, slot.most) for slot in halves if slot.series == "foot in"] == [(23, 23), (0, 90)]


def test_rows_that_do_not_fill_a_slot_keep_their_own_period() -> None:
    (slot,) = regular([row(0, 15, 23), row(15, 45, 27)], timedelta(hours=1), ZONE)
    assert (slot.least, slot.is_own) == (50, False)
    assert slot.period_end == SEVEN + timedelta(minutes=45)


def test_means_are_weighted_by_the_time_that_was_seen() -> None:
    quiet = replace(row(0, 15, 0, observed=0.5), quantity="inside", count=None, mean=20.0)
    busy = replace(quiet, start=quiet.end, end=SEVEN + timedelta(minutes=30), mean=50.0, observed=1.0)
    (slot,) = regular([quiet, busy], timedelta(minutes=30), ZONE)
    assert (slot.series, slot.least, slot.mean, slot.observed) == ("all", None, 40.0, 0.75)


def test_days_follow_the_clock_of_the_site() -> None:
    lisbon = ZoneInfo("Europe/Lisbon")
    change = datetime(2026, 10, 25, tzinfo=lisbon)  # 25 hours
    begin = change.astimezone(UTC)
    day = Measurement(
        "cam", "gate", "r", "passes", "class", (), False, begin, begin + timedelta(hours=25), 1.0, 99
    )
    (slot,) = regular([day], timedelta(days=1), lisbon)
    assert slot.is_own
    assert slot.end - slot.start == timedelta(hours=25)


def test_a_grid_that_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be drawn"):
        list(regular([row(0, 15, 23)], timedelta(minutes=7), ZONE))


@given(st.lists(st.integers(1, 12), min_size=1, max_size=20), st.sampled_from([15, 30, 60]))
def test_nothing_is_spread_or_lost(lengths: list[int], every: int) -> None:
    rows, at = [], 0
    for number, quarters in enumerate(lengths):
        rows.append(row(at, at + 15 * quarters, 20 + number))
        at += 15 * quarters
    slots = list(regular(rows, timedelta(minutes=every), ZONE))
    periods = {(slot.period_start, slot.period_end): slot.least or 0 for slot in slots}
    assert sum(periods.values()) == sum(r.count or 0 for r in rows)
    for slot in slots:
        assert slot.period_start < slot.end
        assert slot.start < slot.period_end


def fast(start: int, end: int, count: int, mean: float, *, part: tuple[str, ...]) -> Measurement:
    speed = Statistics(mean, mean - 1, mean + 1, ((0.0, 1e5, count),))
    return replace(row(start, end, count, part=part), cut="mode", values={"speed_mps": speed})


def test_columns_are_those_of_rows_of_a_series_alone() -> None:
    rows = [fast(0, 60, 30, 8.0, part=("motor in",)), fast(0, 60, 25, 2.0, part=("foot in", "motor out"))]
    slots = {slot.series: slot.values for slot in regular(rows, timedelta(hours=1), ZONE)}
    assert slots["motor in"] == {"speed_mps": Column(8.0, 7.0, 9.0, ((0.0, 1e5, 30),))}
    assert slots["foot in"] == slots["motor out"] == {}
    assert slots["all"]["speed_mps"] == Column(round((30 * 8 + 25 * 2) / 55, 4))


def test_joined_periods_have_means_alone_and_only_where_all_of_it_shows_them() -> None:
    rows = [fast(0, 60, 30, 8.0, part=("motor in",)), fast(60, 120, 90, 12.0, part=("motor in",))]
    (_, joined) = regular(rows, timedelta(days=1), ZONE)
    assert joined.values == {"speed_mps": Column(11.0)}
    dark = row(120, 180, 40, part=("motor in",))
    (_, joined) = regular([*rows, replace(dark, cut="mode")], timedelta(days=1), ZONE)
    assert (joined.most, joined.values) == (160, {})


def test_samples_have_bands_and_a_percentile_of_a_single_row() -> None:
    rows = [
        replace(
            row(n, n + 15, 0), quantity="density", count=None, mean=1.5, p95=2.5, bands={"0-2": 10.0, "2-": 5.0}
        )
        for n in (0, 15)
    ]
    assert [(slot.p95, slot.bands) for slot in regular(rows, QUARTER, ZONE)] == [(2.5, rows[0].bands)] * 2
    (hour,) = regular(rows, timedelta(hours=1), ZONE)
    assert (hour.p95, hour.bands) == (None, {"0-2": 20.0, "2-": 10.0})
