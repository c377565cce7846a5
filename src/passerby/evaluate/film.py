"""Sends a film through passerby and gathers what the truth can be held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.count.job import MIDDLE, Job, Wish, prepare
from passerby.detections import Tracks
from passerby.errors import UsageError
from passerby.evaluate.trajectories import Recorder, Trajectories
from passerby.geometry import Line
from passerby.pipeline import Played, play
from passerby.records import Pass
from passerby.stages import Detector

_LOOKED_AT: Final = 0.5  # share of a box that was looked at from which on it was looked for


@dataclass(frozen=True, slots=True)
class Choice:
    """How the film is looked at: as the options of ``passerby count``."""

    detector: str | Detector = "auto"
    model: str | Path | None = None
    fps: float | None = None
    every_frame: bool = False


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

    A track is there while it was found when last looked for; between two looks its box is carried on.
    What is followed without being seen counts for lines, but is no box here. Raises the errors of
    `count.job.prepare` and of the film, and `UsageError` where it ends before `last_frame`.
    """
    job = _prepare(film, choice, (MIDDLE,))
    recorder, missed, frames = Recorder(), Missed(), 0
    for played in _play(job, choice):
        frames = played.index + 1
        if played.step is None:
            tracks = job.camera.carry(played.time_s)
        else:
            tracks = played.step.tracks
            missed.update(tracks, played.step.looked)
        there = tracks.keep(_there(tracks, classes) & ~missed.among(tracks))
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
    return prepare(
        Wish(
            films=[film],
            places=lines,
            detector=choice.detector,
            model=choice.model,
            fps=choice.fps,
            every_frame=choice.every_frame,
        )
    )


def _play(job: Job, choice: Choice) -> Iterator[Played]:
    return play(job.series.frames(), job.camera, job.detector, choice.fps)


class Missed:
    """Tracks that were looked for in vain since they were last found."""

    def __init__(self) -> None:
        self._ids: set[int] = set()

    def update(self, tracks: Tracks, looked: NDArray[np.float32]) -> None:
        """Take in tracks after a frame in which somebody looked at rectangles (m, 4) px."""
        inside = _shares(tracks.xyxy, looked) >= _LOOKED_AT
        ids = tracks.ids.tolist()
        missed = {
            i for i, lost_s, looked_at in zip(ids, tracks.lost_s, inside, strict=True) if lost_s > 0 and looked_at
        }
        still = {i for i, lost_s in zip(ids, tracks.lost_s, strict=True) if lost_s > 0 and i in self._ids}
        self._ids = missed | still

    def among(self, tracks: Tracks) -> NDArray[np.bool_]:
        """Which they are (n,)."""
        return np.array([i in self._ids for i in tracks.ids.tolist()], np.bool_)


def _shares(boxes: NDArray[np.float32], looked: NDArray[np.float32]) -> NDArray[np.float32]:
    """Share (n,) of the area of boxes (n, 4) that lies in rectangles (m, 4)."""
    low = np.maximum(boxes[:, None, :2], looked[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], looked[None, :, 2:])
    common = np.maximum(high - low, 0).prod(axis=2).sum(axis=1)
    return np.asarray(common / np.maximum((boxes[:, 2:] - boxes[:, :2]).prod(axis=1), 1e-6), np.float32)


def _there(tracks: Tracks, classes: frozenset[Class]) -> NDArray[np.bool_]:
    """Confirmed tracks of these classes (n,)."""
    return tracks.confirmed & np.isin(tracks.class_id, [c.value for c in classes])
