"""How many are inside is said of intervals in which it was k on average, and of the place only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from passerby.classes import Class
from passerby.records import Sample
from passerby.release.rule import Rule
from passerby.release.samples import Samples, Spread

START = datetime(2026, 5, 4, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def spreads(inside: list[float], *, every_s: int = 10, advance_every: int = 10**9) -> list[Spread]:
    """What is released of an inside that is given for every minute."""
    samples = Samples(Rule(k=20), START)
    found: list[Spread] = []
    for minute, value in enumerate(inside):
        for second in range(0, 60, every_s):
            at = START + minute * MINUTE + timedelta(seconds=second)
            samples.take(at, Sample("square", (at - START).total_seconds(), "inside", Class.PERSON, value))
        if minute % advance_every == 0:
            found += samples.advance(START + minute * MINUTE)
    return found + list(samples.advance(START + len(inside) * MINUTE))


def test_a_busy_interval_is_released_as_mean_percentile_and_bands() -> None:
    (only,) = spreads([30.0] * 12 + [70.0] * 3)
    assert (only.start, only.end) == (START, START + 15 * MINUTE)
    assert only.observed == pytest.approx(1.0, abs=0.001)
    assert only.mean == pytest.approx(38.0, abs=0.1)
    assert only.p95 == 70
    assert only.bands == {"20-39": 12.0, "60-79": 3.0}


def test_the_lowest_band_does_not_say_whether_the_place_was_empty() -> None:
    for low in (0.0, 19.0):
        (only,) = spreads([low] * 3 + [40.0] * 12)
        assert only.bands == {"0-19": 3.0, "40-59": 12.0}


def test_a_quiet_interval_goes_on_until_its_mean_is_k() -> None:
    (only,) = spreads([5.0] * 15 + [60.0] * 15)
    assert (only.start, only.end) == (START, START + 30 * MINUTE)
    assert only.mean == pytest.approx(32.5, abs=0.1)
    assert spreads([19.0] * 300) == []


def test_it_does_not_matter_when_it_is_asked() -> None:
    inside = [5.0] * 40 + [50.0] * 60 + [25.0] * 60
    seldom, often = spreads(inside), spreads(inside, advance_every=1)
    assert len(seldom) > 2
    assert [(s.start, s.end, s.mean) for s in seldom] == [(s.start, s.end, s.mean) for s in often]


def test_classes_of_one_instant_add_up() -> None:
    samples = Samples(Rule(k=20), START)
    for second in range(0, 900, 5):
        for class_, value in ((Class.PERSON, 18.0), (Class.BICYCLE, 4.0)):
            at = START + timedelta(seconds=second)
            samples.take(at, Sample("square", float(second), "inside", class_, value))
    (only,) = samples.advance(START + 15 * MINUTE)
    assert only.mean == 22


def test_a_sample_stands_for_ten_seconds_at_most() -> None:
    (only,) = spreads([30.0] * 15, every_s=30)
    assert only.observed == pytest.approx(20 / 60, abs=0.01)
    one = Samples(Rule(k=20), START)
    one.take(START, Sample("square", 0.0, "inside", Class.PERSON, 500.0))
    assert list(one.advance(START + 15 * MINUTE)) == []  # ten seconds are too little to speak of


def test_what_was_not_released_is_dropped_at_a_stop() -> None:
    samples = Samples(Rule(k=20), START)
    samples.take(START, Sample("square", 0.0, "inside", Class.PERSON, 500.0))
    samples.stop()
    assert list(samples.advance(START + 60 * MINUTE)) == []


def crowd(density: list[float], area: float, bounds: tuple[float, ...]) -> list[Spread]:
    """What is released of a density given for every minute, on an area in m2."""
    samples = Samples(Rule(k=20), START)
    for second in range(0, len(density) * 60, 5):
        at, value = START + timedelta(seconds=second), density[second // 60]
        samples.take(at, Sample("square", second, "people", Class.PERSON, value * area))
        samples.take(at, Sample("square", second, "density", Class.PERSON, value, bounds))
    return list(samples.advance(START + len(density) * MINUTE))


def test_a_density_is_released_with_minutes_between_its_own_bounds() -> None:
    people, dense = sorted(crowd([1.0] * 5 + [2.5] * 6 + [4.0] * 4, 50.0, (2, 3.5, 5)), key=lambda s: -s.mean)
    assert (people.quantity, dense.quantity) == ("people", "density")
    assert dense.bands == pytest.approx({"0-2": 5.0, "2-3.5": 6.0, "3.5-5": 4.0, "5-": 0.0})
    assert (dense.mean, dense.p95) == (2.4, 4.0)


def test_no_band_of_density_tells_of_fewer_than_k_people() -> None:
    (dense,) = (s for s in crowd([0.2] * 3 + [2.5] * 12, 20.0, (0.31, 0.72, 2.0)) if s.quantity == "density")
    assert dense.bands == pytest.approx({"0-2": 3.0, "2-": 12.0})  # 0.72 of 20 m2 is 14 people


def test_a_density_rests_on_k_people() -> None:
    assert crowd([3.0] * 60, 6.0, (2, 3.5, 5)) == []
