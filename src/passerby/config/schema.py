"""The tables of a configuration file as they are written, checked by pydantic at this edge only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Self, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from passerby import alerts, plugins
from passerby.classes import Label
from passerby.config import places
from passerby.errors import ConfigError
from passerby.geometry import Place
from passerby.ghost import Live
from passerby.ground import ground
from passerby.records import Severity, Way
from passerby.release.rule import Rule


def _duration(value: object) -> object:
    return plugins.duration(value) if isinstance(value, str) else value


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        near = plugins.ending(name, available_timezones())
        raise ValueError(f"there is no time zone '{name}'{near}") from None
    return name


def _grain(grain: timedelta) -> timedelta:
    try:
        return Rule(grain=grain).grain
    except ConfigError as error:
        raise ValueError(str(error)) from None


def _k(k: int) -> int:
    try:
        return Rule(k=k).k
    except ConfigError as error:
        raise ValueError(str(error)) from None


def _ground(written: object) -> object:
    try:
        return None if written is None else ground(written)
    except ConfigError as error:
        raise ValueError(str(error)) from None


def _plugin(table: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(table.get("use"), str):
        raise ValueError("'use' is missing: it names the plugin")
    return table


def _quiet(value: object) -> object:
    return alerts.quiet(value) if isinstance(value, str) else value


def _store(value: object) -> object:
    return {"use": "sqlite", "path": value} if isinstance(value, str) else value


Name = Annotated[str, AfterValidator(places.check_name)]
Plugin = Annotated[dict[str, Any], AfterValidator(_plugin)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SiteTable(_Table):
    """``site``."""

    name: str = ""
    operator: str = ""
    contact: str = ""
    timezone: Annotated[str, AfterValidator(_timezone)] = "UTC"


class PrivacyTable(_Table):
    """``[privacy]``."""

    grain: Annotated[timedelta, BeforeValidator(_duration), AfterValidator(_grain)] = Rule().grain
    k: Annotated[int, AfterValidator(_k)] = Rule().k
    live_outputs: bool = False


class PlaceTable(_Table):
    """``[camera.NAME.place]``, one entry."""

    line: list[list[float]] | None = None
    zone: list[list[float]] | None = None

    @model_validator(mode="after")
    def _drawn(self) -> Self:
        if (self.line is None) == (self.zone is None):
            raise ValueError(
                "a place is either a line or a zone: { line = [[x, y], [x, y]] } or { zone = [[x, y], …] }"
            )
        self.place("place")
        return self

    def place(self, name: str) -> Place:
        """The place that is drawn here; raises ValueError."""
        return places.line(name, self.line) if self.line is not None else places.zone(name, self.zone or [])


class AlertTable(_Table):
    """``[alert]`` and ``[camera.NAME.alert]``, one entry."""

    when: str | None = None
    for_: Annotated[timedelta | None, BeforeValidator(_duration)] = Field(default=None, alias="for")
    clear: float | None = None
    cooldown: Annotated[timedelta, BeforeValidator(_duration)] = timedelta()
    quiet: Annotated[Any, BeforeValidator(_quiet)] = None
    severity: Severity | None = None
    safety: str | None = None
    at: str | None = None
    way: Way | None = None
    escalate: Annotated[timedelta | None, BeforeValidator(_duration), Field(gt=timedelta())] = None
    escalate_to: list[str] = Field(default_factory=list)


class AreaTable(_Table):
    """``[area.NAME]``."""

    zones: list[str] = Field(default_factory=list)
    lines: list[str] = Field(default_factory=list)
    capacity: Annotated[int | None, Field(gt=0)] = None
    classes: list[Label] | None = None


class CameraTable(_Table):
    """``[camera.NAME]``, and ``[defaults.camera]``."""

    source: Plugin | None = None
    enabled: bool = True
    fps: Annotated[float, Field(gt=0, le=1000)] = 5.0
    loop: bool = False
    every_frame: bool = False
    tracker: Plugin = Field(default_factory=lambda: {"use": "passer"})
    live: Live = "bands"
    ground: Annotated[Any, AfterValidator(_ground)] = None
    place: dict[Name, PlaceTable] = Field(default_factory=dict)
    measure: dict[Name, Plugin] = Field(default_factory=dict)
    alert: dict[Name, AlertTable] = Field(default_factory=dict)


class EngineTable(_Table):
    """``[engine]``."""

    workers: Annotated[int, Field(ge=1, le=256)] = 1
    cameras_per_decoder: Annotated[int, Field(ge=1, le=256)] = 8
    share: Annotated[float | None, Field(gt=0, le=1)] = None


class WebTable(_Table):
    """``[web]``."""

    listen: str = "127.0.0.1:8440"
    certificate: str | None = None
    key: str | None = None
    trusted_proxy: str | None = None
    prefix: str = ""
    hosts: list[str] = Field(default_factory=list)


class DefaultsTable(_Table):
    """``[defaults]``."""

    camera: CameraTable = Field(default_factory=CameraTable)


class FileTable(_Table):
    """A whole file."""

    site: SiteTable = Field(default_factory=SiteTable)
    detector: Plugin = Field(default_factory=lambda: {"use": "auto"})
    privacy: PrivacyTable = Field(default_factory=PrivacyTable)
    store: Annotated[Plugin | None, BeforeValidator(_store)] = None
    sink: dict[Name, Plugin] = Field(default_factory=dict)
    engine: EngineTable = Field(default_factory=EngineTable)
    web: WebTable = Field(default_factory=WebTable)
    state: Annotated[str | None, Field(min_length=1)] = None
    defaults: DefaultsTable = Field(default_factory=DefaultsTable)
    camera: dict[Name, CameraTable] = Field(default_factory=dict)
    area: dict[Name, AreaTable] = Field(default_factory=dict)
    alert: dict[Name, AlertTable] = Field(default_factory=dict)


def keys_at(path: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys that may stand in the table at a path, or none where any may."""
    here: Any = FileTable
    for part in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = here.model_fields.get(str(part))
            here = None if field is None else field.annotation
        else:
            here = next((a for a in get_args(here) if isinstance(a, type) and issubclass(a, BaseModel)), None)
    if not (isinstance(here, type) and issubclass(here, BaseModel)):
        return ()
    return tuple(field.alias or name for name, field in here.model_fields.items())


def with_defaults(data: Mapping[str, Any]) -> tuple[dict[str, Any], set[tuple[str, str]]]:
    """The data with ``[defaults.camera]`` filled into the cameras, and which (camera, key) came from there."""
    defaults = data.get("defaults", {})
    common = defaults.get("camera", {}) if isinstance(defaults, dict) else {}
    cameras = data.get("camera", {})
    if not isinstance(common, dict) or not isinstance(cameras, dict):
        return dict(data), set()
    filled = {name: {**common, **own} if isinstance(own, dict) else own for name, own in cameras.items()}
    inherited = {(name, key) for name, own in cameras.items() for key in common if key not in own}
    return {**data, "camera": filled}, inherited
