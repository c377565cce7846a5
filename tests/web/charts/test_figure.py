"""Bars are rows: as wide as their time, as high as their rate, and never a sum or a part of rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from passerby.records import Measurement, Statistics
from passerby.web.charts.choice import Choice
from passerby.web.charts.figure import figure
from passerby.web.charts.periods import period
from passerby.web.charts.tables import TABLES, order
from passerby.web.charts.values import bins

LISBON = ZoneInfo("Europe/Lisbon")
DAY = date(2026, 5, 29)
MIDNIGHT = datetime(2026, 5, 29, tzinfo=LISBON).astimezone(UTC)
HOUR = timedelta(hours=1)
CHOICE = Choice("gate", TABLES["all"], DAY, DAY, "1h", "", LISBON)


def row(start: float, hours: float, count: int | None = 60, **more: object) -> Measurement:
    begin = MIDNIGHT + start * HOUR
    plain = Measurement(
        "north",
        "gate",
        "r1",
        "passes",
        "all",
        (),
        rest=False,
        start=begin,
        end=begin + hours * HOUR,
        observed=1.0,
        count=count,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def test_three_hours_are_one_bar_three_hours_wide_and_as_high_as_their_rate() -> None:
    drawn = figure([row(9, 0.25, 30), row(6, 3, 60)], (), CHOICE)
    night, morning = drawn.bars
    assert (night.drawn_end - night.drawn_start, night.height, night.row.count) == (3 * HOUR, 20.0, 60)
    assert (morning.lasts, morning.height) == (HOUR / 4, 120.0)
    per_day = figure([row(6, 3, 60)], (), replace(CHOICE, per="1d")).bars[0]
    assert per_day.height == 480.0


def test_the_axis_is_the_days_and_the_whole_of_rows_that_go_beyond() -> None:
    assert figure([row(3, 1)], (), CHOICE).start == MIDNIGHT
    wide = figure([row(-5, 7), row(20, 12)], (), CHOICE)
    assert (wide.start, wide.end) == (MIDNIGHT - 5 * HOUR, MIDNIGHT + 32 * HOUR)
    assert figure((), (), CHOICE).bars == []


def test_rows_of_several_series_are_no_series() -> None:
    choice = replace(CHOICE, table=TABLES["class"])
    rows = [
        row(0, 24, cut="class", part=("car in", "bus in"), rest=True),
        row(0, 24, cut="class", part=("person out",)),
        row(0, 24, cut="class", part=("person in",)),
        row(0, 24, cut="mode", part=("foot in",)),
    ]
    drawn = figure(rows, (), choice)
    assert drawn.series == ["person in", "person out"]
    assert [bar.series for bar in drawn.bars] == ["person in", "person out", "car in;bus in"]
    assert [bar.is_shared for bar in drawn.bars] == [False, False, True]
    assert drawn.has_shared


def test_compared_rows_are_laid_over_and_keep_their_own_time() -> None:
    choice = replace(CHOICE, compare="week")
    drawn = figure([row(8, 1)], [row(8 - 7 * 24, 1, 45)], choice)
    (before,) = drawn.compared
    assert (before.drawn_start, before.height) == (drawn.bars[0].drawn_start, 45.0)
    assert before.row.start == MIDNIGHT + 8 * HOUR - timedelta(days=7)


def test_a_time_that_was_not_seen_is_told_and_not_scaled_up() -> None:
    drawn = figure([row(8, 1, 60, observed=0.5), row(9, 1, observed=0.999)], (), CHOICE)
    assert [(bar.seen, bar.height) for bar in drawn.bars] == [(50, 60.0), (100, 60.0)]
    assert drawn.is_seen_in_part


def test_samples_are_means_with_their_percentile() -> None:
    sample = row(8, 2, None, quantity="inside", mean=31.5, p95=40.0)
    (bar,) = figure([sample, row(8, 1)], (), replace(CHOICE, table=TABLES["inside"])).bars
    assert (bar.height, bar.top) == (31.5, 40.0)


def test_a_place_that_was_moved_is_marked() -> None:
    rows = [row(8, 1), row(9, 1, revision="r2"), row(10, 1, revision="r2")]
    assert figure(rows, (), CHOICE).redrawn == [MIDNIGHT + 9 * HOUR]


def test_values_are_told_in_the_unit_in_which_they_are_read() -> None:
    said = Statistics(10.0, 11.0, 12.5, histogram=((0.0, 9.0, 12), (9.0, 12.5, 30), (12.5, 1e5, 8)))
    drawn = figure([row(8, 1, values={"speed_mps": said}), row(9, 1)], (), CHOICE)
    (spread,) = drawn.spread("speed_mps")
    assert [spread.mean, spread.median, spread.p85] == pytest.approx([36.0, 39.6, 45.0])
    (same,) = drawn.histograms("speed_mps")
    assert [(one.low, one.high, one.passes) for one in same.bins] == [
        (0.0, pytest.approx(32.4), 12), (pytest.approx(32.4), 45.0, 30), (45.0, None, 8),
    ]  # fmt: skip
    first, second, last = same.bins
    assert first.height == pytest.approx(12 / 32.4)
    assert last.drawn_high - last.low == pytest.approx(second.drawn_high - second.low)  # open: as wide as before
    assert bins(replace(said, histogram=((0.0, 1e5, 20),)), 3.6) == []


def test_series_come_in_the_order_of_all_tables() -> None:
    assert sorted(["rail in", "foot out", "motor in", "foot in"], key=order) == [
        "foot in",
        "foot out",
        "motor in",
        "rail in",
    ]
    assert sorted(["unknown in", "car out", "person in"], key=order) == ["person in", "car out", "unknown in"]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-05-29T14:00", "2026-05-29T14:15", "Fri 29 May 2026, 14:00 – 14:15"),
        ("2026-05-29T22:00", "2026-05-30T06:00", "Fri 29 May 2026, 22:00 – Sat 30 May 2026, 06:00"),
        ("2026-05-29T00:00", "2026-05-30T00:00", "Fri 29 May 2026"),
        ("2026-10-25T00:00", "2026-10-26T00:00", "Sun 25 Oct 2026"),  # 25 hours
        ("2026-05-25T00:00", "2026-06-01T00:00", "Mon 25 May 2026 – Sun 31 May 2026"),
        ("2026-10-25T01:15", "2026-10-25T01:30", "Sun 25 Oct 2026, 01:15 WEST – 01:30 WEST"),
    ],
)
def test_periods_in_the_words_of_the_calendar(start: str, end: str, said: str) -> None:
    begin, stop = (datetime.fromisoformat(text).replace(tzinfo=LISBON) for text in (start, end))
    assert period(begin, stop, LISBON) == said


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 01:30 in summer time
    assert period(first, first + HOUR, LISBON) == "Sun 25 Oct 2026, 01:30 WEST – 01:30 WET"
