"""What requests may ask: cameras, places, a span of time, a form."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.requests import Request

from passerby.records import Cut, Quantity
from passerby.web.api.errors import Missing
from passerby.web.doors.policy import Visitor
from passerby.web.house import CameraNow, House

LIMIT: Final = 10_000  # rows a page, at most
_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


def _instant(text: object) -> object:
    """An instant of RFC 3339, brought into the years that a calendar can be asked for."""
    if not isinstance(text, str) or not _RFC3339.fullmatch(text):
        raise ValueError("an instant is written 2026-05-01T00:00:00Z (a + as %2B)")
    return min(max(datetime.fromisoformat(text.upper()), _EARLIEST), _LATEST)


Instant = Annotated[datetime, BeforeValidator(_instant)]


class OfCameras(BaseModel):
    """Which cameras."""

    model_config = ConfigDict(extra="forbid")

    camera: list[str] = Field([], description="Only these; may be repeated. Left out: all that you may see.")


class OfRows(OfCameras):
    """Which rows, and how."""

    place: list[str] = Field([], description="Only these places; may be repeated.")
    cut: list[Cut] = Field([], description="Only these tables; may be repeated.")
    quantity: list[Quantity] = Field([], description="Only rows of these; may be repeated.")
    start: Instant | None = Field(
        None, alias="from", description="Rows that end after this; left out: 7 days before `to`."
    )
    end: Instant | None = Field(None, alias="to", description="Rows that start before this; left out: now.")
    limit: int = Field(1000, ge=1, le=LIMIT, description="Rows a page.")
    cursor: str = Field("", description="`next` of the page before; all else must be asked as it was.")
    format: Literal["json", "csv"] | None = Field(
        None, description="Left out: CSV where `Accept` names text/csv, else JSON."
    )


def visitor(request: Request) -> Visitor:
    """Who asks."""
    asks = request.state.visitor
    if not isinstance(asks, Visitor):
        raise TypeError("a route that is for somebody was reached by nobody")
    return asks


def seen(house: House, asks: Visitor, names: list[str]) -> list[CameraNow]:
    """The cameras of these names, or all, that somebody may see; raises `Missing` for any other name."""
    there = {camera.name: camera for camera in house.cameras() if asks.sees(camera.name)}
    for name in names:
        if name not in there:
            raise Missing(
                "no-such-camera", f"there is no camera '{name}' that you may see.", "See /api/v1/cameras."
            )
    return [camera for name, camera in there.items() if not names or name in names]
