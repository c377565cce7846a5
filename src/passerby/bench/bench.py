"""Plays a film the way that ``passerby count`` does, with a stopwatch at every plugin's door."""

from __future__ import annotations

import resource
import time
from dataclasses import replace

from passerby import plugins
from passerby.bench.dressed import dressed
from passerby.bench.figures import Figures
from passerby.bench.looks import Looks, model_runs
from passerby.bench.stopwatch import Stopwatch
from passerby.count import MIDDLE, Job, Wish, prepare
from passerby.errors import SourceError
from passerby.look import Attention
from passerby.pipeline import Camera, play
from passerby.records import Observation
from passerby.stages import Measure, Scene, Tracker


def bench(wish: Wish, *, not_ours_s: float = 0.0) -> Figures:
    """Count the film of this wish over a line across its middle, and say what that cost.

    `not_ours_s` is processor time that this process has spent on other things than starting. Raises the errors
    of `count.count`; a film that breaks off, and Ctrl-C, end it there with `complete` False.
    """
    watch, looks = Stopwatch(), Looks()
    job = prepare(replace(wish, places=(MIDDLE,)))
    camera = _camera(watch, job)
    look = looks.noting(watch.timed("pack", job.detector.detect))
    frames, analysed, complete = watch.each("decode", job.series.frames()), 0, True
    startup_cpu_s, began_s = time.process_time() - not_ours_s, time.monotonic()
    watch.start()
    with model_runs(watch, looks):
        try:
            for played in play(frames, camera, dressed(job.detector, detect=look), wish.fps):
                if played.step is not None:
                    analysed = played.step.health.analysed
        except KeyboardInterrupt:
            complete = False
        except SourceError:
            if not job.series.frames_read:
                raise
            complete = False
    spent_s = watch.spent_s()
    if not looks.inputs:  # no ONNX model: what the detector did is its looking
        spent_s["detect"] = spent_s.pop("pack", 0.0)
    size = job.detector.input
    return Figures(
        film=", ".join(film.name for film in job.series.films),
        detector=job.detector.name,
        frames=job.series.frames_read,
        analysed_frames=analysed,
        duration_s=job.series.duration_s,
        spent_s=spent_s,
        looks=looks,
        input_pixels=None if size is None else size.width * size.height,
        startup_cpu_s=startup_cpu_s,
        wall_s=time.monotonic() - began_s,
        memory_peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        complete=complete and job.series.broken is None,
        notes=tuple(job.notes),
    )


def _camera(watch: Stopwatch, job: Job) -> Camera:
    """The camera that `count` would use over a line across the middle, under the stopwatch."""
    tracker = plugins.build("tracker", {"use": "passer"}, Tracker)
    measure = plugins.build("measure", {"use": "line"}, Measure, at=MIDDLE)

    def update(scene: Scene) -> tuple[Observation, ...]:
        return tuple(measure.update(scene))  # now, should it give its observations one by one

    attention = Attention()
    looking = dressed(
        attention, choose=watch.timed("look", attention.choose), saw=watch.timed("look", attention.saw)
    )
    camera = Camera(
        job.camera.name,
        tracker=dressed(
            tracker,
            predict=watch.timed("track", tracker.predict),
            update=watch.timed("track", tracker.update),
        ),
        measures=[dressed(measure, update=watch.timed("measure", update))],
        looks_with=job.detector.input,
        attention=None if job.wish.every_frame else looking,
    )
    return dressed(camera, ask=watch.timed("motion", camera.ask))
