"""Sends a film through passerby and gathers what the truth can be held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from passerby.classes import Class
from passerby.count.job import MIDDLE, Job, Wish, prepare
from passerby.detections import Tracks
from passerby.errors import UsageError
from passerby.evaluate.trajectories import Recorder, Trajectories
from passerby.geometry import Line
from passerby.pipeline import Played, play
from passerby.records import Pass
from passerby.stages import Detector


@dataclass(frozen=True, slots=True)
class Choice:
    """How the film is looked at: as the options of ``passerby count``."""

    detector: str | Detector = "auto"
    model: str | Path | None = None
    fps: float | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """What was followed in a film."""

    found: Trajectories
    detector: str


@dataclass(frozen=True, slots=True)
class Passed:
    """What passed the lines of a film."""

    passes: tuple[Pass, ...]
    duration_s: float
    detector: str


def follow(film: str, choice: Choice, classes: frozenset[Class], last_frame: int) -> Followed:
    """Confirmed tracks of these classes up to a frame (the first is 1), one box for every frame of the film.

    A track is there while it was found when last looked for; between two analysed frames its box is carried on.
    What is followed without being seen counts for lines, but is no box here. Raises the errors of
    `count.job.prepare` and of the film, and `UsageError` where it ends before `last_frame`.
    """
    job = _prepare(film, choice, (MIDDLE,))
    recorder = Recorder()
    looked_s, frames = 0.0, 0
    for played in _play(job, choice):
        frames = played.index + 1
        if played.step is None:
            tracks = job.camera.carry(played.time_s)
        else:
            tracks, looked_s = played.step.tracks, played.time_s
        there = _there(tracks, classes, played.time_s - looked_s)
        recorder.add(frames, (int(i) for i in there.ids), there.xyxy)
        if frames >= last_frame:
            break
    if frames < last_frame:
        if job.series.broken is not None:
            raise job.series.broken
        raise UsageError(
            f"{film} has {frames} frames, and the truth speaks of frame {last_frame}.",
            "Is it the truth of another film, or of another frame rate?",
        )
    return Followed(recorder.trajectories(), job.detector.name)


def count_passes(film: str, choice: Choice, lines: tuple[Line, ...]) -> Passed:
    """What passed the lines in the whole film; raises the errors of `count.job.prepare` and of the film."""
    job = _prepare(film, choice, lines)
    observations = [o for played in _play(job, choice) if played.step for o in played.step.observations]
    if job.series.broken is not None:
        raise job.series.broken
    passes = tuple(o for o in observations if isinstance(o, Pass))
    return Passed(passes, job.series.duration_s, job.detector.name)


def _prepare(film: str, choice: Choice, lines: tuple[Line, ...]) -> Job:
    return prepare(Wish(films=[film], places=lines, detector=choice.detector, model=choice.model, fps=choice.fps))


def _play(job: Job, choice: Choice) -> Iterator[Played]:
    return play(job.series.frames(), job.camera, job.detector, choice.fps)


def _there(tracks: Tracks, classes: frozenset[Class], carried_s: float) -> Tracks:
    """Confirmed tracks of these classes that were matched `carried_s` ago, when somebody last looked."""
    wanted = np.isin(tracks.class_id, [c.value for c in classes])
    seen = tracks.lost_s <= carried_s + 1e-6
    return tracks.keep(tracks.confirmed & seen & wanted)
