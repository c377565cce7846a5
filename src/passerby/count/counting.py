"""Plays a prepared job to its end and says what it came to."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from passerby.count import intervals
from passerby.count.dangers import Dangers
from passerby.count.events import Events
from passerby.count.grounding import Grounding
from passerby.count.intervals import seen_s
from passerby.count.job import Job
from passerby.count.result import Result
from passerby.count.tally import Tally
from passerby.errors import SourceError
from passerby.pipeline import Played, play
from passerby.records import Health, Measurement
from passerby.release import SETTLE, Ledger
from passerby.version import VERSION

Watch = Callable[[Played, Tally], None]


def cpu_s() -> float:
    """User and system time of this process and all its children so far, in seconds."""
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(t.ru_utime + t.ru_stime for t in times)


def run(job: Job, watch: Watch | None = None, *, began_s: float | None = None) -> Result:
    """Count every film of the job; `watch` is told of each frame.

    A film that breaks off, and Ctrl-C, end the count there with `complete` False: what was counted stands.
    `began_s` is the monotonic time at which the caller began, for `wall_s`.
    """
    startup_cpu_s = cpu_s()
    began = time.monotonic() if began_s is None else began_s
    series = job.series
    tally = _tally(job)
    office = _Office(job) if job.wish.interval is not None and not job.wish.exact else None
    events, dangers = Events(job.watched, job.camera.name, job.clock), Dangers(job.conflicts, job.places)
    grounding = Grounding(job.ground, wanted=job.wish.guess_ground)
    health, complete = Health(), True
    try:
        for played in play(series.frames(), job.camera, job.detector, job.wish.fps):
            if played.step is not None:
                health = played.step.health
                tally.add(played.step.observations)
                dangers.add(played.step.observations)
                events.take(played)
                grounding.add(played)
                if office is not None:
                    office.take(played)
            if watch is not None:
                watch(played, tally)
    except KeyboardInterrupt:
        complete = False
        job.notes.append(f"Stopped at {job.clock.text(series.duration_s)}; the counts are of what came before.")
    except SourceError as error:
        if not series.frames_read:
            raise
        series.broken = error
    if series.broken is not None:
        complete = False
        job.notes.append(f"{series.broken} The counts are of what came before.")
    job.notes.extend(grounding.notes())
    return Result(
        film=", ".join(film.name for film in series.films),
        frames=series.frames_read,
        analysed_frames=health.analysed,
        looked_frames=health.looked,
        looked_share=health.pictures / max(health.analysed, 1),
        complete=complete,
        duration_s=series.duration_s,
        detector=job.detector.name,
        accuracy="rough" if job.detector.input is None else "model",
        cpu_s=cpu_s(),
        startup_cpu_s=startup_cpu_s,
        wall_s=time.monotonic() - began,
        lines=tally.lines(),
        zones=tally.zones(),
        values=tally.values(seen_s(0.0, series.duration_s, series.duration_s, series.gaps)),
        movements=tally.movements(),
        events=_events(job, events),
        conflicts=dangers.table(),
        intervals=_intervals(job, tally, office),
        gaps=_gaps(job),
        notes=tuple(job.notes),
    )


def _tally(job: Job) -> Tally:
    """By interval too where exact intervals are wanted."""
    exact_s = job.wish.interval.total_seconds() if job.wish.interval is not None and job.wish.exact else None
    movements = [movement for those in job.movements.values() for movement in those]
    return Tally(job.places, exact_s, 0.0 if exact_s is None else job.clock.offset_s(exact_s), movements)


class _Office:
    """Sends a film's observations through the release rule, as those of a camera would go."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._rows: list[Measurement] = []
        self._seen_s = 0.0
        self._gaps = 0
        self._ledger = Ledger(job.rule, detector=job.detector.name, version=VERSION, settle=SETTLE)
        for place in job.places:
            self._ledger.open(
                job.camera.name,
                place,
                classes=job.classes[place.name],
                movements=job.movements.get(place.name, ()),
                conflicts=job.conflicts.get(place.name, ()),
            )

    def take(self, played: Played) -> None:
        """Take what one frame came to, and the time that was seen since the last one."""
        assert played.step is not None
        camera, at = self._job.camera.name, self._job.clock.at
        self._see(played.time_s)
        for observation in played.step.observations:
            self._ledger.take(camera, at(observation.time_s), observation)
        self._rows += self._ledger.advance(camera, at(played.time_s))

    def close(self) -> list[Measurement]:
        """What stands at the end of the last film; the rest is below the rule and is dropped."""
        end_s = self._job.series.duration_s
        self._see(end_s)
        rows = self._ledger.advance(self._job.camera.name, self._job.clock.at(end_s), is_settled=True)
        return [*self._rows, *rows, *self._ledger.stop()]

    def _see(self, until_s: float) -> None:
        gaps = self._job.series.gaps
        for gap in gaps[self._gaps :]:
            self._seen(gap.start_s)
            self._seen_s = gap.end_s
        self._gaps = len(gaps)
        self._seen(until_s)

    def _seen(self, until_s: float) -> None:
        if until_s > self._seen_s:
            clock = self._job.clock
            self._ledger.seen(self._job.camera.name, clock.at(self._seen_s), clock.at(until_s))
            self._seen_s = until_s


def _intervals(job: Job, tally: Tally, office: _Office | None) -> list[dict[str, Any]]:
    length, series = job.wish.interval, job.series
    if length is None:
        return []
    if office is None:
        return intervals.exact(tally, job.clock, length.total_seconds(), series.duration_s, series.gaps)
    rows = office.close()
    if not rows:
        grain = _minutes(job.rule.grain)
        job.notes.append(
            f"No interval stands: a row needs a whole interval ({grain}) and {job.rule.k} passes. "
            "Of a film of your own, --exact gives any interval."
        )
    return intervals.released(rows, job.clock, job.places)


def _minutes(length: timedelta) -> str:
    return f"{length.total_seconds() / 60:g} min"


def _events(job: Job, events: Events) -> dict[str, Any]:
    """The event report of a film that is watched for something."""
    if not job.watched.rules and not job.watched.areas:
        return {}
    return {"alerts": events.alerts(), "areas": events.areas(), "bands": events.bands()}


def _gaps(job: Job) -> list[dict[str, Any]]:
    text = job.clock.text
    return [{"start": text(g.start_s), "end": text(g.end_s), "reason": g.reason} for g in job.series.gaps]
