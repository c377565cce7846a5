"""``passerby bench``: what a frame costs on this machine, stage by stage."""

from __future__ import annotations

import json
import time
from contextlib import nullcontext
from dataclasses import replace
from typing import Annotated

import typer
from rich.table import Table

from passerby.bench import STAGES, Figures, drawn_film
from passerby.bench import bench as measure
from passerby.cli import tables
from passerby.cli.consoles import stderr, stdout
from passerby.cli.count import DetectorOption, EveryFrameOption, FpsOption, ModelOption, checked
from passerby.count import Wish
from passerby.errors import PartialError


def bench(
    film: Annotated[
        str | None, typer.Argument(metavar="[FILM]", help="A film; a drawn street where none is given.")
    ] = None,
    model: ModelOption = None,
    detector: DetectorOption = "auto",
    fps: FpsOption = None,
    every_frame: EveryFrameOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Measure what a frame costs: processor time by stage, what was looked at, and cameras a core."""
    wanted = checked(detector)
    if film is None and not as_json:
        stderr().print("Drawing a street to measure on; the drawing is not measured.")
    before_s = time.process_time()
    with drawn_film() if film is None else nullcontext(film) as path:
        drawing_s = time.process_time() - before_s if film is None else 0.0
        wish = Wish([path], detector=wanted, model=model, fps=fps, every_frame=every_frame)
        figures = measure(wish, not_ours_s=drawing_s)
    if film is None:
        figures = replace(figures, film="drawn street")
    tables.notes(figures.notes)
    if as_json:
        typer.echo(json.dumps(figures.document()))
    else:
        _show(figures)
    if not figures.complete:
        raise PartialError("The figures are not of the whole film.")


def _show(figures: Figures) -> None:
    document = figures.document()
    console = stdout()
    console.print(
        f"{figures.film}: {figures.frames} frames, {figures.analysed_frames} analysed, with {figures.detector}"
    )
    table = Table("stage", box=None, pad_edge=False, header_style="bold")
    for column in ("CPU ms a frame", "share"):
        table.add_column(column, justify="right")
    total_ms = document["cpu_ms_frame"]
    for stage in STAGES:
        spent_ms = figures.stage_ms(stage)
        table.add_row(stage, f"{spent_ms:.3f}", f"{spent_ms / total_ms:.0%}")
    table.add_row("all", f"{total_ms:.3f}", "", style="bold")
    console.print(table)
    console.print(
        f"Looked at something in {document['frames_looked_share']:.0%} of the frames, "
        f"at {document['pixels_looked_share']:.0%} of all pixels."
    )
    if document["model_pixels_share"] is not None:
        console.print(
            f"The model was given {document['model_inputs_frame']:.2f} pictures a frame, in pixels "
            f"{document['model_pixels_share']:.0%} of one whole input for every analysed frame."
        )
    console.print(
        f"One core carries about {document['cameras_per_core_5fps']:.1f} cameras like this one at 5 analysed "
        f"frames a second, computed from the table; decoding alone would allow "
        f"{document['cameras_per_core_decode_only']:.0f}."
    )
    console.print(
        f"Apart from that: {figures.startup_cpu_s:.2f} CPU s to start; at most "
        f"{figures.memory_peak_mb:.0f} MB of memory."
    )
