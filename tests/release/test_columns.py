"""Values stand in a row only where they rest on k passes, in every comparison of rows."""

from __future__ import annotations

from passerby.classes import Class
from passerby.release import columns
from passerby.release.cuts import CLASS, MODE, Label
from passerby.release.traffic import Traffic

K = 20


def traffic(**values: int) -> Traffic:
    """Cars and trucks that have a speed, by number."""
    held = Traffic()
    held.values["speed_m_s"] = {(Class[name.upper()], "in", ""): [10.0] * n for name, n in values.items() if n}
    return held


def test_the_first_cut_shows_a_column_where_k_passes_have_a_value() -> None:
    parts: dict[Label, Traffic] = {("motor in",): traffic(car=20), ("foot in",): traffic(person=19)}
    columns.drop_few(parts, K)
    assert columns.statistics(parts["motor in",], MODE)["speed_m_s"].n == 20
    assert columns.statistics(parts["foot in",], MODE) == {}


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
    assert columns.statistics(part, MODE)["speed_m_s"].histogram == ()
    assert sum(n for *_, n in columns.statistics(part, CLASS)["speed_m_s"].histogram) == 50
