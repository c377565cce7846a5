"""The junction sheet of a film's exact intervals."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

from passerby.export import peak_hour, write_intervals
from passerby.export.turning import Turn

TURNS: dict[str, Turn] = {
    "north>north": "u-turn", "east>north": "right", "south>north": "through",
    "north>east": "left", "east>east": "u-turn", "south>east": "right",
    "north>south": "through", "east>south": "left", "south>south": "u-turn",
}  # fmt: skip
INTERVAL: dict[str, Any] = {
    "start": "07:00:00",
    "end": "07:15:00",
    "observed": 1.0,
    "lines": {
        "north": {"in": {"car": 5}, "out": {}, "speed_mps": {"in": {}, "out": {}}},
        "zebra": {"in": {"person": 7}, "out": {"person": 2}},
    },
    "zones": {"east": {"entries": {"bus": 1}, "exits": {}, "mean_inside": {"car": 0.2}}},
    "movements": {"north>south": {"car": 4, "bus": 1}, "north>east": {"car": 1}, "east>south": {"car": 2}},
}


def written(*intervals: dict[str, Any], turns: dict[str, Turn] = TURNS) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    number = write_intervals(intervals, ["car", "bus", "person"], turns, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert len(rows) == number
    return rows


def test_a_row_a_quarter_and_class_and_a_column_a_movement_zeros_included() -> None:
    rows = written(INTERVAL, {**INTERVAL, "start": "07:15:00", "end": "07:30:00", "movements": {}})
    assert [(row["class"], row["start"][:5]) for row in rows[:3]] == [
        ("all", "07:00"), ("all", "07:15"), ("car", "07:00"),
    ]  # fmt: skip
    assert list(rows[0]) == [
        "class", "start", "end", "observed",
        "north left", "north through", "north u-turn", "north total",
        "east left", "east right", "east u-turn", "east total",
        "south through", "south right", "south u-turn", "south total",
        "total", "zebra in", "zebra out",
    ]  # fmt: skip
    shown = ("north left", "north through", "north total", "east left", "total", "zebra in")
    assert [[int(row[name]) for name in shown] for row in rows[::2]] == [
        [1, 5, 6, 2, 8, 7],
        [1, 4, 5, 2, 7, 0],
        [0, 1, 1, 0, 1, 0],
        [0, 0, 0, 0, 0, 7],
    ]
    assert {row["total"] for row in rows[1::2]} == {"0"}


def test_two_exits_to_one_side_keep_their_names() -> None:
    (row, *_) = written(INTERVAL, turns={"north>east": "left", "north>south": "left"})
    assert list(row)[4:7] == ["north left to east", "north left to south", "north total"]


def test_without_movements_the_columns_are_places_and_ways() -> None:
    (row, *_) = written(INTERVAL, turns={})
    assert {name: int(row[name]) for name in list(row)[4:]} == {
        "north in": 5, "north out": 0, "zebra in": 7, "zebra out": 2, "east in": 1, "east out": 0,
    }  # fmt: skip


def test_without_intervals_there_is_a_head() -> None:
    assert written() == []


def quarters(*cars: int, observed: float = 1.0) -> list[dict[str, Any]]:
    return [{**INTERVAL, "observed": observed, "movements": {"north>south": {"car": n}}} for n in cars]


def test_the_peak_hour_is_the_four_quarters_with_most() -> None:
    found = peak_hour(quarters(10, 20, 40, 20, 20, 5), timedelta(minutes=15))
    assert found == (1, 100, 100 / 160)


def test_there_is_no_peak_hour_without_a_whole_hour_of_quarters() -> None:
    assert peak_hour(quarters(10, 20, 40), timedelta(minutes=15)) is None
    assert peak_hour(quarters(10, 20, 40, 10), timedelta(minutes=5)) is None
    assert peak_hour(quarters(10, 20, 40, 10, observed=0.9), timedelta(minutes=15)) is None
    assert peak_hour(quarters(0, 0, 0, 0), timedelta(minutes=15)) is None
