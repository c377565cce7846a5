"""``passerby models``: which detector models there are, and how they get onto this machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table

from passerby.cli.consoles import stderr, stdout
from passerby.errors import ModelError, PasserbyError
from passerby.models import pull as pulling
from passerby.models import shelf
from passerby.models.manifest import MODELS

models = typer.Typer(help="List, fetch and check detector models.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="Names as `models list` gives them.")]


@models.command("list")
def list_(as_json: Json = False) -> None:
    """List the models that are known, and those on this machine."""
    rows = _rows()
    if as_json:
        typer.echo(json.dumps({"folder": str(shelf.folder()), "models": rows}))
        return
    table = Table("model", "here", "MB", "AP", "licence", "what", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        megabytes = f"{row['bytes'] / 1e6:.1f}"
        accuracy = "-" if row["ap"] is None else f"{row['ap']:.1f}"
        table.add_row(
            row["name"], "yes" if row["path"] else "no", megabytes, accuracy, row["licence"] or "-", row["note"]
        )
    stdout().print(table)
    stderr().print(f"folder: {shelf.folder()}", markup=False)


@models.command()
def pull(
    names: Names,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="DIRECTORY", help="Take them from here; nothing connects.", file_okay=False
        ),
    ] = None,
) -> None:
    """Fetch models, and keep them only if their hash is right; prints their paths."""
    for name in names:
        with _bar(name) as tell:
            path = pulling.pull(name, offline=source, progress=tell)
        typer.echo(path)


@models.command()
def verify(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME...]", help="By default all listed ones that are here.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Hold models on this machine against the hashes of the list; a wrong file is removed."""
    asked = names or [model.name for model in MODELS if (shelf.folder() / model.file).is_file()]
    said: dict[str, str | None] = {}
    errors: list[PasserbyError] = []
    for name in asked:
        try:
            shelf.verify(name)
            said[name] = None
        except ModelError as error:
            said[name] = str(error)
            errors.append(error)
    if as_json:
        typer.echo(json.dumps({name: {"ok": wrong is None, "error": wrong} for name, wrong in said.items()}))
    else:
        for name, wrong in said.items():
            typer.echo(f"{name} {'ok' if wrong is None else 'wrong'}")
    if not asked:
        stderr().print(f"No listed model is in {shelf.folder()}.", markup=False)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ModelError("\n".join(str(error) for error in errors))


@models.command()
def path(name: Annotated[str, typer.Argument(metavar="NAME", help="A model's name, or a path.")]) -> None:
    """Print the file that a model's name means."""
    typer.echo(shelf.path(name))


def offer_a_model() -> None:
    """Where there is no model and somebody sits at the terminal, ask whether to fetch one; else do nothing.

    Nothing connects unless the answer is yes. A fetch that fails is said, and the count goes on without.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()) or shelf.installed():
        return
    light = MODELS[0]
    question = (
        f"There is no model here, so only what moves is counted. Fetch {light.name} ({light.bytes / 1e6:.1f} MB)?"
    )
    if not typer.confirm(question, default=False, err=True):
        return
    try:
        with _bar(light.name) as tell:
            pulling.pull(light.name, progress=tell)
    except PasserbyError as error:
        stderr().print(str(error), markup=False)


def _rows() -> list[dict[str, Any]]:
    here = shelf.installed()
    paths = {item.model.name: item.path for item in here if item.model is not None}
    listed = [
        {
            "name": model.name,
            "path": str(paths[model.name]) if model.name in paths else None,
            "bytes": model.bytes,
            "sha256": model.sha256,
            "url": model.url,
            "licence": model.licence,
            "contract": model.contract,
            "ap": model.ap,
            "note": model.note,
        }
        for model in MODELS
    ]
    own = [
        {
            "name": item.name,
            "path": str(item.path),
            "bytes": item.path.stat().st_size,
            "sha256": None,
            "url": None,
            "licence": None,
            "contract": None,
            "ap": None,
            "note": "your own",
        }
        for item in here
        if item.model is None
    ]
    return listed + own


@contextmanager
def _bar(name: str) -> Iterator[pulling.Progress | None]:
    """What to tell of every chunk that has come; draws on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    left = TimeRemainingColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), left)
    with Progress(*columns, console=stderr(), transient=True) as progress:
        task = progress.add_task(name, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
