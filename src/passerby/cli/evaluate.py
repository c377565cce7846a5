"""``passerby evaluate``: how far counts and tracks are from the truth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import typer

from passerby import plugins
from passerby.classes import LABELS
from passerby.cli import figures
from passerby.cli.count import DetectorOption, EveryFrameOption, FpsOption, ModelOption, checked
from passerby.errors import UsageError
from passerby.evaluate import mot, thresholds, truth_tables
from passerby.evaluate.film import Choice, count_passes, follow
from passerby.evaluate.lines import line_figures
from passerby.evaluate.released import CutFigures, released_figures
from passerby.evaluate.tracking import TrackingFigures, tracking_figures
from passerby.outlets import Query, Store

TRACK_KEYS: Final = tuple(f.name for f in fields(TrackingFigures))
COUNT_KEYS: Final = ("wape", "bias", "exact_lines", "lines", "geh")
STORE_KEYS: Final = ("wape", "segment_wape", "bias", "geh", "rows", "true", "counted", "observed")

SEED: Final = 20090706  # of the resampling, so that the same film gives the same intervals

Limits = Annotated[
    list[str],
    typer.Option("--fail-above", metavar="KEY=VALUE", help="Exit 6 if this figure is above the value."),
]
Floors = Annotated[
    list[str],
    typer.Option("--fail-below", metavar="KEY=VALUE", help="Exit 6 if this figure is below the value."),
]


def evaluate(
    target: Annotated[str, typer.Argument(metavar="FILM|STORE", help="A film, or with --counts a store.")],
    truth: Annotated[
        Path | None, typer.Option("--truth", metavar="FILE.mot.txt", help="True boxes, as MOTChallenge text.")
    ] = None,
    counts: Annotated[
        Path | None, typer.Option("--counts", metavar="FILE.csv", help="True counts, as a table.")
    ] = None,
    class_: Annotated[
        str, typer.Option("--class", metavar="CLASS", help="With --truth: the class that the boxes are of.")
    ] = "person",
    model: ModelOption = None,
    detector: DetectorOption = "auto",
    fps: FpsOption = None,
    every_frame: EveryFrameOption = False,
    fail_above: Limits = [],  # noqa: B006  (Typer wants a list, and makes a new one)
    fail_below: Floors = [],  # noqa: B006
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Compare tracks or counts with the truth, in the figures of the field.

    --truth gives HOTA, DetA, AssA, IDF1, MOTA, identity switches, precision and recall of a film. --counts gives
    WAPE, bias and GEH: of a film with columns line,x1,y1,x2,y2,class,direction,count (and start,end in seconds
    for intervals), of a store with columns camera,place,class,direction,start,end,count.
    """
    if (truth is None) == (counts is None):
        raise UsageError("Give either --truth (boxes) or --counts (numbers).", "See passerby evaluate --help.")
    stored = _is_store(Path(target))
    if stored and (truth is not None or model is not None or fps is not None):
        raise UsageError(f"{target} is a store: --truth, --model and --fps are for films.", "Give --counts only.")
    keys = TRACK_KEYS if truth is not None else STORE_KEYS if stored else COUNT_KEYS
    limits = [*thresholds.parse(fail_above, "above", keys), *thresholds.parse(fail_below, "below", keys)]
    choice = Choice(checked(detector), model, fps, every_frame)
    if truth is not None:
        document = _tracks(target, truth, class_, choice)
    elif counts is not None:
        document = _store(Path(target), counts) if stored else _counts(target, counts, choice)
    if as_json:
        typer.echo(json.dumps(_rounded(document)))
    else:
        figures.show(document)
    thresholds.check(limits, document)


def _tracks(film: str, file: Path, group: str, choice: Choice) -> dict[str, Any]:
    truth = mot.read(file)
    if group not in LABELS:
        raise UsageError(f"--class {group}: there is no such class.", plugins.suggestion(group, LABELS))
    classes = truth_tables.classes_of(group)
    followed = follow(film, choice, classes, int(truth.frame[-1]))
    return asdict(tracking_figures(truth, followed.found)) | {"detector": followed.detector}


def _counts(film: str, file: Path, choice: Choice) -> dict[str, Any]:
    truth = truth_tables.film_truth(file)
    passed = count_passes(film, choice, truth.lines)
    compared = line_figures(truth, passed.passes, passed.duration_s, np.random.default_rng(SEED))
    return asdict(compared) | {"detector": passed.detector}


def _store(path: Path, file: Path) -> dict[str, Any]:
    truth = truth_tables.store_truth(file)
    store = plugins.build("store", {"use": "sqlite", "path": str(path), "read_only": True}, Store)
    try:
        compared = released_figures(truth, store.read(Query()))
    finally:
        store.close()
    cuts = {name: asdict(cut) for name, cut in compared.cuts.items()}
    none: dict[str, Any] = {f.name: None for f in fields(CutFigures)}
    finest = next(iter(cuts.values()), none)
    return finest | {"cuts": cuts, "unmatched": compared.unmatched}


def _is_store(path: Path) -> bool:
    """Whether this is a database and not a film."""
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def _rounded(value: Any) -> Any:
    """Figures to six places: more would be noise."""
    match value:
        case float():
            return round(value, 6)
        case Mapping():
            return {key: _rounded(part) for key, part in value.items()}
        case list() | tuple():
            return [_rounded(part) for part in value]
    return value
