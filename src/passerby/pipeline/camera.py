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

from passerby.classes import Class
from passerby.detections import Detections, Tracks
from passerby.frame import Frame, Size
from passerby.ground import Ground
from passerby.look import Attention
from passerby.measures.joined import joined
from passerby.motion.crowd import Crowd, CrowdMap
from passerby.pipeline.eyes import Blobs, Eye, Glances, Stare
from passerby.records import Health
from passerby.stages import Crop, Look, Measure, ReadsCrowd, Scene, Sight, Step, Tracker

_NOWHERE = np.empty((0, 4), np.float32)
_IDLE_S = 0.5  # s after which a tracker is told that nothing was seen: it forgets what nobody looks for


class Camera:
    """What passerby knows of one camera between two frames.

    Without a detector that needs pixels (`looks_with` is None) the blobs of the motion stage are all there is;
    they are handed to the tracker as `rough`. With one, `attention` says where to look; without attention the
    whole of every frame is looked at. With a ground, crowds are estimated as often as a measure wants it.
    """

    def __init__(
        self,
        name: str,
        *,
        tracker: Tracker,
        measures: Sequence[Measure],
        looks_with: Size | None,
        ground: Ground | None = None,
        attention: Attention | None = None,
    ) -> None:
        self.name = name
        self._tracker = tracker
        self._measures = tuple(measures)
        self._ground = ground
        self._eye = _eye(looks_with, ground, attention)
        every_s = [measure.crowd_every_s for measure in measures if isinstance(measure, ReadsCrowd)]
        self._crowd = Crowd(ground, every_s=min(every_s)) if every_s and ground is not None else None
        self._people: NDArray[np.float64] | None = None  # (n, 2) shares: where somebody stands
        self._map: CrowdMap | None = None
        self._ahead = Tracks.empty()  # where they should be in the frame that was asked about
        self._told_s = -np.inf  # when the tracker was last told anything
        self._frames = self._analysed = self._looked = self._looks = 0
        self._pictures = 0.0  # looked at, in whole pictures

    def ask(self, frame: Frame) -> list[Crop]:
        """What must be looked at in this frame; `tell` takes the same frame next."""
        self._frames = max(self._frames, frame.index + 1)
        if self._crowd is not None:
            self._map = self._crowd.update(frame, self._people)
        self._ahead = self._tracker.predict(frame.time_s)
        return self._eye.ask(frame, self._ahead)

    def tell(self, frame: Frame, looks: Sequence[Look]) -> Step:
        """Take in what was found; a crop without a look was dropped and says nothing about absence.

        `Step.health.state` is that of this frame: a turned camera is "moved" for about a second, until its new
        view is the usual one, so whoever must tell a user about it keeps it.
        """
        self._analysed += 1
        self._looked += bool(looks)
        self._looks += len(looks)
        width, height = frame.size
        for look in looks:
            self._pictures += look.crop.region.size.width * look.crop.region.size.height / (width * height)
        sight = self._eye.sight(frame, looks)
        tracks = self._update(sight)
        if self._crowd is not None:
            self._people = tracks.foot[tracks.confirmed & (tracks.class_id == Class.PERSON)]
        return self._measure(frame.time_s, frame.size, tracks, sight.looked, sight.found)

    def _update(self, sight: Sight) -> Tracks:
        """Tell the tracker, unless there is nothing to tell: then everything is where it should be."""
        if not len(sight.looked) and not len(sight.found) and sight.time_s - self._told_s < _IDLE_S:
            return self._ahead
        self._told_s = sight.time_s
        return self._tracker.update(sight)

    def carry(self, time_s: float) -> Tracks:
        """Where everything should be in a frame that is not analysed."""
        return self._tracker.predict(time_s)

    def end(self, time_s: float) -> Step:
        """Settle what is still open: the stream has ended, or a gap begins."""
        return self._measure(time_s, Size(1, 1), Tracks.empty(), _NOWHERE, Detections.empty(), over=True)

    def _measure(
        self,
        time_s: float,
        size: Size,
        tracks: Tracks,
        looked: NDArray[np.float32],
        found: Detections,
        *,
        over: bool = False,
    ) -> Step:
        share = np.array([size.width, size.height] * 2, np.float32)
        health = Health(
            self._frames,
            self._analysed,
            self._state(),
            looked=self._looked,
            looks=self._looks,
            pictures=self._pictures,
        )
        scene = Scene(
            time_s,
            size.width / size.height,
            tracks,
            looked / share,
            ground=None if self._ground is None else self._ground.metres(tracks.foot),
            health=health,
            crowd=None if self._map is None else self._map.people,
            crowd_error=None if self._map is None else self._map.error,
            cells=None if self._map is None else self._map.cells,
            over=over,
        )
        observations = joined(measure.update(scene) for measure in self._measures)
        return Step(time_s, tracks, observations, health, found, looked)

    def _state(self) -> Literal["ok", "blind", "moved"]:
        state = self._eye.state
        return "ok" if state == "light" else state


def _eye(looks_with: Size | None, ground: Ground | None, attention: Attention | None) -> Eye:
    if looks_with is None:
        return Blobs(ground)
    return Stare(looks_with) if attention is None else Glances(looks_with, attention)
