"""A checked configuration: what a site watches, with what, and under which rule."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from typing_extensions import TypeForm

from passerby import plugins
from passerby.alerts import Rule
from passerby.areas import Area
from passerby.classes import Class, parse
from passerby.config.blanking import unsaid
from passerby.config.secrets import Sealed, fill
from passerby.config.serving import Web
from passerby.errors import ConfigError
from passerby.geometry import Place
from passerby.ghost import Live
from passerby.ground import Ground
from passerby.release import rule as release

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Use:
    """A table that names a plugin: `use` and the plugin's options, with places in the place of their names."""

    kind: plugins.Kind
    options: Mapping[str, object] = field(repr=False)  # as written: may hold a password
    where: Callable[[str], str] = field(repr=False, compare=False)  # of a key; "" is the table itself
    sealed: Sealed | None = field(default=None, repr=False, compare=False)
    folder: Path = Path()  # of the file: what its relative paths start from

    @property
    def name(self) -> str:
        """The plugin's name."""
        return str(self.options["use"])

    def table(self, environ: Mapping[str, str] = os.environ) -> dict[str, object]:
        """The table with its secrets filled in from environment, files and keyring, and its paths made whole.

        Raises `ConfigError`.
        """
        filled = {
            key: fill(value, environ, self.where(key), self.sealed, self.folder)
            for key, value in self.options.items()
        }
        return dict(plugins.rooted(self.kind, filled, self.folder, where=self.where))

    def build(self, wanted: TypeForm[_T], /, **filled: object) -> _T:
        """Build the plugin; raises as `plugins.build` does, and `ConfigError` for a secret that is not there."""
        table = self.table()
        with unsaid(table):
            return plugins.build(self.kind, table, wanted, where=self.where, **filled)

    def check(self, **filled: object) -> None:
        """Check the table against the plugin without building it; raises as `build` does."""
        table = self.table()
        with unsaid(table):
            plugins.bind(self.kind, table, where=self.where, **filled)


@dataclass(frozen=True, slots=True)
class Site:
    """Where the cameras hang."""

    name: str
    timezone: ZoneInfo
    operator: str = ""  # who is responsible, as the sign at the place says; empty: not written yet
    contact: str = ""  # where people may ask


@dataclass(frozen=True, slots=True)
class Engine:
    """How much of the machine live cameras may have."""

    workers: int = 1
    cameras_per_decoder: int = 8
    share: float | None = None  # of a core's time, for detection, a worker; None: all it can get


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera: its stream, its places, and what is measured there."""

    name: str
    source: Use | None  # None: only films are counted with it
    tracker: Use
    live: Live
    ground: Ground | None
    places: tuple[Place, ...]
    measures: Mapping[str, Use]
    alerts: Mapping[str, Rule]
    written: frozenset[str]  # keys that the file gives for this camera
    where: Callable[[str], str] = field(repr=False, compare=False)
    enabled: bool = True
    fps: float = 5.0  # frames analysed a second, live
    loop: bool = False  # play a film again and again, live
    every_frame: bool = False  # look at the whole of every analysed frame, live

    def counted(self, place: Place) -> tuple[Class, ...]:
        """All classes that the measures of a place count; every class, where one of them is not limited."""
        tables = [use.options for use in self.measures.values() if place in _at(use.options)]
        limits = [table.get("classes") for table in tables]
        if not limits or None in limits:
            return tuple(Class)
        labels = [str(label) for limit in limits if isinstance(limit, list | tuple) for label in limit]
        return tuple(dict.fromkeys(map(parse, labels)))


def _at(table: Mapping[str, object]) -> tuple[object, ...]:
    """The places that a measure's table names."""
    at = table.get("at")
    return at if isinstance(at, tuple) else (at,)


@dataclass(frozen=True, slots=True)
class Config:
    """One file, checked."""

    path: Path
    site: Site
    detector: Use
    rule: release.Rule  # what `[privacy]` says, in the site's time zone
    store: Use | None
    cameras: Mapping[str, Camera]  # in the order of the file
    sinks: Mapping[str, Use] = field(default_factory=dict)
    engine: Engine = field(default_factory=Engine)
    areas: Mapping[str, Area] = field(default_factory=dict)
    alerts: Mapping[str, Rule] = field(default_factory=dict)  # about areas; those of cameras are theirs
    live_outputs: bool = False  # sinks get the bands of this moment once a minute
    web: Web | None = None  # where pages are served; None: nowhere
    state: Path = Path()  # folder of what the service keeps for itself; need not exist yet
    text: str = field(default="", repr=False, compare=False)  # of the file: may hold a password

    def camera(self, name: str | None = None) -> Camera:
        """The camera of this name, or the only one there is; raises `ConfigError`."""
        there = ", ".join(self.cameras) or "there is none"
        if name is None:
            if len(self.cameras) == 1:
                return next(iter(self.cameras.values()))
            raise ConfigError(f"{self.path} has {len(self.cameras)} cameras ({there}).", "Name one with --camera.")
        if name not in self.cameras:
            near = plugins.ending(name, self.cameras)
            raise ConfigError(f"{self.path} has no camera '{name}' ({there}){near}")
        return self.cameras[name]
