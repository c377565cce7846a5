"""Results as tables for people: counts on stdout, what should be known about them on stderr."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from passerby.cli import event_tables
from passerby.cli.consoles import stderr, stdout
from passerby.count import Result

_WAYS: Final = ("in", "out", "entries", "exits", "mean_inside")


def notes(sentences: Iterable[str]) -> None:
    """What the user should know, one sentence a line, on stderr."""
    console = stderr()
    for sentence in sentences:
        console.print(Text.assemble(("note: ", "dim"), sentence))


def result(counted: Result) -> None:
    """Totals of every line and zone, then the table by interval if there is one."""
    console = stdout()
    analysed = "" if counted.analysed_frames == counted.frames else f", {counted.analysed_frames} analysed"
    rough = " (rough: moving blobs, no model)" if counted.accuracy == "rough" else ""
    console.print(
        f"{counted.film}: {_clock(counted.duration_s)}, {counted.frames} frames{analysed}, "
        f"counted with {counted.detector}{rough}"
    )
    if counted.lines:
        console.print(_ways("line", ("in", "out"), counted.lines))
    if counted.zones:
        console.print(_ways("zone", ("entries", "exits", "mean_inside"), counted.zones))
    if counted.movements:
        console.print(_movements(counted.movements))
    if counted.values:
        console.print(_values(counted.values))
    if counted.conflicts:
        console.print(event_tables.conflicts(counted.conflicts))
    if counted.events:
        for table in event_tables.events(counted.events):
            console.print(table)
    if counted.intervals:
        console.print(_intervals(counted.intervals))
    for gap in counted.gaps:
        console.print(f"not seen: {gap['start']} to {gap['end']} ({gap['reason']})")


def _ways(kind: str, ways: Sequence[str], places: Mapping[str, Any]) -> Table:
    table = Table(kind, "class", box=None, pad_edge=False, header_style="bold")
    for way in ways:
        table.add_column(way.replace("_", " "), justify="right")
    for name, counts in places.items():
        labels = sorted({label for way in ways for label in counts[way]})
        for row, label in enumerate(labels):
            numbers = [f"{counts[way].get(label, 0):g}" for way in ways]
            table.add_row(name if row == 0 else "", label, *numbers)
        if not labels:
            table.add_row(name, "-", *("0" for _ in ways))
    return table


def _movements(movements: Mapping[str, Mapping[str, int]]) -> Table:
    table = Table("movement", "class", box=None, pad_edge=False, header_style="bold")
    table.add_column("passes", justify="right")
    for movement, counts in movements.items():
        for row, (label, n) in enumerate(counts.items() or [("-", 0)]):
            table.add_row(movement if row == 0 else "", label, str(n))
    return table


def _values(places: Mapping[str, Mapping[str, Any]]) -> Table:
    """One row a place, quantity, way and class; of what is sampled, one a place and quantity."""
    table = Table("place", "what", "of", box=None, pad_edge=False, header_style="bold")
    columns = ("n", "mean", "median", "p85", "p95", "max")
    for column in columns:
        table.add_column(column, justify="right")
    for name, quantities in places.items():
        for quantity, stated in quantities.items():
            for of, numbers in _stated(stated):
                cells = [f"{numbers[column]:g}" if column in numbers else "" for column in columns]
                table.add_row(name, quantity, of, *cells)
                name = quantity = ""
    return table


def _stated(stated: Any) -> list[tuple[str, Mapping[str, float]]]:
    """What it is of, and its numbers."""
    if not isinstance(stated, Mapping):
        return [("", {"mean": stated})]
    if "mean" in stated:
        return [("", stated)]
    return [
        (f"{label} {way}", number if isinstance(number, Mapping) else {"mean": number})
        for way, classes in stated.items()
        for label, number in classes.items()
    ]


def _intervals(intervals: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("from", "to", "seen", "place", box=None, pad_edge=False, header_style="bold")
    table.add_column("what")
    table.add_column("count", justify="right")
    for interval in intervals:
        head = [interval["start"], interval["end"], f"{interval['observed']:.0%}"]
        rows = [
            (name, what, count)
            for kind in ("lines", "zones")
            for name, counts in interval[kind].items()
            for what, count in _counts(counts)
        ]
        for number, (name, what, count) in enumerate(rows or [("", "nothing", "0")]):
            table.add_row(*(head if number == 0 else ("", "", "")), name, what, count)
    return table


def _counts(counts: Any) -> list[tuple[str, str]]:
    """Rows of one place in one interval: released parts as they are, or exact numbers by way and class."""
    if isinstance(counts, list):
        return [(_part(row), f"{row['count'] if 'count' in row else row['mean']}") for row in counts]
    return [
        (f"{label} {way.replace('_', ' ')}", f"{number:g}")
        for way in _WAYS
        for label, number in counts.get(way, {}).items()
    ]


def _part(row: Mapping[str, Any]) -> str:
    return ("rest: " if row["rest"] else "") + ", ".join(row["part"])


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
