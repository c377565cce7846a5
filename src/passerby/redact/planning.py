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

_HELD_S: Final = 0.45  # s for which what was unlike the place is hidden before and after
_LASTING_S: Final = 1.2  # s for which it is where somebody is easily missed: far away, and at the picture's edges
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
    judged: list[Unlikeness] = []
    for frame in frames:
        with frame:
            looks.see(frame)
            judged += unlike.update(frame)
            watch("looking", frame.time_s)
    judged += unlike.end()
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
        if eyes.faces is not None:
            faces = eyes.faces.find(frame).astype(np.float64)
            boxes = grown(faces, _HEAD * sizes(faces)).astype(np.float32)
        tracks = eyes.tracker.update(Sight(frame.time_s, frame.size, found, np.array([frame.whole], np.float32)))
        self.sightings.saw(frame.time_s, np.concatenate([found.xyxy, boxes]), tracks)


def _hidden(judged: list[Unlikeness], sightings: Sightings) -> Iterator[Hidden]:
    """What is hidden in each frame, of all that is known now."""
    window: deque[tuple[float, Cells, Cells]] = deque()  # time, cells, and those of them that are held longer
    size = judged[0].size if judged else Size(1, 1)
    grid, following = Grid(size), 0
    for now in judged:
        while following < len(judged) and judged[following].time_s <= now.time_s + _LASTING_S:
            one, following = judged[following], following + 1
            if one.cells is not None and one.size == size:
                cells = grid.to_the_rim(one.cells)
                window.append((one.time_s, cells, grid.lasting(cells)))
        while window and window[0][0] < now.time_s - _LASTING_S:
            window.popleft()
        hidden = None
        if now.cells is not None and now.size == size:
            near = [c if abs(t - now.time_s) <= _HELD_S else lasting for t, c, lasting in window]
            hidden = grid.boxed(np.logical_or.reduce(near) | grid.touched(sightings.at(now.time_s)))
        yield Hidden.of(now.time_s, Grid(now.size), hidden)
