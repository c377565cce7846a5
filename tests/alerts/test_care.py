"""Who takes care of an alarm, and what nobody takes care of in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from passerby.alerts import SOMEBODY, Acknowledged, Care, Rule, Standing, condition
from passerby.records import AlertState

BEGIN = datetime(2026, 5, 4, 6, 59, 30, tzinfo=UTC)
FULL = Rule("full", "north", condition("square.inside > 20"), clear=20.0, escalate=timedelta(seconds=3))


def due(care: Care, states: list[AlertState | None], since: int = 0) -> list[tuple[int, AlertState]]:
    """What is to be told again at which second, of one rule in these states (None: it is over)."""
    found = []
    for second, state in enumerate(states, since):
        standing = [] if state is None else [(FULL, state)]
        found += [(second, told) for _, told in care.see(BEGIN + timedelta(seconds=second), standing)]
    return found


def test_what_nobody_acknowledges_is_told_again_once() -> None:
    care = Care()
    assert due(care, ["firing"] * 9) == [(3, "firing")]
    assert care.of(FULL, "firing") == Standing(FULL, "firing", escalated=True)


def test_what_is_acknowledged_or_over_is_not() -> None:
    care = Care()
    assert due(care, ["firing"] * 3) == []
    care.acknowledge("north.full", "olga")
    assert due(care, ["firing"] * 9, 3) == []
    assert care.of(FULL, "firing") == Standing(FULL, "firing", "olga")
    assert due(Care(), ["firing", "firing", None] * 5) == []


def test_another_time_is_another_alarm() -> None:
    care = Care()
    due(care, ["firing"])
    care.acknowledge("north.full", "olga")
    assert due(care, [None], 1) == []
    assert due(care, ["firing"] * 4, 2) == [(5, "firing")]
    due(care, [None])
    with pytest.raises(KeyError):
        care.acknowledge("north.full", "olga")


def test_who_knows_that_nobody_can_say_does_not_know_that_it_fires() -> None:
    care = Care()
    assert due(care, ["unknown"] * 5) == [(3, "unknown")]
    care.acknowledge("north.full", "olga")
    assert due(care, ["firing"] * 4, 5) == [(8, "firing")]
    care.acknowledge("north.full", "olga")
    assert due(care, ["unknown", "firing"] * 4, 9) == []  # this time it was known to fire
    assert care.of(FULL, "firing").acknowledged == "olga"


def again(care: Care, rule: Rule, state: AlertState, at: datetime = BEGIN, after: int = 0) -> str:
    """Who takes care of an alarm that stands so long after a restart."""
    restarted = Care(care.kept)
    restarted.see(at, [])
    restarted.see(at + timedelta(seconds=after), [(rule, state)])
    return restarted.of(rule, state).acknowledged


def acknowledged(rule: Rule, state: AlertState) -> Care:
    care = Care()
    care.see(BEGIN, [(rule, state)])
    care.acknowledge(rule.key, "olga")
    care.see(BEGIN, [(rule, state)])
    return care


def test_an_acknowledgement_outlives_a_restart_without_its_name_and_minute() -> None:
    care = acknowledged(FULL, "firing")
    assert care.kept == (Acknowledged("north.full", True, BEGIN.replace(minute=0, second=0)),)
    assert again(care, FULL, "firing") == again(care, FULL, "unknown") == SOMEBODY
    assert again(care, FULL, "firing", after=60) == SOMEBODY
    assert again(care, FULL, "firing", after=61) == ""  # another alarm
    assert again(care, FULL, "firing", BEGIN + timedelta(minutes=10)) == SOMEBODY
    assert again(care, FULL, "firing", BEGIN + timedelta(minutes=11)) == ""
    assert again(acknowledged(FULL, "unknown"), FULL, "unknown") == SOMEBODY
    assert again(acknowledged(FULL, "unknown"), FULL, "firing") == ""


def test_what_is_over_goes_with_its_hour_and_is_taken_up_once() -> None:
    care = acknowledged(FULL, "firing")
    care.see(BEGIN + timedelta(seconds=5), [])
    assert [each.rule for each in care.kept] == ["north.full"]  # when it was over is told by nothing
    care.see(BEGIN + timedelta(seconds=31), [])
    assert list(care.kept) == []
    restarted = Care(acknowledged(FULL, "firing").kept)
    assert due(restarted, ["firing", None, "firing"]) == []
    assert restarted.of(FULL, "firing").acknowledged == ""


def test_nothing_is_kept_of_what_one_person_may_cause() -> None:
    track = Rule("rails", "north", FULL.condition, clear=20.0, safety="track")
    crush = Rule("crush", "north", FULL.condition, clear=20.0, safety="crowding")
    assert acknowledged(track, "firing").kept == ()
    assert len(acknowledged(track, "unknown").kept) == len(acknowledged(crush, "firing").kept) == 1


def test_without_a_time_it_is_told_once_only() -> None:
    care, rule = Care(), Rule("full", "north", FULL.condition, clear=20.0)
    days = [care.see(BEGIN + timedelta(days=day), [(rule, "firing")]) for day in range(9)]
    assert days == [[]] * 9
