"""Released tables are subtracted from each other, and nothing below k is learnt; without the rule, it is."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerby.classes import Class
from passerby.geometry import Line
from passerby.records import Measurement, Pass, Way
from passerby.release import Ledger, Rule
from passerby.release.cuts import Universe
from passerby.release.partition import partition
from passerby.scene.rhythm import days
from redteam.cities.city import WAYS
from redteam.cities.differencing import Tables, Target, determined

START = datetime(2026, 5, 4, 8, tzinfo=UTC)
GATE = Line("gate", (0.0, 0.5), (1.0, 0.5))
K = 20

Series = tuple[Class, Way]
Passes = Sequence[tuple[datetime, Series]]


def release(passes: Passes, classes: Sequence[Class], start: datetime, end: datetime) -> list[Measurement]:
    """All rows that the ledger ever releases of a stream."""
    ledger = Ledger(Rule(k=K), detector="drawn", version="0")
    ledger.open("camera", GATE, classes=classes)
    ledger.seen("camera", start, end)
    for at, (class_, way) in passes:
        ledger.take("camera", at, Pass("gate", 0.0, class_, way))
    return ledger.advance("camera", end) + ledger.stop()


def attacked(rows: Sequence[Measurement], passes: Passes, classes: Sequence[Class]) -> tuple[Tables, list[Target]]:
    """The rows as equations, and all numbers that nobody should learn."""
    tables = Tables(rows, Universe(classes))
    return tables, tables.targets(rows, [(at, (*series, "")) for at, series in passes])


def first_rule(rows: Sequence[Measurement], passes: Passes, classes: Sequence[Class]) -> list[Measurement]:
    """The rule as it was first planned: each table divides the passes anew, whatever the finer one shows."""
    result = [row for row in rows if row.cut != "class"]
    for start, end in sorted({(row.start, row.end) for row in rows if row.cut == "class"}):
        counts = Counter(f"{c.label} {way}" for at, (c, way) in passes if start <= at < end)
        model = next(row for row in rows if row.cut == "class")
        for part in partition(
            {f"{c.label} {way}": counts[f"{c.label} {way}"] for c in sorted(classes) for way in WAYS}, K
        ):
            count = sum(counts[series] for series in part)
            result.append(replace(model, start=start, end=end, part=part, count=count, rest=len(part) > 1))
    return result


def drawn(seed: int) -> tuple[tuple[Class, ...], int, Passes]:
    """Some hours with many groups near k: the hardest case. Returns classes, hours and passes."""
    rng = random.Random(seed)
    numbers = np.random.default_rng(seed)
    classes = tuple(
        rng.sample([Class.PERSON, Class.BICYCLE, Class.CAR, Class.BUS, Class.TRUCK], rng.choice((2, 3, 4)))
    )
    hours = rng.choice((2, 3, 4))
    passes = [
        (START + timedelta(hours=hour, minutes=15 * quarter + 15 * rng.random()), (class_, way))
        for hour in range(hours)
        for quarter in rng.sample(range(4), rng.choice((1, 2, 3)))
        for class_ in classes
        for way in WAYS
        for _ in range(numbers.poisson(rng.choice((0, 0, 1, 2, 5, 10, 20, 25, 30))))
    ]
    return classes, hours, sorted(passes)


SOME_CLASSES = (Class.PERSON, Class.BICYCLE, Class.CAR, Class.BUS, Class.TRUCK, Class.MOTORCYCLE)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6))
def test_hours_with_groups_near_k_determine_nothing(seed: int) -> None:
    classes, hours, passes = drawn(seed)
    rows = release(passes, classes, START, START + timedelta(hours=hours))
    if not rows:
        return
    tables, targets = attacked(rows, passes, classes)
    coarse = [t for t in targets if t.span not in tables.intervals]
    assert determined(tables, coarse, K) == []


def test_days_of_a_street_determine_nothing() -> None:
    for seed, scale in ((1, 0.05), (2, 0.2)):
        passes = [(at, (one.class_, one.way)) for at, one in days(seed, date(2026, 5, 4), 1, UTC, scale=scale)]
        start = datetime(2026, 5, 4, tzinfo=UTC)
        rows = release(passes, SOME_CLASSES, start, start + timedelta(days=1))
        assert {row.cut for row in rows} == {"all", "mode", "class"}
        tables, targets = attacked(rows, passes, SOME_CLASSES)
        small = [target for target in targets if target.true < K]
        assert len(small) > 20
        assert determined(tables, random.Random(seed).sample(small, min(60, len(small))), K) == []


def test_the_attack_finds_the_hole_of_the_first_rule() -> None:
    # every motorist drove in an hour in which motor traffic stands alone; three of them were no cars
    passes: list[tuple[datetime, Series]] = []
    for hour in range(4):
        minute = START + timedelta(hours=hour, minutes=5)
        passes.extend([(minute, (Class.CAR, "in"))] * 120)
        passes.extend([(minute, (Class.PERSON, "in"))] * 60)
    passes.extend([(START, (Class.TRUCK, "in"))] * 3)
    passes.extend([(START, (Class.BICYCLE, "in"))] * 25)
    passes.sort()
    classes = (Class.PERSON, Class.BICYCLE, Class.CAR, Class.TRUCK)
    rows = release(passes, classes, START, START + timedelta(hours=4))
    planned = first_rule(rows, passes, classes)

    caught = determined(*attacked(planned, passes, classes), K)
    assert ("truck in", 3, 3) in {(target.name, low, high) for target, low, high in caught}

    assert determined(*attacked(rows, passes, classes), K) == []


@pytest.mark.parametrize("seed", [0, 10, 13, 20])
def test_what_the_first_rule_gives_away_near_k_stays_hidden(seed: int) -> None:
    classes, hours, passes = drawn(seed)
    rows = release(passes, classes, START, START + timedelta(hours=hours))
    planned = first_rule(rows, passes, classes)
    for published, caught in ((planned, True), (rows, False)):
        tables, targets = attacked(published, passes, classes)
        coarse = [t for t in targets if t.span not in tables.intervals]
        assert bool(determined(tables, coarse, K)) is caught
