"""`passerby count` as somebody at a terminal would use it, wrongly too."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli.verbs import Verb
from films import write_film

from passerby import count

KEYS = [
    "film", "frames", "analysed_frames", "looked_frames", "looked_share", "complete", "duration_s", "detector",
    "accuracy", "cpu_s", "startup_cpu_s", "wall_s", "lines", "zones", "intervals", "gaps", "notes",
]  # fmt: skip


Counted = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def without_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PASSERBY_MODELS", str(tmp_path / "no-models"))


@pytest.fixture
def counted(passerby: Verb) -> Counted:
    """The document of a count that went well."""

    def run(*words: object) -> dict[str, Any]:
        ran = passerby("count", *words, "--json")
        assert ran.code == 0, ran.err
        document: dict[str, Any] = json.loads(ran.out)
        return document

    return run


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "street.mp4", count=30)


def test_the_document_has_every_key(counted: Counted, film: Path) -> None:
    document = counted(film, "--line", "gate=0.1,0.5,0.9,0.5", "--zone", "yard=0,0,1,0,1,1")
    assert list(document) == KEYS
    assert document["frames"] == document["analysed_frames"] == 30
    assert document["complete"] is True
    assert document["duration_s"] == pytest.approx(3.0)
    assert (document["detector"], document["accuracy"]) == ("motion", "rough")
    assert document["lines"] == {"gate": {"in": {}, "out": {}}}
    assert document["zones"] == {"yard": {"entries": {}, "exits": {}, "mean_inside": {}}}
    assert 0 < document["startup_cpu_s"] <= document["cpu_s"]


def test_without_a_place_it_counts_over_the_middle_and_says_so(passerby: Verb, film: Path) -> None:
    code, out, err = passerby("count", film, "--json")
    assert code == 0
    assert list(json.loads(out)["lines"]) == ["middle"]
    assert "line across the middle" in err


def test_the_verb_and_the_call_give_the_same(counted: Counted, film: Path) -> None:
    document = counted(film, "--line", "gate=0.1,0.5,0.9,0.5")
    called = count(film, lines={"gate": (0.1, 0.5, 0.9, 0.5)}).document()
    for key in ("cpu_s", "startup_cpu_s", "wall_s"):
        document.pop(key), called.pop(key)
    assert document == called


def test_a_lower_rate_analyses_fewer_frames_of_as_many(counted: Counted, film: Path) -> None:
    document = counted(film, "--fps", "5")
    assert (document["frames"], document["analysed_frames"]) == (30, 15)


def test_several_films_are_one_series(counted: Counted, film: Path, tmp_path: Path) -> None:
    second = write_film(tmp_path / "street-2.mp4", count=20)
    document = counted(film, second)
    assert document["frames"] == 50
    assert document["duration_s"] == pytest.approx(5.0)
    assert document["gaps"] == []


def test_exact_intervals_follow_the_clock(counted: Counted, film: Path) -> None:
    document = counted(
        film,
        "--line",
        "gate=0,0.5,1,0.5",
        "--start",
        "2026-05-01T07:14:59+01:00",
        "--interval",
        "15min",
        "--exact",
    )
    assert [i["start"] for i in document["intervals"]] == [
        "2026-05-01T06:00:00+00:00",
        "2026-05-01T06:15:00+00:00",
    ]
    assert [i["observed"] for i in document["intervals"]] == [
        pytest.approx(1 / 900, abs=1e-4),
        pytest.approx(2 / 900, abs=1e-4),
    ]
    assert all(i["lines"] == {"gate": {"in": {}, "out": {}}} for i in document["intervals"])


def test_a_short_film_releases_no_interval_and_says_why(passerby: Verb, film: Path) -> None:
    code, out, err = passerby("count", film, "--interval", "15min", "--json")
    assert code == 0
    assert json.loads(out)["intervals"] == []
    assert "a row needs a whole interval (15 min) and 20 passes" in err


def test_people_read_a_table(passerby: Verb, film: Path) -> None:
    code, out, _ = passerby("count", film, "--line", "gate=0.1,0.5,0.9,0.5")
    assert code == 0
    assert "30 frames" in out
    assert re.search(r"^gate +- +0 +0$", out, re.MULTILINE)


def cut(film: Path) -> Path:
    whole = film.read_bytes()
    short = film.with_name("cut.avi")
    short.write_bytes(whole[: len(whole) * 6 // 10])
    return short


def test_a_film_cut_off_gives_the_counts_so_far(passerby: Verb, tmp_path: Path) -> None:
    short = cut(write_film(tmp_path / "whole.avi", count=100, codec="mpeg4"))
    code, out, err = passerby("count", short, "--json")
    assert code == 3
    document = json.loads(out)
    assert document["complete"] is False
    assert 0 < document["frames"] < 100
    assert "cut.avi" in err
    assert "Traceback" not in err


def test_a_directory_of_pictures_is_a_film(passerby: Verb, film: Path, tmp_path: Path) -> None:
    empty = tmp_path / "pictures"
    empty.mkdir()
    code, _, err = passerby("count", empty)
    assert code == 4
    assert "pictures" in err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["missing.mp4"], 4, "missing.mp4"),
        (["text.mp4"], 4, "text.mp4"),
        (["rtsp://127.0.0.1:1/cam"], 5, "no film on this machine"),
        (["rtsp://user:geheim@127.0.0.1:1/cam", "--interval", "1min", "--exact"], 5, "no film on this machine"),
        (["street.mp4", "--line", "gate=0.5,0.5,0.5,0.5"], 2, "no length"),
        (["street.mp4", "--line", "gate=0.5,0.5,1.5,0.5"], 2, "from 0 to 1"),
        (["street.mp4", "--line", "gate=nan,0.5,0.5,0.5"], 2, "gate=nan"),
        (["street.mp4", "--line", "0.5,0.5,0.6,0.6"], 2, "no name"),
        (["street.mp4", "--line", "gate=0.5,0.5,0.6"], 2, "pairs of x and y"),
        (["street.mp4", "--zone", "yard=0,0,1,1"], 2, "three points"),
        (["street.mp4", "--zone", "yard=0,0,1,1,1,0,0,1"], 2, "crosses"),
        (["street.mp4", "--line", "a=0,0,1,1", "--line", "a=0,1,1,1"], 2, "'a'"),
        (["street.mp4", "--fps", "0"], 2, "--fps"),
        (["street.mp4", "--exact"], 2, "--interval"),
        (["street.mp4", "--interval", "1min"], 5, "--exact"),
        (["street.mp4", "--interval", "often"], 2, "length of time"),
        (["street.mp4", "--start", "noon", "--interval", "15min"], 2, "not a time"),
        (["street.mp4", "--camera", "north"], 2, "--config"),
        (["street.mp4", "--config", "missing.toml"], 78, "missing.toml"),
        (["street.mp4", "--detector", "oonx"], 2, "Did you mean 'onnx'?"),
        (["street.mp4", "--detector", "motion", "--model", "x"], 2, "uses no model"),
        (["street.mp4", "--detector", "onnx"], 1, "passerby models pull"),
        (["street.mp4", "--model", "text.mp4"], 1, "text.mp4"),
        (["street.mp4", "--model", "missing.onnx"], 1, "missing.onnx"),
        (["street.mp4", "--colour"], 2, "No such option"),
        ([], 2, "Missing argument"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    passerby: Verb, film: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, says: str
) -> None:
    monkeypatch.chdir(film.parent)
    Path("text.mp4").write_text("This is no film.\n" * 50)
    got, out, err = passerby("count", *arguments)
    assert says in re.sub(r"[\s│]+", " ", err)
    assert got == code
    assert out == ""
    assert "Traceback" not in err
    assert "geheim" not in err


def test_nothing_is_left_behind(counted: Counted, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(film.parent)
    before = sorted(film.parent.iterdir())
    counted(film)
    assert sorted(film.parent.iterdir()) == before
    shutil.rmtree(film.parent)


MEASURES = """[camera.street]
ground = { height_m = 6, tilt_deg = 30, fov_deg = 60, size = [64, 48] }
[camera.street.place]
gate = { line = [[0.1, 0.5], [0.9, 0.5]] }
yard = { zone = [[0.1, 0.6], [0.9, 0.6], [0.9, 0.9]] }
[camera.street.measure]
speeds = { use = "speed", at = "gate" }
gaps = { use = "headway", at = "gate" }
turns = { use = "movements", at = ["gate", "yard"] }
busy = { use = "occupancy", at = "yard" }
line = { use = "queue", at = "yard", head = [0.5, 0.7] }
"""


def test_every_measure_of_metres_and_seconds_is_in_the_document(
    counted: Counted, film: Path, tmp_path: Path
) -> None:
    config = tmp_path / "street.toml"
    config.write_text(MEASURES)
    document = counted(film, "--config", config, "--interval", "1s", "--exact")
    assert document["movements"] == {"gate>gate": {}, "yard>gate": {}, "gate>yard": {}, "yard>yard": {}}
    yard = document["zones"]["yard"]
    assert (yard["occupancy"], yard["queue"]["max"], yard["queue_m"]["mean"]) == (0, 0, 0)
    assert document["lines"]["gate"] == {"in": {}, "out": {}}
    assert [i["zones"]["yard"]["occupancy"] for i in document["intervals"]] == [0, 0, 0]
    assert all(i["movements"] == document["movements"] for i in document["intervals"])


def test_a_junction_table(passerby: Verb, film: Path, tmp_path: Path) -> None:
    config = tmp_path / "street.toml"
    config.write_text(MEASURES)
    ran = passerby("count", film, "--config", config, "--interval", "1s", "--exact", "--csv")
    assert ran.code == 0
    head, *rows = ran.out.splitlines()
    assert head.startswith("class,start,end,observed,")
    assert head.endswith(",total")
    assert [row.split(",")[0] for row in rows[:4]] == ["all"] * 3 + ["person"]
    refused = passerby("count", film, "--csv")
    assert (refused.code, refused.out) == (2, "")
    assert "--csv is the table of --interval with --exact" in refused.err
