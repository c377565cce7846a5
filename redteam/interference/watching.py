"""The half of the chain that sees pictures: frames in a ring, motion, attention, measures; JSON messages out."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from passerby import plugins
from passerby.detections import Detections, Tracks
from passerby.engine import CameraPlan, Message
from passerby.engine.budget import Budget
from passerby.engine.headers import FrameHeader, RingHeader
from passerby.engine.looking import Rounds
from passerby.engine.messages import Begun, State, encode
from passerby.engine.view import Clocks, View
from passerby.engine.wire import Channel
from passerby.frame import Frame, Planes, Size
from passerby.look import Attention
from passerby.motion.crowd import CrowdMap
from passerby.pipeline import Camera
from passerby.ring import Ring
from passerby.run.site import load
from passerby.stages import Crop, Measure, Sight, Tracker
from redteam.interference.site import CAMERA, Hand, written
from redteam.interference.street import EVERY_S, SIZE, Cast, Script

Said = Sequence[tuple[float, bytes]]  # messages, each with the time at which it is said

_SLOTS: Final = 3
_FOLLOWED: Final = (0.2, 15.0)  # s between frames, and s in all, where a tracker must follow what is found


class Replayed:
    """Stands for tracker, detector and crowd at once: whatever the picture shows, it says what the script says."""

    name: Final = "replayed"
    input: Final = Size(128, 96)

    def __init__(self, script: Script, ids: NDArray[np.uint64]) -> None:
        self._script, self._ids = script, ids

    def predict(self, time_s: float) -> Tracks:
        """Of a tracker."""
        return self._script.tracks(time_s, self._ids)

    def update(self, sight: Sight) -> Tracks:
        """Of a tracker: what was found is not looked at."""
        return self.predict(sight.time_s)

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        """Of a detector: the boxes of those in the crops, without looking."""
        return [self._found(self.predict(crop.frame.time_s), crop) for crop in crops]

    def crowd(self, frame: Frame, _people: NDArray[np.float64] | None) -> CrowdMap:
        """Of what estimates the crowd."""
        return self._script.crowd(frame.time_s)

    def _found(self, tracks: Tracks, crop: Crop) -> Detections:
        left, top, right, bottom = crop.region
        foot = tracks.foot * SIZE
        low, high = np.array([left, top]), np.array([right, bottom])
        rows = np.flatnonzero(((foot >= low) & (foot <= high)).all(axis=1))
        score = np.full(len(rows), 0.9, np.float32)
        return Detections(tracks.xyxy[rows], score, tracks.class_id[rows])


def observe(script: Script, cast: Cast, *, everywhere: bool, ids: int, replay: bool = True) -> Said:
    """What an engine worker would say of this street.

    `everywhere`: the whole of every frame is looked at, and not where attention wants it. `ids`: seed of the
    tracks' ids. `replay`: tracks and crowd are the script's; else only what the detector finds is, our tracker
    follows it, and crowds are estimated from the picture.
    """
    clock, said = Hand(), list[tuple[float, bytes]]()
    rng = np.random.default_rng(ids)
    replayed = Replayed(script, rng.integers(1, 1 << 63, len(script.walkers)).astype(np.uint64))
    camera = _camera(replayed, everywhere=everywhere, replay=replay)

    def tell(message: Message) -> None:
        said.append((clock.now_s, encode(message)))

    tell(Begun("engine 0", replayed.name))
    tell(State(CAMERA, "online"))
    view = View(0, camera, live=True, clocks=Clocks(clock.monotonic, clock.utc), tell=tell)
    view.is_shown = True
    rounds, ring = Rounds(replayed, Budget(None, clock.monotonic)), Ring.create(SIZE, _SLOTS)
    here, there = Channel.pair()
    view.take_ring(RingHeader(0, 1, *SIZE, _SLOTS), os.dup(ring.fd), there)
    every_s, lasts_s = (EVERY_S, script.lasts_s) if replay else _FOLLOWED
    for index in range(round(lasts_s / every_s)):
        clock.now_s = index * every_s
        with Frame(Planes.from_bgr(cast.picture(clock.now_s)), camera="", index=0, time_s=0.0) as drawing:
            ring.write(index % _SLOTS, drawing)
        view.take_frame(FrameHeader(0, 1, index % _SLOTS, 1, index, clock.now_s, clock.now_s, index + 1, 0))
        assert view.next_frame() is not None
        rounds.look([view])
        here.receive()  # that the slot is free again
        view.report()
    view.stop(is_final=False)
    for end in (ring, here, there):
        end.close()
    return said


def _camera(replayed: Replayed, *, everywhere: bool, replay: bool) -> Camera:
    """As an engine worker makes it, of the configuration."""
    plan = _plan()
    measures = [plugins.build("measure", table, Measure, ground=plan.ground) for table in plan.measures]
    with ExitStack() as stack:
        if replay:
            crowd = stack.enter_context(mock.patch("passerby.pipeline.camera.Crowd"))
            crowd.return_value.update = replayed.crowd
        return Camera(
            CAMERA,
            tracker=replayed if replay else plugins.build("tracker", plan.tracker, Tracker),
            measures=measures,
            looks_with=replayed.input,
            ground=plan.ground,
            attention=None if everywhere else Attention(),
        )


def _plan() -> CameraPlan:
    with tempfile.TemporaryDirectory() as folder:
        return load(written(Path(folder), "ghost", "http://127.0.0.1:9/")).cameras[CAMERA]
