"""Rows become CSV and JSON Lines that other programs read back, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from passerby.export import CSV, JSONL, regular, write_rows, write_slots
from passerby.records import Measurement, Statistics

START = datetime(2026, 5, 4, 7, tzinfo=UTC)
ROW = Measurement(
    "cam", "gate", "r1", "passes", "mode", ("cycle in", "cycle out"), True, START, START + timedelta(hours=1),
    0.98, 23, values={"dwell_s": Statistics(12.0, 11.0, 20.0, ((0.0, 10.0, 9), (10.0, 60.0, 14)))},
    detector="yolox_nano", version="0.1.0",
)  # fmt: skip


def test_csv_has_a_header_and_one_line_a_row() -> None:
    out = io.StringIO(newline="")
    assert write_rows([ROW], CSV, out) == 1
    (read,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert (read["start"], read["end"]) == ("2026-05-04T07:00:00Z", "2026-05-04T08:00:00Z")
    assert (read["part"], read["rest"], read["count"], read["mean"]) == ("cycle in;cycle out", "true", "23", "")
    assert json.loads(read["values"])["dwell_s"]["median"] == 11.0


def test_json_lines_are_whole_objects() -> None:
    out = io.StringIO()
    assert write_rows([ROW, ROW], JSONL, out) == 2
    first = json.loads(out.getvalue().splitlines()[0])
    assert first["part"] == ["cycle in", "cycle out"]
    assert first["mean"] is None
    assert first["values"]["dwell_s"]["histogram"] == [[0.0, 10.0, 9], [10.0, 60.0, 14]]


def test_a_name_that_is_a_formula_stays_text() -> None:
    out = io.StringIO(newline="")
    write_rows([replace(ROW, camera="=1+1", place="@x", version="-2")], CSV, out)
    (read,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert (read["camera"], read["place"], read["version"]) == ("'=1+1", "'@x", "'-2")


def test_slots_say_whether_a_value_is_their_own() -> None:
    out = io.StringIO(newline="")
    write_slots(regular([ROW], timedelta(minutes=30), ZoneInfo("UTC")), CSV, out)
    read = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [r["series"] for r in read] == ["all", "cycle in", "cycle out"] * 2
    assert {(r["is_own"], r["least"], r["most"]) for r in read} == {("false", "0", "23"), ("false", "23", "23")}
    assert {r["period_end"] for r in read} == {"2026-05-04T08:00:00Z"}


def test_slots_have_a_column_for_each_value_that_any_of_them_has() -> None:
    slots = list(regular([ROW, replace(ROW, place="stop", values={})], timedelta(hours=1), ZoneInfo("UTC")))
    out, lines = io.StringIO(newline=""), io.StringIO()
    write_slots(slots, CSV, out)
    write_slots(slots, JSONL, lines)
    read = {(r["place"], r["series"]): r for r in csv.DictReader(io.StringIO(out.getvalue()))}
    assert [read["gate", "all"][f"dwell_s_{n}"] for n in ("mean", "median", "p85")] == ["12.0", "11.0", "20.0"]
    assert json.loads(read["gate", "all"]["dwell_s_histogram"]) == [[0.0, 10.0, 9], [10.0, 60.0, 14]]
    assert {read[key]["dwell_s_mean"] for key in (("gate", "cycle in"), ("stop", "all"))} == {""}
    assert json.loads(lines.getvalue().splitlines()[0])["dwell_s_median"] == 11.0


def test_every_column_is_documented() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "export.md").read_text("utf-8")
    rows, slots = io.StringIO(newline=""), io.StringIO(newline="")
    write_rows([ROW], CSV, rows)
    write_slots(regular([ROW], timedelta(hours=1), ZoneInfo("UTC")), CSV, slots)
    for out in (rows, slots):
        for column in out.getvalue().splitlines()[0].split(","):
            assert f"`{column.removeprefix('dwell_s')}`" in docs
