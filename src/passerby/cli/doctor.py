"""``passerby doctor``: whether this machine has what passerby needs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Final

import typer
from rich.markup import escape

from passerby.cli.consoles import stdout
from passerby.cli.machine import Finding, State, findings
from passerby.version import VERSION

_COLOURS: Final[dict[State, str]] = {"ok": "green", "warning": "yellow", "failure": "red"}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Look over this machine; exit code 1 if something that is needed is missing."""
    found = list(findings())
    healthy = not any(finding.state == "failure" for finding in found)
    if as_json:
        typer.echo(json.dumps({"version": VERSION, "ok": healthy, "findings": [asdict(f) for f in found]}))
    else:
        _show(found)
    if not healthy:
        raise typer.Exit(1)


def _show(found: list[Finding]) -> None:
    console = stdout()
    width = max(len(finding.name) for finding in found)
    console.print(f"passerby {VERSION}")
    for finding in found:
        state = f"[{_COLOURS[finding.state]}]{finding.state:7}[/]"
        console.print(f"{state}  {finding.name:{width}}  {escape(finding.said)}")
        if finding.hint:
            console.print(f"{'':7}  {'':{width}}  [dim]{escape(finding.hint)}[/dim]")
