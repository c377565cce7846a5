"""Values stand in a row only where they rest on k passes, in every comparison of rows."""

from __future__ import annotations

import pytest

from passerby.classes import Class
from passerby.release import columns
from passerby.release.cuts import CLASS, MODE, Label
from passerby.release.traffic import Traffic

K = 20


def traffic(*, without: int = 0, **values: int) -> Traffic:
    """Cars and trucks that have a speed, by number, and cars that have none."""
    held = Traffic()
    held.counts = {(Class[name.upper()], "in", ""): n for name, n in values.items()}
    held.values["speed_m_s"] = {(Class[name.upper()], "in", ""): [10.0] * n for name, n in values.items() if n}
    if without:
        held.counts[Class.CAR, "in", ""] = held.counts.get((Class.CAR, "in", ""), 0) + without
    return held


def test_the_first_cut_shows_a_column_where_k_passes_have_a_value() -> None:
    parts: dict[Label, Traffic] = {("motor in",): traffic(car=20), ("foot in",): traffic(person=19)}
    columns.drop_few(parts, K)
    assert columns.statistics(("motor in",), parts["motor in",], MODE, K)["speed_m_s"].mean == 10
    assert columns.statistics(("foot in",), parts["foot in",], MODE, K) == {}


@pytest.mark.parametrize(
    ("label", "with_", "without", "shown"),
    [
        (("motor in",), 25, 0, True),
        (("motor in",), 38, 1, False),  # it would say that 19 or fewer have none
        (("motor in",), 39, 1, True),
        (("motor in", "foot in"), 25, 0, False),  # it would say that the series without values is all but empty
        (("motor in", "foot in"), 100, 3, True),
        (("motor in",), 19, 100, False),
    ],
)
def test_a_column_leaves_open_how_many_have_no_value(label: Label, with_: int, without: int, shown: bool) -> None:
    part = traffic(car=with_, without=without)
    columns.drop_few({label: part}, K)
    assert ("speed_m_s" in part.values) is shown


@pytest.mark.parametrize(("label", "without"), [(("car in",), 1), (("car in",), 20), (("car in", "truck in"), 0)])
def test_numbers_of_values_are_alike_whatever_few_have_none(label: Label, without: int) -> None:
    part = traffic(car=103 - without, without=without)
    assert columns.statistics(label, part, CLASS, K)["speed_m_s"].n == 83


def test_numbers_of_values_stand_in_one_cut_only() -> None:
    part = traffic(car=50, without=50)
    assert [columns.statistics(("car in",), part, cut, K)["speed_m_s"].n for cut in (MODE, CLASS)] == [0, 50]


def test_a_coarser_cut_shows_a_column_in_all_parts_or_in_none() -> None:
    for trucks, shown in ((25, True), (3, False), (0, True)):
        groups = [(("car in", "truck in"), traffic(car=100, truck=trucks))]
        parts: dict[Label, Traffic] = {("car in",): traffic(car=100), ("truck in",): traffic(truck=trucks)}
        columns.drop_unsafe(groups, parts, K)
        assert ("speed_m_s" in parts["car in",].values) is shown


def test_values_keep_the_slack_of_passes() -> None:
    # 3 of the cars with a speed came in rows that also hold people: the difference of both tables
    groups = [(("car in",), traffic(car=100)), (("car in", "person in"), traffic(car=3, person=40))]
    parts: dict[Label, Traffic] = {("car in",): traffic(car=103), ("person in",): traffic(person=40)}
    columns.drop_unsafe(groups, parts, K)
    assert not any(part.values for part in parts.values())


def test_histograms_stand_in_one_cut_only() -> None:
    part = traffic(car=50)
    shown = {cut.name: columns.statistics(("car in",), part, cut, K)["speed_m_s"] for cut in (MODE, CLASS)}
    assert shown["mode"].histogram == ()
    assert sum(n for *_, n in shown["class"].histogram) == 50
