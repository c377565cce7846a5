"""Rows are divided together only where both tables, side by side, tell of nothing below k.

The attacker here is stronger than any reader: he also knows which rows were divided together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from passerby.release.blocks import Block, apart, blocks, tight
from passerby.release.partition import partition

K = 20
SERIES = ("car in", "truck in", "car out", "person in", "person out")
MODES = {"motor in": SERIES[:2], "motor out": SERIES[2:3], "foot in": SERIES[3:4], "foot out": SERIES[4:]}

Row = dict[str, int]  # passes by series that the row may hold


@st.composite
def hours(draw: st.DrawFn) -> list[Row]:
    """Hours divided by mode: rows that were released before classes are told apart."""
    rows = []
    for _ in range(draw(st.integers(2, 4))):
        counts = {s: draw(st.sampled_from((0, 0, 1, 2, 5, 12, 19, 20, 25, 60))) for s in SERIES}
        assume(sum(counts.values()) >= K)
        modes = {mode: sum(counts[s] for s in members) for mode, members in MODES.items()}
        rows += [{s: counts[s] for mode in part for s in MODES[mode]} for part in partition(modes, K)]
    return rows


def grouped(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows that may hold the same."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    return list(groups.values())


def total(rows: Sequence[Mapping[str, int]]) -> Row:
    """The passes of several rows."""
    return {s: sum(row.get(s, 0) for row in rows) for s in SERIES if any(s in row for row in rows)}


class Attacker:
    """Knows every row's passes, and every part's passes of every block."""

    def __init__(self, groups: Sequence[Sequence[Row]], divided: Sequence[Block]) -> None:
        rows = [row for group in groups for row in group]
        group_of = [g for g, group in enumerate(groups) for _ in group]
        self.cells = [(r, s) for r, row in enumerate(rows) for s in row]
        equations = [[r == number for r, _ in self.cells] for number in range(len(rows))]
        totals = [sum(row.values()) for row in rows]
        for block in divided:
            for part in block.parts:
                inside = [group_of[r] in block.members and s in part for r, s in self.cells]
                equations.append(inside)
                totals.append(sum(rows[r][s] for (r, s), there in zip(self.cells, inside, strict=True) if there))
        self._equal = LinearConstraint(np.array(equations, float), totals, totals)
        self._rows = rows

    def determined(self) -> list[str]:
        """Numbers below k, of a series or a mode in a row, a group or the day, that are known within k."""
        names = {**{s: (s,) for s in SERIES}, **MODES, "in": SERIES[:2] + SERIES[3:4]}
        spans: dict[str, set[int]] = {f"row {r}": {r} for r in range(len(self._rows))}
        spans["day"] = set(range(len(self._rows)))
        found = []
        for span, rows in spans.items():
            for name, members in names.items():
                goal = np.array([r in rows and s in members for r, s in self.cells], float)
                true = sum(self._rows[r].get(s, 0) for r in rows for s in members)
                if true < K and goal.any():
                    low, high = (sign * self._best(sign * goal) for sign in (1, -1))
                    assert low <= true <= high
                    if high - low + 1 < K:
                        found.append(f"{name} in {span}: {low} to {high}")
        return found

    def _best(self, goal: np.ndarray) -> int:
        result = milp(goal, constraints=self._equal, integrality=np.ones(len(goal)), bounds=Bounds(0))
        assert result.status == 0, result.message
        least: float = result.fun
        return round(least)


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(hours())
def test_both_tables_side_by_side_determine_nothing(rows: list[Row]) -> None:
    groups = grouped(rows)
    divided = list(blocks([total(group) for group in groups], SERIES, K))
    assert sorted(m for block in divided for m in block.members) == list(range(len(groups)))
    assert Attacker(groups, divided).determined() == []


def test_dividing_everything_together_would_give_away_three_trucks() -> None:
    rows: list[Row] = [
        {"car in": 240, "truck in": 1},
        {"car in": 240, "truck in": 2},
        {"car out": 30, "person in": 40, "person out": 10},
        {"car out": 30, "person in": 40, "person out": 12},
    ]
    groups = grouped(rows)
    counts = [total(group) for group in groups]
    together = Block((0, 1), partition(total(counts), K))
    assert "truck in in day: 3 to 3" in Attacker(groups, [together]).determined()
    divided = list(blocks(counts, SERIES, K))
    assert Attacker(groups, divided).determined() == []
    assert {block.parts for block in divided} == {
        (("car in", "truck in"),),
        (("car out",), ("person in",), ("person out",)),
    }


def test_where_it_is_safe_a_day_is_divided_as_a_whole() -> None:
    groups: list[Row] = [
        {"car in": 300, "truck in": 30},
        {"car in": 40, "truck in": 2, "car out": 60, "person in": 30, "person out": 20},
    ]
    (block,) = blocks(groups, SERIES, K)
    assert block == Block((0, 1), tuple((series,) for series in SERIES))


@given(
    st.lists(st.integers(K, 500), min_size=2, max_size=4), st.lists(st.integers(K, 500), min_size=2, max_size=4)
)
def test_rows_that_may_hold_every_part_are_safe(rows: list[int], parts: list[int]) -> None:
    labels = frozenset(f"series {n}" for n in range(len(parts)))
    difference = sum(rows) - sum(parts)
    (parts if difference > 0 else rows)[0] += abs(difference)
    sized = [(frozenset({f"series {n}"}), size) for n, size in enumerate(parts)]
    assert tight([(labels, n) for n in rows], sized, K) == []


def test_only_rows_that_are_alike_to_every_table_are_divided_by_movement() -> None:
    counts = [{"car n>e": 40, "car n>s": 30, "car elsewhere": 0}, {"bus n>e": 50, "bus n>s": 60, "car n>e": 70}]
    single, shared = apart(counts, [True, False], K)
    assert single == Block((0,), (("car n>e",), ("car n>s", "car elsewhere")))
    assert shared == Block((1,), (("bus n>e", "bus n>s", "car n>e"),))
