"""What decode and engine workers say to each other about frames: numbers of fixed size.

::

    decode ── RING  a camera's new slots, with the memory's file descriptor ──► engine
           ── FRAME this slot holds this frame ─────────────────────────────►
           ── END   no more frames of this camera ──────────────────────────►
           ◄─ FREE  this slot may be written again ──────────────────────────
"""

from __future__ import annotations

import struct
from dataclasses import astuple, dataclass
from typing import ClassVar, Final


@dataclass(frozen=True, slots=True)
class RingHeader:
    """From now on this camera's frames come through new memory, whose descriptor travels with this."""

    camera: int
    generation: int  # of the camera's rings: a slot of an older one is no longer written
    width: int  # px
    height: int  # px
    slots: int
    form: ClassVar[struct.Struct] = struct.Struct("=HIIIH")


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """A slot holds a frame, and belongs to the engine until it is free again."""

    camera: int
    generation: int
    slot: int
    connection: int  # grows with each connection to the camera
    index: int  # of the decoded picture in its connection
    time_s: float  # since the connection's first frame
    read_s: float  # when it was decoded, on the machine's monotonic clock
    frames: int  # decoded so far, in all connections
    dropped: int  # that were due and found no slot, so far
    form: ClassVar[struct.Struct] = struct.Struct("=HIHQQddQQ")


@dataclass(frozen=True, slots=True)
class EndHeader:
    """The connection is over; `time_s` is that of its last decoded frame."""

    camera: int
    connection: int
    time_s: float
    is_final: bool  # nothing more will come
    frames: int  # as in `FrameHeader`
    dropped: int
    reason: bytes = b""  # why, in UTF-8, cut off at 255 bytes; empty: it ended well
    form: ClassVar[struct.Struct] = struct.Struct("=HQd?QQ256p")


@dataclass(frozen=True, slots=True)
class FreeHeader:
    """The engine is done with a slot, and has wiped it."""

    camera: int
    generation: int
    slot: int
    form: ClassVar[struct.Struct] = struct.Struct("=HIH")


Header = RingHeader | FrameHeader | EndHeader | FreeHeader

_KINDS: Final[tuple[type[Header], ...]] = (RingHeader, FrameHeader, EndHeader, FreeHeader)
LONGEST: Final = 1 + max(kind.form.size for kind in _KINDS)


def pack(header: Header) -> bytes:
    """One byte for the kind, then its numbers."""
    return bytes([_KINDS.index(type(header))]) + header.form.pack(*astuple(header))


def unpack(data: bytes) -> Header:
    """The header that was packed; raises ValueError for anything else."""
    if not data or data[0] >= len(_KINDS):
        raise ValueError("this is no header")
    kind = _KINDS[data[0]]
    try:
        return kind(*kind.form.unpack(data[1:]))
    except struct.error as error:
        raise ValueError(f"this is no {kind.__name__}: {error}") from None
