"""Counts films: exact totals for their owner, per line, zone, class and direction."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from passerby import config as configuration
from passerby.count.counting import Watch, run
from passerby.count.job import MIDDLE, AnyFilm, Job, Wish, prepare
from passerby.count.result import Result
from passerby.count.tally import Tally
from passerby.errors import UsageError
from passerby.geometry import Place
from passerby.stages import Detector

__all__ = [
    "MIDDLE",
    "Job",
    "Result",
    "Tally",
    "Watch",
    "Wish",
    "count",
    "prepare",
    "run",
]


def count(
    *films: AnyFilm,
    lines: Mapping[str, Sequence[float]] | None = None,
    zones: Mapping[str, Sequence[float]] | None = None,
    config: str | Path | None = None,
    camera: str | None = None,
    detector: str | Detector = "auto",
    model: str | Path | None = None,
    fps: float | None = None,
    start: datetime | None = None,
    interval: timedelta | None = None,
    exact: bool = False,
    every_frame: bool = False,
    guess_ground: bool = False,
) -> Result:
    """Count one film, or several as one series; the same as ``passerby count``.

    Args:
        films: paths of films or directories of pictures, or finite sources. Exact numbers are given of these
            only, never of a live camera.
        lines: name -> (x1, y1, x2, y2), shares of the picture; the arrow runs from the first point to the second,
            and what goes from its left to its right is ``in``.
        zones: name -> (x1, y1, x2, y2, x3, y3, ...), shares of the picture.
        config: a TOML file whose camera's places and measures are used.
        camera: which camera of it, if there are several.
        detector: ``"auto"``, ``"onnx"``, ``"motion"``, or an object that keeps `stages.Detector`.
        model: name or path of an ONNX model.
        fps: frames analysed a second at most; all of them by default.
        start: when the first film begins, for tables by interval; without an offset, in the site's time zone.
        interval: length of the intervals of `Result.intervals`, which follow the release rule ...
        exact: ... or, with this, are exact; such numbers are their owner's and are written to no store.
        every_frame: look at the whole of every frame, for several times the processor time.
        guess_ground: say in a note where the ground may be, from how tall people look.

    Raises:
        UsageError, ConfigError, ModelError: what was asked for is wrong or not there.
        SourceError: a film cannot be opened, or shows nothing.
        Refused: exact numbers of something that is not a film on this machine.
    """
    began_s = time.monotonic()
    places = _places(lines, zones)
    how = (fps, start, interval, exact, every_frame, guess_ground)
    wish = Wish(films, places, config, camera, detector, model, *how)
    return run(prepare(wish), began_s=began_s)


def _places(
    lines: Mapping[str, Sequence[float]] | None, zones: Mapping[str, Sequence[float]] | None
) -> list[Place]:
    try:
        return [
            *(configuration.line(name, _points(values)) for name, values in (lines or {}).items()),
            *(configuration.zone(name, _points(values)) for name, values in (zones or {}).items()),
        ]
    except ValueError as error:
        raise UsageError(f"{error}.") from None


def _points(values: Sequence[float]) -> list[tuple[float, float]]:
    if len(values) % 2:
        raise ValueError(f"{list(values)} are not pairs of x and y")
    return list(zip(values[::2], values[1::2], strict=True))
