"""Reads a configuration file into a checked `Config`; every complaint names file, line and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import ValidationError
from pydantic_core import ErrorDetails, to_json

from passerby import plugins
from passerby.config import alerting, lines, schema, serving
from passerby.config.adding import area
from passerby.config.blanking import unsaid
from passerby.config.config import Camera, Config, Engine, Site, Use
from passerby.config.keyring import Keyring
from passerby.errors import ConfigError
from passerby.geometry import Line, Place
from passerby.ground import Ground
from passerby.release.rule import Rule


def load(path: str | Path) -> Config:
    """Read and check a file; raises `ConfigError` with every complaint on a line of its own."""
    path = Path(path)
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise ConfigError(f"cannot read the configuration {path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not a configuration: it is not UTF-8 text.") from None
    return parse(text, path)


def parse(text: str, path: Path) -> Config:
    """Check a text as if it stood in a file at this path; raises as `load` does."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax(str(error), text, path)) from None
    with unsaid(data):
        return _Reader(path, text, data).config()


def _syntax(message: str, text: str, path: Path) -> str:
    at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    line = int(at[1]) if at and at[1] else text.count("\n") + 1
    said = message[: at.start()] if at else message
    return f"{path}:{line}: not valid TOML: {said[:1].lower()}{said[1:]}."


