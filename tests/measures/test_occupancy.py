"""The share of time in which a drawn zone is occupied."""

from __future__ import annotations

import numpy as np
import pytest
from streets import scripted, seen, zone

from passerby.classes import Class
from passerby.geometry import Zone
from passerby.measures.occupancy import OccupancyMeasure
from passerby.records import Sample
from passerby.scene import Mover, Street, street

LOOP = zone("loop", (-2, 11), (2, 11), (2, 16), (-2, 16))


def occupancy(drawn: Street, **options: object) -> float:
    measure = OccupancyMeasure(LOOP, **options)  # type: ignore[arg-type]
    samples = [o for o in seen(measure, drawn) if isinstance(o, Sample)]
    assert {s.quantity for s in samples} == {"occupancy"}
    assert {s.value for s in samples} <= {0.0, 1.0}
    return float(np.mean([s.value for s in samples]))


def test_two_cars_of_five_metres_at_five_metres_a_second_in_twenty_seconds() -> None:
    cars = [Mover(Class.CAR, ((t, 0.0, 28.0), (t + 4.6, 0.0, 5.0))) for t in (1.0, 9.0)]
    assert occupancy(scripted(*cars, duration_s=20.0)) == pytest.approx(2 * 5 / 5 / 20, abs=0.03)


def test_two_at_once_occupy_it_once() -> None:
    pair = [Mover(Class.PERSON, ((0.0, x, 22.0), (15.0, x, 7.0))) for x in (-0.5, 0.5)]
    alone = occupancy(scripted(pair[0], duration_s=20.0))
    assert occupancy(scripted(*pair, duration_s=20.0)) == pytest.approx(alone, abs=0.03)
    assert alone == pytest.approx(5 / 20, abs=0.04)


def test_only_the_classes_that_are_asked_for_occupy_it() -> None:
    walker = Mover(Class.PERSON, ((0.0, 0.0, 22.0), (15.0, 0.0, 7.0)))
    assert occupancy(scripted(walker, duration_s=20.0), classes=["car"]) == 0
    samples = seen(OccupancyMeasure(LOOP, classes=["car"]), scripted(walker))
    assert {s.class_ for s in samples} == {Class.CAR}


def test_a_random_street_is_occupied_as_its_truth_says() -> None:
    drawn = street(5, duration_s=30)
    (plaza,) = (place for place in drawn.places if place.name == "plaza")
    assert isinstance(plaza, Zone)
    samples = [o.value for o in seen(OccupancyMeasure(plaza), drawn) if isinstance(o, Sample)]
    true = [bool(drawn.inside(plaza, t / 5)) for t in range(150)]
    assert np.mean(samples) == pytest.approx(np.mean(true), abs=0.04)
