"""Drawn road users whose ways cross at known times: PET and TTC to a tenth of a second."""

from __future__ import annotations

import numpy as np
import pytest
from streets import ground, scripted, seen, zone

from passerby.classes import Class
from passerby.errors import ConfigError
from passerby.measures.conflicts import ConflictsMeasure
from passerby.records import Conflict, Observation
from passerby.scene import Mover

CROSSING = zone("crossing", (-8, 9), (8, 9), (8, 19), (-8, 19))
CAR_M, PERSON_M = (4.4, 1.8), 0.5


def crossing_car(at_s: float, speed: float = 6.0, y: float = 14.0) -> Mover:
    """A car from left to right, its middle at x = 0 at this time."""
    return Mover(Class.CAR, ((at_s - 9 / speed, -9.0, y), (at_s + 9 / speed, 9.0, y)), (4.4, 1.8, 1.5))


def walker(at_s: float, x: float = 0.0, speed: float = 1.4) -> Mover:
    """Somebody who walks away from the camera, at y = 14 at this time."""
    return Mover(Class.PERSON, ((at_s - 5 / speed, x, 9.0), (at_s + 5 / speed, x, 19.0)))


def found(*movers: Mover, noise: float = 0.0, seed: float = 1) -> list[Conflict]:
    street = scripted(*movers, duration_s=14.0)
    observations: list[Observation] = seen(
        ConflictsMeasure(CROSSING, ground=ground()), street, noise=noise, seed=seed
    )
    return [o for o in observations if isinstance(o, Conflict)]


def of(conflicts: list[Conflict], indicator: str) -> list[float]:
    return [c.value_s for c in conflicts if c.indicator == indicator]


@pytest.mark.parametrize("pet_s", [0.3, 0.8, 1.3])
@pytest.mark.parametrize("speed", [4.0, 8.0])
def test_a_car_behind_somebody_who_crosses(pet_s: float, speed: float) -> None:
    # The heels leave the car's track half its width behind y = 14; the bumper is there half a car before x = 0.
    leaves = 6.0 + (CAR_M[1] / 2 + PERSON_M / 2) / 1.4
    arrives = leaves + pet_s
    car = crossing_car(arrives + (CAR_M[0] / 2 + PERSON_M / 2) / speed, speed)
    conflicts = found(walker(6.0), car)
    (value,) = of(conflicts, "pet")
    assert value == pytest.approx(pet_s, abs=0.12)
    (conflict,) = (c for c in conflicts if c.indicator == "pet")
    assert conflict.modes == ("foot", "motor")
    assert conflict.severity == ("severe" if value < 1 else "critical")
    assert conflict.time_s == pytest.approx(arrives, abs=0.35)


def test_somebody_steps_out_behind_a_car() -> None:
    car = crossing_car(6.0, 6.0)
    gone = 6.0 + (CAR_M[0] / 2 + PERSON_M / 2) / 6.0
    comes = gone + 0.9
    conflicts = found(car, walker(comes + (CAR_M[1] / 2 + PERSON_M / 2) / 1.4))
    assert of(conflicts, "pet") == [pytest.approx(0.9, abs=0.15)]


def test_two_seconds_apart_is_no_conflict() -> None:
    leaves = 6.0 + (CAR_M[1] / 2 + PERSON_M / 2) / 1.4
    late = crossing_car(leaves + 2.0 + (CAR_M[0] / 2 + PERSON_M / 2) / 6.0)
    assert found(walker(6.0), late) == []


def test_people_among_themselves_and_cars_in_a_row_are_none() -> None:
    assert found(walker(6.0), walker(6.3, 0.4), walker(7.0)) == []
    assert found(crossing_car(5.0), crossing_car(6.2), crossing_car(7.4)) == []
    opposite = Mover(Class.CAR, ((3.0, 9.0, 17.0), (6.0, -9.0, 17.0)), (4.4, 1.8, 1.5))
    assert found(crossing_car(4.5), opposite) == []


@pytest.mark.parametrize("brake", [3.0, 4.5, 6.0])
def test_a_car_that_brakes_before_a_parked_one(brake: float) -> None:
    """At a steady brake from speed v, s before the other's rear, the time to collision is least on the way."""
    parked = Mover(Class.CAR, ((0.0, -9.0, 14.0), (2.0, 6.0, 14.0), (14.0, 6.1, 14.0)), (4.4, 1.8, 1.5))
    begin_s, x, speed = 5.0, -9.0, 6.0
    starts = 6.0 - CAR_M[0] - 0.5 - speed**2 / 2 / brake  # brakes here, and stops half a metre behind
    way, gaps = [(begin_s, x, 14.0)], []
    way.append((begin_s + (starts - x) / speed, starts, 14.0))
    while speed > 0.2:
        time_s, x, _ = way[-1]
        gaps.append((6.0 - CAR_M[0] - x) / speed)
        way.append((time_s + 0.1, x + 0.1 * speed, 14.0))
        speed -= 0.1 * brake
    way.append((14.0, way[-1][1] + 0.01, 14.0))
    conflicts = found(parked, Mover(Class.CAR, tuple(way), (4.4, 1.8, 1.5)))
    least = min(gaps)
    assert of(conflicts, "ttc") == ([pytest.approx(least, abs=0.15)] if least < 1.4 else [])
    assert of(conflicts, "pet") == []


def test_each_pair_is_told_once_and_noise_makes_no_more() -> None:
    leaves = 6.0 + (CAR_M[1] / 2 + PERSON_M / 2) / 1.4
    car = crossing_car(leaves + 0.8 + (CAR_M[0] / 2 + PERSON_M / 2) / 6.0)
    for seed in range(4):
        conflicts = found(walker(6.0), car, walker(1.0, 4.0), noise=0.003, seed=seed)
        assert of(conflicts, "pet") == [pytest.approx(0.8, abs=0.25)]


def test_all_that_there_may_be_is_known_before() -> None:
    measure = ConflictsMeasure(CROSSING, ground=ground(), classes=["person", "car", "truck"])
    assert measure.conflicts == {
        "crossing": (
            (("foot", "motor"), "pet"),
            (("foot", "motor"), "ttc"),
            (("motor", "motor"), "pet"),
            (("motor", "motor"), "ttc"),
        )
    }


def test_metres_and_sizes_are_needed() -> None:
    with pytest.raises(ConfigError, match="a conflict at 'crossing' needs metres"):
        ConflictsMeasure(CROSSING)
    with pytest.raises(ValueError, match="nobody knows how large animal are"):
        ConflictsMeasure(CROSSING, ground=ground(), classes=["animal"])


def test_the_sum_of_many_is_right() -> None:
    """Twenty drawn encounters, with PET from 0.1 to 2.0 s: each is judged as its truth is."""
    right = 0
    for number, pet_s in enumerate(np.linspace(0.1, 2.0, 20)):
        leaves = 6.0 + (CAR_M[1] / 2 + PERSON_M / 2) / 1.4
        speed = 4.0 + number % 4
        told = of(found(walker(6.0), crossing_car(leaves + pet_s + 2.45 / speed, speed)), "pet")
        right += bool(told) == (pet_s <= 1.5) and (not told or (told[0] < 1) == (pet_s < 1))
    assert right >= 18
