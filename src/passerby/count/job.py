"""What a count is going to do: films, places, detector and clock, opened and checked before the first frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from passerby import config, plugins
from passerby.classes import Class
from passerby.config import Config
from passerby.count.events import Watched, watched
from passerby.count.intervals import Clock
from passerby.errors import ConfigError, ModelError, Refused, UsageError
from passerby.geometry import Line, Place
from passerby.ground import Ground
from passerby.look import Attention
from passerby.measures.service import NOT_VALIDATED
from passerby.models import shelf
from passerby.pipeline import Camera, Film, Series
from passerby.records import Kind
from passerby.release import Rule
from passerby.stages import Chosen, Detector, Finite, Measure, ReadsCrowd, Source, Tracker, conflicts, movements

# Where nothing is drawn, films are counted over this: from left to right, so that what moves down is "in".
MIDDLE: Final = Line("middle", (0.0, 0.5), (1.0, 0.5))

AnyFilm = str | Path | Source


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller asked for, unchecked; see `passerby.count.count` for the meaning of each."""

    films: Sequence[AnyFilm]
    places: Sequence[Place] = ()
    config: str | Path | None = None
    camera: str | None = None
    detector: str | Detector = "auto"
    model: str | Path | None = None
    fps: float | None = None
    start: datetime | None = None
    interval: timedelta | None = None
    exact: bool = False
    every_frame: bool = False
    guess_ground: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """Everything opened and checked; films are played once."""

    wish: Wish
    series: Series
    places: tuple[Place, ...]
    classes: Mapping[str, tuple[Class, ...]]  # place -> all that is counted there
    camera: Camera
    detector: Detector
    clock: Clock
    rule: Rule
    movements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # place -> all there may be
    ground: Ground | None = None
    notes: list[str] = field(default_factory=list)
    watched: Watched = field(default_factory=Watched)
    conflicts: Mapping[str, tuple[Kind, ...]] = field(default_factory=dict)  # place -> all there may be


def prepare(wish: Wish) -> Job:
    """Open films and model, build the camera; raises the errors that `passerby.count.count` lists."""
    _check(wish)
    notes: list[str] = []
    read = None if wish.config is None else config.load(wish.config)
    drawn = None if read is None else read.camera(wish.camera)
    name = "film" if drawn is None else drawn.name
    places = _places(wish, drawn, notes)
    series = Series([_film(film, name) for film in wish.films])
    detector = _detector(wish, read, notes)
    tracker = (
        plugins.build("tracker", {"use": "passer"}, Tracker) if drawn is None else drawn.tracker.build(Tracker)
    )
    measures = _measures(places, drawn)
    notes += [NOT_VALIDATED] if any(isinstance(measure, ReadsCrowd) for measure in measures) else []
    camera = Camera(
        name,
        tracker=tracker,
        measures=measures,
        looks_with=detector.input,
        ground=None if drawn is None else drawn.ground,
        attention=None if wish.every_frame else Attention(),
    )
    classes = {place.name: tuple(Class) if drawn is None else drawn.counted(place) for place in places}
    clock, rule = _clock(wish, read), _rule(wish, read)
    moves, ground = movements(measures), None if drawn is None else drawn.ground
    alone = _watched(read, drawn, notes)
    kinds = conflicts(measures)
    return Job(wish, series, places, classes, camera, detector, clock, rule, moves, ground, notes, alone, kinds)


def _watched(read: Config | None, drawn: config.Camera | None, notes: list[str]) -> Watched:
    """The rules and areas of a configuration that a film of this one camera tells."""
    if read is None or drawn is None:
        return Watched()
    for area in read.areas.values():
        others = sorted(area.cameras - {drawn.name})
        if others and drawn.name in area.cameras:
            notes.append(f"Area {area.name} is not told: it also needs {', '.join(others)}.")
    return watched(drawn.alerts.values(), read.alerts.values(), read.areas.values(), drawn.name)


