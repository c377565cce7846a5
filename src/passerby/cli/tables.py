"""Results as tables for people: counts on stdout, what should be known about them on stderr."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from passerby.cli.consoles import stderr, stdout
from passerby.count import Result


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
        for way, classes in counts.items()
        for label, number in classes.items()
    ]


def _part(row: Mapping[str, Any]) -> str:
    return ("rest: " if row["rest"] else "") + ", ".join(row["part"])


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
