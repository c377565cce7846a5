"""``passerby redact``: a film in, the same film with people and vehicles obscured out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from passerby.cli import tables
from passerby.cli.consoles import stderr, stdout
from passerby.cli.count import DetectorOption, ModelOption, checked
from passerby.cli.models import offer_a_model
from passerby.errors import PartialError, UsageError
from passerby.redact import Redacted, Style, Watch
from passerby.redact import redact as obscure

_NAMED: Final = {"pixelate": 63, "blur": 70}  # % of 40 rendered people: docs/privacy/results.md, masks
_WEAKER: Final = (
    "--obscure {how}: whoever knows somebody, and a machine that was trained for it, may still recognise them. A "
    "small one named {share} % of 40 rendered people right, where chance is 2.5 %. One colour, the default, "
    "leaves place, size and motion only."
)


def redact(
    film: Annotated[str, typer.Argument(metavar="IN", help="A film or a directory of pictures.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The film to write: .mp4, .mov, .mkv or .webm.")],
    model: ModelOption = None,
    detector: DetectorOption = "auto",
    faces: Annotated[
        str | None,
        typer.Option("--faces", metavar="NAME_OR_PATH", help="A YuNet model; default: one in the models' folder."),
    ] = None,
    obscured: Annotated[
        str | None,
        typer.Option("--obscure", metavar="pixelate|blur", help="Hide less well than with one colour."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT, if it is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write a film in which people and vehicles are obscured. Not anonymous: as good as it was seen."""
    style, finder = _style(obscured), checked(detector)
    if detector == "auto" and model is None and not as_json:
        offer_a_model()
    with _bar() as tell:
        done = obscure(
            film, out, detector=finder, model=model, faces_model=faces, style=style, force=force, watch=tell
        )
    tables.notes(done.notes)
    if as_json:
        typer.echo(json.dumps(done.document()))
    else:
        _show(done)
    if not done.complete:
        raise PartialError("The film that was written is not the whole one.")


def _style(obscured: str | None) -> Style:
    coarse: dict[str, Literal["pixelate", "blur"]] = {"pixelate": "pixelate", "blur": "blur"}
    if obscured is None:
        return "solid"
    if obscured not in coarse:
        raise UsageError(f"--obscure {obscured}: there is pixelate and blur.", "Leave it out for one colour.")
    stderr().print(_WEAKER.format(how=obscured, share=_NAMED[obscured]), markup=False)
    return coarse[obscured]


def _show(done: Redacted) -> None:
    console = stdout()
    hidden = "in one colour" if done.style == "solid" else f"by {done.style}"
    console.print(f"{done.out}: {done.frames} frames, {done.covered:.0%} of the picture {done.label} {hidden}.")
    if done.blank_frames:
        console.print(f"{done.blank_frames} frames are blank: nothing could be said of what they show.")
    finders = ", ".join(dict.fromkeys(name for name in ("motion", done.detector, done.faces) if name))
    console.print(f"Found by {finders}. Without sound and metadata.")
    stderr().print(
        "Obscured is not anonymous: look through the film before you hand it on, and mind what clothes, places "
        "and times tell."
    )


@contextmanager
def _bar() -> Iterator[Watch | None]:
    """A bar on stderr, on a terminal only: how far both passes are, in time of the film."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[at]}"), TimeElapsedColumn())
    with Progress(*columns, console=stderr(), transient=True) as progress:
        task, reached_s = progress.add_task("looking", total=None, at=""), 0.0

        def tell(stage: str, time_s: float) -> None:
            nonlocal reached_s
            if stage == "looking":  # its length is known when it has been read
                reached_s = time_s
                progress.update(task, at=f"{time_s:.0f} s")
            else:
                progress.update(task, description=stage, total=reached_s, completed=time_s, at=f"{time_s:.0f} s")

        yield tell
