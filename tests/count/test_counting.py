"""A long film's way through the release rule, with its passes given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from films import write_film

from passerby.classes import Class
from passerby.count import Wish, counting, prepare, run
from passerby.detections import Tracks
from passerby.frame import Size
from passerby.geometry import Line
from passerby.pipeline import Played
from passerby.records import Health, Pass
from passerby.stages import Step

GATE = Line("gate", (0, 0.5), (1, 0.5))
START = datetime(2026, 5, 4, 7, tzinfo=UTC)


@pytest.fixture
def hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wish:
    """An hour in which somebody passes every 20 s, every fifth of them outward."""

    def play(*_: Any) -> Iterator[Played]:
        for second in range(3601):
            way = "out" if second % 100 == 0 else "in"
            seen = (Pass("gate", second - 0.5, Class.PERSON, way),) if second % 20 == 10 or way == "out" else ()  # type: ignore[arg-type]
            step = Step(second, Tracks.empty(), seen if second else (), Health(second + 1, second + 1))
            yield Played(second, float(second), Size(64, 48), step)

    monkeypatch.setattr(counting, "play", play)
    film = write_film(tmp_path / "a.mp4", count=3)
    return Wish([film], [GATE], detector="motion", start=START, interval=timedelta(minutes=15))


def test_rows_of_a_long_film_follow_the_rule(hour: Wish) -> None:
    job = prepare(hour)
    job.series.duration_s, job.series.frames_read = 3601.0, 3601
    result = run(job)
    counted = result.lines["gate"]
    total = sum(counted["in"].values()) + sum(counted["out"].values())
    quarters = [i for i in result.intervals if i["end"][11:16] in ("07:15", "07:30", "07:45", "08:00")]
    alls = [row for i in quarters for row in i["lines"]["gate"] if row["cut"] == "all"]
    assert len(alls) == 4
    assert sum(row["count"] for row in alls) == total
    assert all(row["count"] >= 20 for i in result.intervals for row in i["lines"]["gate"])
    (whole,) = (i for i in result.intervals if (i["start"][11:16], i["end"][11:16]) == ("07:00", "08:00"))
    assert {row["cut"] for row in whole["lines"]["gate"]} >= {"mode"}
    assert whole["observed"] == pytest.approx(1.0, abs=0.01)


def test_ctrl_c_keeps_what_was_counted(hour: Wish) -> None:
    job = prepare(hour)
    job.series.duration_s, job.series.frames_read = 1200.0, 1200

    def stop(played: Played, _: object) -> None:
        if played.time_s >= 1200:
            raise KeyboardInterrupt

    result = run(job, stop)
    assert not result.complete
    assert sum(result.lines["gate"]["in"].values()) == 60
    assert any("Stopped at" in note for note in result.notes)
