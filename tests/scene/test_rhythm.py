"""Weeks of passes without pictures."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from passerby.classes import Class
from passerby.records import Pass
from passerby.scene import days

LISBON = ZoneInfo("Europe/Lisbon")
MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def month() -> list[tuple[datetime, Pass]]:
    return list(days(3, MONDAY, 30, LISBON))  # the clock goes forward on 29 March


def _by_hour(month: list[tuple[datetime, Pass]]) -> dict[datetime, list[Pass]]:
    hours: dict[datetime, list[Pass]] = {}
    for at, item in month:
        hours.setdefault(at.replace(minute=0, second=0, microsecond=0), []).append(item)
    return hours


def test_instants_are_utc_in_order_and_count_from_the_first_midnight(month: list[tuple[datetime, Pass]]) -> None:
    first = datetime(2026, 3, 2, tzinfo=LISBON).astimezone(UTC)
    assert all(at.tzinfo is UTC for at, _ in month)
    assert all(a[0] <= b[0] for a, b in pairwise(month))
    for at, item in month[::997]:
        assert item.time_s == pytest.approx((at - first).total_seconds(), abs=1e-5)
    last = datetime(2026, 4, 1, tzinfo=LISBON).astimezone(UTC)
    assert first <= month[0][0]
    assert month[-1][0] < last


def test_there_are_tens_of_thousands(month: list[tuple[datetime, Pass]]) -> None:
    assert 60_000 < len(month) < 200_000


def test_busy_hours_hold_hundreds_and_quiet_nights_a_few(month: list[tuple[datetime, Pass]]) -> None:
    hours = _by_hour(month)
    tuesday = datetime(2026, 3, 10, tzinfo=LISBON)
    busy = [len(hours[(tuesday + timedelta(hours=h)).astimezone(UTC)]) for h in (8, 12, 17)]
    night = [len(hours.get((tuesday + timedelta(hours=h)).astimezone(UTC), [])) for h in (1, 2, 3, 4)]
    assert min(busy) > 150
    assert max(night) < 12


def test_mornings_come_in_and_evenings_go_out(month: list[tuple[datetime, Pass]]) -> None:
    working = [(at.astimezone(LISBON), p) for at, p in month if at.astimezone(LISBON).weekday() < 5]
    morning, evening = (Counter(p.way for at, p in working if at.hour in h) for h in ((7, 8), (17, 18)))
    assert morning["in"] > 1.8 * morning["out"]
    assert evening["out"] > 1.8 * evening["in"]
    total = Counter(p.way for _, p in month)
    assert 0.85 < total["in"] / total["out"] < 1.15


def test_weekends_sleep_longer(month: list[tuple[datetime, Pass]]) -> None:
    early = Counter(at.astimezone(LISBON).weekday() >= 5 for at, _ in month if at.astimezone(LISBON).hour == 8)
    assert early[False] / 22 > 3 * early[True] / 8


def test_classes_are_shared_out(month: list[tuple[datetime, Pass]]) -> None:
    classes = Counter(p.class_ for _, p in month)
    assert classes[Class.PERSON] > classes[Class.CAR] > classes[Class.BICYCLE] > classes[Class.BUS] > 0


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (MONDAY, 24)])
def test_a_day_has_as_many_hours_as_the_clock_gives_it(day: date, hours: int) -> None:
    found = list(days(1, day, 1, LISBON, scale=3))
    start = datetime(day.year, day.month, day.day, tzinfo=LISBON).astimezone(UTC)
    assert {int((at - start).total_seconds() // 3600) for at, _ in found} == set(range(hours))
    assert all(at.astimezone(LISBON).date() == day for at, _ in found)


def test_a_day_does_not_depend_on_when_one_begins() -> None:
    later = list(days(3, MONDAY + timedelta(days=1), 1, LISBON))
    both = list(days(3, MONDAY, 2, LISBON))
    assert [at for at, _ in both[-len(later) :]] == [at for at, _ in later]


def test_the_same_seed_gives_the_same_passes_and_another_does_not() -> None:
    one, same, other = (list(days(seed, MONDAY, 1, LISBON)) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_the_place_is_named() -> None:
    assert {p.place for _, p in days(1, MONDAY, 1, LISBON, place="door")} == {"door"}
