"""What an admin who is signed in reads over REST of the service itself: settings, people, keys, the audit log.

No key opens these, for a key is no one's, and they tell who works here.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter
from fastapi import Query as Param
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from passerby.config import Camera, Config
from passerby.ghost import Live
from passerby.web.doors.accounts import Account
from passerby.web.doors.doors import Doors
from passerby.web.doors.keys import Key as Kept
from passerby.web.doors.policy import Role, allow
from passerby.web.house import House

_ENTRIES: Final = 1000  # of the audit log in one answer, at most


class CameraSettings(BaseModel):
    """How a camera is watched; not its address, which may hold a secret."""

    name: str
    enabled: bool
    live: Live
    fps: float = Field(description="Pictures a second that are looked at.")
    every_frame: bool

    @classmethod
    def of(cls, camera: Camera) -> CameraSettings:
        """As the configuration has it."""
        return cls.model_validate(camera, from_attributes=True)


class Settings(BaseModel):
    """What holds for the site, and for each camera."""

    name: str
    timezone: str
    k: int = Field(description="Passes that a row rests on at least.")
    grain_s: float = Field(description="Shortest interval of a row, seconds.")
    live_outputs: bool = Field(description="Whether sinks are told bands of this moment.")
    detector: str
    share: float | None = Field(description="Of a core that detection may take; null: all it can get.")
    workers: int
    cameras: list[CameraSettings]

    @classmethod
    def of(cls, config: Config) -> Settings:
        """As the configuration has them."""
        return cls(
            name=config.site.name,
            timezone=config.site.timezone.key,
            k=config.rule.k,
            grain_s=config.rule.grain.total_seconds(),
            live_outputs=config.live_outputs,
            detector=config.detector.name,
            share=config.engine.share,
            workers=config.engine.workers,
            cameras=[CameraSettings.of(camera) for camera in config.cameras.values()],
        )


class Person(BaseModel):
    """Who may sign in."""

    name: str
    role: Role
    cameras: list[str] | None = Field(description="Those that may be seen; null: all.")
    is_active: bool = Field(description="False: invited or reset, and not signed in yet.")
    created: datetime

    @classmethod
    def of(cls, account: Account) -> Person:
        """As it is kept."""
        told = {"cameras": _listed(account.cameras), "is_active": account.has_password}
        return cls.model_validate(asdict(account) | told)


class People(BaseModel):
    """All accounts."""

    people: list[Person]


class Key(BaseModel):
    """An API key, without what opens anything."""

    label: str
    role: Role
    cameras: list[str] | None = Field(description="Those that may be read; null: all.")
    created: datetime
    expires: datetime | None = Field(description="Null: never.")
    used: date | None = Field(description="The last day on which it was; null: never.")

    @classmethod
    def of(cls, key: Kept) -> Key:
        """As it is kept."""
        return cls.model_validate(asdict(key) | {"cameras": _listed(key.cameras)})


class Keys(BaseModel):
    """All API keys."""

    keys: list[Key]


class Entry(BaseModel):
    """Who changed what."""

    number: int
    at: datetime
    by: str
    what: str
    about: str


class AuditLog(BaseModel):
    """Entries, the newest first."""

    is_whole: bool = Field(description="False: an entry was changed, taken out or cut off.")
    entries: list[Entry]


class OfEntries(BaseModel):
    """Which entries of the audit log."""

    model_config = ConfigDict(extra="forbid")

    before: int | None = Field(None, ge=1, le=2**53, description="Only entries with a smaller number.")
    limit: int = Field(100, ge=1, le=_ENTRIES)


def add(api: APIRouter, house: House, doors: Doors) -> None:
    """Add these routes to the API."""

    @api.get("/settings", tags=["for admins who are signed in"])
    @allow("admin")
    def settings(_: Request) -> Settings:
        """What the site and each camera are set to."""
        return Settings.of(house.config)

    @api.get("/people", tags=["for admins who are signed in"])
    @allow("admin")
    def people(_: Request) -> People:
        """Who may sign in, as what, to which cameras."""
        return People(people=[Person.of(account) for account in doors.accounts.all()])

    @api.get("/keys", tags=["for admins who are signed in"])
    @allow("admin")
    def keys(_: Request) -> Keys:
        """Which programs may read."""
        return Keys(keys=[Key.of(key) for key in doors.keys.all()])

    @api.get("/audit", tags=["for admins who are signed in"])
    @allow("admin")
    def audit(_: Request, wanted: Annotated[OfEntries, Param()]) -> AuditLog:
        """Who changed what, the newest first."""
        entries = [e for e in reversed(doors.audit.entries()) if wanted.before is None or e.number < wanted.before]
        shown = [Entry.model_validate(e, from_attributes=True) for e in entries[: wanted.limit]]
        return AuditLog(is_whole=doors.audit.verify().ok, entries=shown)


def _listed(cameras: frozenset[str] | None) -> list[str] | None:
    return None if cameras is None else sorted(cameras)
