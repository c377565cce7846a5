"""``passerby privacy``: what a configuration keeps, shows and sends, and why."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from passerby import config as configuration
from passerby.privacy import PROMISE, statement


def privacy(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="The configuration file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say in plain words what a configuration keeps, shows and sends, for how long, and the limits."""
    said = statement(configuration.load(config))
    if as_json:
        typer.echo(json.dumps({"promise": PROMISE, **asdict(said)}, ensure_ascii=False))
        return
    typer.echo(f"{said.site}\n\n{PROMISE}")
    for heading, sentences in (
        ("What is watched", said.watches),
        ("What is kept", said.keeps),
        ("What is shown live", said.shows),
        ("What is sent", said.sends),
        ("What is never done", said.never),
        ("Limits", said.limits),
    ):
        typer.echo(f"\n{heading}")
        for sentence in sentences:
            typer.echo(f"- {sentence}")
