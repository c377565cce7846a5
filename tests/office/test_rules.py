"""Rules and areas of a site together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from passerby.alerts import Rule, condition
from passerby.areas import Area
from passerby.classes import Class
from passerby.geometry import Line
from passerby.office import Rules
from passerby.records import Pass
from passerby.testing import HandClock

YARD = Area("yard", lines=((("north", "gate"), 1),), capacity=100)
FULL = Rule("full", "", condition("yard.inside > 2"), clear=2.0)
GATE = Line("gate", (0.0, 0.5), (1.0, 0.5))
ENTRY = Pass("gate", 0.0, Class.PERSON, "in")


def test_a_rule_about_an_area_reads_what_its_lines_add_up_to() -> None:
    clock, rules = HandClock(), Rules([FULL], [YARD])
    rules.take("north", [ENTRY, ENTRY])
    assert rules.see(clock(), {}, {"north": "ok"}) == []
    rules.take("north", [ENTRY])
    (alert,) = rules.see(clock.advance(1.0), {}, {"north": "ok"})
    assert (alert.rule, alert.camera, alert.state) == ("full", "", "firing")
    assert rules.held["yard"].inside == 3
    assert [rule.name for rule in rules.firing] == ["full"]
    assert rules.log.entries() == (alert,)


def test_another_configuration_keeps_sums_and_what_fires_unless_they_changed() -> None:
    clock, rules = HandClock(), Rules([FULL], [YARD])
    rules.take("north", [ENTRY] * 3)
    rules.see(clock(), {}, {"north": "ok"})
    same = rules.changed([FULL], [YARD], UTC)
    assert same.see(clock.advance(1.0), {}, {"north": "ok"}) == []
    assert same.held["yard"].inside == 3
    other = rules.changed([], [YARD, Area("field")], UTC)
    assert other.see(clock.advance(1.0), {}, {"north": "ok"}) == []
    assert (other.firing, other.held["yard"].inside) == ((), 3)
    wider = same.changed([FULL, replace(FULL, name="fuller")], [replace(YARD, capacity=200)], UTC)
    assert [alert.rule for alert in wider.see(clock.advance(1.0), {}, {"north": "ok"})] == ["full"]  # resolved
    assert wider.held["yard"].inside == 0
    assert len(other.log.entries()) == 1


def test_what_nobody_takes_care_of_is_told_again_and_kept_once() -> None:
    rule = replace(FULL, escalate=timedelta(minutes=2), escalate_to=("chief",))
    clock, rules = HandClock(), Rules([rule], [YARD])
    rules.take("north", [ENTRY] * 3)
    (alert,) = rules.see(clock(), {}, {"north": "ok"})
    assert rules.unheeded(clock()) == []
    again = replace(alert, told="escalated")
    assert rules.unheeded(clock.advance(120)) == [(again, ("chief",))]
    assert [(standing.escalated, standing.acknowledged) for standing in rules.standing] == [(True, "")]
    assert rules.log.entries() == (alert,)
    rules.acknowledge(".full", "olga")
    assert rules.changed([rule], [YARD], UTC).standing[0].acknowledged == "olga"
    with pytest.raises(KeyError):
        rules.acknowledge("north.full", "olga")
