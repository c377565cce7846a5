"""Conflicts are told by week, beside enough road users who were exposed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerby.classes import Class, Mode
from passerby.geometry import Zone
from passerby.records import Conflict, Indicator, Kind, Measurement, Pass
from passerby.release import Ledger, Rule
from passerby.release.rare import step

MONDAY = datetime(2026, 5, 4, tzinfo=UTC)
WEEK = timedelta(days=7)
SQUARE = Zone("square", ((0, 0), (1, 0), (1, 1)))
PAIRS: tuple[tuple[Mode, ...], ...] = (("foot", "cycle"), ("foot", "motor"), ("motor", "motor"))
BOTH: tuple[Indicator, ...] = ("pet", "ttc")
KINDS: tuple[Kind, ...] = tuple((pair, indicator) for pair in PAIRS for indicator in BOTH)
OF: Mapping[Mode, Class] = {"foot": Class.PERSON, "cycle": Class.BICYCLE, "motor": Class.CAR}


def released(weeks: list[Mapping[Mode, int]], near: list[tuple[int, Conflict]]) -> list[Measurement]:
    """The rare rows of weeks with so many of each mode, and conflicts in them."""
    ledger = Ledger(Rule(), detector="given", version="0")
    ledger.open("north", SQUARE, conflicts=KINDS)
    rows: list[Measurement] = []
    for week, exposed in enumerate(weeks):
        start = MONDAY + week * WEEK
        ledger.seen("north", start, start + WEEK)
        for mode, number in exposed.items():
            for i in range(number):
                ledger.take("north", start + timedelta(minutes=7 * i), Pass("square", 0.0, OF[mode], "in"))
                ledger.take("north", start + timedelta(minutes=7 * i), Pass("square", 0.0, OF[mode], "out"))
        for _, conflict in [one for one in near if one[0] == week]:
            ledger.take("north", start + timedelta(days=3), conflict)
        rows += ledger.advance("north", start + WEEK)
    return [row for row in rows if row.quantity in ("conflicts", "exposed")]


def near(modes: tuple[Mode, ...], value_s: float, indicator: Indicator = "pet") -> Conflict:
    return Conflict("square", 0.0, modes, indicator, value_s)


def counts(rows: list[Measurement], quantity: str = "conflicts") -> dict[tuple[str, ...], int | None]:
    return {row.part: row.count for row in rows if row.quantity == quantity}


def test_a_week_with_enough_of_all() -> None:
    exposed: Mapping[Mode, int] = {"foot": 130, "cycle": 57, "motor": 260}
    rows = released([exposed], [(0, near(("foot", "motor"), 0.7)), (0, near(("foot", "motor"), 1.2))])
    assert counts(rows, "exposed") == {("foot-cycle",): 50, ("foot-motor",): 100, ("motor-motor",): 200}
    told = counts(rows)
    assert len(told) == 12
    assert {part: n for part, n in told.items() if n} == {
        ("foot-motor pet severe",): 1,
        ("foot-motor pet critical",): 1,
    }
    assert {(row.start, row.end, row.observed, row.cut) for row in rows} == {(MONDAY, MONDAY + WEEK, 1.0, "mode")}


@pytest.mark.parametrize("cyclists", [0, 1, 19])
def test_few_cyclists_share_a_row_whether_there_were_any_or_not(cyclists: int) -> None:
    rows = released([{"foot": 130, "cycle": cyclists, "motor": 260}], [(0, near(("foot", "cycle"), 0.7))])
    assert set(counts(rows, "exposed")) == {("foot-cycle", "foot-motor"), ("motor-motor",)}
    assert counts(rows)["foot-cycle pet severe", "foot-motor pet severe"] == 1
    assert not any(len(row.part) == 1 and "cycle" in row.part[0] for row in rows)


def test_a_quiet_week_goes_on_into_the_next() -> None:
    few: Mapping[Mode, int] = {"foot": 4, "cycle": 0, "motor": 9}
    assert released([few], [(0, near(("motor", "motor"), 0.2))]) == []
    rows = released([few] * 3, [(0, near(("motor", "motor"), 0.2))])
    assert {(row.start, row.end) for row in rows} == {(MONDAY, MONDAY + 2 * WEEK)}
    assert {row.count for row in rows if row.quantity == "exposed"} == {20}
    assert sum(row.count or 0 for row in rows if row.quantity == "conflicts") == 1


weekly = st.fixed_dictionaries(
    {"foot": st.integers(0, 60), "cycle": st.integers(0, 60), "motor": st.integers(0, 60)}
)


@settings(max_examples=30)
@given(st.lists(weekly, min_size=1, max_size=4), st.lists(st.tuples(st.integers(0, 3), st.sampled_from(PAIRS))))
def test_rows_rest_on_k_and_their_conflicts_add_up(
    weeks: list[Mapping[Mode, int]], given_: list[tuple[int, tuple[Mode, ...]]]
) -> None:
    conflicts = [(week, near(pair, 0.5)) for week, pair in given_ if week < len(weeks)]
    rows = released(weeks, conflicts)
    for row in rows:
        held = [w for i, w in enumerate(weeks) if row.start <= MONDAY + i * WEEK < row.end]
        total = {mode: sum(week[mode] for week in held) for mode in OF}
        pairs = {part.split()[0] for part in row.part}
        assert sum(min(total[m] for m in pair) for pair in PAIRS if "-".join(pair) in pairs) >= 20
    for start, end in {(row.start, row.end) for row in rows}:
        inside = [c for week, c in conflicts if start <= MONDAY + week * WEEK < end]
        told = [row.count or 0 for row in rows if row.start == start and row.quantity == "conflicts"]
        assert sum(told) == len(inside)


@given(st.integers(1, 10**7))
def test_a_step_is_at_most_the_number_and_more_than_a_third_of_it(number: int) -> None:
    assert step(number) <= number < 2.5 * step(number)
    assert str(step(number))[0] in "125"
