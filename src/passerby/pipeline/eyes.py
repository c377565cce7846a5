"""How one camera looks at its frames: at what moves only, at the whole of every frame, or where it matters.

::

    Blobs     motion ─────────────────────────────────────────────────► Sight, all of it rough
    Stare     the whole of every frame ──────────► detector ─┐
    Glances   what stirs ─► attention ─► regions ► detector ─┴─ what else moves ─► Sight
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Detections, Tracks
from passerby.detectors.suppress import suppress
from passerby.frame import Frame, Region, Size
from passerby.ground import Ground
from passerby.look import Attention, Wanted
from passerby.motion import Motion, Moving
from passerby.motion.stir import Stir, Stirred
from passerby.motion.unclaimed import Unclaimed
from passerby.rectangles import areas, shared
from passerby.stages import Crop, Look, Sight

State = Literal["ok", "light", "moved", "blind"]
_NOWHERE = np.empty((0, 4), np.float32)
_Boxes = tuple[float, NDArray[np.float32]]  # when, and boxes (n, 4) px

_GUESSED = (Class.VEHICLE, Class.UNKNOWN)  # classes that no model gives: what is followed as these was a blob
_IS_GUESSED = np.array([c in _GUESSED for c in Class])
_IS_MOTOR = np.array([c.mode == "motor" for c in Class])
_HINT = 0.2  # score from which a box may be somebody: then what moves there is no vehicle
_SURE = 0.5  # score from which a box accounts for what moves in it
_LATELY_S = 0.6  # s for which a look tells whether the detector knows what moves there
_MOSTLY = 0.6  # share of a box that lies in a place
_SAME = 0.5  # overlap (IoU) above which boxes of two looks are one road user


class Eye(Protocol):
    """Says what must be looked at in a frame, and makes of what was found what a tracker is told."""

    def ask(self, frame: Frame, tracks: Tracks) -> list[Crop]:
        """What must be looked at in this frame, in which the tracks should be there."""
        ...

    def sight(self, frame: Frame, looks: Sequence[Look]) -> Sight:
        """What the same frame tells the tracker; looks may be missing."""
        ...

    @property
    def state(self) -> State:
        """How well the camera sees, as of the last frame."""
        ...


class Blobs:
    """Without a detector: what moves is all there is. The tracker is told that it is rough."""

    def __init__(self, ground: Ground | None) -> None:
        self._motion = Motion(ground=ground)
        self._moving: Moving | None = None

    def ask(self, frame: Frame, tracks: Tracks) -> list[Crop]:
        """Nothing: motion sees the whole picture by itself."""
        self._moving = self._motion.update(frame)
        return []

    def sight(self, frame: Frame, looks: Sequence[Look]) -> Sight:
        """What moves; after a change of light or view motion knows nothing for a while."""
        if self._moving is None or self._moving.state != "ok":
            return Sight(frame.time_s, frame.size, Detections.empty(), _NOWHERE)
        found, whole = self._moving.blobs, np.array([frame.whole], np.float32)
        return Sight(frame.time_s, frame.size, found, whole, rough=np.ones(len(found), np.bool_))

    @property
    def state(self) -> State:
        """As motion says."""
        return "ok" if self._moving is None else self._moving.state


class Stare:
    """Looks at the whole of every frame."""

    def __init__(self, wants: Size) -> None:
        self._wants = wants
        self._others = _Others()

    def ask(self, frame: Frame, tracks: Tracks) -> list[Crop]:
        """The whole picture at the detector's own size."""
        self._others.see(frame, tracks)
        scale = min(self._wants.width / frame.size.width, self._wants.height / frame.size.height)
        return [Crop(frame, frame.whole, scale, frame.time_s)]

    def sight(self, frame: Frame, looks: Sequence[Look]) -> Sight:
        """What was found, and where."""
        looked = np.array([look.crop.region for look in looks], np.float32).reshape(-1, 4)
        return Sight(frame.time_s, frame.size, self._others.and_found(_together(looks), looked), looked)

    @property
    def state(self) -> State:
        """As the cheap question answers."""
        return self._others.state


