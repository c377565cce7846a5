"""``passerby draw``: a page to draw lines and zones on the empty place of a film."""

from __future__ import annotations

import sys
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from passerby import draw as drawing
from passerby.cli.consoles import stderr
from passerby.cli.count import DetectorOption, ModelOption, checked
from passerby.web import serve


def draw(
    film: Annotated[str, typer.Argument(metavar="FILM", help="A film, or a directory of pictures.")],
    config: Annotated[
        Path, typer.Option("--config", metavar="FILE", help="Where to write the lines and zones.")
    ] = Path("passerby.toml"),
    camera: Annotated[str, typer.Option("--camera", metavar="NAME", help="Under which camera of it.")] = "film",
    model: ModelOption = None,
    detector: DetectorOption = "auto",
) -> None:
    """Draw lines and zones on a film's empty place, in the browser, and write them as TOML."""
    console = stderr()
    console.print(f"Looking for the empty place in {film} ...")
    editor = drawing.editor(film, config, camera, model=model, detector=checked(detector))
    with serve(editor) as door:
        console.print(f"Draw at {door.url}")
        console.print("Save there; Done, or Ctrl-C here, ends this.")
        if sys.stderr.isatty():
            webbrowser.open(door.url)
        with suppress(KeyboardInterrupt):
            door.wait()
