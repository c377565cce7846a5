"""The share of time in which a drawn place is occupied."""

from __future__ import annotations

import numpy as np
import pytest
from streets import line, scripted, seen, zone

from passerby.classes import Class
from passerby.geometry import Line, Zone
from passerby.measures.occupancy import OccupancyMeasure, across
from passerby.records import Pass, Sample
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
    assert {s.class_ for s in samples if isinstance(s, Sample)} == {Class.CAR}


def test_a_random_street_is_occupied_as_its_truth_says() -> None:
    drawn = street(5, duration_s=30)
    (plaza,) = (place for place in drawn.places if place.name == "plaza")
    assert isinstance(plaza, Zone)
    samples = [o.value for o in seen(OccupancyMeasure(plaza), drawn) if isinstance(o, Sample)]
    true = [bool(drawn.inside(plaza, t / 5)) for t in range(150)]
    assert np.mean(samples) == pytest.approx(np.mean(true), abs=0.04)


STOP = line("stop", (-2, 13), (2, 13))


@pytest.mark.parametrize(("class_", "length_m", "speed"), [(Class.CAR, 4.4, 4.0), (Class.BUS, 12.0, 6.0)])
def test_a_line_is_occupied_while_something_lies_across_it(class_: Class, length_m: float, speed: float) -> None:
    drives = Mover(class_, ((1.0, 0.0, 28.0), (1.0 + 24 / speed, 0.0, 4.0)))
    samples = seen(OccupancyMeasure(STOP, base=0.7), scripted(drives, duration_s=12.0))
    occupied_s = 12 * float(np.mean([o.value for o in samples if isinstance(o, Sample)]))
    assert occupied_s == pytest.approx(length_m / speed, rel=0.35)


def test_lines_of_random_streets_are_occupied_by_whole_cars_and_passes_share_the_time() -> None:
    for seed, true in ((3, 0.163), (4, 0.087), (5, 0.130)):  # of what stands on the ground, by their outlines
        drawn = street(seed, duration_s=60)
        (gate,) = (place for place in drawn.places if place.name == "carriageway" and isinstance(place, Line))
        observations = seen(OccupancyMeasure(gate), drawn)
        samples = [o.value for o in observations if isinstance(o, Sample)]
        shares = [o.values["occupied_s"] for o in observations if isinstance(o, Pass)]
        assert np.mean(samples) == pytest.approx(true, rel=0.2)
        assert len(shares) == len(drawn.passes(gate))
        assert sum(shares) / 60 == pytest.approx(np.mean(samples), abs=0.02)


def test_who_never_passes_occupies_it_for_those_who_do() -> None:
    stands = Mover(Class.PERSON, ((0.0, 1.0, 13.5), (20.0, 1.0, 13.0)))
    walks = Mover(Class.PERSON, ((2.0, -1.0, 18.0), (18.0, -1.0, 8.0)))
    (passed,) = (
        o for o in seen(OccupancyMeasure(LOOP), scripted(stands, walks)) if isinstance(o, Pass) and o.way == "out"
    )
    assert passed.values["occupied_s"] > 3


def test_upright_rectangles_are_touched_by_a_way_through_a_corner() -> None:
    a, b = np.array([0.0, 0.0]), np.array([1.0, 1.0])
    low, high = np.array([[0.4, 0.6], [0.2, 0.9], [2.0, 2.1]]), np.array([[0.6, 0.4], [0.3, 0.5], [1.5, 1.5]])
    assert across(a, b, low, high).tolist() == [True, False, False]
    assert across(a, a, low, high).tolist() == [False, False, False]


def test_options_that_mean_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="base is a share of a box's height from 0 to 1, not 2"):
        OccupancyMeasure(STOP, base=2)
    with pytest.raises(ValueError, match="sample_s is a time above 0, not 0"):
        OccupancyMeasure(STOP, sample_s=0)
