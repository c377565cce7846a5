"""The verbs: data on stdout, all else on stderr, one sentence and a documented exit code for every error."""

from __future__ import annotations

import os
import sys

import typer

from passerby.version import VERSION
from passerby.errors import PasserbyError

app = typer.Typer(
    name="passerby",
    help="Turns the cameras a place already has into numbers, and keeps nothing that singles a person out.",
    epilog=(
        "Exit codes: 0 ok, 1 failure, 2 usage, 3 partial, 4 not reachable, 5 refused, "
        "6 threshold not met, 78 configuration."
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"passerby {VERSION}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Options of every verb."""