class _Reader:
    """What the steps of reading one file share."""

    def __init__(self, path: Path, text: str, data: dict[str, Any]) -> None:
        self._path = path
        self._text = text
        self._lines = lines.Lines(text)
        self._data, self._inherited = schema.with_defaults(data)

    def config(self) -> Config:
        table = self._checked()
        self._check_told(table)
        self._state = serving.state(table.state, self._path)
        zone = ZoneInfo(table.site.timezone)
        cameras = {name: self._camera(name, camera) for name, camera in table.camera.items()}
        areas = {
            name: area(name, written, cameras, self._where(("area", name))) for name, written in table.area.items()
        }
        return Config(
            path=self._path,
            site=Site(table.site.name, zone, table.site.operator, table.site.contact),
            detector=self._use("detector", table.detector, ("detector",)),
            rule=Rule(table.privacy.grain, table.privacy.k, zone),
            store=None if table.store is None else self._use("store", table.store, ("store",)),
            cameras=cameras,
            sinks={name: self._use("sink", sink, ("sink", name)) for name, sink in table.sink.items()},
            engine=Engine(table.engine.workers, table.engine.cameras_per_decoder, table.engine.share),
            areas=areas,
            alerts=alerting.area_rules(table.alert, areas, self._rules_of(("alert",))),
            live_outputs=table.privacy.live_outputs,
            web=serving.web(table.web, self._path.parent, self._where(("web",))),
            state=self._state,
            text=self._text,
        )

    def _check_told(self, table: schema.FileTable) -> None:
        """All rules are escalated to sinks that are there."""
        alerting.check_told(table.alert, table.sink, self._rules_of(("alert",)))
        for name, camera in table.camera.items():
            alerting.check_told(camera.alert, table.sink, self._rules_of(("camera", name, "alert")))

    def _rules_of(self, loc: lines.Path) -> Callable[[str], Callable[[str], str]]:
        """Where the keys of each of some rules stand."""
        return lambda rule: self._where((*loc, rule))

    def _checked(self) -> schema.FileTable:
        try:
            plain = to_json(self._data, inf_nan_mode="constants")  # JSON has the strictness of TOML
            return schema.FileTable.model_validate_json(plain)
        except ValidationError as error:
            found = [
                e for e in error.errors(include_url=False, include_context=False) if not self._repeats(e["loc"])
            ]
            complaints = sorted({(self._line(e["loc"]), self._complaint(e)) for e in found})
            raise ConfigError("\n".join(said for _, said in complaints)) from None

    def _repeats(self, loc: tuple[str | int, ...]) -> bool:
        """Whether an error of a camera is one of the defaults, which is reported there."""
        return loc[:1] == ("camera",) and loc[1:3] in self._inherited

    def _complaint(self, error: ErrorDetails) -> str:
        loc = tuple(part for part in error["loc"] if part != "[key]")
        if error["type"] == "extra_forbidden":
            table, key = loc[:-1], str(loc[-1])
            known = schema.keys_at(table)
            said = f"'{key}' is not a key here ({', '.join(known)}){plugins.ending(key, known)}"
            return self._at(table, line=self._line(loc)) + said
        message = re.sub(r"^Value error, ", "", error["msg"])
        message = re.sub(r"^Input should", "this should", message).replace("an object", "a table")
        return self._at(loc) + message + ("" if message.endswith((".", "?")) else ".")

    def _line(self, loc: lines.Path) -> int:
        if loc[:1] == ("camera",) and loc[1:3] in self._inherited:
            loc = ("defaults", "camera", *loc[2:])
        return self._lines.of(tuple(part for part in loc if part != "[key]"))

    def _at(self, loc: lines.Path, line: int | None = None) -> str:
        name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
        return f"{self._path}:{line or self._line(loc)}: {name + ': ' if name else ''}"

    def _where(self, loc: lines.Path) -> Callable[[str], str]:
        """Where the keys of a table stand: the table's name, on the key's line."""

        def where(key: str) -> str:
            return self._at(loc, line=self._line((*loc, key) if key else loc)).removesuffix(": ")

        return where

    def _use(self, kind: plugins.Kind, options: Mapping[str, object], loc: lines.Path) -> Use:
        return Use(kind, options, self._where(loc), Keyring(self._state).unsealed, self._path.parent)

    def _camera(self, name: str, table: schema.CameraTable) -> Camera:
        loc: lines.Path = ("camera", name)
        places = {place: drawn.place(place) for place, drawn in table.place.items()}
        ground: Ground | None = table.ground
        for place in places.values():
            if ground is not None and np.isnan(ground.metres(place.points)).all():
                said = f"'{place.name}' lies above the horizon of this camera's ground, where nothing stands."
                raise ConfigError(
                    self._at((*loc, "place", place.name)) + said, "Draw it lower, or mend the ground."
                )
        measures = self._measures(table.measure, places, loc)
        known = alerting.Known(name, ground, places, [use.options for use in measures.values()])
        return Camera(
            name=name,
            source=None if table.source is None else self._use("source", table.source, (*loc, "source")),
            tracker=self._use("tracker", table.tracker, (*loc, "tracker")),
            live=table.live,
            ground=ground,
            places=tuple(places.values()),
            measures=measures,
            alerts=alerting.camera_rules(table.alert, known, self._rules_of((*loc, "alert"))),
            written=frozenset(table.model_fields_set),
            where=self._where(loc),
            enabled=table.enabled,
            fps=table.fps,
            loop=table.loop,
            every_frame=table.every_frame,
        )

    def _measures(
        self, tables: Mapping[str, dict[str, Any]], places: Mapping[str, Place], camera: lines.Path
    ) -> dict[str, Use]:
        """The measures that are written, then the natural one of every place that needs it.

        That is of every line that none of them names, since all at a line count its passes, and of every zone that
        no measure named `zone` names, since everything else there rests on how many are inside.
        """
        measures: dict[str, Use] = {}
        first: dict[tuple[str, str], str] = {}  # (plugin, place) -> the measure that has it
        for name, table in tables.items():
            loc = (*camera, "measure", name)
            at = self._places_of(table, places, loc)
            for place in at:
                other = first.setdefault((table["use"], place.name), name)
                if other != name:
                    said = f"'{place.name}' is already measured with {table['use']} by '{other}'."
                    raise ConfigError(self._at((*loc, "at")) + said, "Passes would count twice.")
            single = at[0] if isinstance(table.get("at"), str) else at
            measures[name] = self._use("measure", {**table, "at": single} if at else table, loc)
        for name, place in places.items():
            others = [tables[measure] for (_, at), measure in first.items() if at == name]
            natural = "line" if isinstance(place, Line) else "zone"
            if others if natural == "line" else (natural, name) in first:
                continue
            key = name if name not in measures else f"{name}:{natural}"
            limits = [other["classes"] for other in others if isinstance(other.get("classes"), list)]
            classes = {"classes": sorted({*chain(*limits)})} if others and len(limits) == len(others) else {}
            table = {"use": natural, "at": place, **classes}
            measures[key] = self._use("measure", table, (*camera, "place", name))
        self._same_rule(tables, first, camera)
        return measures

    def _same_rule(
        self, tables: Mapping[str, dict[str, Any]], first: Mapping[tuple[str, str], str], camera: lines.Path
    ) -> None:
        """Measures of one place count with one rule, so that what they see of a pass can be joined."""
        for (use, place), name in first.items():
            own = [key for key in tables[name] if key not in {"use", "at", "classes", "sample_s"}]
            others = [other for (_, at), other in first.items() if at == place and other != name]
            if use in ("line", "zone") and own and others:
                said = f"'{place}' is measured by '{others[0]}' too, which counts passes with the usual {own[0]}."
                raise ConfigError(self._at((*camera, "measure", name, own[0])) + said, "Leave it out.")

    def _places_of(
        self, table: Mapping[str, Any], places: Mapping[str, Place], loc: lines.Path
    ) -> tuple[Place, ...]:
        if "at" not in table:
            return ()
        names = table["at"] if isinstance(table["at"], list) else [table["at"]]
        for name in names:
            if not isinstance(name, str) or name not in places:
                there = ", ".join(places) or "there is none"
                said = f"this camera has no place '{name}' ({there}){plugins.ending(str(name), places)}"
                raise ConfigError(self._at((*loc, "at")) + said)
        return tuple(places[name] for name in names)
