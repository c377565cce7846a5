"""The pictures of empty places of all cameras: wished for, waiting for an admin's yes, approved, or out of date.

::

    none ──collect──► collecting ──► candidate (memory only) ──approve──► approved (two files) ──► stale
      ▲                   │              │                                    │      moved, other source or shape
      └──── discard ──────┴── discard ───┘◄───────────── discard ─────────────┴────────┘
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from passerby.engine import Collected, Collecting, Ended, Message, PlateWish, Watched
from passerby.office import Turned
from passerby.records import Picture
from passerby.run.plate_files import PlateFiles, Said
from passerby.web.house import PlateNow, PlateState

_APART: Final = 0.01  # share by which the shape of a picture may differ
_MOVED: Final = "The camera was moved, so lines and glyphs do not fit this picture any more."
_OTHER_SOURCE: Final = "This camera has another source now; the picture is of the one before."
_OTHER_SHAPE: Final = "The camera's picture has another shape now."


@dataclass(slots=True)
class _Known:
    source: str  # which source it is, without secrets
    approved: Picture | None = None
    said: Said | None = None  # of the approved one
    stale: str = ""  # why
    wish: PlateWish | None = None
    coverage: float | None = None
    note: str = ""
    candidate: Collected | None = field(default=None, repr=False)
    waiting: Picture | None = None  # the candidate's
    shape: tuple[int, int] = (0, 0)  # px of its frames
    state: str = "ok"  # how it saw last
    turned: Turned = field(default_factory=Turned)
    is_settled: bool = False  # another was approved: what is said of a move before that counts no more


def _new_id() -> str:
    return secrets.token_urlsafe(9)


class Plates:
    """All cameras' plates, for any thread. `tell` hears which are to be collected, whenever that changes.

    A candidate lives in memory only; what was approved, in `folder`. A picture never changes by itself.
    `least_s`: see `PlateWish`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], datetime],
        tell: Callable[[Mapping[str, PlateWish]], None],
        new_id: Callable[[], str] = _new_id,
        least_s: float | None = None,
    ) -> None:
        self._files, self._clock, self._tell, self._new_id = PlateFiles(folder), clock, tell, new_id
        self._least_s = least_s
        self._lock = threading.RLock()
        self._known: dict[str, _Known] = {}

    # -- cameras ---------------------------------------------------------------------------------------------

    def open(self, camera: str, source: str) -> None:
        """A camera is watched, and this is its source (see `named`); what was approved of it is read."""
        with self._lock:
            known = self._known.get(camera)
            if known is None:
                known = self._known[camera] = _Known(source)
                known.approved, known.said = self._files.read(camera)
                known.turned = Turned(was_moved=known.said is not None and known.said.is_moved)
                known.stale = _MOVED if known.turned.is_moved else ""
            elif known.source != source:
                known.source, known.candidate, known.wish, known.shape = source, None, None, (0, 0)
                self._tell_wishes()
            if known.said is not None and known.said.source != source:
                known.stale = known.stale or _OTHER_SOURCE
            elif known.stale == _OTHER_SOURCE:
                known.stale = ""

    def close(self, camera: str) -> None:
        """A camera is in the configuration no more; what was approved stays until that is discarded."""
        with self._lock:
            if self._known.pop(camera, None) is not None:
                self._tell_wishes()

    @property
    def wishes(self) -> dict[str, PlateWish]:
        """Of which cameras a plate is to be collected now: for an engine that was started anew."""
        with self._lock:
            return {name: known.wish for name, known in self._known.items() if known.wish is not None}

    # -- what the engine says --------------------------------------------------------------------------------

    def hear(self, message: Message) -> None:
        """Take what is about plates; what nobody has asked for is passed over."""
        with self._lock:
            match message:
                case Collecting(camera, wish_id) if (known := self._asked(camera, wish_id)) is not None:
                    known.coverage, known.note = message.coverage, message.note
                case Collected(camera, wish_id) if (known := self._asked(camera, wish_id)) is not None:
                    known.wish, known.coverage, known.note = None, message.coverage, message.reason
                    known.candidate = message if message.png else None
                    known.waiting = message.picture() if message.png else None
                    self._tell_wishes()
                case Ended(camera) if camera in self._known:
                    self._known[camera].is_settled = False
                case Watched(camera) if camera in self._known:
                    self._saw(camera, self._known[camera], message)
                case _:
                    pass

    def _asked(self, camera: str, wish_id: str) -> _Known | None:
        known = self._known.get(camera)
        return known if known is not None and known.wish is not None and known.wish.id == wish_id else None

    def _saw(self, camera: str, known: _Known, watched: Watched) -> None:
        now = self._clock()
        if watched.state == "moved" and known.state != "moved":
            known.candidate = None  # it is of another view; one that is collected from here on is not
        known.state = watched.state
        if not known.is_settled:
            known.turned.see(watched.state, watched.analysed, now)
        if known.turned.is_moved:
            known.stale = known.stale or _MOVED
        elif known.stale == _MOVED:
            known.stale = ""
        lasts = known.turned.lasts(now) and bool(known.stale)
        if known.said is not None and known.said.is_moved != lasts:
            known.said = replace(known.said, is_moved=lasts)
            with contextlib.suppress(OSError):  # it is known until a restart
                self._files.say(camera, known.said)
        if watched.height:
            known.shape = watched.width, watched.height
            if known.said is not None and abs(known.said.aspect - watched.width / watched.height) > _APART:
                known.stale = known.stale or _OTHER_SHAPE
            elif known.stale == _OTHER_SHAPE:
                known.stale = ""

    # -- what people do --------------------------------------------------------------------------------------

    def now(self, camera: str) -> PlateNow:
        """What there is; raises KeyError for a camera that is not watched."""
        with self._lock:
            known = self._known[camera]
            waits = known.candidate
            return PlateNow(
                _state(known),
                known.approved,
                None if waits is None else known.waiting,
                "" if waits is None else waits.id,
                known.coverage,
                strict=_is_strict(known),
                note=known.note or known.stale,
                by_motion=waits is not None and waits.by_motion,
                is_stale=bool(known.stale),
            )

    def collect(self, camera: str, *, strict: bool) -> None:
        """Begin to collect; what was collected before is forgotten."""
        with self._lock:
            known = self._known[camera]
            known.wish, known.candidate = PlateWish(self._new_id(), strict, self._least_s), None
            known.coverage, known.note = 0.0, ""
            self._tell_wishes()

    def approve(self, camera: str, candidate_id: str) -> None:
        """Nobody is in it: keep it. KeyError if it is not the one that waits; OSError if it cannot be kept."""
        with self._lock:
            known = self._known[camera]
            waits = known.candidate
            if waits is None or known.waiting is None or waits.id != candidate_id:
                raise KeyError(candidate_id)
            aspect = waits.frame_width / waits.frame_height
            said = Said(waits.strict, self._clock().date(), known.source, aspect)
            self._files.write(camera, known.waiting, said)
            known.approved, known.said, known.stale = known.waiting, said, ""
            known.is_settled = known.state == "moved"
            known.turned = Turned()
            known.candidate, known.note = None, ""

    def discard(self, camera: str) -> None:
        """Stop collecting, or throw away the candidate, or, where there is neither, the approved picture."""
        with self._lock:
            known = self._known[camera]
            if known.wish is not None or known.candidate is not None:
                known.wish = known.candidate = None
                self._tell_wishes()
            else:
                self._files.remove(camera)
                known.approved, known.said, known.stale = None, None, ""
            known.coverage, known.note = None, ""

    def _tell_wishes(self) -> None:
        self._tell(self.wishes)


def _state(known: _Known) -> PlateState:
    if known.wish is not None:
        return "collecting"
    if known.candidate is not None:
        return "candidate"
    if known.approved is not None:
        return "stale" if known.stale else "approved"
    return "none"


def _is_strict(known: _Known) -> bool:
    if known.wish is not None:
        return known.wish.strict
    if known.candidate is not None:
        return known.candidate.strict
    return known.said is not None and known.said.strict
