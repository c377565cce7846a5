"""Plays a film the way that ``passerby count`` does, with a stopwatch at every plugin's door."""

from __future__ import annotations

import inspect
import resource
import time
from dataclasses import replace

from passerby import plugins
from passerby.bench.dressed import Plugin, dressed
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
    measure = plugins.build("measure", {"use": "line"}, Measure, at=MIDDLE)

    def update(scene: Scene) -> tuple[Observation, ...]:
        return tuple(measure.update(scene))  # now, should it give its observations one by one

    camera = Camera(
        job.camera.name,
        tracker=_charged(watch, "track", plugins.build("tracker", {"use": "passer"}, Tracker)),
        measures=[dressed(measure, update=watch.timed("measure", update))],
        looks_with=job.detector.input,
        attention=None if job.wish.every_frame else _charged(watch, "look", Attention()),
    )
    return dressed(camera, ask=watch.timed("motion", camera.ask), tell=watch.timed("sight", camera.tell))


def _charged(watch: Stopwatch, stage: str, plugin: Plugin) -> Plugin:
    """The plugin with all its methods charged to one stage."""
    methods = inspect.getmembers(plugin, inspect.ismethod)
    return dressed(plugin, **{name: watch.timed(stage, call) for name, call in methods if name[0] != "_"})
