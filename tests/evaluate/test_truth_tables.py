"""Tables of true counts are read, and a wrong cell is named with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from passerby.classes import Class
from passerby.errors import UsageError
from passerby.evaluate.truth_tables import FilmRow, classes_of, film_truth, store_truth
from passerby.geometry import Line

FILM = "line,x1,y1,x2,y2,class,direction,count"
STORE = "camera,place,class,direction,start,end,count"


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "truth.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_lines_and_rows_of_a_film(tmp_path: Path) -> None:
    truth = film_truth(_file(tmp_path, FILM, "gate,0,0.5,1,0.5,person,in,7", "gate,0,0.5,1,0.5,Car, out ,0"))
    assert truth.lines == (Line("gate", (0, 0.5), (1, 0.5)),)
    assert truth.rows == (FilmRow("gate", "person", "in", 7), FilmRow("gate", "car", "out", 0))
    assert not truth.timed


def test_columns_may_come_in_any_order_and_with_times(tmp_path: Path) -> None:
    head = "count,direction,class,y2,x2,y1,x1,line,start,end,who"
    truth = film_truth(_file(tmp_path, head, "7,in,all,1,1,0,0,a,30,60,me"))
    assert truth.rows == (FilmRow("a", "all", "in", 7, 30, 60),)
    assert truth.timed


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("gate,0,0.5,1,0.5,person,in,many", "count is 'many'"),
        ("gate,0,0.5,1,0.5,person,in,-1", "count is '-1'"),
        ("gate,0,0.5,1,0.5,person,in,1.5", "count is '1.5'"),
        ("gate,0,0.5,1,0.5,person,left,1", "direction is 'left'"),
        ("gate,0,0.5,1,0.5,persn,in,1", "'persn' is not counted"),
        ("gate,0,0.5,1.5,0.5,person,in,1", "outside the picture"),
        ("gate,0,0.5,0,0.5,person,in,1", "no length"),
        ("gate,0,x,0,0.5,person,in,1", "y1 is 'x'"),
        ("gate,0,0.5,1,0.5,person,in", "count is ''"),
        ("first,0,0.5,1,0.6,person,in,1", "other ends"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        film_truth(_file(tmp_path, FILM, "first,0,0,1,1,person,in,3", row))
    assert "line 3" in caught.value.message
    assert caught.value.hint


def test_a_misspelt_class_gets_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        film_truth(_file(tmp_path, FILM, "a,0,0,1,1,bycicle,in,3"))
    assert "'bicycle'" in caught.value.hint


def test_a_file_that_is_not_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        film_truth(tmp_path / "absent.csv")
    with pytest.raises(UsageError, match="no column 'line'"):
        film_truth(_file(tmp_path, "a,b", "1,2"))
    with pytest.raises(UsageError, match="no rows"):
        film_truth(_file(tmp_path, FILM))
    (tmp_path / "film.csv").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(UsageError, match="not a CSV"):
        film_truth(tmp_path / "film.csv")


def test_groups_of_one_line_must_not_overlap(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'foot' and 'person'"):
        film_truth(_file(tmp_path, FILM, "a,0,0,1,1,person,in,3", "a,0,0,1,1,foot,in,3"))
    film_truth(_file(tmp_path, FILM, "a,0,0,1,1,person,in,3", "b,0,0,1,0,foot,in,3"))
    film_truth(_file(tmp_path, FILM, "a,0,0,1,1,car,in,3", "a,0,0,1,1,vehicle,in,3"))


def test_times_are_for_all_rows_or_none(tmp_path: Path) -> None:
    head = FILM + ",start,end"
    with pytest.raises(UsageError, match="some have not"):
        film_truth(_file(tmp_path, head, "a,0,0,1,1,car,in,3,0,30", "a,0,0,1,1,car,in,3,,"))
    with pytest.raises(UsageError, match="no stretch"):
        film_truth(_file(tmp_path, head, "a,0,0,1,1,car,in,3,30,30"))


def test_vehicle_speaks_of_the_motor_vehicles_that_are_not_named() -> None:
    assert classes_of("car") == {Class.CAR}
    assert classes_of("foot") == {Class.PERSON}
    assert classes_of("all") == set(Class)
    motor = {Class.MOTORCYCLE, Class.CAR, Class.BUS, Class.TRUCK, Class.VEHICLE}
    assert classes_of("motor") == classes_of("vehicle") == motor
    assert classes_of("vehicle", frozenset({"car", "vehicle"})) == motor - {Class.CAR}


def test_rows_of_a_store(tmp_path: Path) -> None:
    row = "north,gate,person,in,2026-05-01T10:00:00+02:00,2026-05-01T10:15:00+02:00,31"
    (found,) = store_truth(_file(tmp_path, STORE, row))
    assert (found.camera, found.place, found.group, found.way, found.count) == (
        "north",
        "gate",
        "person",
        "in",
        31,
    )
    assert found.start == datetime(2026, 5, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ("2026-05-01T10:00:00,2026-05-01T10:15:00Z", "no offset"),
        ("ten,2026-05-01T10:15:00Z", "not a time"),
        ("2026-05-01T10:15:00Z,2026-05-01T10:15:00Z", "ends before"),
    ],
)
def test_a_wrong_time_is_named(tmp_path: Path, times: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        store_truth(_file(tmp_path, STORE, f"north,gate,person,in,{times},31"))
    assert "line 2" in caught.value.message
