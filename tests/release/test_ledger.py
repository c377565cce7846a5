"""The ledger as the rest of the house sees it: observations in, measurements out."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import ceil
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from passerby.classes import Class
from passerby.errors import ConfigError
from passerby.geometry import Line, Zone
from passerby.records import Cut, Measurement, Pass, Sample, Way
from passerby.release import Ledger, Rule
from passerby.release.grids import needed, visits
from passerby.scene.rhythm import days

LISBON = ZoneInfo("Europe/Lisbon")
START = datetime(2026, 5, 4, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
GATE = Line("gate", (0.0, 0.5), (1.0, 0.5))
SQUARE = Zone("square", ((0.1, 0.1), (0.9, 0.1), (0.5, 0.9)))

Stream = Sequence[tuple[datetime, Pass]]


def ledger(rule: Rule | None = None) -> Ledger:
    """A ledger with one open gate."""
    book = Ledger(rule or Rule(k=15), detector="drawn", version="1")
    book.open("north", GATE)
    return book


def several(n: int, at: datetime, class_: Class = Class.CAR, way: Way = "in", **values: float) -> Stream:
    """As many passes at one instant."""
    return [(at, Pass("gate", 0.0, class_, way, values=values))] * n


def take(book: Ledger, stream: Iterable[tuple[datetime, Pass]], camera: str = "north") -> None:
    """Give all passes to the ledger."""
    for at, one in stream:
        book.take(camera, at, one)


def of(rows: Iterable[Measurement], cut: Cut) -> list[Measurement]:
    """The rows of one table, in order."""
    return sorted((row for row in rows if row.cut == cut), key=lambda row: (row.start, row.part))


def street(seed: int, scale: float, length: int = 2) -> tuple[list[tuple[datetime, Pass]], datetime, datetime]:
    """Some days of a drawn street, and when they begin and end."""
    first = datetime(2026, 5, 4, tzinfo=LISBON).astimezone(UTC)
    passes = list(days(seed, date(2026, 5, 4), length, LISBON, scale=scale))
    return passes, first, first + timedelta(days=length)


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 1000), st.sampled_from((0.01, 0.05, 0.3)), st.sampled_from((10, 20, 40)))
def test_rows_add_up_tile_time_nest_and_are_large(seed: int, scale: float, k: int) -> None:
    passes, begin, end = street(seed, scale)
    book = ledger(Rule(k=k, zone=LISBON))
    book.seen("north", begin, end)
    take(book, passes)
    rows = book.advance("north", end) + book.stop()
    assume(rows)  # a quiet place waits for Monday
    assert all((row.count or 0) >= needed(k, visits(row.start, row.end)) for row in rows)
    cuts: tuple[Cut, ...] = ("all", "mode", "class")
    spans = {cut: sorted({(r.start, r.end) for r in of(rows, cut)}) for cut in cuts}
    for cut, intervals in spans.items():
        assert intervals[0][0] == begin
        assert all(a[1] == b[0] for a, b in pairwise(intervals))
        for start, stop in intervals:
            inside = sum(start <= at < stop for at, _ in passes)
            assert sum(r.count or 0 for r in of(rows, cut) if r.start == start) == inside
    for fine, coarse in pairwise(cuts):
        marks = {mark for span in spans[fine] for mark in span}
        assert {mark for span in spans[coarse] for mark in span} <= marks


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 1000), st.sampled_from((4, 7, 60)), st.booleans())
def test_it_does_not_matter_when_it_is_asked_or_in_which_pieces_it_was_seen(
    seed: int, minutes: int, other: bool
) -> None:
    passes, begin, end = street(seed, 0.04, 1)
    once = ledger(Rule(zone=LISBON))
    once.seen("north", begin, end)
    take(once, passes)
    whole = once.advance("north", end) + once.stop()

    often, step = ledger(Rule(zone=LISBON)), timedelta(minutes=minutes)
    rows: list[Measurement] = []
    if other:
        often.open("south", GATE)  # another camera with a line of the same name
    left = deque(passes)
    for n in range(ceil((end - begin) / step)):
        at = begin + n * step
        often.seen("north", max(begin, at - step / 2), min(end, at + step))
        piece = []
        while left and left[0][0] < at + step:
            piece.append(left.popleft())
        take(often, piece)
        if other:
            take(often, piece[::2], "south")
        rows += often.advance("north", min(end, at + step))
    rows += [row for row in often.stop() if row.camera == "north"]
    assert sorted(rows, key=repr) == sorted(whole, key=repr)


def test_a_series_that_never_passed_is_never_shown_to_be_empty() -> None:
    passes, begin, end = street(1, 0.3)
    book = ledger(Rule(zone=LISBON))
    book.seen("north", begin, end)
    take(book, passes)
    rows = book.advance("north", end) + book.stop()
    trains = [row for row in of(rows, "class") if "train in" in row.part]
    assert trains
    found = Counter(f"{one.class_.label} {one.way}" for _, one in passes)
    for row in trains:
        assert row.rest
        assert any(found[series] for series in row.part)


def test_a_busy_street_tells_most_of_its_traffic_apart_by_class_and_day() -> None:
    passes, _, end = street(3, 0.3)
    book = ledger(Rule(zone=LISBON))
    take(book, passes)
    rows = book.advance("north", end)
    told = sum(row.count or 0 for row in of(rows, "class") if len(row.part) == 1)
    assert told > 0.9 * sum(row.count or 0 for row in of(rows, "class"))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_on_which_clocks_change(day: date, hours: int) -> None:
    begin = datetime(day.year, day.month, day.day, tzinfo=LISBON).astimezone(UTC)
    book = ledger(Rule(zone=LISBON))
    for quarter in range(4 * hours + 4):
        take(book, several(25, begin + quarter * 15 * MINUTE))
    rows = book.advance("north", begin + (hours + 1) * HOUR)
    (row,) = of(rows, "class")[:1]
    assert (row.start, row.end) == (begin, begin + hours * HOUR)
    assert sum(r.count or 0 for r in of(rows, "class") if r.start == begin) == 100 * hours
    assert all(r.end - r.start == HOUR for r in of(rows, "mode"))


def test_a_quiet_night_ends_with_the_finer_interval_and_no_day_is_lost() -> None:
    midnight = datetime(2026, 5, 5, tzinfo=UTC)
    book = ledger()
    for hour in range(16):
        take(book, several(60, START + hour * HOUR + MINUTE))  # until midnight
    take(book, several(15, midnight + 10 * MINUTE) + several(15, midnight + 70 * MINUTE))  # type: ignore[operator]
    for hour in range(8, 34):
        take(book, several(60, midnight + hour * HOUR))
    rows = book.advance("north", midnight + 40 * HOUR)
    first, second = of(rows, "class")
    assert (first.start, first.end) == (START, midnight)
    assert (second.start, second.end) == (midnight, midnight + 24 * HOUR)
    night = [row for row in of(rows, "all") if row.start == midnight]
    assert [(row.end, row.count) for row in night] == [(midnight + 2 * HOUR, 30)]


def test_a_place_with_two_passes_a_day_says_something_after_weeks_only() -> None:
    book, at, rows = ledger(), START, []
    for _ in range(50):
        take(book, several(2, at))
        at += 24 * HOUR
        rows += book.advance("north", at)
    assert rows == sorted(rows, key=lambda row: row.end)
    assert [row.count for row in of(rows, "all")] == [98]  # on the sixth Monday
    assert of(rows, "all")[0].end.weekday() == 0


def test_observed_is_the_share_of_time_that_was_seen_once() -> None:
    book = ledger()
    book.seen("north", START, START + 3 * MINUTE)
    book.seen("north", START + MINUTE, START + 6 * MINUTE)
    take(book, several(30, START + 5 * MINUTE))
    book.seen("north", START + 12 * MINUTE, START + 15 * MINUTE)
    (row,) = book.advance("north", START + 15 * MINUTE)
    assert row.observed == pytest.approx(9 / 15)


def test_what_comes_late_counts_from_when_it_still_can() -> None:
    book = ledger()
    book.seen("north", START, START + 15 * MINUTE)
    take(book, several(30, START))
    assert len(book.advance("north", START + 15 * MINUTE)) == 1
    take(book, several(1, START + 10 * MINUTE))
    book.seen("north", START + 15 * MINUTE, START + 30 * MINUTE)
    take(book, several(30, START + 20 * MINUTE))
    (row,) = book.advance("north", START + 30 * MINUTE)
    assert (row.count, row.observed) == (31, 1.0)


def test_intervals_wait_for_what_is_certain_only_later() -> None:
    book = Ledger(Rule(k=15), detector="drawn", version="1", settle=timedelta(seconds=30))
    book.open("north", GATE)
    take(book, several(30, START))
    assert not book.advance("north", START + 15 * MINUTE + timedelta(seconds=29))
    take(book, several(1, START + 14 * MINUTE))
    (row,) = book.advance("north", START + 15 * MINUTE + timedelta(seconds=30))
    assert row.count == 31
    take(book, several(30, START + 29 * MINUTE))
    (row,) = book.advance("north", START + 30 * MINUTE, is_settled=True)
    assert row.count == 30


def test_a_camera_that_is_watched_no_more_leaves_what_stands() -> None:
    book = ledger()
    for hour in range(2):
        take(book, several(30, START + hour * HOUR))
        take(book, several(30, START + hour * HOUR, Class.PERSON))
    rows = book.advance("north", START + 2 * HOUR) + book.close("north")
    assert {row.cut for row in rows} == {"all", "mode", "class"}
    assert not book.advance("north", START + 3 * HOUR)
    with pytest.raises(ConfigError, match="not open"):
        take(book, several(1, START + 3 * HOUR))


def test_what_comes_late_into_an_open_interval_is_counted() -> None:
    book = ledger()
    take(book, several(15, START))
    assert book.advance("north", START + 30 * MINUTE) == []
    take(book, several(15, START + MINUTE))
    (row,) = book.advance("north", START + 60 * MINUTE)
    assert (row.count, row.end) == (30, START + 30 * MINUTE)


def test_a_clock_that_runs_back_releases_nothing_twice() -> None:
    book = ledger()
    take(book, several(30, START))
    assert len(book.advance("north", START + HOUR)) > 0
    take(book, several(30, START - HOUR))
    take(book, several(30, START))
    assert book.advance("north", START) == []
    assert book.advance("north", START + 30 * MINUTE) == []


def test_a_stop_writes_what_stands_and_drops_the_remainder() -> None:
    book = ledger()
    book.seen("north", START, START + 20 * MINUTE)
    take(book, several(40, START))
    take(book, several(7, START + 16 * MINUTE))
    assert [row.cut for row in book.advance("north", START + 20 * MINUTE)] == ["all"]
    rows = book.stop()
    assert [(row.cut, row.end, row.count) for row in rows] == [
        ("mode", START + 15 * MINUTE, 40),
        ("class", START + 15 * MINUTE, 40),
    ]
    assert book.stop() == []
    # the same ledger goes on: the time from 08:15 on was lost
    book.seen("north", START + 25 * MINUTE, START + 30 * MINUTE)
    take(book, several(30, START + 26 * MINUTE))
    (row,) = book.advance("north", START + 30 * MINUTE)
    assert (row.start, row.count) == (START + 15 * MINUTE, 30)
    assert row.observed == pytest.approx(5 / 15, abs=0.001)


def test_a_new_ledger_goes_on_where_the_store_ends() -> None:
    for until, start in (
        (START - 20 * MINUTE, START),  # long ago: a gap without rows
        (START + 15 * MINUTE, START + 15 * MINUTE),
        (START + 45 * MINUTE, START + 45 * MINUTE),  # ahead of the clock: nothing is released twice
    ):
        book = Ledger(Rule(k=15), detector="drawn", version="1")
        book.open("north", GATE, since=until)
        take(book, several(40, START + 40 * MINUTE))
        take(book, several(50, START + 50 * MINUTE))
        first = of(book.advance("north", START + 60 * MINUTE), "all")[0]
        assert first.start == start


def test_a_place_that_is_moved_begins_anew_and_the_same_place_goes_on() -> None:
    book = ledger()
    take(book, several(40, START))
    book.advance("north", START + 15 * MINUTE)
    take(book, several(15, START + 16 * MINUTE))
    book.open("north", GATE)  # an engine that begins again
    take(book, several(15, START + 17 * MINUTE))
    (row,) = book.advance("north", START + 30 * MINUTE)
    assert row.count == 30
    take(book, several(30, START + 31 * MINUTE))
    moved = replace(GATE, b=(1.0, 0.6))
    book.open("north", moved)
    take(book, several(35, START + 40 * MINUTE))
    rows = book.advance("north", START + 45 * MINUTE)
    assert {row.revision for row in rows if row.cut != "all"} == {GATE.revision}
    assert sum(row.count or 0 for row in of(rows, "mode")) == 70  # the old one's, without its remainder
    (new,) = of(rows, "all")
    assert (new.revision, new.start, new.count) == (moved.revision, START + 30 * MINUTE, 35)


def test_other_classes_are_another_place() -> None:
    book = ledger()
    take(book, several(15, START))
    book.open("north", GATE, classes=(Class.CAR, Class.TRUCK))
    take(book, several(35, START + 40 * MINUTE))
    rows = book.advance("north", START + 2 * HOUR)
    assert [row.count for row in of(rows, "all")] == [35]
    assert {series for row in rows + book.stop() for series in row.part} <= {
        "motor in",
        "motor out",
        *(f"{label} {way}" for label in ("car", "truck") for way in ("in", "out")),
    }


def test_movements_are_told_apart_by_week() -> None:
    monday = datetime(2026, 5, 4, tzinfo=UTC)
    book = Ledger(Rule(k=15), detector="drawn", version="1")
    book.open("north", GATE, classes=(Class.CAR, Class.TRUCK), movements=("n>e", "n>s"))
    for hour in range(24 * 8):
        at = monday + hour * HOUR + MINUTE
        for movement, n in (("n>e", 25), ("n>s", 15), ("never heard of", 2)):
            take(book, [(at, Pass("gate", 0.0, Class.CAR, "in", movement=movement))] * n)
        take(book, [(at, Pass("gate", 0.0, Class.TRUCK, "in", movement="n>e"))] * 22)
    rows = book.advance("north", monday + 8 * 24 * HOUR)
    week = of(rows, "movement")
    assert {(row.start, row.end) for row in week} == {(monday, monday + 7 * 24 * HOUR)}
    assert sum(row.count or 0 for row in week) == 7 * 24 * 64
    assert {row.part: row.count for row in week} == {
        ("car n>e",): 7 * 24 * 25,
        ("car n>s",): 7 * 24 * 15,
        ("car elsewhere",): 7 * 24 * 2,  # at least 2 k a day
        tuple(f"{c} {way}" for c in ("car", "truck") for way in ("n>e", "n>s", "elsewhere")): 7 * 24 * 22,
    }  # the trucks were in one row with all that never passed, so nothing more is said of them


def test_values_are_columns_of_the_rows_that_tell_road_users_apart() -> None:
    book = ledger()
    for hour in range(17):
        take(book, several(40, START + hour * HOUR, Class.CAR, "in", speed_m_s=12.0))
        take(book, several(30, START + hour * HOUR, Class.PERSON, "out", speed_m_s=1.5))
        take(book, several(25, START + hour * HOUR, Class.BUS, "out", speed_m_s=float("nan")))
    rows = book.advance("north", START + 17 * HOUR) + book.stop()
    assert all(not row.values for row in of(rows, "all"))
    by_day = {series: row for row in of(rows, "class") for series in row.part if row.start == START}
    cars = by_day["car in"].values["speed_m_s"]
    assert (cars.mean, cars.n, sum(n for *_, n in cars.histogram)) == (12, 16 * 40 - 15, 16 * 40 - 15)
    assert "speed_m_s" not in by_day["bus out"].values
    by_hour = {series: row for row in of(rows, "mode") for series in row.part}
    assert by_hour["motor in"].values["speed_m_s"].histogram == ()


def test_how_many_are_inside_is_a_row_of_its_own() -> None:
    book = Ledger(Rule(k=15), detector="drawn", version="1")
    book.open("north", SQUARE, classes=(Class.PERSON,))
    for second in range(0, 1800, 5):
        at = START + timedelta(seconds=second)
        book.take("north", at, Sample("square", float(second), "inside", Class.PERSON, 35.0))
    first, second_ = book.advance("north", START + 30 * MINUTE)
    assert (first.quantity, first.cut, first.part, first.count) == ("inside", "all", (), None)
    assert (first.mean, first.p95, first.bands) == (35.0, 35.0, {"30-44": 15.0})
    assert (first.end, second_.start) == (START + 15 * MINUTE, START + 15 * MINUTE)


def test_every_row_says_where_it_comes_from_and_no_row_says_who() -> None:
    book = ledger()
    take(book, several(30, START))
    (row,) = book.advance("north", START + 15 * MINUTE)
    assert (row.camera, row.place, row.revision) == ("north", "gate", GATE.revision)
    assert (row.detector, row.version) == ("drawn", "1")
    assert row.start.tzinfo is UTC
    assert "id" not in {field.name for field in fields(row)}


def test_unknown_places_and_classes_are_said() -> None:
    book = Ledger(Rule(k=15), detector="drawn", version="1")
    book.open("north", GATE, classes=(Class.PERSON,))
    with pytest.raises(ConfigError, match="camera south observed something at 'gate'"):
        take(book, several(1, START), "south")
    with pytest.raises(ConfigError, match="counted 'car' at 'gate'"):
        take(book, several(1, START))
