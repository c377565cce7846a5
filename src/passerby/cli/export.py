"""``passerby export``: released rows out of a store."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from passerby import plugins
from passerby.cli.consoles import stderr
from passerby.errors import UsageError
from passerby.export import CSV, JSONL, Form, regular, write_rows, write_slots
from passerby.outlets import Query, Store


def export(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="The store's file.")],
    form: Annotated[str, typer.Option("--format", metavar="csv|jsonl", help="How to write it.")] = "csv",
    start: Annotated[
        str | None, typer.Option("--from", metavar="ISO8601", help="Rows that end after this.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="ISO8601", help="Rows that begin before this.")
    ] = None,
    camera: Annotated[list[str], typer.Option("--camera", metavar="NAME", help="Only this camera.")] = [],  # noqa: B006
    place: Annotated[list[str], typer.Option("--place", metavar="NAME", help="Only this place.")] = [],  # noqa: B006
    cut: Annotated[
        list[str], typer.Option("--cut", metavar="all|mode|class|movement", help="Only this cut.")
    ] = [],  # noqa: B006
    grid: Annotated[
        str | None,
        typer.Option("--grid", metavar="15min", help="On a regular grid; longer rows keep their own period."),
    ] = None,
    timezone: Annotated[
        str, typer.Option("--timezone", metavar="ZONE", help="In which the grid is drawn.")
    ] = "UTC",
) -> None:
    """Write what a store holds as CSV or JSON Lines, on stdout."""
    writer, zone = _form(form), _zone(timezone)
    wanted = Query(
        tuple(camera), tuple(place), tuple(cut), _instant("--from", start, zone), _instant("--to", end, zone)
    )
    table = {"use": "sqlite", "path": str(store), "read_only": True}
    rows = plugins.build("store", table, Store).read(wanted)
    if grid is None:
        number = write_rows(rows, writer, sys.stdout)
    else:
        try:
            every = plugins.duration(grid)
        except ValueError as error:
            raise UsageError(f"--grid: {error}.") from None
        number = write_slots(regular(rows, every, zone), writer, sys.stdout)
    stderr().print(f"{number} rows")


def _form(name: str) -> Form:
    forms: dict[str, Form] = {"csv": CSV, "jsonl": JSONL}
    if name not in forms:
        hint = plugins.suggestion(name, forms) or f"There is: {', '.join(forms)}."
        raise UsageError(f"--format {name}: there is no such form.", hint)
    return forms[name]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise UsageError(f"--timezone {name}: there is no such time zone.", "Write e.g. Europe/Lisbon.") from None


def _instant(option: str, text: str | None, zone: ZoneInfo) -> datetime | None:
    """An instant; without an offset it is meant in the zone of the grid."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text}: not a time.", "Write e.g. 2026-05-01 or 2026-05-01T07:00.") from None
    return at if at.tzinfo else at.replace(tzinfo=zone)
