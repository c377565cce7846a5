"""What the office tells its workers: cameras with their passwords, so it goes through a pipe and no other way."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field

from passerby.engine.plan import CameraPlan, PlateWish, Table


@dataclass(frozen=True, slots=True)
class Begin:
    """What is common to all cameras of a worker; the first command, after which it loads what that needs."""

    live: bool
    detector: Table = field(default_factory=dict)  # the rest is for engine workers
    share: float | None = None
    gather_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Attach:
    """The other kind of worker is at the other end of the channel that travels with this."""


@dataclass(frozen=True, slots=True)
class Add:
    """Watch one more camera, which is called by this number between workers."""

    number: int
    camera: CameraPlan


@dataclass(frozen=True, slots=True)
class Remove:
    """Watch this camera no more; an engine worker then settles what is open, and says that it has ended."""

    number: int


@dataclass(frozen=True, slots=True)
class Show:
    """Send glyphs of these cameras, and of no others."""

    cameras: frozenset[str]


@dataclass(frozen=True, slots=True)
class Collect:
    """Collect pictures of the empty places of these cameras, and of no others; each is sent once."""

    wishes: Mapping[str, PlateWish]


@dataclass(frozen=True, slots=True)
class Stop:
    """Finish what stands, and end."""


Command = Begin | Attach | Add | Remove | Show | Collect | Stop


def encode(command: Command) -> bytes:
    """For `Channel.send`."""
    return pickle.dumps(command)


def decode(data: bytes) -> Command:
    """What the office sent; b"" means that it is gone, which is as good as `Stop`."""
    if not data:
        return Stop()
    command: Command = pickle.loads(data)  # noqa: S301 - from the office
    return command
