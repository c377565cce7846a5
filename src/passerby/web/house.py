"""What the pages know of the service behind them, and what they may ask of it; the service implements it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from passerby.areas import Held
from passerby.config import Config, Edit
from passerby.geometry import Place
from passerby.ghost import Live, Moment
from passerby.outlets import Query
from passerby.records import Alert, AlertState, Measurement, Picture, Severity

State = Literal["starting", "online", "degraded", "offline", "disabled"]
PlateState = Literal["none", "collecting", "candidate", "approved", "stale"]


@dataclass(frozen=True, slots=True)
class CameraNow:
    """A camera as it is known now, whether it is watched or not."""

    name: str
    state: State
    reason: str  # where it is not online
    live: Live
    places: tuple[Place, ...]
    aspect: float | None  # width / height of its frames; None: none came yet
    rate: float | None = None  # frames analysed a second, lately
    wanted: float | None = None  # frames due a second
    plate: PlateState = "none"


@dataclass(frozen=True, slots=True)
class PlateNow:
    """The picture of a camera's empty place that pages may show, and the one that waits for an admin's yes."""

    state: PlateState
    approved: Picture | None = None
    candidate: Picture | None = None
    candidate_id: str = ""  # changes with each candidate: what is approved is what was looked at
    coverage: float | None = None  # 0-1: share of the candidate that was seen empty; of what is collected, so far
    strict: bool = False  # the picture is a drawing made of edges, and holds no pixel of a photo
    note: str = ""  # e.g. why it is stale, or how long it will take
    by_motion: bool = False  # no detector that knows people has looked at the candidate
    is_stale: bool = False  # the approved picture no longer fits, whatever is collected meanwhile


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rule that fires now, or cannot be evaluated. Memory only."""

    key: str  # of the rule, in addresses: letters, digits, . - _
    rule: str
    camera: str  # empty: about an area
    place: str
    state: AlertState
    severity: Severity
    acknowledged: str = ""  # by whom, or `SOMEBODY`; empty: by nobody yet
    escalated: bool = False  # nobody acknowledged it in time, so that the next sinks were told


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change of the configuration comes to."""

    difference: str  # lines with + and -, secrets blanked out; empty: nothing would change
    written: bool  # False: it was only tried, or the file is read-only and the difference is to be copied
    problem: str = ""  # why it cannot be; then nothing was written
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether the service does its work; a camera that is offline does not make it unready."""

    ok: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """Counters of the service's own health; nothing in them rises with a single road user."""

    frames: Mapping[str, int]  # by camera: decoded
    analysed: Mapping[str, int]
    dropped: Mapping[str, int]
    released: Mapping[tuple[str, str, str], int]  # (camera, place, part as "foot in"): passes in rows released
    outlets: Mapping[str, tuple[int, int]]  # by store and sink: records waiting, records dropped
    cpu_s: Mapping[str, float]  # by worker
    restarts: Mapping[str, int]  # by worker


class House(Protocol):
    """The service, seen from its pages. Every method may be called from any thread and returns a snapshot.

    A name that is not there raises KeyError. What changes something takes `by`, the name of who asks; whoever
    serves the pages has checked that they may, and writes the audit log.
    """

    # -- what there is ---------------------------------------------------------------------------------------

    @property
    def config(self) -> Config:
        """As it was last read."""
        ...

    @property
    def detector(self) -> str:
        """What counts now, e.g. "yolox_nano"; empty before it is loaded."""
        ...

    def now(self) -> datetime:
        """The time of day (UTC)."""
        ...

    def ready(self) -> Ready:
        """Whether it does its work."""
        ...

    def totals(self) -> Totals:
        """How much it has done since it was started."""
        ...

    def cameras(self) -> Sequence[CameraNow]:
        """All cameras of the configuration, in its order."""
        ...

    def camera(self, name: str) -> CameraNow:
        """One of them."""
        ...

    # -- this moment: for signed-in sessions on a page's socket only -------------------------------------------

    def looking(self, camera: str) -> AbstractContextManager[None]:
        """Somebody looks at a camera's ghost view until the block is left; glyphs are made only meanwhile."""
        ...

    def moment(self, camera: str) -> Moment:
        """What may be shown of it now."""
        ...

    def areas(self) -> Mapping[str, Held]:
        """How many each area holds now."""
        ...

    def set_area(self, name: str, inside: int, by: str) -> None:
        """Somebody has counted by hand how many there are."""
        ...

    # -- what was released -------------------------------------------------------------------------------------

    def has_store(self) -> bool:
        """Whether rows are kept at all."""
        ...

    def read(self, query: Query) -> Sequence[Measurement]:
        """Released rows; raises `StoreError`."""
        ...

    # -- alerts ------------------------------------------------------------------------------------------------

    def alarms(self) -> Sequence[Alarm]:
        """What fires now, or cannot be evaluated; the gravest first."""
        ...

    def alert_log(self) -> Sequence[Alert]:
        """What is kept of 72 hours: rule, place and hour."""
        ...

    def acknowledge(self, key: str, by: str) -> None:
        """Somebody takes care of an alarm: it sounds no more and is not escalated."""
        ...

    def try_alert(self, by: str) -> Sequence[str]:
        """Send a test to all sinks; the names of the sinks."""
        ...

    # -- plates ------------------------------------------------------------------------------------------------

    def plate(self, camera: str) -> PlateNow:
        """What there is to be shown, and to be approved."""
        ...

    def collect_plate(self, camera: str, *, strict: bool, by: str) -> None:
        """Begin to collect a new candidate, over some minutes."""
        ...

    def approve_plate(self, camera: str, candidate_id: str, by: str) -> None:
        """An admin has looked at a candidate: nobody is in it. KeyError if it is not the one that waits."""
        ...

    def discard_plate(self, camera: str, by: str) -> None:
        """Throw away the candidate, or, where there is none, the approved picture."""
        ...

    # -- the configuration ---------------------------------------------------------------------------------------

    def change(self, edits: Sequence[Edit], *, write: bool, by: str) -> Changed:
        """Try edits of the configuration file, and write and read it again where `write`; comments stay."""
        ...

    def keep_secret(self, name: str, value: str, by: str) -> None:
        """Keep a secret that was typed in a browser, so that the configuration can name it as ``${name}``.

        It can be replaced and used, and never be read from outside. An empty one is thrown away.
        """
        ...


@dataclass(frozen=True, slots=True)
class Paths:
    """Where a service keeps what is its own; all of it readable by its owner only."""

    state: Path

    @property
    def accounts(self) -> Path:
        """Accounts, sessions and API keys."""
        return self.state / "accounts.db"

    @property
    def audit(self) -> Path:
        """Who changed what, chained."""
        return self.state / "audit.jsonl"

    @property
    def plates(self) -> Path:
        """A folder of approved pictures of empty places."""
        return self.state / "plates"

    @property
    def secrets(self) -> Path:
        """Secrets that were typed in a browser."""
        return self.state / "secrets"

    @property
    def alerts(self) -> Path:
        """The alert log of 72 hours, and what somebody takes care of."""
        return self.state / "alerts.json"

    @property
    def moved(self) -> Path:
        """Which cameras were moved."""
        return self.state / "moved.json"

    @property
    def outbox(self) -> Path:
        """A folder of what sinks have not taken yet."""
        return self.state / "outbox"
