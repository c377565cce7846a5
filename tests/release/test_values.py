"""Columns of released rows are subtracted from each other, and no sum of fewer than k values is learnt."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.geometry import Line
from passerby.records import Measurement, Pass, Way
from passerby.release import Ledger, Rule, columns
from passerby.release.cuts import CLASS, MODE, Label, Universe
from passerby.release.statistics import summary
from passerby.release.traffic import Traffic

START = datetime(2026, 5, 4, 8, tzinfo=UTC)
GATE = Line("gate", (0.0, 0.5), (1.0, 0.5))
CLASSES = (Class.PERSON, Class.BICYCLE, Class.CAR, Class.TRUCK)
WAYS: tuple[Way, ...] = ("in", "out")
HOURS = 4
K = 20

Cell = tuple[int, Class, Way]  # the values of an interval, a class and a way: what sums are of


def cells_of(intervals: int) -> list[Cell]:
    return [(interval, class_, way) for interval in range(intervals) for class_ in CLASSES for way in WAYS]


def morning(seed: int, column: str) -> list[tuple[datetime, Pass]]:
    """Hours with groups near k, of which some passes have no value."""
    rng, numbers = random.Random(seed), np.random.default_rng(seed)
    passes = []
    for hour, class_, way in cells_of(HOURS):
        for _ in range(int(numbers.poisson(rng.choice((0, 1, 3, 15, 25, 40, 90))))):
            values = {column: rng.uniform(1, 20)} if rng.random() < 0.45 else {}
            at = START + timedelta(hours=hour, minutes=60 * rng.random())
            passes.append((at, Pass("gate", 0.0, class_, way, values=values)))
    return sorted(passes, key=lambda one: one[0])


def released(passes: Sequence[tuple[datetime, Pass]]) -> list[Measurement]:
    ledger = Ledger(Rule(k=K), detector="drawn", version="0")
    ledger.open("camera", GATE, classes=CLASSES)
    end = START + timedelta(days=2)
    ledger.seen("camera", START, end)
    for at, seen in passes:
        ledger.take("camera", at, seen)
    return ledger.advance("camera", end) + ledger.stop()


class Attacker:
    """Knows all rows, and which of them were divided together; not what is in a row beyond what it names."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.divided: list[tuple[list[Label], list[Label]]] = []
        drop_unsafe = columns.drop_unsafe

        def spy(groups: columns.Groups, parts: Mapping[Label, Traffic], k: int) -> None:
            drop_unsafe(groups, parts, k)
            self.divided.append(([label for label, _ in groups], [p for p, t in parts.items() if t.values]))

        monkeypatch.setattr(columns, "drop_unsafe", spy)

    def sums(self, rows: Sequence[Measurement], cells: Sequence[Cell]) -> NDArray[np.float64]:
        """One equation a column (m, cells): which sums of cells add up to what it says."""
        universe, spans = Universe(CLASSES), spans_of(rows)
        shown: dict[Label, list[int]] = {}  # in which spans a row by mode shows it, by what the row may hold
        equations: list[set[Cell]] = []
        for row in rows:
            if row.cut == "mode" and row.values:
                within, span = universe.within(MODE, row.part, CLASS), spans.index((row.start, row.end))
                shown.setdefault(within, []).append(span)
                equations.append({c for c in cells if c[0] == span and _series(c) in within})
        for groups, parts in self.divided:
            for part in parts:
                held = {(span, series) for label in groups for span in shown.get(label, ()) for series in label}
                equations.append({c for c in cells if (c[0], _series(c)) in held and _series(c) in part})
        return np.array([[float(cell in equation) for cell in cells] for equation in equations])


def spans_of(rows: Sequence[Measurement]) -> list[tuple[datetime, datetime]]:
    """The intervals of the table by mode, the finest that has columns."""
    return sorted({(row.start, row.end) for row in rows if row.cut == "mode"})


def _series(cell: Cell) -> str:
    return f"{cell[1].label} {cell[2]}"


