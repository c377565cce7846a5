"""What engine and decode workers tell the office: numbers and states, never an identity.

One message holds pixels: the picture of an empty place that somebody has asked for, once, of which an admin must
say that nobody is in it before anybody else sees it.

Workers are trusted with less than the office is, since they read what strangers send. So a message travels as
JSON, is checked against the types below when it arrives, and can do nothing but be read.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from passerby.ghost import Glyph, checked
from passerby.records import Observation, Picture

CameraState = Literal["online", "degraded", "offline"]


@dataclass(frozen=True, slots=True)
class State:
    """Whether frames of a camera arrive, and if not, why."""

    camera: str
    state: CameraState  # degraded: connected, yet no frame for a while, or its engine is being started again
    reason: str = ""
    kind: Literal["state"] = "state"


@dataclass(frozen=True, slots=True)
class Anchored:
    """From here on, until the next one, the camera's `time_s` is `at`."""

    camera: str
    time_s: float
    at: datetime  # UTC: when the frame arrived
    kind: Literal["anchored"] = "anchored"


@dataclass(frozen=True, slots=True)
class Missed:
    """A stretch of a camera's time in which no frame came."""

    camera: str
    start_s: float
    end_s: float
    kind: Literal["missed"] = "missed"


@dataclass(frozen=True, slots=True)
class Observed:
    """What one frame came to; sent only where it came to anything."""

    camera: str
    time_s: float
    observations: tuple[Observation, ...]
    kind: Literal["observed"] = "observed"


@dataclass(frozen=True, slots=True)
class Shown:
    """Where glyphs are to be drawn now; sent only for cameras that somebody looks at."""

    camera: str
    time_s: float
    glyphs: tuple[Glyph, ...]
    kind: Literal["shown"] = "shown"


@dataclass(frozen=True, slots=True)
class Watched:
    """How well a camera was watched since the last one of these, which come about once a second."""

    camera: str
    time_s: float  # of its last frame
    frames: int  # decoded, in all
    analysed: int  # in all
    dropped: int  # frames that were due and not analysed, for want of time; in all
    rate: float  # frames analysed a second, lately
    wanted: float  # frames analysed a second, were there time enough
    state: Literal["ok", "blind", "moved"]  # of the view; moved: until it is back where it was when this began
    looked: int = 0  # frames that a detector saw something of, in all
    pictures: float = 0.0  # what it saw of them, in whole pictures, in all
    width: int = 0  # px of its last frame; 0: none came yet
    height: int = 0
    kind: Literal["watched"] = "watched"


@dataclass(frozen=True, slots=True)
class Collecting:
    """How far the picture of a camera's empty place is that was asked for."""

    camera: str
    id: str  # of the wish
    coverage: float  # 0-1: share of the picture that is known by now
    note: str = ""  # what costs time
    kind: Literal["collecting"] = "collecting"


@dataclass(frozen=True, slots=True)
class Collected:
    """The picture of a camera's empty place, which waits for an admin's yes; or why there is none."""

    camera: str
    id: str  # of the wish
    strict: bool
    coverage: float  # 0-1
    frame_width: Annotated[int, Field(gt=0)]  # px of the camera's frames
    frame_height: Annotated[int, Field(gt=0)]
    png: str = field(default="", repr=False)  # base64; empty: there is none
    reason: str = ""  # why not
    by_motion: bool = False  # no detector that knows people has looked
    kind: Literal["collected"] = "collected"

    def picture(self) -> Picture:
        """It, checked to be one and nothing besides; raises ValueError."""
        return checked(base64.b64decode(self.png, validate=True), strict=self.strict)


@dataclass(frozen=True, slots=True)
class Ended:
    """A camera has nothing more to say: its film is over, or cannot be read."""

    camera: str
    time_s: float
    reason: str = ""  # empty: it ended well
    kind: Literal["ended"] = "ended"


@dataclass(frozen=True, slots=True)
class Spent:
    """What a worker has cost since it was started."""

    worker: str  # e.g. "engine 0"; filled in by the office, which knows to whom it listens
    cpu_s: float
    rounds: int = 0  # calls of the detector
    crops: int = 0  # looked at
    inputs: float = 0.0  # pixels looked at, in inputs of the detector
    kind: Literal["spent"] = "spent"


@dataclass(frozen=True, slots=True)
class Begun:
    """An engine worker has loaded its detector."""

    worker: str  # as in `Spent`
    detector: str  # what rows say they were counted with, e.g. "yolox_nano"
    notes: tuple[str, ...] = ()  # why this one, and how to get a better one
    kind: Literal["begun"] = "begun"


@dataclass(frozen=True, slots=True)
class Died:
    """A worker ended by itself while its cameras were watched; it is started again. Said by the office's side."""

    worker: str  # as in `Spent`
    reason: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Nothing was said: from time to time, so that whoever listens can do what is due."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A worker cannot do its work at all; the engine raises it as the error of this name."""

    error: str  # name of a class of `errors`
    message: str
    hint: str
    kind: Literal["failed"] = "failed"


_Said = State | Anchored | Missed | Observed | Shown | Watched | Collecting | Collected | Ended | Spent | Begun
Message = _Said | Died | Tick
_Any = Annotated[_Said | Failed, Field(discriminator="kind")]
_ADAPTER: Final[TypeAdapter[Any]] = TypeAdapter(_Any, config=ConfigDict(defer_build=True))  # workers never read


def encode(message: Message | Failed) -> bytes:
    """One message as JSON."""
    return json.dumps(asdict(message), default=datetime.isoformat).encode()


def decode(data: bytes) -> Message | Failed:
    """A message of a worker; raises ValueError for anything else."""
    try:
        message: Message | Failed = _ADAPTER.validate_json(data)
    except ValidationError as error:
        raise ValueError(f"a worker sent no message: {error.error_count()} errors") from None
    if isinstance(message, Collected) and message.png:
        message.picture()
    return message
