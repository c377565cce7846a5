"""``passerby plugins``: what is installed, and the options of one."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from passerby.cli.consoles import stderr, stdout
from passerby.errors import UsageError
from passerby.plugins import KINDS, Kind, Option, ending, names, options


def plugins(
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help=f"One of {', '.join(KINDS)}.")] = None,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A plugin, to see its options.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List plugins, one name a line, or the options of one."""
    if kind is None:
        _list({each: names(each) for each in KINDS}, as_json)
        return
    known = _kind(kind)
    if name is None:
        _list({known: names(known)}, as_json)
    elif as_json:
        typer.echo(json.dumps([asdict(option) for option in options(known, name)]))
    else:
        _show(known, name, options(known, name))


def _kind(text: str) -> Kind:
    for kind in KINDS:
        if kind == text:
            return kind
    raise UsageError(f"there is no kind of plugin '{text}' ({', '.join(KINDS)}){ending(text, KINDS)}")


def _list(found: dict[Kind, tuple[str, ...]], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found))
        return
    headings = stderr()
    for kind, there in found.items():
        if len(found) > 1 and there:
            headings.print(f"[dim]{kind}[/dim]")
        for name in there:
            typer.echo(name)


def _show(kind: Kind, name: str, there: tuple[Option, ...]) -> None:
    stderr().print(f"{kind} {name}: {len(there) or 'no'} option{'' if len(there) == 1 else 's'}", markup=False)
    table = Table("option", "type", "default", "what it does", box=None, pad_edge=False, header_style="bold")
    for option in there:
        default = "[bold]needed[/bold]" if option.required else escape(option.default or "-")
        table.add_row(option.name, escape(option.type), default, escape(option.doc))
    if there:
        stdout().print(table)
