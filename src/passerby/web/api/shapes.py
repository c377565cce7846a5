"""What the answers of the API look like."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Final, Literal, get_args

from pydantic import BaseModel, Field

from passerby import areas, geometry, records
from passerby.classes import Label
from passerby.ghost import Live
from passerby.privacy import Statement
from passerby.records import Cut, Quantity, Severity
from passerby.web import house, rules

_LABELS: Final[tuple[Label, ...]] = get_args(Label)


class Camera(BaseModel):
    """A camera, and how it is doing; nothing of what it sees."""

    name: str
    state: house.State
    reason: str = Field(description="Why it is not online; empty where it is.")
    live: Live = Field(description="What pages may show of this moment; this API shows nothing of it.")
    places: list[str] = Field(description="Names of its lines and zones.")

    @classmethod
    def of(cls, camera: house.CameraNow) -> Camera:
        """As the service knows it now."""
        places = [place.name for place in camera.places]
        return cls(name=camera.name, state=camera.state, reason=camera.reason, live=camera.live, places=places)


class Cameras(BaseModel):
    """All cameras that the visitor may see."""

    cameras: list[Camera]


class Place(BaseModel):
    """A line or a zone as it is drawn now."""

    camera: str
    name: str
    kind: Literal["line", "zone"]
    points: list[tuple[float, float]] = Field(
        description="Shares of the picture, x to the right and y downwards. A line: its two ends; what goes from "
        "its left to its right is `in`. A zone: its corners."
    )
    revision: str = Field(description="Changes when the place is moved: its rows are those of another place.")

    @classmethod
    def of(cls, camera: str, place: geometry.Place) -> Place:
        """As the configuration has it."""
        kind: Literal["line", "zone"] = "line" if isinstance(place, geometry.Line) else "zone"
        points = list(place.points)
        return cls(camera=camera, name=place.name, kind=kind, points=points, revision=place.revision)


class Places(BaseModel):
    """All places of the cameras that the visitor may see."""

    places: list[Place]


class Member(BaseModel):
    """A place that belongs to an area."""

    camera: str
    place: str
    sign: Literal[1, -1] = Field(description="Of a line: 1 where `in` leads into the area, -1 where out of it.")


class Area(BaseModel):
    """A named sum over places: its definition, not how many it holds now."""

    name: str
    capacity: int | None = Field(description="How many it may hold; null: not told.")
    zones: list[Member] = Field(description="Whose numbers add up.")
    lines: list[Member] = Field(description="Whose passes add up.")
    classes: list[Label] = Field(description="What is counted over its lines.")

    @classmethod
    def of(cls, area: areas.Area) -> Area:
        """As the configuration has it."""
        return cls(
            name=area.name,
            capacity=area.capacity,
            zones=[Member(camera=camera, place=place, sign=1) for camera, place in area.zones],
            lines=[
                Member(camera=camera, place=place, sign=1 if sign > 0 else -1)
                for (camera, place), sign in area.lines
            ],
            classes=[label for label in _LABELS if label in {one.label for one in area.classes}],
        )


class Areas(BaseModel):
    """All areas whose cameras the visitor may see."""

    areas: list[Area]


class Rule(BaseModel):
    """What an alert fires at."""

    name: str
    camera: str = Field(description="Empty: the rule is about an area.")
    place: str
    about: rules.About
    quantity: str = Field(description="Of a crowd or a limit; else empty.")
    limit: float
    clear: float = Field(description="It is resolved when the reading is no longer beyond this.")
    lasting_s: float = Field(description="So long must it hold, seconds.")
    severity: Severity
    escalate_s: float | None = Field(description="So long may nobody acknowledge it; null: it is told once.")
    escalate_to: list[str] = Field(description="Sinks that are told then; none: all.")

    @classmethod
    def of(cls, rule: rules.Watched) -> Rule:
        """As the configuration has it."""
        escalate_s = None if rule.escalate is None else rule.escalate.total_seconds()
        seconds = {"lasting_s": rule.lasting.total_seconds(), "escalate_s": escalate_s}
        return cls.model_validate(asdict(rule) | seconds)


class Rules(BaseModel):
    """The rules of all that the visitor may see."""

    rules: list[Rule]


class Alert(BaseModel):
    """What is kept of an alert for 72 hours; several of one rule within an hour are one."""

    rule: str
    camera: str = Field(description="Empty: the rule is about an area.")
    place: str
    state: records.AlertState
    severity: Severity
    hour: datetime = Field(description="UTC: begin of the site's hour in which it was.")

    @classmethod
    def of(cls, alert: records.Alert) -> Alert:
        """As it was kept."""
        return cls.model_validate(asdict(alert))


class Alerts(BaseModel):
    """The alert log of what the visitor may see, in the order in which it is kept."""

    alerts: list[Alert]


class Privacy(BaseModel):
    """What is kept, shown and sent, in plain words, and the numbers of the release rule."""

    site: str
    timezone: str = Field(description="In which days and weeks begin.")
    k: int = Field(description="Passes that a row rests on at least.")
    grain_s: float = Field(description="Shortest interval of a row, seconds.")
    watches: list[str]
    keeps: list[str]
    shows: list[str]
    sends: list[str]
    never: list[str]
    limits: list[str]

    @classmethod
    def of(cls, said: Statement, *, timezone: str, k: int, grain_s: float) -> Privacy:
        """What a statement says, beside the rule's numbers."""
        return cls(**asdict(said), timezone=timezone, k=k, grain_s=grain_s)


class Spread(BaseModel):
    """How a value is spread over the passes of a row; no minimum, maximum, first or last."""

    mean: float
    median: float
    p85: float = Field(description="85th percentile.")
    histogram: list[tuple[float, float, int]] = Field(description="(from, to, passes), by class and day only.")
    n: int = Field(description="Passes that it rests on at least; 0 where that is not told.")


class Row(BaseModel):
    """A released row: it rests on k passes or more. docs/release.md says how rows are to be read."""

    camera: str
    place: str
    revision: str = Field(description="Of the place's drawing: a moved line is another place.")
    quantity: Quantity
    cut: Cut = Field(description="The table that the row belongs to; never add up rows of two tables.")
    part: list[str] = Field(description="Series that may be in this row, e.g. `foot in`; empty: everything.")
    rest: bool = Field(description="Whether several series share this row and are not told apart.")
    start: datetime = Field(description="UTC.")
    end: datetime = Field(description="UTC. Never divide a long row: what was when is not known.")
    observed: float = Field(ge=0, le=1, description="Share of the time in which the place was seen.")
    count: int | None = Field(description="Passes; null for samples.")
    mean: float | None = Field(description="Samples: mean over time.")
    p95: float | None = Field(description="Samples: 95th percentile over time.")
    bands: dict[str, float] = Field(description="Samples: minutes in each band.")
    values: dict[str, Spread] = Field(description="Columns of a row of passes, e.g. `speed_mps`; SI units.")
    detector: str
    version: str = Field(description="Of passerby.")

    @classmethod
    def of(cls, row: records.Measurement) -> Row:
        """As it was released."""
        return cls.model_validate(asdict(row))


class Rows(BaseModel):
    """A page of rows, in order of start."""

    rows: list[Row]
    next: str | None = Field(description="The `cursor` of the next page; null: there is none.")
