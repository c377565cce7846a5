"""Several films as one series of frames on one clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from passerby.errors import BrokenSource, SourceError
from passerby.frame import Frame
from passerby.stages import Finite, Length, Source

# A pause between two frames that is longer than this is time not seen, not a slow frame (design: 2 s).
PAUSE_S = 2.0


@dataclass(frozen=True, slots=True)
class Film:
    """A finite source with the name it is spoken of by."""

    name: str
    source: Source

    def length(self) -> Length:
        """What the film says about its own length; raises `SourceError` if it cannot be opened."""
        return self.source.length() if isinstance(self.source, Finite) else Length()


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of the series' clock in which nothing was seen."""

    start_s: float
    end_s: float
    reason: str


class Series:
    """Films one after another.

    The clock starts at 0 with the first film and runs on through the next ones without a break, unless every
    film says when it was recorded and the recordings lie apart: then the time between them is a gap. A film
    that breaks off ends the series there, since nobody knows what is missing; `broken` says where.
    """

    def __init__(self, films: Sequence[Film]) -> None:
        self.films = tuple(films)
        self.lengths = tuple(film.length() for film in films)  # opens each film once: a missing one fails now
        self.gaps: list[Gap] = []
        self.broken: SourceError | None = None
        self.duration_s = 0.0
        self.frames_read = 0

    @property
    def duration_expected_s(self) -> float | None:
        """Seconds in all, as far as the containers say."""
        known = [length.duration_s for length in self.lengths]
        return None if None in known else sum(s for s in known if s is not None)

    def frames(self) -> Iterator[Frame]:
        """Every frame of every film, on the clock of the series; the caller closes each."""
        for number, film in enumerate(self.films):
            begin = self._begin(number)
            try:
                yield from self._film(film, begin)
            except BrokenSource as error:
                self.broken = error
                return

    def _film(self, film: Film, begin_s: float) -> Iterator[Frame]:
        last_s, step_s = begin_s, 0.0
        for frame in film.source.frames():
            frame.time_s += begin_s
            if frame.time_s - last_s > PAUSE_S:
                self.gaps.append(Gap(last_s, frame.time_s, f"{film.name}: no frames"))
            elif frame.time_s > last_s:
                step_s = frame.time_s - last_s
            last_s = frame.time_s
            frame.index = self.frames_read
            self.frames_read += 1
            # A frame stands until the next one, so the last stands as long as the one before it did.
            self.duration_s = last_s + step_s
            yield frame

    def _begin(self, number: int) -> float:
        if number == 0:
            return 0.0
        first = self.lengths[0].recorded_at
        this = self.lengths[number].recorded_at
        if first is None or this is None or any(length.recorded_at is None for length in self.lengths):
            return self.duration_s
        apart: timedelta = this - first
        begin = apart.total_seconds()
        if begin - self.duration_s <= PAUSE_S:
            return self.duration_s
        self.gaps.append(
            Gap(self.duration_s, begin, f"between {self.films[number - 1].name} and {self.films[number].name}")
        )
        return begin
