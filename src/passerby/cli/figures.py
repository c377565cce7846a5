"""Figures of an evaluation as tables for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from passerby.cli import tables
from passerby.cli.consoles import stdout

_NESTED = (Mapping, list, tuple)


def show(document: Mapping[str, Any]) -> None:
    """Figures on stdout, what should be known about them on stderr."""
    console = stdout()
    figures = {k: v for k, v in document.items() if not (isinstance(v, _NESTED) or k.endswith("_interval"))}
    grid = Table(box=None, pad_edge=False, show_header=False)
    grid.add_column()
    grid.add_column(justify="right")
    for key, value in figures.items():
        grid.add_row(key, written(value) + _interval(document.get(f"{key}_interval")))
    console.print(grid)
    if document.get("cells"):
        console.print(_table(document["cells"]))
    if document.get("cuts"):
        console.print(_table([{"cut": name, **figures} for name, figures in document["cuts"].items()]))
    tables.notes([*document.get("notes", ()), *document.get("unmatched", ())])


def written(value: object) -> str:
    """A figure with as many digits as it is good for; "-" where it cannot be had."""
    match value:
        case None:
            return "-"
        case float():
            return f"{value:.4f}"
    return str(value)


def _interval(interval: Sequence[float] | None) -> str:
    return "" if interval is None else f" ({interval[0]:.4f} to {interval[1]:.4f})"


def _table(rows: Sequence[Mapping[str, object]]) -> Table:
    table = Table(*rows[0], box=None, pad_edge=False, header_style="bold")
    for column, value in zip(table.columns, rows[0].values(), strict=True):
        column.justify = "left" if isinstance(value, str) else "right"
    for row in rows:
        table.add_row(*map(written, row.values()))
    return table
