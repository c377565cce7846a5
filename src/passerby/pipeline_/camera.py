"""One camera's way from frames to observations: pure, without thread, clock or network.

::

    frame ──► ask ──► crops ──► (any detector, with crops of other cameras) ──► looks ──► tell ──► Step
                └ motion                                                        tracker, measures ┘

The same frames and looks give the same steps; only the ids of tracks differ, and no step depends on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from passerby.detections import Detections, Tracks
from passerby.frame import Frame, Size
from passerby.ground import Ground
from passerby.motion import Motion, Moving
from passerby.records import Health
from passerby.stages import Crop, Look, Measure, Scene, Sight, Step, Tracker

_NOWHERE = np.empty((0, 4), np.float32)


class Camera:
    """What passerby knows of one camera between two frames.

    Without a detector that needs pixels (`looks_with` is None) the blobs of the motion stage are all there is;
    they are handed to the tracker as `rough`.
    """

    def __init__(
        self,
        name: str,
        *,
        tracker: Tracker,
        measures: Sequence[Measure],
        looks_with: Size | None,
        ground: Ground | None = None,
    ) -> None:
        self.name = name
        self._tracker = tracker
        self._measures = tuple(measures)
        self._looks_with = looks_with
        self._ground = ground
        self._motion = Motion() if looks_with is None else None
        self._moving: Moving | None = None
        self._seen = 0
        self._analysed = 0

    def ask(self, frame: Frame) -> list[Crop]:
        """What must be looked at in this frame; `tell` takes the same frame next."""
        self._seen = max(self._seen, frame.index + 1)
        if self._motion is not None:
            self._moving = self._motion.update(frame)
        if self._looks_with is None:
            return []
        wanted = self._looks_with
        scale = min(wanted.width / frame.size.width, wanted.height / frame.size.height)
        return [Crop(frame, frame.whole, scale, frame.time_s)]

    def tell(self, frame: Frame, looks: Sequence[Look]) -> Step:
        """Take in what was found; a crop without a look was dropped and says nothing about absence."""
        self._analysed += 1
        sight = self._sight(frame, looks)
        tracks = self._tracker.update(sight)
        return self._measure(frame.time_s, frame.size, tracks, sight.looked, sight.found)

    def carry(self, time_s: float) -> Tracks:
        """Where everything should be in a frame that is not analysed."""
        return self._tracker.predict(time_s)

    def end(self, time_s: float) -> Step:
        """Settle what is still open: the stream has ended, or a gap begins."""
        return self._measure(time_s, Size(1, 1), Tracks.empty(), _NOWHERE, Detections.empty())

    def _sight(self, frame: Frame, looks: Sequence[Look]) -> Sight:
        found = Detections.concatenate([look.found for look in looks])
        looked = np.array([look.crop.region for look in looks], np.float32).reshape(-1, 4)
        rough: NDArray[np.bool_] = np.zeros(len(found), np.bool_)
        if self._moving is not None and self._moving.state == "ok":
            # Motion sees the whole picture; after a change of light or view it knows nothing for a while.
            found = Detections.concatenate([found, self._moving.blobs])
            rough = np.arange(len(found)) >= len(rough)
            looked = np.array([frame.whole], np.float32)
        return Sight(frame.time_s, frame.size, found, looked, rough=rough)

    def _measure(
        self, time_s: float, size: Size, tracks: Tracks, looked: NDArray[np.float32], found: Detections
    ) -> Step:
        share = np.array([size.width, size.height] * 2, np.float32)
        health = Health(self._seen, self._analysed, self._state())
        scene = Scene(
            time_s,
            size.width / size.height,
            tracks,
            looked / share,
            ground=None if self._ground is None else self._ground.metres(tracks.foot),
            health=health,
        )
        observations = tuple(o for measure in self._measures for o in measure.update(scene))
        return Step(time_s, tracks, observations, health, found)

    def _state(self) -> Literal["ok", "blind", "moved"]:
        if self._moving is None or self._moving.state == "light":
            return "ok"
        return self._moving.state