def follows(equations: NDArray[np.float64], target: NDArray[np.float64]) -> bool:
    """Whether a sum of values is a combination of the released ones."""
    combination, *_ = np.linalg.lstsq(equations.T, target, rcond=None)
    return bool(np.abs(equations.T @ combination - target).max() < 1e-6)


NAMES: list[Callable[[Cell], Hashable]] = [
    lambda c: c, lambda c: c[1:], lambda c: c[:2], lambda c: c[1], lambda c: (c[0], c[1].mode, c[2]),
    lambda c: (c[1].mode, c[2]), lambda c: (c[0], c[2]), lambda c: c[0], lambda c: c[1].mode,
]  # fmt: skip


def learnt(seed: int, column: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int, list[Hashable]]:
    """How many sums are shown, how many of fewer than k values there are, and which of these follow."""
    attacker, passes = Attacker(monkeypatch), morning(seed, column)
    rows = released(passes)
    spans = spans_of(rows)
    cells = cells_of(len(spans))
    equations = attacker.sums(rows, cells)
    size: Counter[Cell] = Counter()
    for at, seen in passes:
        for number, (start, end) in enumerate(spans):
            size[number, seen.class_, seen.way] += bool(seen.values) and start <= at < end
    small, found = 0, []
    for name in NAMES:
        for wanted in {name(cell) for cell in cells}:
            target = np.array([float(name(cell) == wanted) for cell in cells])
            if 0 < sum(size[cell] for cell in cells if name(cell) == wanted) < K:
                small += 1
                found += [wanted] if len(equations) and follows(equations, target) else []
    return len(equations), small, found


@pytest.mark.parametrize("column", ["speed_mps", "headway_s", "dwell_s", "wait_s"])
def test_no_difference_rests_on_fewer_than_k_values(column: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = [learnt(seed, column, monkeypatch) for seed in range(12)]
    assert sum(shown for shown, _, _ in tries) > 40
    assert sum(small for _, small, _ in tries) > 100
    assert [found for _, _, found in tries if found] == []


def test_the_attack_finds_what_columns_of_few_values_give_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "drop_few", lambda parts, k: None)
    monkeypatch.setattr(columns, "drop_unsafe", lambda groups, parts, k: None)
    assert any(learnt(seed, "speed_mps", monkeypatch)[2] for seed in range(4))


def test_headways_do_not_add_up_to_the_time_from_the_first_pass_to_the_last() -> None:
    rng = random.Random(1)
    times = sorted(rng.uniform(0, 3600) for _ in range(120))
    passes = [
        (START + timedelta(seconds=now), Pass("gate", now, Class.CAR, "in", values={"headway_s": now - before}))
        for before, now in pairwise(times)
    ]
    (hour,) = (row for row in released(passes) if row.cut == "mode" and "motor in" in row.part)
    stated, whole = hour.values["headway_s"], times[-1] - times[0]
    assert all(abs(2 * stated.mean * n - whole) > 20 for n in (59, 60))
    assert stated.mean == pytest.approx(whole / 119, rel=0.2)


def told(say: Callable[[NDArray[np.float64]], float], others: int, stay_s: float) -> float:
    """How often who knows the others well tells whether one stayed so long, by the best threshold."""
    rng, worlds = np.random.default_rng(1), 1500
    absent = [say(rng.exponential(10, others + 1)) for _ in range(worlds)]
    present = [say(np.append(rng.exponential(10, others), stay_s)) for _ in range(worlds)]
    thresholds = np.quantile([*absent, *present], np.linspace(0, 1, 100))
    return float(max((np.mean(present > at) + np.mean(absent <= at)) / 2 for at in thresholds))


@pytest.mark.parametrize(("others", "most"), [(19, 0.68), (99, 0.60)])
def test_who_stands_there_for_an_hour_at_night_does_not_show(others: int, most: float) -> None:
    def mean(values: NDArray[np.float64]) -> float:
        return float(values.mean())

    def said(values: NDArray[np.float64]) -> float:
        return summary(values.tolist(), k=K).mean

    assert told(mean, others, 3600.0) > 0.99
    assert told(said, others, 3600.0) < most
