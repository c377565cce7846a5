"""The page beside a count: the film's empty place, lines, glyphs, its clock, and counts that rise."""

from __future__ import annotations

import sys
import time
import webbrowser
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

from passerby.classes import Class
from passerby.cli.consoles import stderr
from passerby.count import Job, Result, Tally
from passerby.geometry import Line, Place, inside
from passerby.ghost import Glyph, Limiter, glyphs
from passerby.pipeline import Played, Series, empty
from passerby.web import serve
from passerby.web.watch import Counts, Live, Page

_PATIENCE_S: Final = 20.0  # how long the film waits for the first look, if there is somebody at the terminal
_STATUES: Final = "Without a model, who never moves in the whole film cannot be told from a statue and may show."


class Show:
    """Publishes what the count comes to; keeps to the pace that the viewer chose while somebody looks."""

    def __init__(self, job: Job, page: Page, url: str, aspect: float) -> None:
        self.url = url
        self._job, self._page, self._aspect = job, page, aspect
        self._due = Limiter()
        self._glyphs: tuple[Glyph, ...] = ()
        self._inside: dict[str, dict[str, int]] = {}
        self._began = (time.monotonic(), 0.0)
        self._paced: float | None = None

    def __call__(self, played: Played, tally: Tally) -> None:
        """Take one frame."""
        if played.step is not None and self._due.due(played.time_s):
            self._glyphs = glyphs(played.step.tracks, self._aspect)
            self._inside = _inside(self._job.places, self._glyphs)
            self._publish(played.time_s, _counts(tally.lines(), tally.zones()), done=False)
        self._keep_pace(played.time_s)

    def finish(self, result: Result) -> None:
        """Show the final counts, and stay while somebody looks at them."""
        note = "" if result.complete else result.notes[-1]
        self._glyphs, self._inside = (), {}
        self._publish(result.duration_s, _counts(result.lines, result.zones), done=True, note=note)
        if self._page.watchers:
            stderr().print("The counts are final. Close the page or press Ctrl-C to end.")
            with suppress(KeyboardInterrupt):
                self._page.wait_alone()

    def _publish(self, time_s: float, counts: Counts, *, done: bool, note: str = "") -> None:
        wall, film = self._began
        elapsed = time.monotonic() - wall
        self._page.publish(
            Live(
                clock_s=time_s,
                clock=self._job.clock.text(time_s),
                duration_s=self._job.series.duration_expected_s,
                glyphs=self._glyphs,
                counts=counts,
                inside=self._inside,
                done=done,
                rate=(time_s - film) / elapsed if elapsed > 1 else None,
                note=note,
            )
        )

    def _keep_pace(self, time_s: float) -> None:
        """Sleep so that the film does not run ahead of the pace; what is counted does not depend on it."""
        pace = self._page.pace if self._page.watchers else None
        if pace != self._paced:
            self._paced, self._began = pace, (time.monotonic(), time_s)
        if pace is not None:
            wall, film = self._began
            time.sleep(max(0.0, wall + (time_s - film) / pace - time.monotonic()))


@contextmanager
def page(job: Job) -> Iterator[Show]:
    """Serve the page, build the film's empty place, and hand over what publishes the count."""
    console = stderr()
    plate, size = empty(Series(job.series.films), job.detector)
    aspect = size.width / size.height
    title = job.series.films[0].name.rpartition("/")[2]
    picture = None if plate is None else plate.picture()
    rough = (_STATUES,) if job.detector.input is None else ()
    shown = Page(title, picture, aspect, job.places, " ".join((*job.notes, *rough)), pace=1.0)
    with serve(shown) as door:
        console.print(f"Watch the count at {door.url}")
        if sys.stderr.isatty():
            webbrowser.open(door.url)
            door.wait(_PATIENCE_S)
        yield Show(job, shown, door.url, aspect)


def _counts(lines: Mapping[str, Any], zones: Mapping[str, Any]) -> Counts:
    entries = {name: {"in": zone["entries"], "out": zone["exits"]} for name, zone in zones.items()}
    return {**lines, **entries}


def _inside(places: tuple[Place, ...], shown: tuple[Glyph, ...]) -> dict[str, dict[str, int]]:
    """How many of each class are in each zone now, as shown."""
    found: dict[str, dict[str, int]] = {}
    for place in places:
        if isinstance(place, Line):
            continue
        numbers: defaultdict[str, int] = defaultdict(int)
        if shown:
            for glyph, within in zip(shown, inside([(g.x, g.y) for g in shown], place.points), strict=True):
                numbers[glyph.class_label] += bool(within)
        found[place.name] = {c.label: numbers[c.label] for c in Class if numbers[c.label]}
    return found
