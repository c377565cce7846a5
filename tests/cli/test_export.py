from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli.verbs import Verb

from passerby.records import Measurement
from passerby.stores.sqlite import Sqlite

SEVEN = datetime(2026, 5, 4, 7, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "street.db"
    kept = Sqlite(path)
    for number, (start, end) in enumerate([(0, 15), (15, 30), (30, 75)]):
        span = SEVEN + timedelta(minutes=start), SEVEN + timedelta(minutes=end)
        kept.write([Measurement("cam", "gate", "r", "passes", "all", (), False, *span, 1.0, 20 + number)])
    kept.close()
    return path


def test_rows_come_out_as_they_are(passerby: Verb, store: Path) -> None:
    ran = passerby("export", store)
    assert ran.code == 0
    assert [row["count"] for row in csv.DictReader(io.StringIO(ran.out))] == ["20", "21", "22"]
    assert "3 rows" in ran.err


def test_what_is_wanted_can_be_narrowed(passerby: Verb, store: Path) -> None:
    ran = passerby("export", store, "--format", "jsonl", "--from", "2026-05-04T07:20", "--to", "2026-05-04T07:30")
    assert [json.loads(line)["count"] for line in ran.out.splitlines()] == [21]
    assert passerby("export", store, "--place", "door").out.count("\n") == 1


def test_a_grid_shows_longer_rows_with_their_own_period(passerby: Verb, store: Path) -> None:
    ran = passerby("export", store, "--grid", "15min")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [row["least"] for row in rows] == [row["most"] for row in rows] == ["20", "21", "22", "22", "22"]
    assert [row["is_own"] for row in rows] == ["true", "true", "false", "false", "false"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["missing.db"], 1, "missing.db"),
        (["STORE", "--format", "cvs"], 2, "Did you mean 'csv'?"),
        (["STORE", "--grid", "7min"], 2, "cannot be drawn"),
        (["STORE", "--grid", "often"], 2, "length of time"),
        (["STORE", "--from", "monday"], 2, "not a time"),
        (["STORE", "--grid", "1h", "--timezone", "Mars"], 2, "no such time zone"),
    ],
)
def test_what_is_wrong_is_said(passerby: Verb, store: Path, words: list[str], code: int, says: str) -> None:
    ran = passerby("export", *(store if word == "STORE" else word for word in words))
    assert (ran.code, ran.out) == (code, "")
    assert says in " ".join(ran.err.split())


def test_a_file_that_is_no_store_is_said(passerby: Verb, tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("These are notes.\n" * 100)
    ran = passerby("export", path)
    assert ran.code == 1
    assert "notes.db" in ran.err
    assert path.read_text().startswith("These are notes")
