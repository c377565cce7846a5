"""Reads tables of true counts, by line of a film or by place and time."""

from __future__ import annotations

import csv
import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from passerby.classes import LABELS, MODES, Class
from passerby.errors import UsageError
from passerby.geometry import Line
from passerby.records import Way

FILM_COLUMNS = ("line", "x1", "y1", "x2", "y2", "class", "direction", "count")
STORE_COLUMNS = ("camera", "place", "class", "direction", "start", "end", "count")

_GROUPS = (*LABELS, *(m for m in MODES if m != "other"), "all")


@dataclass(frozen=True, slots=True)
class FilmRow:
    """So many of these classes passed the line this way, between two times of the film if they are given."""

    line: str
    group: str  # a class, a mode or "all"
    way: Way
    count: int
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class FilmTruth:
    """True counts over the lines of a film."""

    lines: tuple[Line, ...]
    rows: tuple[FilmRow, ...]

    @property
    def timed(self) -> bool:
        """Whether the rows say when."""
        return self.rows[0].start_s is not None


@dataclass(frozen=True, slots=True)
class StoreRow:
    """So many of these classes passed the place this way between two instants."""

    camera: str
    place: str
    group: str
    way: Way
    start: datetime  # aware
    end: datetime
    count: int


def classes_of(group: str, named: frozenset[str] = frozenset()) -> frozenset[Class]:
    """Which classes a row of truth speaks of.

    A class speaks of itself, a mode ("foot", "cycle", "motor", "rail") of its classes, "all" of every class.
    "vehicle" speaks of all motor vehicles but those that `named`, the groups of the same place, name themselves.
    """
    if group == "all":
        return frozenset(Class)
    if group == "vehicle":
        return frozenset(c for c in Class if c.mode == "motor" and c.label not in named - {"vehicle"})
    return frozenset(c for c in Class if group in (c.label, c.mode))


def film_truth(path: Path) -> FilmTruth:
    """A table ``line,x1,y1,x2,y2,class,direction,count``, coordinates 0-1.

    It may also have ``start,end``, in seconds of the film. What the table does not name within a line's classes
    and its time is a true zero. Raises `UsageError` with the line of the file.
    """
    lines: dict[str, Line] = {}
    rows: list[FilmRow] = []
    for where, cells in _rows(path, FILM_COLUMNS):
        line = _line(cells, where)
        if lines.setdefault(line.name, line) != line:
            raise UsageError(f"{where}: line {line.name!r} had other ends above.", "Give each line its own name.")
        start_s, end_s = _seconds(cells, where)
        rows.append(
            FilmRow(line.name, _group(cells, where), _way(cells, where), _count(cells, where), start_s, end_s)
        )
    if len({row.start_s is None for row in rows}) > 1:
        raise UsageError(
            f"{path}: some rows have start and end and some have not.", "Give them to all or to none."
        )
    for name in lines:
        _check_groups({row.group for row in rows if row.line == name}, f"{path}: line {name!r}")
    return FilmTruth(tuple(lines.values()), tuple(rows))


def store_truth(path: Path) -> tuple[StoreRow, ...]:
    """A table ``camera,place,class,direction,start,end,count``, times in ISO 8601 with their offset from UTC.

    Raises `UsageError` with the line of the file.
    """
    rows = []
    for where, cells in _rows(path, STORE_COLUMNS):
        start, end = (_instant(cells, column, where) for column in ("start", "end"))
        if start >= end:
            raise UsageError(f"{where}: it ends before it starts.", "Put the earlier time under start.")
        group, way, count = _group(cells, where), _way(cells, where), _count(cells, where)
        rows.append(StoreRow(cells["camera"], cells["place"], group, way, start, end, count))
    for camera, place in {(row.camera, row.place) for row in rows}:
        groups = {row.group for row in rows if (row.camera, row.place) == (camera, place)}
        _check_groups(groups, f"{path}: place {place!r} of camera {camera!r}")
    return tuple(rows)


