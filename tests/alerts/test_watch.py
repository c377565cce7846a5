"""One rule over time, on a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from passerby.alerts import Alerts, Log, Rule, condition, quiet
from passerby.alerts.readings import View
from passerby.alerts.watch import Watch
from passerby.records import Alert

BEGIN = datetime(2026, 5, 4, 6, 59, 30, tzinfo=UTC)
KEY = ("north", "square", "inside")


def rule(**options: object) -> Rule:
    return Rule("full", "north", condition("square.inside > 20"), **{"clear": 20.0, **options})  # type: ignore[arg-type]


def told(the: Rule, values: Iterable[float | None], step_s: float = 1.0) -> list[tuple[int, str]]:
    """What is told at which second."""
    watch = Watch(the)
    seen = [watch.see(BEGIN + timedelta(seconds=step_s * i), value) for i, value in enumerate(values)]
    return [(i, state) for i, state in enumerate(seen) if state]


def test_it_fires_at_once_and_ends_at_once() -> None:
    assert told(rule(), [20, 21, 30, 20, 20]) == [(1, "firing"), (3, "resolved")]


def test_it_must_last() -> None:
    lasting = rule(lasting=timedelta(seconds=3))
    assert told(lasting, [21, 21, 20, 21, 21, 21, 21, 20]) == [(6, "firing"), (7, "resolved")]


def test_it_ends_only_below_clear() -> None:
    assert told(rule(clear=15.0), [21, 16, 20, 15]) == [(0, "firing"), (3, "resolved")]


def test_below_a_limit() -> None:
    few = Rule("few", "north", condition("square.inside < 20"), clear=25.0)
    assert told(few, [20, 19, 24, 25]) == [(1, "firing"), (3, "resolved")]


def test_it_keeps_still_for_a_while_after_it_was_resolved() -> None:
    cool = rule(cooldown=timedelta(seconds=4))
    assert told(cool, [21, 20, 21, 21, 21, 21, 21]) == [(0, "firing"), (1, "resolved"), (5, "firing")]


def test_a_rule_without_a_value_is_itself_an_alarm() -> None:
    assert told(rule(), [None] * 30) == [(10, "unknown")]
    assert told(rule(), [1] + [None] * 9 + [1] + [None] * 9) == []
    assert told(rule(), [None] * 12 + [5, 5]) == [(10, "unknown"), (12, "resolved")]
    assert told(rule(), [21] + [None] * 12 + [21]) == [(0, "firing"), (11, "unknown"), (13, "firing")]
    assert told(rule(), [21] + [None] * 12 + [2]) == [(0, "firing"), (11, "unknown"), (13, "resolved")]


def test_what_was_so_before_a_gap_does_not_count() -> None:
    watch = Watch(rule(lasting=timedelta(seconds=3)))
    times = [0, 1, 60, 61, 62, 63]
    assert [watch.see(BEGIN + timedelta(seconds=s), 21) for s in times] == [None] * 5 + ["firing"]


@given(st.lists(st.one_of(st.none(), st.integers(0, 40)), max_size=60), st.integers(0, 5), st.integers(10, 20))
def test_what_is_told_alternates(values: list[int | None], lasting: int, clear: int) -> None:
    states = [state for _, state in told(rule(lasting=timedelta(seconds=lasting), clear=float(clear)), values)]
    assert all(a != b for a, b in pairwise(states))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_without_a_delay_it_fires_exactly_while_the_value_is_beyond(values: list[int]) -> None:
    watch = Watch(rule())
    for i, value in enumerate(values):
        watch.see(BEGIN + timedelta(seconds=i), value)
        assert watch.firing == (value > 20)


def see(alerts: Alerts, at: datetime, value: float | None, view: View | None = "ok") -> list[Alert]:
    return alerts.see(at, {} if value is None else {KEY: value}, {} if view is None else {"north": view})


def test_quiet_hours_follow_the_site_and_only_let_things_end() -> None:
    night = rule(quiet=quiet("22:00-08:00"))
    alerts = Alerts([night], ZoneInfo("Europe/Lisbon"))  # in May an hour ahead of UTC
    assert see(alerts, BEGIN, 30) == []
    (alert,) = see(alerts, BEGIN + timedelta(seconds=30), 30)
    assert (alert.state, alert.hour) == ("firing", datetime(2026, 5, 4, 7, tzinfo=UTC))
    assert [a.state for a in see(alerts, BEGIN.replace(hour=21), 3)] == ["resolved"]


def test_a_camera_that_sees_nothing_has_no_values() -> None:
    views: list[View] = ["blind", "moved"]
    for view in views:
        alerts = Alerts([rule(), Rule("dark", "north", condition(f"camera.{view}"), clear=0.0)])
        first = see(alerts, BEGIN, 30)
        assert [(a.rule, a.state) for a in first] == [("full", "firing")]
        assert [(a.rule, a.place, a.state) for a in see(alerts, BEGIN, 30, view)] == [("dark", "", "firing")]
        later = see(alerts, BEGIN + timedelta(seconds=10), 30, view)
        assert [(a.rule, a.state) for a in later] == [("full", "unknown")]
    silent = Alerts([rule(), Rule("dark", "north", condition("camera.blind"), clear=0.0)])
    see(silent, BEGIN, None, None)
    assert [a.state for a in see(silent, BEGIN + timedelta(seconds=10), None, None)] == ["unknown", "unknown"]


def test_of_several_in_an_hour_one_is_kept_for_72_hours() -> None:
    alerts, log = Alerts([rule()]), Log()
    for i in range(3600):
        log.keep(see(alerts, BEGIN + timedelta(seconds=i), 30 if i % 7 < 3 else 3))
    hours = [alert.hour for alert in log.entries()]
    assert hours == [BEGIN.replace(minute=0, second=0), BEGIN.replace(hour=7, minute=0, second=0)]
    assert {alert.state for alert in log.entries()} == {"firing"}
    log.forget(hours[0] + timedelta(hours=72))
    assert [alert.hour for alert in log.entries()] == hours[1:]
    log.forget(hours[1] + timedelta(hours=72))
    assert log.entries() == ()
