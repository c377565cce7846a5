from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from passerby.errors import BrokenSource, SourceError
from passerby.frame import Frame, Planes
from passerby.pipeline import Film, Gap, Series
from passerby.stages import Length


@dataclass
class Reel:
    """A source of black frames at the given times."""

    times: list[float]
    recorded_at: datetime | None = None
    breaks: bool = False
    finite: bool = True

    def length(self) -> Length:
        return Length(len(self.times), None, self.recorded_at)

    def frames(self) -> Iterator[Frame]:
        for index, time_s in enumerate(self.times):
            plane = np.zeros((2, 2), np.uint8)
            yield Frame(
                Planes(plane, plane[:1, :1].copy(), plane[:1, :1].copy()), camera="a", index=index, time_s=time_s
            )
        if self.breaks:
            raise BrokenSource("a.avi ends at 0.3 s of 9 s.")


def play(*reels: Reel) -> tuple[Series, list[tuple[int, float]]]:
    series = Series([Film(f"{number}.avi", reel) for number, reel in enumerate(reels)])
    seen = []
    for frame in series.frames():
        with frame:
            seen.append((frame.index, round(frame.time_s, 6)))
    return series, seen


def test_films_follow_each_other_without_a_break() -> None:
    series, seen = play(Reel([0.0, 0.1, 0.2]), Reel([0.0, 0.1]))
    assert seen == [(0, 0.0), (1, 0.1), (2, 0.2), (3, 0.3), (4, 0.4)]
    assert series.duration_s == pytest.approx(0.5)
    assert (series.frames_read, series.gaps) == (5, [])


def test_recordings_that_lie_apart_leave_a_gap() -> None:
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    series, seen = play(Reel([0.0, 0.1], noon), Reel([0.0, 0.1], noon + timedelta(seconds=60)))
    assert [t for _, t in seen] == [0.0, 0.1, 60.0, 60.1]
    (gap,) = series.gaps
    assert gap.start_s == pytest.approx(0.2)
    assert (gap.end_s, gap.reason) == (60.0, "between 0.avi and 1.avi")


def test_recordings_that_overlap_follow_each_other() -> None:
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    series, seen = play(Reel([0.0, 0.1], noon), Reel([0.0], noon))
    assert [t for _, t in seen] == [0.0, 0.1, 0.2]
    assert series.gaps == []


def test_a_pause_in_a_film_is_a_gap() -> None:
    series, _ = play(Reel([0.0, 0.1, 5.0, 5.1]))
    assert series.gaps == [Gap(0.1, 5.0, "0.avi: no frames")]
    assert series.duration_s == pytest.approx(5.2)


def test_a_film_that_breaks_off_ends_the_series_there() -> None:
    series, seen = play(Reel([0.0, 0.1], breaks=True), Reel([0.0]))
    assert len(seen) == 2
    assert series.broken is not None
    assert "ends at 0.3 s" in str(series.broken)


def test_a_missing_film_is_found_before_the_first_frame() -> None:
    class Missing(Reel):
        def length(self) -> Length:
            raise SourceError("b.avi is not there.")

    with pytest.raises(SourceError, match=r"b\.avi"):
        Series([Film("a.avi", Reel([0.0])), Film("b.avi", Missing([]))])