def _rows(path: Path, wanted: tuple[str, ...]) -> list[tuple[str, dict[str, str]]]:
    hint = f"The first line must name the columns {','.join(wanted)}."
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="", restval="")
            missing = [column for column in wanted if column not in (reader.fieldnames or ())]
            if missing:
                raise UsageError(f"{path}: no column {missing[0]!r}.", hint)
            rows = [(f"{path}, line {reader.line_num}", _stripped(row)) for row in reader]
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).", "Check the path.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: is not a CSV table.", hint) from error
    if not rows:
        raise UsageError(f"{path}: holds no rows.", hint)
    return rows


def _stripped(row: Mapping[str, str | list[str]]) -> dict[str, str]:
    return {key: value.strip() for key, value in row.items() if isinstance(value, str)}


def _number(cells: Mapping[str, str], column: str, where: str) -> float:
    try:
        value = float(cells[column])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{where}: {column} is {cells[column]!r}, not a number.", "Use digits, with a point.")
    return value


def _line(cells: Mapping[str, str], where: str) -> Line:
    x1, y1, x2, y2 = (_number(cells, column, where) for column in ("x1", "y1", "x2", "y2"))
    if not all(0 <= v <= 1 for v in (x1, y1, x2, y2)):
        raise UsageError(f"{where}: an end lies outside the picture.", "Coordinates are shares of it, 0-1.")
    if (x1, y1) == (x2, y2):
        raise UsageError(f"{where}: line {cells['line']!r} has no length.", "Give two different ends.")
    return Line(cells["line"], (x1, y1), (x2, y2))


def _seconds(cells: Mapping[str, str], where: str) -> tuple[float | None, float | None]:
    if not cells.get("start") and not cells.get("end"):
        return None, None
    start_s, end_s = (_number({"start": "", "end": "", **cells}, column, where) for column in ("start", "end"))
    if not 0 <= start_s < end_s:
        raise UsageError(f"{where}: {start_s:g} to {end_s:g} s is no stretch of the film.", "Start at 0 or later.")
    return start_s, end_s


def _instant(cells: Mapping[str, str], column: str, where: str) -> datetime:
    try:
        instant = datetime.fromisoformat(cells[column])
    except ValueError as error:
        raise UsageError(f"{where}: {column} is {cells[column]!r}, not a time.", "Use ISO 8601.") from error
    if instant.utcoffset() is None:
        raise UsageError(f"{where}: {column} {cells[column]!r} has no offset from UTC.", "Add Z or +hh:mm.")
    return instant


def _group(cells: Mapping[str, str], where: str) -> str:
    group = cells["class"].lower()
    if group not in _GROUPS:
        near = difflib.get_close_matches(group, _GROUPS, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Use one of {', '.join(_GROUPS)}."
        raise UsageError(f"{where}: class {cells['class']!r} is not counted.", hint)
    return group


def _way(cells: Mapping[str, str], where: str) -> Way:
    match cells["direction"].lower():
        case "in":
            return "in"
        case "out":
            return "out"
    raise UsageError(
        f"{where}: direction is {cells['direction']!r}.",
        "Use in (from the left of the line to its right, looking from x1,y1 to x2,y2) or out.",
    )


def _count(cells: Mapping[str, str], where: str) -> int:
    value = _number(cells, "count", where)
    if value < 0 or value != int(value):
        raise UsageError(f"{where}: count is {cells['count']!r}.", "Use a whole number from 0.")
    return int(value)


def _check_groups(groups: set[str], where: str) -> None:
    named = frozenset(groups)
    for i, one in enumerate(sorted(groups)):
        for other in sorted(groups)[i + 1 :]:
            if classes_of(one, named) & classes_of(other, named):
                raise UsageError(
                    f"{where}: {one!r} and {other!r} speak of the same passes.", "Keep one of the two."
                )