class Glances:
    """Looks where and when attention says, after the cheap question what stirs."""

    def __init__(self, wants: Size, attention: Attention) -> None:
        self._wants, self._attention = wants, attention
        self._others = _Others()
        self._wanted = Wanted.nothing()
        self._crops: list[Crop] = []
        self._asleep = False

    def ask(self, frame: Frame, tracks: Tracks) -> list[Crop]:
        """Regions, the whole picture, or nothing."""
        self._crops, self._asleep = [], self._attention.sleeps(frame.time_s)
        if self._asleep:
            return self._crops
        stirred = self._others.see(frame, tracks)
        self._wanted = self._attention.choose(
            frame.time_s, frame.size, self._wants, tracks, stirred.mask, stirred.blobs, stirred.state
        )
        rows = zip(self._wanted.xyxy.tolist(), self._wanted.scale, self._wanted.due_s, strict=True)
        self._crops = [Crop(frame, Region(*xyxy), float(scale), float(due_s)) for xyxy, scale, due_s in rows]
        return self._crops

    def sight(self, frame: Frame, looks: Sequence[Look]) -> Sight:
        """What was found. Absence means something only inside the margins, in which objects may be cut."""
        if self._asleep:
            return Sight(frame.time_s, frame.size, Detections.empty(), _NOWHERE)
        if not looks:
            told = self._others.and_found(Detections.empty(), _NOWHERE)
            return Sight(frame.time_s, frame.size, told, _NOWHERE)
        found = _together(looks)
        looked = np.array([look.crop.region for look in looks], np.float64)
        self._attention.saw(frame.time_s, looked, found.xyxy)
        steadied = self._attention.steadied(found.xyxy)
        if steadied is not found.xyxy:
            found = replace(found, xyxy=steadied)
        told = self._others.and_found(found, looked.astype(np.float32))
        margins = np.array([[self._margin(look.crop)] for look in looks])
        inner = looked != (0, 0, *frame.size)
        looked += inner * margins * (1, 1, -1, -1)
        return Sight(frame.time_s, frame.size, told, looked.astype(np.float32))

    def _margin(self, crop: Crop) -> float:
        """In which objects may be cut at the inner edges of this crop."""
        asked = next((row for row, mine in enumerate(self._crops) if mine is crop), None)
        return 0.0 if asked is None else float(self._wanted.margin[asked])

    @property
    def state(self) -> State:
        """As the cheap question answers."""
        return self._others.state


class _Others:
    """What moves and is neither found nor followed.

    It has proved to go somewhere before it is told, so it is not told as `rough`: single silhouettes are. It is
    told only after the detector looked there and found nothing, or as what is followed as a moving blob already.
    """

    def __init__(self) -> None:
        self._stir, self._unclaimed = Stir(), Unclaimed()
        self._stirred: Stirred | None = None
        self._tracks = Tracks.empty()
        self._alive: list[_Boxes] = []  # that may be somebody's
        self._looked: list[_Boxes] = []

    def see(self, frame: Frame, tracks: Tracks) -> Stirred:
        """Take in a frame, and where the tracks should be in it."""
        self._stirred, self._tracks = self._stir.update(frame), tracks
        return self._stirred

    def and_found(self, found: Detections, looked: NDArray[np.float32]) -> Detections:
        """What was found in that frame, in rectangles (m, 4) px, and what else moves.

        What was born from such blobs claims none of them.
        """
        if self._stirred is None:
            return found
        time_s = self._stirred.time_s
        self._looked = _lately(self._looked, time_s, looked)
        self._alive = _lately(self._alive, time_s, _alive(found) if len(found) else _NOWHERE)
        others = self._unclaimed.update(self._stirred, partial(self._claimed, found))
        if not len(others):
            return found
        guessed = self._tracks.xyxy[_IS_GUESSED[self._tracks.class_id]]
        places = np.concatenate([guessed, *(rectangles for _, rectangles in self._looked)])
        return Detections.concatenate([found, others.keep(_within(others.xyxy, places))])

    def _claimed(self, found: Detections) -> NDArray[np.float32]:
        """Boxes (n, 4) of all that was surely found, is followed, or may have been somebody a moment ago."""
        followed = self._tracks.confirmed & ~_IS_GUESSED[self._tracks.class_id]
        sure = found.score >= _SURE
        return np.concatenate(
            [found.xyxy[sure], self._tracks.xyxy[followed], *(boxes for _, boxes in self._alive)]
        )

    @property
    def state(self) -> State:
        """How well the camera sees, as of that frame."""
        return "ok" if self._stirred is None else self._stirred.state


def _alive(found: Detections) -> NDArray[np.float32]:
    """The boxes (n, 4) that may be somebody's."""
    boxes: NDArray[np.float32] = found.xyxy[(found.score >= _HINT) & ~_IS_MOTOR[found.class_id]]
    return boxes


def _lately(known: list[_Boxes], time_s: float, boxes: NDArray[np.float32]) -> list[_Boxes]:
    """What is known of the last moment, these boxes (n, 4) included."""
    lately = [old for old in known if time_s - old[0] < _LATELY_S]
    return [*lately, (time_s, boxes)] if len(boxes) else lately


def _within(boxes: NDArray[np.float32], places: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which boxes (n, 4) lie mostly in one of the places (m, 4)."""
    common = shared(boxes, places).max(axis=1, initial=0.0)
    return np.asarray(common >= _MOSTLY * areas(boxes), np.bool_)


def _overlap(a: Region, b: Region) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _together(looks: Sequence[Look]) -> Detections:
    """All that was found, each road user once; only pieces that overlap can show one twice."""
    found = Detections.concatenate([look.found for look in looks])
    regions = [look.crop.region for look in looks]
    if not any(_overlap(a, b) for a, b in combinations(regions, 2)):
        return found
    rows: NDArray[np.intp] = suppress(found.xyxy, found.score, found.class_id, _SAME)
    return found.keep(rows)
