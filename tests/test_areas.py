"""How many are on the site: sums over cameras, and how far they have drifted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from passerby.alerts import Readings
from passerby.alerts.readings import people
from passerby.areas import Area, Areas, readings
from passerby.classes import Class
from passerby.records import Observation, Pass, Sample, Way

BEGIN = datetime(2026, 5, 4, 7, tzinfo=UTC)
OK = {"north": "ok", "south": "ok"}
SITE = Area("site", lines=((("north", "gate"), 1), (("south", "exit"), -1)), capacity=100)


def walked(place: str, way: Way, class_: Class = Class.PERSON) -> Observation:
    return Pass(place, 1.0, class_, way)


def test_lines_of_two_cameras_are_one_net_count() -> None:
    areas = Areas([SITE])
    areas.take("north", [walked("gate", "in")] * 5)
    areas.take("south", [walked("exit", "in"), walked("exit", "in"), walked("exit", "out")])
    areas.take("south", [walked("gate", "in")] * 9)  # of another camera
    held = areas.now(BEGIN, {}, OK)["site"]
    assert (held.inside, held.capacity, held.passes, held.off) == (4.0, 100, 8, None)
    assert readings({"site": held}) == {("", "site", "inside"): 4.0}


def test_only_some_classes_count() -> None:
    areas = Areas([Area("site", lines=((("north", "gate"), 1),), classes=frozenset({Class.PERSON}))])
    areas.take("north", [walked("gate", "in"), walked("gate", "in", Class.CAR)])
    assert areas.now(BEGIN, {}, OK)["site"].inside == 1.0


def test_drift_shows_below_nobody_and_when_it_is_set() -> None:
    areas = Areas([SITE])
    areas.take("north", [walked("gate", "out")] * 3 + [walked("gate", "in")] * 2)
    held = areas.now(BEGIN, {}, OK)["site"]
    assert (held.inside, held.below, held.off) == (0.0, 3, 3.0)
    areas.set("site", BEGIN, 4)
    held = areas.now(BEGIN, {}, OK)["site"]
    assert (held.inside, held.below, held.passes, held.drift, held.off) == (4.0, 0, 0, -1.0, 0.0)
    areas.take("north", [walked("gate", "in")] * 2)
    assert areas.now(BEGIN, {}, OK)["site"].off == 2.0


def test_time_unseen_is_told_and_stands_for_no_number() -> None:
    areas = Areas([SITE])
    areas.now(BEGIN, {}, OK)
    held = areas.now(BEGIN + timedelta(seconds=30), {}, {"north": "blind", "south": "ok"})["site"]
    assert (held.inside, held.unseen) == (None, timedelta(seconds=30))
    assert readings({"site": held}) == {}


def test_zones_add_up_while_all_of_them_are_seen() -> None:
    areas = Areas([Area("site", zones=(("north", "square"), ("south", "hall")))])
    seen = Readings()
    for camera, place, inside in (("north", "square", 12.0), ("south", "hall", 30.0)):
        seen.saw(camera, BEGIN, "ok")
        samples = [
            Sample(place, 1.0, "inside", Class.PERSON, inside),
            Sample(place, 1.0, "inside", Class.CAR, 1.0),
        ]
        seen.take(camera, BEGIN, samples)
    assert areas.now(BEGIN, seen.values(BEGIN), seen.health(BEGIN))["site"].inside == 44.0
    late = BEGIN + timedelta(seconds=6)
    assert areas.now(late, seen.values(late), seen.health(late))["site"].inside is None


def test_people_of_a_zone_that_measures_density_are_estimated() -> None:
    square = ("north", "square")
    areas = Areas([Area("site", zones=(square, ("south", "hall")), crowds=frozenset({square}))])
    values = {
        (*square, "inside"): 12.0,
        (*square, people("inside")): 10.0,
        (*square, "people"): 80.5,
        ("south", "hall", "inside"): 5.0,
        ("south", "hall", "people"): 7.0,
    }
    assert areas.now(BEGIN, values, OK)["site"].inside == 2 + 80.5 + 5
    del values[*square, "people"]
    assert areas.now(BEGIN, values, OK)["site"].inside is None  # who can be followed are too few to stand for it
    del values[*square, people("inside")]
    assert areas.now(BEGIN, values, OK)["site"].inside == 12 + 5  # no people are counted there at all


@given(st.lists(st.tuples(st.sampled_from(["north", "south"]), st.booleans()), max_size=40))
def test_the_sum_is_what_came_in_minus_what_went_out(passes: list[tuple[str, bool]]) -> None:
    areas, net = Areas([SITE]), 0
    for camera, inward in passes:
        place = "gate" if camera == "north" else "exit"
        areas.take(camera, [walked(place, "in" if inward == (camera == "north") else "out")])
        net += 1 if inward else -1
    assert areas.now(BEGIN, {}, OK)["site"].inside == max(net, 0)
