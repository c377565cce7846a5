"""The audit log as an admin reads it."""

from __future__ import annotations

import csv
import io

from web.entrance import Entrance, Guest


def test_an_empty_log_says_what_will_stand_there(ada: Guest) -> None:
    text = ada.get("/audit").text
    assert "Nothing was changed yet" in text
    assert "whole" in text


def test_entries_are_shown_chosen_and_paged(entrance: Entrance, ada: Guest) -> None:
    for number in range(105):
        entrance.doors.audit.record("ada" if number % 3 else "olga", "approve plate", f"camera{number:03}")
    text = ada.get("/audit").text
    assert ("camera104" in text, "camera005" in text, "camera004" in text) == (True, True, False)
    assert "camera004" in ada.get("/audit?before=6").text
    olga = ada.get("/audit?by=olga").text
    assert ("camera102" in olga, "camera104" in olga) == (True, False)
    assert "Nothing matches" in ada.get("/audit?by=olga&what=sign+in").text
    assert ada.get("/audit?before=x").status_code == 200


def test_damage_is_said(entrance: Entrance, ada: Guest) -> None:
    entrance.doors.audit.record("ada", "approve plate", "north")
    path = entrance.doors.audit._path
    path.write_bytes(path.read_bytes().replace(b"north", b"south"))
    text = ada.get("/audit").text
    assert "damaged" in text
    assert "Line 1 was altered" in text


def test_csv_is_what_is_chosen_and_runs_in_no_spreadsheet(entrance: Entrance, ada: Guest) -> None:
    for about in ("=1+1", "@x", '"a",b', "north"):
        entrance.doors.audit.record("ada", "approve plate", about)
    entrance.doors.audit.record("olga", "sign in")
    answer = ada.get("/audit.csv?by=ada")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["number", "at", "by", "what", "about"]
    assert [row[4] for row in rows[1:]] == ["north", '"a",b', "'@x", "'=1+1"]
