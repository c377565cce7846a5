"""The event report of a film: alerts from when to when, areas, bands and conflicts, with observations given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from films import write_film

from passerby.classes import Class
from passerby.count import Result, Wish, counting, prepare, run
from passerby.detections import Tracks
from passerby.frame import Size
from passerby.pipeline import Played
from passerby.records import Conflict, Health, Observation, Pass, Sample
from passerby.stages import Step

STREET = """\
[camera.north]
ground = [[0, 0, 0, 0], [1, 0, 20, 0], [1, 1, 20, 20], [0, 1, 0, 20]]
[camera.north.place]
gate = { line = [[0.1, 0.5], [0.9, 0.5]] }
square = { zone = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]] }
[camera.north.measure]
near = { use = "conflicts", at = "square", classes = ["person", "car"] }
[camera.north.alert]
full = { when = "square.inside > 20", for = "5s", clear = 15 }
dark = { when = "camera.blind" }
ghost = { safety = "wrong-way", at = "gate", way = "out" }
[camera.south]
[camera.south.place]
gate = { line = [[0.1, 0.5], [0.9, 0.5]] }
[area.site]
lines = ["north.gate"]
capacity = 20
[area.both]
lines = ["north.gate", "-south.gate"]
[alert]
nearly = { when = "site.inside > 0.5 capacity" }
"""
Seen = Callable[[int], tuple[Sequence[Observation], str]]


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Seen], Result]:
    """Counts two minutes, of which each second comes to what is given."""

    def counted(seen: Seen) -> Result:
        def play(*_: Any) -> Iterator[Played]:
            for second in range(121):
                observations, state = seen(second)
                health = Health(second + 1, second + 1, state)  # type: ignore[arg-type]
                step = Step(second, Tracks.empty(), tuple(observations), health)
                yield Played(second, float(second), Size(64, 48), step)

        monkeypatch.setattr(counting, "play", play)
        (tmp_path / "street.toml").write_text(STREET)
        wish = Wish(
            [write_film(tmp_path / "a.mp4", count=3)],
            config=tmp_path / "street.toml",
            camera="north",
            detector="motion",
        )
        job = prepare(wish)
        job.series.duration_s, job.series.frames_read = 121.0, 121
        return run(job)

    return counted


def people(second: int, number: float) -> Sample:
    return Sample("square", float(second), "inside", Class.PERSON, number)


def test_an_alert_from_when_to_when(film: Callable[[Seen], Result]) -> None:
    result = film(lambda s: ([people(s, 22 if 30 <= s < 50 else 16 if 50 <= s < 60 else 7)], "ok"))
    assert result.events["alerts"] == [
        {
            "rule": "full",
            "place": "square",
            "state": "firing",
            "severity": "warning",
            "start": "00:00:35",
            "end": "00:01:00",
        }
    ]
    bands = [(b["quantity"], b["band"], b["start"], b["end"]) for b in result.events["bands"]]
    assert bands == [("inside", "10-14", "00:00:00", "00:01:00"), ("inside", "5-9", "00:01:00", "00:02:00")]
    assert result.document()["events"] == result.events


def test_a_blind_camera_is_an_alarm_and_so_are_rules_that_have_no_value(film: Callable[[Seen], Result]) -> None:
    result = film(lambda s: ([people(s, 3)], "blind" if 40 <= s < 60 else "ok"))
    told = [(a["rule"], a["state"], a["start"], a["end"]) for a in result.events["alerts"]]
    assert told == [
        ("dark", "firing", "00:00:40", "00:01:00"),
        ("full", "unknown", "00:00:50", "00:01:00"),
        ("ghost", "unknown", "00:00:50", "00:01:00"),
        ("nearly", "unknown", "00:00:50", "00:01:00"),
    ]


def test_a_car_that_goes_the_wrong_way(film: Callable[[Seen], Result]) -> None:
    def seen(second: int) -> tuple[list[Observation], str]:
        passes: dict[int, Observation] = {
            20: Pass("gate", 19.5, Class.CAR, "in"),
            40: Pass("gate", 39.5, Class.CAR, "out"),
            50: Pass("gate", 49.5, Class.PERSON, "out"),
        }
        return [people(second, 0), *([passes[second]] if second in passes else [])], "ok"

    (alert,) = film(seen).events["alerts"]
    assert (alert["rule"], alert["severity"], alert["start"], alert["end"]) == (
        "ghost",
        "critical",
        "00:00:40",
        "00:01:11",
    )


def test_areas_of_one_camera(film: Callable[[Seen], Result]) -> None:
    result = film(
        lambda s: ([people(s, 0), *([Pass("gate", s, Class.PERSON, "in")] if 10 <= s < 24 else [])], "ok")
    )
    assert result.events["areas"] == {
        "site": {"inside": 14.0, "most": 14.0, "capacity": 20, "passes": 14, "off": None}
    }
    assert [(a["rule"], a["start"], a["end"]) for a in result.events["alerts"]] == [("nearly", "00:00:20", None)]
    assert any("Area both is not told: it also needs south" in note for note in result.notes)


def test_conflicts_stand_beside_who_was_exposed(film: Callable[[Seen], Result]) -> None:
    def seen(second: int) -> tuple[list[Observation], str]:
        if second == 30:
            near = [Conflict("square", 29.0, ("foot", "motor"), "pet", value) for value in (0.4, 1.2, 1.4)]
            return [people(30, 1), *near], "ok"
        if second == 40:
            come = [Pass("square", 39.0, c, "in") for c in (Class.CAR, Class.PERSON, Class.PERSON)]
            return [people(40, 2), *come, Pass("square", 39.0, Class.CAR, "out")], "ok"
        return [people(second, 1)], "ok"

    assert film(seen).conflicts == {
        "square": {
            "foot-motor": {
                "exposed": {"foot": 2, "motor": 1},
                "pet": {"severe": 1, "critical": 2},
                "ttc": {"severe": 0, "critical": 0},
            },
            "motor-motor": {
                "exposed": {"motor": 1},
                "pet": {"severe": 0, "critical": 0},
                "ttc": {"severe": 0, "critical": 0},
            },
        }
    }
