"""The tables of a configuration file as they are written, checked by pydantic at this edge only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final, Self, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from passerby import plugins
from passerby.config import places
from passerby.config.config import Live
from passerby.geometry import Place

GRAIN_FLOOR: Final = timedelta(minutes=5)
K_FLOOR: Final = 10


def _duration(value: object) -> object:
    return plugins.duration(value) if isinstance(value, str) else value


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        near = plugins.suggestion(name, available_timezones())
        raise ValueError(f"there is no time zone '{name}'{near}") from None
    return name


def _grain(grain: timedelta) -> timedelta:
    if grain < GRAIN_FLOOR:
        raise ValueError("the grain is 5min or longer: anything finer tells of single people")
    if timedelta(hours=1) % grain:
        raise ValueError("the grain divides an hour: 5min, 6min, 10min, 12min, 15min, 20min, 30min or 1h")
    return grain


def _k(k: int) -> int:
    if k < K_FLOOR:
        raise ValueError("k is 10 or more: fewer passes tell of single people")
    return k


def _plugin(table: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(table.get("use"), str):
        raise ValueError("'use' is missing: it names the plugin")
    return table


def _store(value: object) -> object:
    return {"use": "sqlite", "path": value} if isinstance(value, str) else value


Name = Annotated[str, AfterValidator(places.check_name)]
Plugin = Annotated[dict[str, Any], AfterValidator(_plugin)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SiteTable(_Table):
    """``site``."""

    name: str = ""
    timezone: Annotated[str, AfterValidator(_timezone)] = "UTC"


class PrivacyTable(_Table):
    """``[privacy]``."""

    grain: Annotated[timedelta, BeforeValidator(_duration), AfterValidator(_grain)] = timedelta(minutes=15)
    k: Annotated[int, AfterValidator(_k)] = 20


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


class CameraTable(_Table):
    """``[camera.NAME]``, and ``[defaults.camera]``."""

    source: Plugin | None = None
    tracker: Plugin = Field(default_factory=lambda: {"use": "passer"})
    live: Live = "bands"
    ground: list[list[float]] | None = None
    place: dict[Name, PlaceTable] = Field(default_factory=dict)
    measure: dict[Name, Plugin] = Field(default_factory=dict)
    alert: dict[Name, dict[str, Any]] = Field(default_factory=dict)


class DefaultsTable(_Table):
    """``[defaults]``."""

    camera: CameraTable = Field(default_factory=CameraTable)


class FileTable(_Table):
    """A whole file."""

    site: SiteTable = Field(default_factory=SiteTable)
    detector: Plugin = Field(default_factory=lambda: {"use": "auto"})
    privacy: PrivacyTable = Field(default_factory=PrivacyTable)
    store: Annotated[Plugin | None, BeforeValidator(_store)] = None
    defaults: DefaultsTable = Field(default_factory=DefaultsTable)
    camera: dict[Name, CameraTable] = Field(default_factory=dict)


def keys_at(path: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys that may stand in the table at a path, or none where any may."""
    here: Any = FileTable
    for part in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = here.model_fields.get(str(part))
            here = None if field is None else field.annotation
        else:
            here = next((a for a in get_args(here) if isinstance(a, type) and issubclass(a, BaseModel)), None)
    return tuple(here.model_fields) if isinstance(here, type) and issubclass(here, BaseModel) else ()


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