def _check(wish: Wish) -> None:
    if not wish.films:
        raise UsageError("There is no film to count.")
    if wish.fps is not None and not 0 < wish.fps < float("inf"):
        raise UsageError(f"--fps {wish.fps:g}: the analysed rate is a number above 0.")
    if wish.camera is not None and wish.config is None:
        raise UsageError(f"--camera {wish.camera} needs --config: the camera is looked up there.")
    if wish.exact and wish.interval is None:
        raise UsageError("--exact needs --interval: a film's totals are exact anyway.")
    if wish.interval is not None and wish.interval < timedelta(seconds=1):
        raise UsageError("--interval is one second or longer.")


def _clock(wish: Wish, read: Config | None) -> Clock:
    """The film's clock; a start without an offset is meant in the site's time zone."""
    zone = UTC if read is None else read.site.timezone
    start = wish.start
    return Clock(start if start is None or start.tzinfo else start.replace(tzinfo=zone), zone)


def _rule(wish: Wish, read: Config | None) -> Rule:
    """The site's rule, with the interval that was asked for as its grain."""
    rule = Rule() if read is None else read.rule
    if wish.interval is None or wish.exact:
        return rule
    try:
        return replace(rule, grain=wish.interval)
    except ConfigError as error:
        raise Refused(
            f"--interval: {error}", "Of a film of your own, --exact gives any interval, and writes to no store."
        ) from None


def _film(film: AnyFilm, camera: str) -> Film:
    """A film by its path, or a source as it is; refuses what is live."""
    if isinstance(film, str | Path):
        source = plugins.build("source", {"use": "stream", "url": str(film)}, Source, camera=camera)
    else:
        source = film
    # A stream's label is its address without user and password.
    name = str(getattr(source, "label", type(source).__name__.lower()))
    if not isinstance(source, Finite) or not source.finite:
        raise Refused(
            f"{name} is no film on this machine: exact numbers are its owner's, never those of a live camera.",
            "Give a file or a directory of pictures.",
        )
    return Film(name, source)


def _places(wish: Wish, drawn: config.Camera | None, notes: list[str]) -> tuple[Place, ...]:
    places = (*(() if drawn is None else drawn.places), *wish.places)
    names = [place.name for place in places]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"Two places are called '{name}'.", "Give each its own name.")
    if places:
        return places
    notes.append(
        "No line or zone was given: counted over a line across the middle of the picture, "
        f"--line {MIDDLE.name}=0,0.5,1,0.5; what moves down is 'in'."
    )
    return (MIDDLE,)


def _measures(places: Sequence[Place], drawn: config.Camera | None) -> list[Measure]:
    """Those of the configuration, and the natural one for each place of the command line."""
    configured = (
        [] if drawn is None else [use.build(Measure, ground=drawn.ground) for use in drawn.measures.values()]
    )
    known = () if drawn is None else drawn.places
    natural = [
        plugins.build("measure", {"use": "line" if isinstance(place, Line) else "zone"}, Measure, at=place)
        for place in places
        if place not in known
    ]
    return [*configured, *natural]


def _detector(wish: Wish, read: Config | None, notes: list[str]) -> Detector:
    if not isinstance(wish.detector, str):
        if wish.model is not None:
            raise UsageError("A model and a detector object were given; the object brings its own.")
        return wish.detector
    if wish.detector == "auto" and wish.model is None and read is not None:
        detector = read.detector.build(Detector)
    else:
        detector = plugins.build("detector", _table(wish), Detector)
    if isinstance(detector, Chosen) and wish.model is None:
        notes += [sentence for sentence in (detector.why, detector.better) if sentence]
    return detector


def _table(wish: Wish) -> Mapping[str, object]:
    if wish.detector == "motion" and wish.model is not None:
        raise UsageError("--detector motion uses no model.", "Leave out --model, or take --detector onnx.")
    if wish.model is not None:
        return {"use": str(wish.detector), "model": str(wish.model)}
    if wish.detector != "onnx":
        return {"use": str(wish.detector)}
    there = shelf.installed()
    if not there:
        raise ModelError(
            f"There is no model in {shelf.folder()}.",
            "`passerby models pull` fetches one, or give --model a path.",
        )
    return {"use": "onnx", "model": str(there[0].path)}
