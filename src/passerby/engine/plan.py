"""What an engine is to do: cameras, detector, and how much of the machine they may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from passerby.errors import ConfigError
from passerby.ground import Ground

Table = Mapping[str, object]  # `use` names a plugin, every other key is a keyword of its constructor


@dataclass(frozen=True, slots=True)
class CameraPlan:
    """One camera: where its frames come from, and what becomes of them."""

    name: str
    source: Table = field(repr=False)  # may hold a password
    tracker: Table = field(default_factory=lambda: {"use": "passer"})
    measures: tuple[Table, ...] = ()  # with places in the place of their names
    ground: Ground | None = None
    fps: float | None = 5.0  # frames analysed a second at most; None: every frame
    loop: bool = False  # play a film again and again
    every_frame: bool = False  # look at the whole of every analysed frame, and not only where it matters
    view: int = 0  # another one each time that somebody has said: where it looks now, it shall look

    def __post_init__(self) -> None:
        if self.fps is not None and not 0 < self.fps < float("inf"):
            raise ConfigError(f"camera {self.name}: the analysed rate is a number above 0, not {self.fps:g}.")


@dataclass(frozen=True, slots=True)
class PlateWish:
    """A picture of a camera's empty place that somebody has asked for."""

    id: str  # what comes of it says so, so that it is not taken for what was asked for before
    strict: bool = False  # a drawing, without a pixel of a photo
    least_s: float | None = None  # stream time that it takes at least; None: ten minutes, the gate's own


@dataclass(frozen=True, slots=True)
class Plan:
    """Cameras that are watched together, with one detector a worker.

    `live`: films play at their own pace, what fails is tried again, and where the machine is too slow the oldest
        waiting frames are dropped and counted. Else films run as fast as they can, nothing is dropped, the same
        films give the same observations, and a source that fails has ended.
    `engines`: engine workers; one a core or GPU is the best use of them.
    `cameras_per_decoder`: cameras that share a decode worker, and so its crash.
    `share`: part of a core's time that one engine worker may spend on detection, live; None: all it can get.
    `gather_s`: how long a frame waits for frames of other cameras, to be looked at together; live.
    """

    cameras: tuple[CameraPlan, ...]
    detector: Table = field(default_factory=lambda: {"use": "auto"})
    live: bool = True
    engines: int = 1
    cameras_per_decoder: int = 8
    share: float | None = None
    gather_s: float = 0.05

    def __post_init__(self) -> None:
        names = [camera.name for camera in self.cameras]
        for name in names:
            if names.count(name) > 1:
                raise ConfigError(f"two cameras are called '{name}'.", "Give each its own name.")
        if self.engines < 1 or self.cameras_per_decoder < 1:
            raise ConfigError("an engine needs one worker and one camera a decoder at least.")
        if self.share is not None and not self.share > 0:
            raise ConfigError(f"the share of a core is a number above 0, not {self.share:g}.")
