"""``passerby check``: reads a configuration, builds what it names, and opens every camera once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from passerby import config as configuration
from passerby.cli.consoles import stderr
from passerby.cli.opening import Opened, open_all
from passerby.config import Camera, Config
from passerby.errors import ConfigError, NotReachable, PartialError, PasserbyError
from passerby.geometry import Line
from passerby.ground import doubts
from passerby.stages import Detector, Measure, Source, Tracker


@dataclass(slots=True)
class _Report:
    """What was found out about one camera."""

    camera: Camera
    source: Source | None = None
    opened: Opened | None = None
    errors: list[PasserbyError] = field(default_factory=list)

    @property
    def state(self) -> str:
        if self.errors:
            return "wrong"
        if self.opened is None:
            return "no source"
        return "ok" if self.opened.error is None else "unreachable"


def check(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="The configuration file.")],
    limit_s: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", min=0.1, help="How long a camera may take to answer.")
    ] = 15.0,
    offline: Annotated[bool, typer.Option("--offline", help="Do not open the cameras.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check a configuration: read it, build all it names, open every camera once."""
    read = configuration.load(config)
    reports = [_built(camera) for camera in read.cameras.values()]
    errors = [*_shared(read), *(error for report in reports for error in report.errors)]
    if not offline:
        sources = {r.camera.name: r.source for r in reports if r.source is not None and not r.errors}
        opened = open_all(sources, limit_s)
        for report in reports:
            report.opened = opened.get(report.camera.name)
    warnings = [*_warnings(read), *(said for report in reports for said in _ground(report))]
    if as_json:
        typer.echo(json.dumps(_document(read, reports, warnings)))
    else:
        _show(read, reports, warnings)
    _judge(reports, errors, offline)


def _shared(read: Config) -> list[PasserbyError]:
    """Errors of what all cameras share; the store is not opened, for a check changes nothing."""
    errors: list[PasserbyError] = []
    try:
        read.detector.build(Detector)
    except PasserbyError as error:
        errors.append(error)
    try:
        if read.store is not None:
            read.store.check()
    except PasserbyError as error:
        errors.append(error)
    for sink in read.sinks.values():
        try:
            sink.check(site=read.site.name)
        except PasserbyError as error:
            errors.append(error)
    return errors


def _built(camera: Camera) -> _Report:
    report = _Report(camera)
    try:
        if camera.source is not None:
            report.source = camera.source.build(Source, camera=camera.name)
    except PasserbyError as error:
        report.errors.append(error)
    try:
        camera.tracker.build(Tracker)
    except PasserbyError as error:
        report.errors.append(error)
    for use in camera.measures.values():
        try:
            use.build(Measure, ground=camera.ground)
        except PasserbyError as error:
            report.errors.append(error)
    return report


def _warnings(read: Config) -> Iterator[str]:
    for camera in read.cameras.values():
        where = camera.where("")
        if camera.source is None:
            yield f"{where}: there is no source, so only films are counted with these places."
        if not camera.places:
            yield f"{where}: there is no place, so nothing is counted. `passerby draw` draws some."
        for pair in configuration.overlaps(camera.places):
            yield (
                f"{camera.where('place')}: {pair.first} and {pair.second}: {pair.why}. Their passes are much the "
                "same, so the difference of their rows tells of few; keep one of them if you can."
            )


def _ground(report: _Report) -> Iterator[str]:
    """What is strange about a camera's ground, as far as it can be told without anybody on it."""
    camera, opened = report.camera, report.opened
    if camera.ground is None:
        return
    aspect = opened.width / opened.height if opened is not None and opened.height else None
    yield from (f"{camera.where('ground')}: {said}" for said in doubts(camera.ground, aspect))


def _document(read: Config, reports: list[_Report], warnings: list[str]) -> dict[str, Any]:
    return {
        "config": str(read.path),
        "timezone": read.site.timezone.key,
        "detector": read.detector.name,
        "store": None if read.store is None else read.store.name,
        "sinks": {name: use.name for name, use in read.sinks.items()},
        "cameras": {report.camera.name: _entry(report) for report in reports},
        "warnings": warnings,
    }


def _entry(report: _Report) -> dict[str, Any]:
    camera, opened = report.camera, report.opened
    entry: dict[str, Any] = {
        "state": report.state,
        "source": None if camera.source is None else camera.source.name,
        "lines": [place.name for place in camera.places if isinstance(place, Line)],
        "zones": [place.name for place in camera.places if not isinstance(place, Line)],
        "measures": {name: use.name for name, use in camera.measures.items()},
        "ground_rms_m": None if camera.ground is None else round(camera.ground.rms_m, 3),
        "errors": [str(error) for error in report.errors],
    }
    if opened is not None and opened.error is None:
        entry |= {"width": opened.width, "height": opened.height, "opened_s": round(opened.after_s, 2)}
    elif opened is not None:
        entry["errors"].append(str(opened.error))
    return entry


def _show(read: Config, reports: list[_Report], warnings: list[str]) -> None:
    console = stderr()
    table = Table(
        "camera",
        "state",
        "picture",
        "places",
        "measures",
        "ground",
        box=None,
        pad_edge=False,
        header_style="bold",
    )
    for report in reports:
        entry = _entry(report)
        picture = f"{entry['width']}x{entry['height']}" if "width" in entry else "-"
        places = ", ".join(entry["lines"] + entry["zones"]) or "-"
        colour = {"ok": "green", "no source": "yellow"}.get(report.state, "red")
        table.add_row(
            report.camera.name,
            f"[{colour}]{report.state}[/]",
            picture,
            places,
            ", ".join(entry["measures"]),
            "" if entry["ground_rms_m"] is None else f"±{entry['ground_rms_m']:g} m",
        )
    if reports:
        console.print(table)
    else:
        console.print(f"{read.path}: no camera.", markup=False)
    for warning in warnings:
        console.print(f"warning: {warning}", markup=False)


def _judge(reports: list[_Report], errors: list[PasserbyError], offline: bool) -> None:
    """Raise what is worst: a wrong configuration, then what cannot be built, then cameras that do not answer."""
    wrong = [error for error in errors if isinstance(error, ConfigError)]
    if wrong:
        raise ConfigError("\n".join(str(error) for error in wrong))
    for error in errors:
        raise error
    silent = [r for r in reports if r.opened is not None and r.opened.error is not None]
    if not silent:
        return
    said = "\n".join(f"{r.camera.where('source')}: {r.opened.error}" for r in silent if r.opened is not None)
    tried = sum(r.opened is not None for r in reports)
    if len(silent) == tried:
        raise NotReachable(said)
    raise PartialError(f"{said}\n{len(silent)} of {tried} cameras gave no picture.")
