"""From a drawn street to an alert: it leaves within two seconds of its rule, and holds no more than it may."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from streets import ground, line, scenes, scripted, zone

from passerby.alerts import Alerts, Condition, Readings, Rule
from passerby.alerts.readings import driven, people
from passerby.classes import Class
from passerby.geometry import Place
from passerby.measures.line import LineMeasure
from passerby.measures.zone import ZoneMeasure
from passerby.records import Alert
from passerby.scene import Mover, Street
from passerby.stages import Measure

BEGIN = datetime(2026, 5, 4, 7, 58, tzinfo=UTC)
RAILS = zone("rails", (-6, 12), (6, 12), (6, 16), (-6, 16))
RAMP = line("ramp", (0, 18), (0, 9))


def told(street: Street, measure: Measure, rule: Rule) -> list[tuple[float, Alert]]:
    """What leaves when, with a look at the rules with every frame."""
    readings, alerts, found = Readings(), Alerts([rule]), []
    for scene in scenes(street, ground()):
        at = BEGIN + timedelta(seconds=scene.time_s)
        readings.take("north", at, list(measure.update(scene)))
        readings.saw("north", at, "ok")
        found += [(scene.time_s, alert) for alert in alerts.see(at, readings.values(at), readings.health(at))]
    return found


def within_two_seconds(street: Street, place: Place, told_s: float) -> bool:
    (first, *_) = street.passes(place)
    return first.time_s <= told_s <= first.time_s + 2.0


@pytest.mark.parametrize("speed", [0.6, 1.4, 3.0])
def test_somebody_on_the_track(speed: float) -> None:
    walker = Mover(Class.PERSON, ((1.0, 0.0, 9.0), (1.0 + 10 / speed, 0.0, 19.0)))
    rule = Rule("rails", "north", Condition("rails", people("inside"), above=True, limit=0), 0, safety="track")
    street = scripted(walker, duration_s=4 + 10 / speed)
    (begins, firing), (_, resolved) = told(street, ZoneMeasure(RAILS), rule)
    assert within_two_seconds(street, RAILS, begins)
    assert (firing.state, resolved.state) == ("firing", "resolved")


@pytest.mark.parametrize("speed", [3.0, 8.0])
def test_a_car_on_the_wrong_way_and_none_on_the_right_one(speed: float) -> None:
    way = ((1.0, -9.0, 14.0), (1.0 + 18 / speed, 9.0, 14.0))
    street = scripted(Mover(Class.CAR, way), duration_s=4 + 18 / speed)
    (passed,) = street.passes(RAMP)
    for bad in ("in", "out"):
        rule = Rule("ramp", "north", Condition("ramp", driven(bad), above=True, limit=0), 0)
        found = told(street, LineMeasure(RAMP), rule)
        assert len(found) == (bad == passed.way)
        assert all(within_two_seconds(street, RAMP, when) for when, _ in found)


def test_an_alert_has_no_count_no_position_and_no_time_of_its_own() -> None:
    names = ["rule", "camera", "place", "state", "severity", "hour", "told"]
    assert [field.name for field in fields(Alert)] == names
