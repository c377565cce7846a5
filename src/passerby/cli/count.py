"""``passerby count``: films in, counts out."""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from passerby import plugins
from passerby.classes import Class
from passerby.cli import places, progress, tables, watch
from passerby.cli.models import offer_a_model
from passerby.count import Job, Result, Tally, Wish, prepare, run
from passerby.errors import PartialError, UsageError
from passerby.export import peak_hour, turns, write_intervals
from passerby.geometry import Place
from passerby.pipeline import Played

FilmArgument = Annotated[list[str], typer.Argument(metavar="FILM...", help="Films or directories of pictures.")]
LineOption = Annotated[
    list[str],
    typer.Option("--line", metavar="NAME=x1,y1,x2,y2", help="A line to count over, from 0 to 1 of the picture."),
]
ZoneOption = Annotated[
    list[str],
    typer.Option("--zone", metavar="NAME=x1,y1,x2,y2,x3,y3...", help="A zone to count in, from 0 to 1."),
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Take the places of a camera from this file.")
]
CameraOption = Annotated[
    str | None, typer.Option("--camera", metavar="NAME", help="Which camera of it, if there are several.")
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="NAME_OR_PATH", help="An ONNX model: a name of `passerby models list`, or a path."
    ),
]
DetectorOption = Annotated[
    str, typer.Option("--detector", metavar="auto|onnx|motion", help="What finds road users; auto takes the best.")
]
FpsOption = Annotated[float | None, typer.Option("--fps", metavar="N", help="Frames analysed a second at most.")]
EveryFrameOption = Annotated[
    bool, typer.Option("--every-frame", help="Look at the whole of every frame: several times the cost.")
]
StartOption = Annotated[str | None, typer.Option("--start", metavar="ISO8601", help="When the first film begins.")]
IntervalOption = Annotated[
    str | None,
    typer.Option("--interval", metavar="15min", help="Also a table by interval, as the release rule gives it."),
]
ExactOption = Annotated[
    bool, typer.Option("--exact", help="With --interval: exact numbers, of a film of your own only.")
]
GuessOption = Annotated[
    bool, typer.Option("--guess-ground", help="Say where the ground may be, by how tall people look.")
]
CsvOption = Annotated[
    bool, typer.Option("--csv", help="With --interval and --exact: that table as CSV, the sheet of a junction.")
]


def count(
    films: FilmArgument,
    line: LineOption = [],  # noqa: B006  (Typer wants a list, and makes a new one)
    zone: ZoneOption = [],  # noqa: B006
    config: ConfigOption = None,
    camera: CameraOption = None,
    model: ModelOption = None,
    detector: DetectorOption = "auto",
    fps: FpsOption = None,
    every_frame: EveryFrameOption = False,
    start: StartOption = None,
    interval: IntervalOption = None,
    exact: ExactOption = False,
    guess_ground: GuessOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    as_csv: CsvOption = False,
    look: Annotated[
        bool, typer.Option("--watch", help="Open a page that shows the empty place, glyphs and counts.")
    ] = False,
) -> None:
    """Count who passes in a film: per line, zone, class and direction."""
    began_s = time.monotonic()
    if as_csv and (as_json or interval is None or not exact):
        raise UsageError(
            "--csv is the table of --interval with --exact, without --json.",
            "Released rows come from a store: `passerby export`.",
        )
    drawn: list[Place] = [*places.lines(line), *places.zones(zone)]
    if detector == "auto" and model is None and config is None and not as_json:
        offer_a_model()
    wish = Wish(
        films,
        drawn,
        config,
        camera,
        checked(detector),
        model,
        fps,
        _start(start),
        _interval(interval),
        exact,
        every_frame,
        guess_ground,
    )
    job = prepare(wish)
    result = _run(job, look, began_s)
    tables.notes(result.notes)
    if as_json:
        typer.echo(json.dumps(result.document()))
    elif as_csv:
        _csv(job, result)
    else:
        tables.result(result)
    if not result.complete:
        raise PartialError("The count is not of the whole film.")


def _csv(job: Job, result: Result) -> None:
    labels = [c.label for c in Class if any(c in counted for counted in job.classes.values())]
    turning = turns(list(result.movements), job.places, job.ground)
    write_intervals(result.intervals, labels, turning, sys.stdout)
    peak = peak_hour(result.intervals, job.wish.interval) if turning and job.wish.interval is not None else None
    if peak is not None:
        first, volume, factor = peak
        hour = f"{result.intervals[first]['start']} to {result.intervals[first + 3]['end']}"
        tables.notes([f"Peak hour: {hour}, {volume} in all, peak hour factor {factor:.2f}."])


def checked(detector: str) -> str:
    """One of the detectors that a film can be counted with; raises `UsageError`."""
    there = ("auto", "onnx", "motion")
    if detector not in there:
        hint = plugins.suggestion(detector, there) or f"There is: {', '.join(there)}."
        raise UsageError(f"--detector {detector}: there is no such detector.", hint)
    return detector


def _run(job: Job, look: bool, began_s: float) -> Result:
    with progress.bar(job.series) as tell:
        if not look:
            return run(job, tell, began_s=began_s)
        with watch.page(job) as show:

            def both(played: Played, tally: Tally) -> None:
                tell(played, tally)
                show(played, tally)

            result = run(job, both, began_s=began_s)
            show.finish(result)
            return result


def _start(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--start {text}: not a time.", "Write e.g. 2026-05-01T07:00:00+01:00.") from None


def _interval(text: str | None) -> timedelta | None:
    if text is None:
        return None
    try:
        return plugins.duration(text)
    except ValueError as error:
        raise UsageError(f"--interval: {error}.") from None
