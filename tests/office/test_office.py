"""The office: what cameras say goes in, records come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerby.alerts import Rule as AlertRule
from passerby.alerts import condition
from passerby.alerts.readings import View
from passerby.classes import Class
from passerby.geometry import Line, Zone
from passerby.ghost import Glyph
from passerby.office import Desk, Kept, Office, Rules, Sight
from passerby.records import Alert, Bands, Measurement, Observation, Pass, Record, Sample, Trial
from passerby.release import Rule
from passerby.testing import HandClock

GATE = Line("gate", (0.0, 0.5), (1.0, 0.5))
SQUARE = Zone("square", ((0.1, 0.1), (0.9, 0.1), (0.5, 0.9)))
RULE = Rule(grain=timedelta(minutes=5), k=10)
DESK = Desk("north", (Kept(GATE, (Class.PERSON, Class.CAR)), Kept(SQUARE)), "numbers")
HOUR_S = 3600


@dataclass
class Out:
    """An outlet that keeps what it is offered."""

    name: str = "out"
    records: list[Record] = field(default_factory=list)

    def offer(self, records: Sequence[Record]) -> None:
        self.records.extend(records)

    def rows(self, cut: str = "all", place: str = "gate") -> list[Measurement]:
        return [r for r in self.records if isinstance(r, Measurement) and (r.cut, r.place) == (cut, place)]


class Site:
    """An office with one camera, whose clock stands where the camera's last frame was."""

    def __init__(self, desk: Desk = DESK, rules: Rules | None = None, since: datetime | None = None) -> None:
        self.clock, self.out = HandClock(), Out()
        self.begin = self.clock()
        self.office = Office(
            RULE, clock=self.clock, outlets=[self.out], rules=rules, since=lambda _camera, _place: since
        )
        self.office.open(desk)
        self.stream_s = 0.0  # of the camera, at the beginning

    def connect(self, stream_s: float = 0.0) -> None:
        """A connection, or an engine, begins with this stream time."""
        self.stream_s = stream_s - (self.clock() - self.begin).total_seconds()
        self.office.anchored("north", stream_s, self.clock())

    def at(self, second: float) -> float:
        """The stream time of a second since the beginning."""
        return second + self.stream_s

    def pass_by(self, second: float, class_: Class = Class.PERSON, place: str = "gate") -> None:
        self.observe(Pass(place, self.at(second), class_, "in"))

    def observe(self, *observations: Observation) -> None:
        self.office.observed("north", observations)

    def watch(self, second: float, view: View = "ok", rate: float = 5.0) -> None:
        """A second like any other: time goes on, and the camera says how it was."""
        self.clock.now = self.begin + timedelta(seconds=second)
        self.office.watched("north", Sight(self.at(second), view, rate, 5.0))
        self.office.tick()


def busy(site: Site, start: int, end: int, view: View = "ok") -> None:
    """Somebody passes each ten seconds."""
    for second in range(start, end):
        if second % 10 == 0:
            site.pass_by(second)
        site.watch(second + 1, view)


def test_rows_leave_half_a_minute_after_their_interval() -> None:
    site = Site()
    site.connect()
    busy(site, 0, 329)
    assert site.out.rows() == []
    busy(site, 329, 331)
    (row,) = site.out.rows()
    assert (row.count, row.observed, row.start) == (30, 1.0, site.begin)
    assert row.end == site.begin + timedelta(minutes=5)


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.integers(0, HOUR_S - 1), min_size=60, max_size=400).map(sorted),
    st.dictionaries(st.integers(1, HOUR_S - 1), st.floats(-1e4, 1e6), max_size=8),
)
def test_an_engine_that_dies_and_comes_back_gives_the_rows_of_one_run(
    passes: list[int], restarts: dict[int, float]
) -> None:
    """Another engine counts stream time from wherever it begins; what is pending stays in the office."""

    def run(again: dict[int, float]) -> list[Record]:
        site = Site()
        site.connect()
        for second in range(HOUR_S):
            if second in again:
                site.connect(again[second])
            for _ in range(passes.count(second) if second in known else 0):
                site.pass_by(second)
            if second % 10 == 0 or second in known or second + 1 in again:
                site.watch(second + 1)
        site.watch(HOUR_S)
        site.office.stop()
        return site.out.records

    known = frozenset(passes)
    assert run(restarts) == run({})


