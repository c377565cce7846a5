"""Marks follow the site's clock and calendar, also on the days on which clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.release.grids import DAY, HOUR, WEEK, Grid, Ladder, needed, visits

QUARTER = timedelta(minutes=15)
LISBON = ZoneInfo("Europe/Lisbon")
ZONES = [ZoneInfo(n) for n in ("Europe/Lisbon", "Asia/Kathmandu", "America/St_Johns", "Asia/Beirut", "UTC")]


@pytest.mark.parametrize(("date", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 5, 4), 24)])
def test_a_day_lasts_from_midnight_to_midnight(date: tuple[int, int, int], hours: int) -> None:
    days = Grid(DAY, LISBON)
    start = datetime(*date, tzinfo=LISBON).astimezone(UTC)
    assert days.before(start) == start
    assert days.after(start) - start == timedelta(hours=hours)
    assert days.before(start + timedelta(hours=hours - 0.1)) == start


def test_hours_go_on_when_clocks_go_back() -> None:
    hours = Grid(HOUR, LISBON)
    at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 01:30, for the first time
    marks = [at := hours.after(at) for _ in range(3)]
    assert [mark.hour for mark in marks] == [1, 2, 3]
    assert [mark.astimezone(LISBON).hour for mark in marks] == [1, 2, 3]


def test_a_week_begins_on_monday() -> None:
    weeks = Grid(WEEK, LISBON)
    thursday = datetime(2026, 3, 26, 12, tzinfo=UTC)
    assert weeks.before(thursday) == datetime(2026, 3, 23, tzinfo=LISBON)
    assert weeks.after(thursday) == datetime(2026, 3, 30, tzinfo=LISBON)
    assert weeks.after(thursday) - weeks.before(thursday) == timedelta(days=7, hours=-1)


def test_a_midnight_that_does_not_exist_is_the_moment_the_clock_jumps() -> None:
    days = Grid(DAY, ZoneInfo("Asia/Beirut"))  # 2022-03-27 began at 01:00
    jump = datetime(2022, 3, 26, 22, tzinfo=UTC)
    assert days.after(jump - HOUR) == jump
    assert days.after(jump) == datetime(2022, 3, 27, 21, tzinfo=UTC)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.sampled_from([timedelta(minutes=5), QUARTER, HOUR, DAY, WEEK]),
    st.sampled_from(ZONES),
)
def test_every_instant_lies_between_two_marks(at: datetime, every: timedelta, zone: ZoneInfo) -> None:
    grid = Grid(every, zone)
    before, after = grid.before(at), grid.after(at)
    assert before <= at < after
    assert grid.before(before) == before
    assert grid.after(before) == after
    assert before.tzinfo is UTC
    assert after.tzinfo is UTC


def test_shares_add_up_to_the_span() -> None:
    start = datetime(2026, 5, 4, 8, 10, tzinfo=UTC)
    shares = list(Grid(QUARTER, LISBON).shares(start, start + timedelta(minutes=27)))
    assert shares == [
        (start + timedelta(minutes=5), 300),
        (start + timedelta(minutes=20), 900),
        (start + timedelta(minutes=35), 420),
    ]


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ((8, 0), "08:15 08:30 09:00 10:00 12:00 16:00 00:00"),
        ((8, 45), "09:00 09:15 09:30 10:00 12:00 16:00 00:00"),
        ((22, 0), "22:15 22:30 23:00 00:00 02:00 04:00 08:00 12:00"),
    ],
)
def test_an_interval_ends_on_sparser_marks_the_longer_it_lasts(start: tuple[int, int], ends: str) -> None:
    ladder = Ladder(QUARTER, LISBON)
    begin = datetime(2026, 5, 5, *start, tzinfo=LISBON).astimezone(UTC)
    marks = [begin + QUARTER * n for n in range(1, 4 * 24)]
    allowed = [mark for mark in marks if ladder.may_end(begin, mark)]
    assert [mark.astimezone(LISBON).strftime("%H:%M") for mark in allowed][: len(ends.split())] == ends.split()
    for earlier, mark in pairwise([begin, *allowed]):
        assert (mark - earlier) * 4 >= mark - begin  # the last step is no small part of the whole


def test_a_very_long_interval_ends_on_a_monday() -> None:
    ladder = Ladder(QUARTER, LISBON)
    begin = datetime(2026, 6, 2, tzinfo=LISBON).astimezone(UTC)
    for days, allowed in ((1, True), (2, True), (3, False), (6, True), (13, True), (14, False), (20, True)):
        assert ladder.may_end(begin, begin + timedelta(days=days)) is allowed
    assert ladder.end(begin, begin + timedelta(days=15), begin + timedelta(days=30)) == begin + timedelta(days=20)
    assert ladder.end(begin, begin + timedelta(days=15), begin + timedelta(days=19)) is None


def test_an_interval_of_a_quiet_place_ends_on_a_sixth_monday() -> None:
    ladder = Ladder(QUARTER, LISBON)
    begin = datetime(2026, 6, 2, tzinfo=LISBON).astimezone(UTC)  # the next sixth Monday is the 22nd
    for days, times_k, allowed in (
        (1, 1.9, False),
        (1, 2.0, True),
        (6, 11.9, False),
        (6, 12.0, True),
        (20, 1, True),
    ):
        assert ladder.may_end(begin, begin + timedelta(days=days), times_k) is allowed
    for hours in (0.25, 4, 16):
        assert ladder.may_end(begin, begin + timedelta(hours=hours), 2.0)
        assert not ladder.may_end(begin, begin + timedelta(hours=hours), 1.9)


@pytest.mark.parametrize(
    ("hours", "passes"), [(0.25, 40), (16, 40), (23, 40), (24, 40), (25, 40), (48, 80), (168, 280)]
)
def test_a_row_needs_passes_for_each_of_its_days(hours: float, passes: int) -> None:
    start = datetime(2026, 5, 4, tzinfo=UTC)
    assert needed(20, visits(start, start + timedelta(hours=hours))) == passes
