"""Random streets."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from passerby.classes import Class
from passerby.scene import DENSE, GROUPS, POLES, SPARSE, Actor, Habits, Pole, Sign, Traffic, street

MOTOR = (Class.CAR, Class.BUS, Class.TRUCK, Class.MOTORCYCLE)


def _same(a: Actor, b: Actor) -> bool:
    alike = (a.class_, a.size, a.variant) == (b.class_, b.size, b.variant)
    return alike and np.array_equal(a.path.times, b.path.times) and np.array_equal(a.path.points, b.path.points)


def test_the_same_seed_draws_the_same_street() -> None:
    one, two = street(5, duration_s=30), street(5, duration_s=30)
    assert len(one.actors) == len(two.actors)
    assert all(a.id == b.id and _same(a, b) for a, b in zip(one.actors, two.actors, strict=True))
    assert one.things == two.things


def test_another_seed_draws_another_street() -> None:
    starts = [[a.path.start_s for a in street(seed, duration_s=30).actors] for seed in (5, 6)]
    assert starts[0] != starts[1]


def test_more_cars_leave_cyclists_as_they_were() -> None:
    few, many = (
        [a for a in street(5, duration_s=30, traffic=Traffic(cars=cars)).actors if a.class_ is Class.BICYCLE]
        for cars in (2, 20)
    )
    assert all(_same(a, b) for a, b in zip(few, many, strict=True))


def test_a_longer_street_begins_like_a_shorter_one() -> None:
    """People who cross wait for traffic that comes later, so only what is born well before the end is compared."""
    short, long = street(7, duration_s=60), street(7, duration_s=120)
    early = [[a for a in s.actors if a.path.start_s < 10] for s in (short, long)]
    assert len(early[0]) > 20
    assert all(_same(a, b) for a, b in zip(*early, strict=True))


def test_ids_are_in_order_of_birth() -> None:
    actors = street(3, duration_s=30).actors
    assert [a.id for a in actors] == list(range(1, len(actors) + 1))
    assert (np.diff([a.path.start_s for a in actors]) >= 0).all()


def test_the_street_is_full_from_the_first_moment() -> None:
    counts = [len(street(seed, duration_s=40).truth(t)) for seed in range(4) for t in (0.0, 40.0)]
    assert min(counts) > 8


def test_rates_are_kept() -> None:
    drawn = street(1, duration_s=900, traffic=Traffic(people=12, habits=Habits(together=0.0)))
    born = [a for a in drawn.actors if a.path.start_s >= 0]
    for class_, rate in ((Class.PERSON, 12), (Class.BICYCLE, 5), (Class.CAR, 12), (Class.BUS, 1)):
        expected = rate * 15
        assert abs(sum(a.class_ is class_ for a in born) - expected) < 4 * expected**0.5, class_


def test_speeds_are_those_of_the_street() -> None:
    drawn = street(2, duration_s=120)
    for class_, least, most in ((Class.PERSON, 0.9, 1.7), (Class.BICYCLE, 3.5, 6.0), (Class.CAR, 7.0, 12.0)):
        speeds = np.concatenate([np.hypot(*a.path.slopes.T) for a in drawn.actors if a.class_ is class_])
        assert least < np.median(speeds) < most, class_


def test_vehicles_in_a_lane_do_not_drive_through_each_other() -> None:
    drawn = street(9, duration_s=240, traffic=Traffic(cars=24, buses=3, trucks=2))
    wheels = [a for a in drawn.actors if a.class_ in MOTOR]
    assert any((np.hypot(*a.path.slopes.T) < 0.5).any() for a in wheels if a.class_ is Class.BUS), "buses stop"
    for a, b in combinations(wheels, 2):
        start, end = max(a.path.start_s, b.path.start_s), min(a.path.end_s, b.path.end_s)
        times = np.arange(start, end, 0.5)
        if not len(times) or abs(a.path.points[0, 1] - b.path.points[0, 1]) > 2:
            continue
        gap = np.abs(a.path.at(times)[:, 0] - b.path.at(times)[:, 0]) - (a.size[0] + b.size[0]) / 2
        assert gap.min() > 0.5


def test_who_crosses_the_carriageway_is_not_run_over() -> None:
    drawn = street(6, duration_s=240, traffic=Traffic(people=30, habits=Habits(cross=0.6)))
    wheels = [a for a in drawn.actors if a.class_ in MOTOR]
    near, far = drawn.layout.carriageway
    crossing = 0
    for person in (a for a in drawn.actors if a.class_ is Class.PERSON):
        times = np.arange(person.path.start_s, person.path.end_s, 0.25)
        times = times[(person.path.at(times)[:, 1] > near) & (person.path.at(times)[:, 1] < far)]
        times = times[times <= drawn.duration_s]
        crossing += len(times) > 0
        for vehicle in wheels:
            both = times[(times >= vehicle.path.start_s) & (times <= vehicle.path.end_s)]
            gap = np.abs(person.path.at(both) - vehicle.path.at(both))
            hit = (gap[:, 0] < vehicle.size[0] / 2) & (gap[:, 1] < vehicle.size[1] / 2)
            assert not hit.any()
    assert crossing > 20


@pytest.mark.parametrize("traffic", [SPARSE, DENSE, GROUPS, POLES, Traffic(0, 0, 0, 0, 0, 0)])
def test_presets_draw_streets(traffic: Traffic) -> None:
    drawn = street(1, duration_s=10, traffic=traffic)
    people = sum(a.class_ is Class.PERSON for a in drawn.actors)
    assert (people == 0) == (traffic.people == 0)
    assert sum(isinstance(t, Pole) and not t.tree for t in drawn.things) == traffic.poles
    assert sum(isinstance(t, Sign) for t in drawn.things) == traffic.signs
    assert sum(a.path.start_s < -1e5 for a in drawn.actors) == traffic.parked


def test_dense_is_denser_than_sparse() -> None:
    sparse, dense = (len(street(1, duration_s=10, traffic=t).truth(5.0)) for t in (SPARSE, DENSE))
    assert dense > 3 * sparse


def test_people_stop_and_turn_back() -> None:
    drawn = street(1, duration_s=120, traffic=Traffic(people=30, habits=Habits(stop=1.0, turn_back=0.5)))
    people = [a for a in drawn.actors if a.class_ is Class.PERSON]
    stopped = [a for a in people if (np.hypot(*a.path.slopes.T) < 0.05).any()]
    turned = [a for a in people if abs(a.path.points[0, 0] - a.path.points[-1, 0]) < 3]
    assert len(stopped) > 0.8 * len(people)
    assert 0.3 < len(turned) / len(people) < 0.7
