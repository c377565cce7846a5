"""The verbs: data on stdout, all else on stderr, one sentence and a documented exit code for every error."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from passerby.cli.bench import bench
from passerby.cli.check import check
from passerby.cli.consoles import stderr
from passerby.cli.count import count
from passerby.cli.demo import demo
from passerby.cli.doctor import doctor
from passerby.cli.draw import draw
from passerby.cli.evaluate import evaluate
from passerby.cli.export import export
from passerby.cli.models import models
from passerby.cli.plugins import plugins
from passerby.cli.privacy import privacy
from passerby.cli.redact import redact
from passerby.cli.run import run
from passerby.errors import PasserbyError
from passerby.version import VERSION

app = typer.Typer(
    name="passerby",
    help="Turns the cameras a place already has into numbers, and keeps nothing that singles a person out.",
    epilog=(
        "Exit codes: 0 ok, 1 failure, 2 usage, 3 partial, 4 not reachable, 5 refused, "
        "6 threshold not met, 78 configuration."
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for verb in (count, run, demo, draw, redact, check, evaluate, bench, export, privacy, plugins, doctor):
    app.command()(verb)
app.add_typer(models, name="models")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"passerby {VERSION}")
        raise typer.Exit


@app.callback()
def _every(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of every verb."""


def main() -> None:
    """Run a verb; what goes wrong is one sentence on stderr and an exit code, never a traceback."""
    try:
        app()
    except PasserbyError as error:
        console = stderr()
        console.print(f"passerby: {error.message}", markup=False)
        if error.hint:
            console.print(error.hint, markup=False)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader has gone (`| head`): there is nobody to tell. Keep Python from flushing into it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
