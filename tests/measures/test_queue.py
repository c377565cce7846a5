"""Queues of drawn people and cars: how many, how long, how long one waits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streets import ground, scripted, seen, spot, zone

from passerby.classes import Class
from passerby.errors import ConfigError
from passerby.measures.queue import QueueMeasure, queue
from passerby.records import Observation, Pass, Sample
from passerby.scene import Mover, Street

AREA = zone("counter", (-3, 8), (3, 8), (3, 24), (-3, 24))
HEAD = spot(0.0, 10.0)


def served(begin_s: float, place: int, leaves: float) -> Mover:
    """Comes from afar, waits 1 m behind the one before, and goes on to the side."""
    y = 10.0 + 1.0 * place
    arrives = begin_s + (26.0 - y) / 1.4
    return Mover(Class.PERSON, ((begin_s, 0.0, 26.0), (arrives, 0.0, y), (leaves, 0.0, y), (leaves + 5.0, 6.5, y)))


def watch(street: Street, **options: object) -> list[Observation]:
    return seen(QueueMeasure(AREA, head=HEAD, ground=ground(), **options), street)  # type: ignore[arg-type]


def sampled(found: list[Observation], quantity: str, from_s: float, to_s: float) -> list[float]:
    samples = [o for o in found if isinstance(o, Sample) and o.quantity == quantity and from_s < o.time_s < to_s]
    instants = sorted({o.time_s for o in samples})
    return [sum(o.value for o in samples if o.time_s == t) for t in instants]


def test_five_people_wait_and_one_walks_by() -> None:
    line = [served(2.0 * k, k, 52.0) for k in range(5)]
    passer = Mover(Class.PERSON, ((20.0, 2.0, 26.0), (34.0, 2.0, 7.0)))
    found = watch(scripted(*line, passer, duration_s=70.0))
    assert set(sampled(found, "queue", 24, 50)) == {5.0}
    assert np.mean(sampled(found, "queue_m", 24, 50)) == pytest.approx(4.0, abs=0.4)
    waits = [o.values["wait_s"] for o in found if isinstance(o, Pass) and "wait_s" in o.values]
    assert waits.pop(0) == 0.0  # who walks by has not waited
    assert waits == pytest.approx([52.0 - 2.0 * k - (16.0 - k) / 1.4 for k in range(5)], abs=1.6)
    passed = [o for o in found if isinstance(o, Pass) and o.way == "out"]
    assert len(passed) == 6


def test_who_stands_far_from_the_queue_is_not_in_it() -> None:
    lone = Mover(Class.PERSON, ((0.0, 0.0, 20.0), (40.0, 0.0, 20.0)))
    line = [served(0.0, 0, 41.0)]
    found = watch(scripted(*line, lone, duration_s=40.0))
    assert set(sampled(found, "queue", 14, 35)) == {1.0}


def test_nobody_is_in_no_queue() -> None:
    found = watch(scripted(Mover(Class.PERSON, ((0.0, 2.0, 26.0), (13.0, 2.0, 8.0))), duration_s=14.0))
    assert set(sampled(found, "queue", 0, 14)) == {0.0}
    assert set(sampled(found, "queue_m", 0, 14)) == {0.0}


def test_cars_at_a_stop_line_are_further_apart() -> None:
    cars = [
        Mover(Class.CAR, ((0.0, 0.0, 30.0 + 6.5 * k), (4.0 + k, 0.0, 10.0 + 6.5 * k), (30.0, 0.0, 10.0 + 6.5 * k)))
        for k in range(3)
    ]
    found = watch(scripted(*cars, duration_s=28.0))
    assert set(sampled(found, "queue", 10, 27)) <= {2.0, 3.0}
    assert np.mean(sampled(found, "queue_m", 10, 27)) > 5


points = st.lists(st.tuples(st.floats(-20, 20), st.floats(-20, 20)), max_size=12)


@settings(max_examples=60)
@given(points, st.floats(0.5, 10))
def test_a_queue_hangs_together_and_grows_with_the_gap(places: list[tuple[float, float]], gap: float) -> None:
    where = np.array(places).reshape(-1, 2)
    head = np.zeros(2)
    rows, length = queue(where, np.full(len(where), gap), head)
    wider, _ = queue(where, np.full(len(where), 2 * gap), head)
    assert set(rows) <= set(wider)
    if rows:
        assert length >= max(np.hypot(*where[row]) for row in rows) - 1e-9
        assert min(np.hypot(*where[row]) for row in rows) <= gap
    else:
        assert length == 0


def test_without_a_head_the_largest_group_is_the_queue() -> None:
    where = np.array([(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (10.0, 0.0), (11.0, 0.0)])
    rows, length = queue(where, np.full(5, 1.5), None)
    assert rows == [0, 1, 2]
    assert length == pytest.approx(2.0)


def test_a_queue_needs_metres_and_its_head_on_the_ground_and_gaps() -> None:
    with pytest.raises(ConfigError, match="a queue at 'counter' needs metres"):
        QueueMeasure(AREA)
    with pytest.raises(ValueError, match="lies above the horizon"):
        QueueMeasure(AREA, head=(0.5, -0.5), ground=ground())
    with pytest.raises(ValueError, match="gap_m is a number above 0, not -2"):
        QueueMeasure(AREA, gap_m=-2, ground=ground())