def test_a_gap_is_missing_in_what_was_observed() -> None:
    site = Site()
    site.connect()
    busy(site, 0, 100)
    site.office.missed("north", site.at(100.5))
    site.clock.now = site.begin + timedelta(seconds=160.5)
    site.office.tick()
    site.connect(site.at(160.5))
    busy(site, 161, 340)
    (row,) = site.out.rows()
    assert row.observed == 0.8


def test_time_in_which_a_view_is_blind_or_was_moved_is_missing_too() -> None:
    site = Site()
    site.connect()
    for view, start, end in (("ok", 0, 90), ("blind", 90, 120), ("moved", 120, 150), ("ok", 150, 340)):
        busy(site, start, end, view)  # type: ignore[arg-type]
    (row,) = site.out.rows()
    assert row.observed == 0.8


def test_a_frozen_camera_is_not_observed_and_its_intervals_end_all_the_same() -> None:
    site = Site()
    site.connect()
    busy(site, 0, 200)
    for second in range(200, 340):
        site.clock.now = site.begin + timedelta(seconds=second)
        site.office.watched("north", Sight(site.at(200), "ok", 0.0, 0.0))
        site.office.tick()
    (row,) = site.out.rows()
    assert (row.count, row.observed) == (20, round(200 / 300, 4))
    assert site.office.live.moment("north", site.clock()).condition == "silent"


def test_another_configuration_loses_nothing_that_it_does_not_change() -> None:
    site = Site()
    site.connect()
    busy(site, 0, 100)
    site.office.open(Desk("north", DESK.places, "ghost"))
    busy(site, 100, 331)
    (row,) = site.out.rows()
    assert (row.count, row.observed) == (30, 1.0)
    moved = Line("gate", (0.0, 0.6), (1.0, 0.6))
    busy(site, 331, 400)
    site.office.open(Desk("north", (Kept(moved, (Class.PERSON,)),)))
    site.pass_by(400, Class.CAR, "square")  # a place that is gone: what its camera still says is passed over
    busy(site, 400, 1300)
    before, *after = site.out.rows()
    assert before.revision == GATE.revision
    assert {row.revision for row in after} == {moved.revision}
    assert all(one.end <= other.start for one, other in zip([before, *after], after, strict=False))


def test_a_camera_that_is_removed_leaves_what_stands() -> None:
    site = Site()
    site.connect()
    busy(site, 0, 3700)
    assert not site.out.rows("class")
    site.office.close("north")
    assert site.out.rows("class")
    count = len(site.out.records)
    busy(site, 3700, 4500)
    site.office.stop()
    assert len(site.out.records) == count


def test_a_stop_writes_what_stands_and_goes_on_from_there() -> None:
    site = Site()
    site.connect()
    busy(site, 0, 700)
    site.office.stop()
    rows = site.out.rows()
    assert [row.count for row in rows] == [30, 30]
    assert site.out.rows("mode")[0].count == 60
    again = Site(since=rows[-1].end)
    again.clock.advance(800)
    again.connect()
    for second in range(800, 1700):
        if second % 5 == 0:
            again.pass_by(second)
        again.watch(second + 1)
    first = again.out.rows()[0]
    assert (first.start, first.observed) == (rows[-1].end, round(100 / 300, 4))


def test_alerts_leave_at_once_and_say_when_nobody_can_tell() -> None:
    rule = AlertRule("crush", "north", condition("square.inside > 5"), clear=5.0)
    site = Site(rules=Rules([rule]))
    site.connect()

    def second(number: int, inside: float, rate: float = 5.0) -> None:
        site.observe(Sample("square", site.at(number), "inside", Class.PERSON, inside))
        site.watch(number, rate=rate)

    second(1, 3)
    second(2, 8)
    assert [r.state for r in site.out.records if isinstance(r, Alert)] == ["firing"]
    for number in range(3, 17):
        second(number, 8, rate=2.0)  # overloaded: what it says is not believed
    assert [r.state for r in site.out.records if isinstance(r, Alert)] == ["firing", "unknown"]
    second(17, 3)
    assert [r.state for r in site.out.records if isinstance(r, Alert)][-1] == "resolved"
    assert {alert.state for alert in site.office.rules.log.entries()} == {"firing", "unknown"}


