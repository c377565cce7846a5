"""The attackers on drawn cities find what is open, and a weak rule."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from passerby.classes import Class
from passerby.records import Measurement
from passerby.release.cuts import Universe
from redteam.cities import comparing, linking, publishing
from redteam.cities.city import CELLS, START, City, steady
from redteam.cities.differencing import Tables, determined
from redteam.cities.publishing import PLANS
from redteam.cities.whereabouts import Attacker, Target, play

NOON = Target(48, (Class.PERSON, "in"))


@pytest.fixture(scope="module")
def city() -> City:
    return City.drawn(1, 120)


def test_a_spot_is_as_busy_as_it_is_asked_to_be_and_the_attacker_knows_it(city: City) -> None:
    spot = city.spot(1.0)
    assert spot.rate == pytest.approx(1.0)
    assert 0.2 < spot.routine < 0.6
    drawn = spot.draw(np.random.default_rng(3), 70).reshape(10, 7 * CELLS, -1).mean(axis=0)
    assert drawn.sum() == pytest.approx(spot.expected.sum(), rel=0.1)
    assert np.abs(drawn.sum(axis=1) - spot.expected.sum(axis=1)).mean() < 0.5


def test_exact_counts_tell_who_came() -> None:
    _, exact, _ = play(steady(3.0), NOON, 30, 3, 1, classes=(Class.PERSON,))
    assert exact.right > 0.8


def test_a_visit_makes_the_rows_likelier_for_whoever_looks_for_it() -> None:
    spot, rng = steady(3.0), np.random.default_rng(5)
    attacker, believed = Attacker(spot), []
    for _ in range(6):
        counts = spot.draw(rng, 4)
        counts[[day * CELLS + 48 for day in range(3)], spot.series.index(NOON.series)] += 45
        rows = publishing.rows(counts, classes=(Class.PERSON,))
        believed.append(attacker.evidence(rows, NOON, range(3))[0])
    assert min(believed) > 1.5


def test_exact_moments_link_and_rows_do_not(city: City) -> None:
    rng = np.random.default_rng(2)
    day, other = (linking.walks(city.spot(3.0), rng) for _ in range(2))
    rows, _, chance, moments = linking.linked(day, other)
    assert moments > 0.6
    assert rows < 1 / publishing.K
    assert chance < 0.05


def test_the_planted_weak_rule_is_caught(city: City) -> None:
    assert comparing.weak(city, 1, 1) > 10


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_numbers_of_every_plan_agree_with_what_is_published(city: City, plan: publishing.Plan) -> None:
    rng = np.random.default_rng(4)
    published = publishing.site(city.spot(4).draw(rng, 1), plan, rng)
    tables = Tables(published.rows, published.universe, published.bounds)
    targets = [t for t in tables.targets(published.rows, published.passes) if t.true < publishing.K][::7]
    assert targets
    assert determined(tables, targets, publishing.K) == []
    assert published.offered_again == 0
    assert published.bounds
    if plan.is_edited:
        assert len({row.revision for row in published.rows}) == 2
    if plan.is_zone:
        assert {row.cut for row in published.rows} >= {"all", "mode", "class", "movement"}


def test_what_is_determined_is_said_with_its_range() -> None:
    row = Measurement(
        "camera", "gate", "", "passes", "all", (), False, START, START + timedelta(hours=1), 1.0, count=7
    )
    tables = Tables([row], Universe((Class.PERSON,)))
    found = determined(tables, tables.targets([row], [(START, (Class.PERSON, "in", ""))] * 7), 20)
    assert {(target.name, low, high) for target, low, high in found} >= {("person", 7, 7), ("person in", 0, 7)}


def test_two_places_over_one_pavement_are_told_apart(city: City) -> None:
    times, known = comparing.overlapping(city, 3, 2, 1)
    assert times >= known > 0
