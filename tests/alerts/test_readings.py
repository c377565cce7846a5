"""What rules read: sums over classes, what is fresh, and nothing that nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import nan

from passerby.alerts import Readings
from passerby.classes import Class
from passerby.records import Pass, Sample

BEGIN = datetime(2026, 5, 4, 7, tzinfo=UTC)
LATER = BEGIN + timedelta(seconds=6)


def test_classes_add_up_and_people_stand_by_themselves() -> None:
    readings = Readings()
    counted = {Class.PERSON: 3.0, Class.CAR: 2.0}
    readings.take("north", BEGIN, [Sample("square", 1.0, "inside", c, n) for c, n in counted.items()])
    assert readings.values(BEGIN) == {
        ("north", "square", "inside"): 5.0,
        ("north", "square", "inside person"): 3.0,
    }
    assert readings.values(LATER) == {}


def test_who_drove_this_way_lately() -> None:
    readings = Readings()
    readings.take("north", BEGIN, [Pass("ramp", 1.0, Class.TRUCK, "out"), Pass("ramp", 1.0, Class.BICYCLE, "in")])
    assert readings.values(LATER) == {("north", "ramp", "driven out"): 1.0}
    assert readings.values(BEGIN + timedelta(seconds=31)) == {}


def test_what_nobody_knows_is_no_value() -> None:
    readings = Readings()
    for value in (2.0, nan):
        readings.take("north", BEGIN, [Sample("square", 1.0, "density", Class.PERSON, value)])
    assert readings.values(BEGIN) == {}


def test_a_camera_that_is_silent_is_not_well() -> None:
    readings = Readings()
    readings.saw("north", BEGIN, "blind")
    assert readings.health(BEGIN) == {"north": "blind"}
    assert readings.health(LATER) == {}