def test_what_is_shown_is_of_now() -> None:
    site = Site(Desk("north", DESK.places, "ghost"))
    site.connect()
    site.observe(Sample("square", 0.0, "inside", Class.PERSON, 7.0))
    site.office.shown("north", (Glyph("person", 0.5, 0.5),))
    site.watch(1.0)
    moment = site.office.live.moment("north", site.clock())
    assert (moment.values[0].number, moment.glyphs) == (7.0, (Glyph("person", 0.5, 0.5),))
    assert site.out.records == []  # live values are sent nowhere


def test_what_a_camera_says_before_its_clock_is_set_or_that_is_unknown_is_passed_over() -> None:
    site = Site()
    site.pass_by(0)
    site.watch(1)
    site.office.missed("north", 0.0)
    for camera in ("north", "nobody"):
        site.office.anchored(camera, 0.0, site.clock())
    site.office.watched("nobody", Sight(1.0, "ok", 1.0, 1.0))
    site.office.observed("nobody", [Pass("gate", 0.0, Class.PERSON, "in")])
    site.office.close("nobody")
    site.office.stop()
    assert site.out.records == []


def moved(site: Site, second: float, view: View, analysed: int) -> str:
    """A report of a camera that may have been moved; what is known of it then."""
    site.clock.now = site.begin + timedelta(seconds=second)
    site.office.watched("north", Sight(site.at(second), view, 5.0, 5.0, analysed))
    site.office.tick()
    return site.office.live.condition("north", site.clock())


def test_a_camera_that_was_moved_has_no_numbers_until_it_is_back() -> None:
    site = Site()
    site.connect()
    assert moved(site, 1, "ok", 5) == "ok"
    assert moved(site, 2, "moved", 10) == "moved"
    site.pass_by(2.5)
    site.observe(Sample("square", site.at(2.5), "inside", Class.PERSON, 7.0))
    assert site.office.live.moment("north", site.clock()).values == ()
    assert moved(site, 3, "blind", 15) == "moved"
    assert moved(site, 4, "ok", 20) == "ok"
    site.pass_by(4.5)
    for second in range(5, 600):
        moved(site, second, "ok", 5 * second)
    site.office.stop()
    assert sum(row.count or 0 for row in site.out.rows()) <= 1  # whoever passed meanwhile did not pass this line


def test_a_worker_that_begins_anew_does_not_know_where_a_moved_camera_looked() -> None:
    site = Site()
    site.connect()
    moved(site, 1, "ok", 5)
    moved(site, 2, "moved", 10)
    site.connect(stream_s=0.0)
    assert moved(site, 3, "ok", 1) == "moved"
    assert moved(site, 4, "ok", 20) == "moved"
    site.office.open(Desk("north", DESK.places, "ghost"))  # edited, and not its places
    assert moved(site, 5, "ok", 25) == "moved"
    site.office.in_place("north")
    assert moved(site, 6, "ok", 30) == "ok"
    moved(site, 7, "moved", 35)
    elsewhere = Line("gate", (0.0, 0.6), (1.0, 0.6))
    site.office.open(Desk("north", (Kept(elsewhere), DESK.places[1]), "ghost"))
    assert moved(site, 8, "ok", 40) == "ok"


def test_bands_are_told_once_a_minute_where_that_is_switched_on() -> None:
    site = Site(Desk("north", DESK.places, "numbers"))
    site.connect()

    def minutes(count: int, start: int) -> list[Bands]:
        site.out.records.clear()
        for second in range(60 * start, 60 * (start + count)):
            site.observe(Sample("square", site.at(second), "inside", Class.PERSON, 7.0))
            site.watch(second + 1)
        return [record for record in site.out.records if isinstance(record, Bands)]

    assert minutes(2, start=0) == []
    site.office.live_outputs = True
    told = minutes(3, start=2)
    assert 3 <= len(told) <= 4
    assert {record.camera for record in told} == {"north"}
    assert all(record.places == {"square": {"inside": "5-9"}} for record in told)  # never the number
    site.office.open(Desk("north", DESK.places, "off"))
    assert minutes(2, start=5) == []


def test_a_trial_goes_to_all_outlets_and_into_no_log() -> None:
    site = Site()
    site.office.try_out()
    assert site.out.records == [Trial(site.clock())]
    assert site.office.rules.log.entries() == ()
