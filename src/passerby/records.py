"""Observations, and all that may leave the process: measurements, alerts, pictures without people, health."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from passerby.classes import Class, Mode

Way = Literal["in", "out"]
Cut = Literal["all", "mode", "class", "movement"]
Quantity = Literal[
    "passes", "inside", "density", "queue", "queue_m", "occupancy",
    "people", "density_peak", "density_error", "flow", "against", "pressure", "waves",
    "conflicts", "exposed",
]  # fmt: skip
Indicator = Literal["pet", "ttc", "signal"]
SEVERITIES: Final[Mapping[Indicator, tuple[str, ...]]] = {
    "pet": ("severe", "critical"),
    "ttc": ("severe", "critical"),
    "signal": ("against",),
}
Kind = tuple[tuple[Mode, ...], Indicator]  # of conflict: modes involved, and by what it is told
AlertState = Literal["firing", "resolved", "unknown"]  # unknown: the rule cannot be evaluated
Severity = Literal["info", "warning", "critical"]
Told = Literal["new", "escalated", "late"]  # of an alert: at once; again, since nobody acknowledged it; afterwards


@dataclass(frozen=True, slots=True)
class Pass:
    """One road user passed a line, or entered (``in``) or left (``out``) a zone. RAM only: it carries no id."""

    place: str
    time_s: float  # stream time
    class_: Class
    way: Way
    movement: str = ""  # from zone to zone, e.g. "north>east"; empty where the place has no movements
    values: Mapping[str, float] = field(default_factory=dict)  # e.g. {"dwell_s": 12.5}; SI units


@dataclass(frozen=True, slots=True)
class Sample:
    """How much of a quantity a place holds at an instant, e.g. how many people are inside a zone. RAM only."""

    place: str
    time_s: float  # stream time
    quantity: Quantity
    class_: Class
    value: float
    bounds: tuple[float, ...] = ()  # rising: between which bands the time is told apart


@dataclass(frozen=True, slots=True)
class Conflict:
    """Road users came near a collision, or one went against a signal. RAM only: it carries no id."""

    place: str
    time_s: float  # stream time
    modes: tuple[Mode, ...]  # of those involved, in the order of `classes.MODES`; one for a signal
    indicator: Indicator
    value_s: float  # s: post-encroachment time, time to collision, or since the signal turned to stop

    @property
    def severity(self) -> str:
        """One of `SEVERITIES`: severe below 1 s, else critical; against a signal, however long ago it turned."""
        return SEVERITIES[self.indicator][self.value_s >= 1.0 and self.indicator != "signal"]


Observation = Pass | Sample | Conflict


@dataclass(frozen=True, slots=True)
class Statistics:
    """How a value is spread over the passes of a row; no minimum, maximum, first or last."""

    mean: float  # winsorised: of all values, the outermost taken for those next to them
    median: float
    p85: float  # 85th percentile
    histogram: tuple[tuple[float, float, int], ...] = ()  # (from, to, n) with n >= 5 each
    n: int = 0  # passes it rests on at least; 0 where that is not told


@dataclass(frozen=True, slots=True)
class Measurement:
    """One released row: a count, or a mean, over an interval and a part of the traffic. Made by `release` only."""

    camera: str
    place: str
    revision: str  # of the place's drawing
    quantity: Quantity
    cut: Cut
    part: tuple[str, ...]  # series in this row, e.g. ("foot in",); several = not told apart; () = all passes
    rest: bool  # True: the row of all series that do not stand alone
    start: datetime  # UTC
    end: datetime  # UTC
    observed: float  # 0-1: share of the interval in which the place was seen
    count: int | None = None  # passes; None for samples
    mean: float | None = None  # samples: mean over time
    p95: float | None = None  # samples: 95th percentile over time
    bands: Mapping[str, float] = field(default_factory=dict)  # samples: minutes in each band
    values: Mapping[str, Statistics] = field(default_factory=dict)  # columns of a row of passes
    detector: str = ""
    version: str = ""  # of passerby


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule of the configuration fires, is resolved, or cannot be evaluated.

    It leaves at once, so whoever receives it knows when. It holds no count, position, picture or time of its own:
    several within an hour are equal, and kept as one, for 72 h.
    """

    rule: str
    camera: str  # empty: the rule is about an area
    place: str  # empty: the rule is about the camera itself
    state: AlertState
    severity: Severity
    hour: datetime  # UTC: begin of the site's hour in which it was
    told: Told = "new"

    @property
    def kept(self) -> bool:
        """Whether it is kept at all: that something ended tells nothing that its beginning did not."""
        return self.state != "resolved"


@dataclass(frozen=True, slots=True)
class Bands:
    """About how many are at a camera's places at this moment, in bands; only where live outputs are switched on.

    It is true for a moment: whoever cannot take it now never gets it, and nobody keeps it.
    """

    camera: str
    at: datetime  # UTC
    places: Mapping[str, Mapping[str, str]]  # place -> quantity -> band, e.g. {"square": {"inside": "5-9"}}


@dataclass(frozen=True, slots=True)
class Trial:
    """Somebody tries whether alarms arrive; it tells of no camera and of no place, and is not kept."""

    at: datetime  # UTC


Record = Measurement | Alert | Bands | Trial


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture that holds no person: an approved plate, or one of a film for its owner."""

    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Health:
    """How well a camera is being watched, as of its last frame."""

    frames: int = 0  # decoded
    analysed: int = 0  # looked at by motion or detector
    state: Literal["ok", "blind", "moved"] = "ok"
    looked: int = 0  # frames that a detector saw something of
    looks: int = 0  # pieces of frames that it saw
    pictures: float = 0.0  # what they come to, in whole pictures
