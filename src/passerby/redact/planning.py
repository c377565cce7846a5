"""The first pass: reads a film to its end and decides what must be hidden in each frame.

::

    frame ─► unlike the empty place ────────────► boxes ─► held for a moment ──┐
       └──── every `look_s`: detector, faces ─► tracks ─► between sightings ───┴─► cells of each frame
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from passerby.classes import Class
from passerby.detections import Detections
from passerby.frame import Frame, Size
from passerby.look.regions import grown, sizes
from passerby.redact.faces import Faces
from passerby.redact.grid import Cells, Grid
from passerby.redact.plan import Hidden, Plan
from passerby.redact.sightings import Sightings
from passerby.redact.unlike import Unlike, Unlikeness
from passerby.stages import Crop, Detector, Sight, Tracker

Watch = Callable[[str, float], None]  # told of the stage and of the film's time, s

_HELD_S: Final = 0.6  # s for which what was unlike the place is hidden before and after
_LASTING_S: Final = 2.0  # s for which it is where somebody is easily missed: far away, and at the picture's edges
_LOOMING: Final = (
    0.5  # of the picture: a vehicle that is larger is nearly always none; one that moves is seen moving
)
_HEAD: Final = 0.35  # sizes around a face that belong to its head


@dataclass(frozen=True, slots=True, eq=False)
class Eyes:
    """What looks at a film: a detector, whose boxes a tracker follows, and something that finds faces."""

    detector: Detector
    tracker: Tracker
    faces: Faces | None = None
    look_s: float = 1.0  # s of the film between two looks at the whole picture


def plan(frames: Iterable[Frame], eyes: Eyes, watch: Watch) -> Plan:
    """Read all frames and close each; what a frame shows is forgotten as soon as it has been judged.

    Frames of another size than the first, and frames that cannot be judged, are hidden as a whole.
    """
    unlike, looks = Unlike(), _Looks(eyes)
    judged: list[Hidden] = []
    for frame in frames:
        with frame:
            looks.see(frame)
            judged += map(_packed, unlike.update(frame))
            watch("looking", frame.time_s)
    judged += map(_packed, unlike.end())
    return Plan(tuple(_hidden(judged, looks.sightings)))


class _Looks:
    """Looks at the whole picture now and then."""

    def __init__(self, eyes: Eyes) -> None:
        self._eyes = eyes
        self._due_s = -np.inf
        self.sightings = Sightings()

    def see(self, frame: Frame) -> None:
        """Look at a frame, if it is time."""
        if frame.time_s < self._due_s - 1e-6:
            return
        eyes = self._eyes
        self._due_s = frame.time_s + eyes.look_s
        boxes = np.empty((0, 4), np.float32)
        found = Detections.empty()
        if (wants := eyes.detector.input) is not None:
            scale = min(a / b for a, b in zip(wants, frame.size, strict=True))
            (found,) = eyes.detector.detect([Crop(frame, frame.whole, scale, frame.time_s)])
            found = _believed(found, frame.size)
        if eyes.faces is not None:
            faces = eyes.faces.find(frame).astype(np.float64)
            boxes = grown(faces, _HEAD * sizes(faces)).astype(np.float32)
        tracks = eyes.tracker.update(Sight(frame.time_s, frame.size, found, np.array([frame.whole], np.float32)))
        self.sightings.saw(frame.time_s, np.concatenate([found.xyxy, boxes]), tracks)


def _believed(found: Detections, size: Size) -> Detections:
    """What was found, without vehicles as large as most of the picture: models see trains in whole streets."""
    large = (found.xyxy[:, 2:] - found.xyxy[:, :2]).prod(axis=1) > _LOOMING * size.width * size.height
    return found.keep(~large | (found.class_id == Class.PERSON))


def _packed(one: Unlikeness) -> Hidden:
    return Hidden.of(one.time_s, Grid(one.size), one.cells)


def _hidden(judged: list[Hidden], sightings: Sightings) -> Iterator[Hidden]:
    """What is hidden in each frame, of all that is known now; `judged` is what was unlike the place in each."""
    if not judged:
        return
    size = judged[0].size
    grid, following = Grid(size), 0
    near, lasting = _Around(grid, _HELD_S), _Around(grid, _LASTING_S)
    for now in judged:
        while following < len(judged) and judged[following].time_s <= now.time_s + _LASTING_S:
            one, following = judged[following], following + 1
            if one.size == size and (cells := one.cells) is not None:
                cells = grid.to_the_rim(cells)
                near.follows(one.time_s, cells)
                lasting.follows(one.time_s, grid.lasting(cells))
        hidden = None
        if now.packed is not None and now.size == size:
            held = near.at(now.time_s) | lasting.at(now.time_s)
            hidden = grid.boxed(held | grid.touched(sightings.at(now.time_s)))
        yield Hidden.of(now.time_s, Grid(now.size), hidden)


class _Around:
    """Where anything is in the frames around a time."""

    def __init__(self, grid: Grid, held_s: float) -> None:
        self._held_s = held_s
        self._to_come: deque[tuple[float, Cells]] = deque()
        self._there: deque[tuple[float, Cells]] = deque()
        self._counts = np.zeros(grid.shape, np.int32)

    def follows(self, time_s: float, cells: Cells) -> None:
        """What is in the next frame."""
        self._to_come.append((time_s, cells))

    def at(self, time_s: float) -> Cells:
        """Cells in which there is something in a frame up to `held_s` before or after; times only ever grow."""
        while self._to_come and self._to_come[0][0] <= time_s + self._held_s:
            self._there.append(self._to_come.popleft())
            self._counts += self._there[-1][1]
        while self._there and self._there[0][0] < time_s - self._held_s:
            self._counts -= self._there.popleft()[1]
        anywhere: Cells = self._counts > 0
        return anywhere
