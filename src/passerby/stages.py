"""The Protocols through which pixels become observations, in the order of the data.

::

    Source ──Frame──► Camera.ask ──Crop──► Detector ──Detections──► Camera.tell ──Sight──► Tracker
                                                                        │◄─────Tracks──────┘
                                                                        └──Scene──► Measure ──► Observation
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from passerby.detections import Detections, Tracks
from passerby.frame import Frame, Region, Size
from passerby.geometry import Cells
from passerby.records import Health, Kind, Observation


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A piece of a frame that is to be looked at; a whole picture is one crop."""

    frame: Frame
    region: Region  # px of the frame
    scale: float  # detector-input px per frame px that suits the objects there; 1 = no scaling wanted
    due_s: float  # stream time by which it must be looked at; a budget drops the latest first


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A crop with what was found in it; crops that a budget dropped have no look."""

    crop: Crop
    found: Detections  # px of the frame


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What one frame tells a tracker."""

    time_s: float
    size: Size  # px of the frame
    found: Detections
    looked: NDArray[np.float32]  # (m, 4) px: only in here does absence mean absence; (0, 4) = frame skipped
    shift: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 2), np.float32))
    # (n, 2) px: motion measured in the picture for the n predicted tracks, nan = unknown; (0, 2) = not measured
    rough: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    # (n,) which rows of `found` are moving blobs whose class is a guess; (0,) = none


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What one frame tells a measure: where everything is, and no pixel."""

    time_s: float
    aspect: float  # width / height of the picture
    tracks: Tracks
    looked: NDArray[np.float32]  # (m, 4) shares of the picture
    ground: NDArray[np.float64] | None = None  # (n, 2) m, one a track; None without calibration
    crowd: NDArray[np.float32] | None = None
    # (rows, columns) people in each of `cells`, nan where unseen; None where it is not estimated
    health: Health = field(default_factory=Health)
    crowd_error: NDArray[np.float32] | None = None  # (rows, columns) standard errors of `crowd`
    cells: Cells | None = None  # on the ground, where `crowd` is estimated
    over: bool = (
        False  # True: the stream has ended or a gap begins; it holds no tracks, and all still open is settled
    )


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What one frame came to: the result of `pipeline.Camera.tell`."""

    time_s: float
    tracks: Tracks
    observations: tuple[Observation, ...]
    health: Health
    found: Detections = field(default_factory=Detections.empty)  # what the tracker was told, for evaluation
    looked: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 4), np.float32))
    # (m, 4) px of the frame: where it was told that absence means absence


class Source(Protocol):
    """Where frames come from."""

    def frames(self) -> Iterator[Frame]:
        """Yield frames in the order of their stream time, which never runs backwards; may block.

        The caller closes each frame. Raises `SourceError` if it cannot be opened, `BrokenSource` where it
        breaks off after good frames.
        """
        ...


@dataclass(frozen=True, slots=True)
class Length:
    """How long a finite source is, as far as it knows before it is read."""

    frames: int | None = None
    duration_s: float | None = None
    recorded_at: datetime | None = None  # when the recording says it began, with its zone


@runtime_checkable
class Finite(Protocol):
    """A source that may end by itself: a film, a directory of pictures, a drawn street of so many seconds."""

    @property
    def finite(self) -> bool:
        """True: it ends by itself and lies on this machine, so its owner may see exact numbers of it."""
        ...

    def length(self) -> Length:
        """What the container says about its length; may open the source, raises `SourceError`."""
        ...


class Detector(Protocol):
    """Finds road users in pieces of frames, of any cameras. Keeps nothing between two calls."""

    @property
    def input(self) -> Size | None:
        """Pixels of one detector input; None: it needs no pixels, so nothing is cropped for it."""
        ...

    @property
    def name(self) -> str:
        """What a result says it was counted with, e.g. ``"yolox_nano"``."""
        ...

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        """One `Detections` a crop, in order, boxes in pixels of the crop's frame."""
        ...


@runtime_checkable
class Chosen(Protocol):
    """A detector that was chosen among several, and can say why."""

    @property
    def why(self) -> str:
        """One sentence: why this one."""
        ...

    @property
    def better(self) -> str:
        """One sentence: how to get a better one; empty if there is none."""
        ...


class Tracker(Protocol):
    """Follows what was found from frame to frame. One per camera; ids are never reused."""

    def predict(self, time_s: float) -> Tracks:
        """Where everything should be at this time, without changing anything."""
        ...

    def update(self, sight: Sight) -> Tracks:
        """Take in one frame and say what is being followed, in order of birth."""
        ...


@runtime_checkable
class ReadsCrowd(Protocol):
    """A measure that wants `Scene.crowd` filled; it costs a look at the crowd every so often."""

    @property
    def crowd_every_s(self) -> float:
        """Seconds of stream time between two looks."""
        ...


class Measure(Protocol):
    """Turns tracks into observations of one place. Sees no pixel; forgets tracks that are gone."""

    def update(self, scene: Scene) -> Iterable[Observation]:
        """Take in one frame; one that is `over` makes it settle what is still open."""
        ...


@runtime_checkable
class Directed(Protocol):
    """A measure that says from where to where passes go."""

    @property
    def movements(self) -> Mapping[str, tuple[str, ...]]:
        """All the movements that passes at each place may have, whether they ever do or not."""
        ...


@runtime_checkable
class FindsConflicts(Protocol):
    """A measure that says which conflicts it looks for."""

    @property
    def conflicts(self) -> Mapping[str, tuple[Kind, ...]]:
        """All the kinds of conflict that there may be at each place, whether they ever are or not."""
        ...


def conflicts(measures: Iterable[Measure]) -> dict[str, tuple[Kind, ...]]:
    """All the kinds of conflict that there may be, by place."""
    found: dict[str, tuple[Kind, ...]] = {}
    for measure in measures:
        if isinstance(measure, FindsConflicts):
            for place, kinds in measure.conflicts.items():
                found[place] = tuple(dict.fromkeys((*found.get(place, ()), *kinds)))
    return found


def movements(measures: Iterable[Measure]) -> dict[str, tuple[str, ...]]:
    """All the movements that passes may have, by place, of measures that say from where to where they go."""
    found: dict[str, tuple[str, ...]] = {}
    for measure in measures:
        if isinstance(measure, Directed):
            for place, there in measure.movements.items():
                found[place] = tuple(dict.fromkeys((*found.get(place, ()), *there)))
    return found
