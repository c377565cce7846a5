"""``passerby check``."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest
from cli.verbs import Verb

GATE = "{ line = [[0.1, 0.6], [0.9, 0.6]] }"
HEAD = '[detector]\nuse = "motion"\n'


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for i in range(4):
            picture = np.full((48, 64, 3), 40 * i, np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "bgr24")))
        out.mux(stream.encode())
    return path


@pytest.fixture
def street(tmp_path: Path) -> Path:
    return tmp_path / "street.toml"


def camera(name: str, url: Path, place: str = f"gate = {GATE}") -> str:
    return f'[camera.{name}]\nsource = {{ use = "stream", url = "{url}" }}\n[camera.{name}.place]\n{place}\n'


def test_all_is_well(passerby: Verb, street: Path, film: Path) -> None:
    street.write_text(HEAD + camera("north", film))
    ran = passerby("check", street)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines()[1].split() == ["north", "ok", "64x48", "gate", "gate"]
    assert "warning" not in ran.err


def test_as_json(passerby: Verb, street: Path, film: Path) -> None:
    street.write_text(HEAD + camera("north", film) + camera("south", film.with_name("none.mp4")))
    ran = passerby("check", street, "--json")
    assert ran.code == 3
    document = json.loads(ran.out)
    assert document["detector"] == "motion"
    assert document["store"] is None
    assert {name: found["state"] for name, found in document["cameras"].items()} == {
        "north": "ok",
        "south": "unreachable",
    }
    assert document["cameras"]["north"]["measures"] == {"gate": "line"}


def test_some_cameras_and_all_cameras_that_do_not_answer(passerby: Verb, street: Path, film: Path) -> None:
    gone = film.with_name("none.mp4")
    street.write_text(HEAD + camera("north", film) + camera("south", gone))
    ran = passerby("check", street)
    assert ran.code == 3
    assert "1 of 2 cameras gave no picture" in ran.err
    street.write_text(HEAD + camera("north", gone) + camera("south", gone))
    ran = passerby("check", street)
    assert ran.code == 4
    assert f"{street}:4: camera.north: " in ran.err
    assert passerby("check", street, "--offline").code == 0


def test_every_mistake_at_once_with_its_line(passerby: Verb, street: Path, film: Path) -> None:
    street.write_text(
        'store = { use = "sqlit", path = "x.db" }\n[detector]\nuse = "motin"\n'
        + camera("north", film)
        + '[camera.north.tracker]\nuse = "passer"\ngap = 1\n'
        + '[camera.north.measure]\nfast = { use = "line", at = "gate", classes = ["persn"] }\n'
    )
    ran = passerby("check", street)
    assert (ran.code, ran.out) == (78, "")
    for said in (
        f"{street}:1: store: no store is called 'sqlit' (sqlite); did you mean 'sqlite'?",
        f"{street}:3: detector: no detector is called 'motin'",
        f"{street}:10: camera.north.tracker: 'gap' is not an option of passer",
        f"{street}:12: camera.north.measure.fast: ",
    ):
        assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_measure_wants_its_kind_of_place(passerby: Verb, street: Path, film: Path) -> None:
    street.write_text(HEAD + camera("c", film) + '[camera.c.measure]\nm = { use = "zone", at = "gate" }\n')
    ran = passerby("check", street)
    assert ran.code == 78
    assert "camera.c.measure.m: 'at' should be a zone, not a line." in ran.err


def test_what_could_surprise_is_a_warning(passerby: Verb, street: Path, film: Path) -> None:
    near = f"gate = {GATE}\nnear = {{ line = [[0.1, 0.65], [0.9, 0.65]] }}"
    street.write_text(HEAD + camera("c", film, near) + '[camera.empty]\nlive = "ghost"\n')
    ran = passerby("check", street)
    assert ran.code == 0
    for said in (
        "gate and near: both lines lie across the same way",
        "camera.empty: there is no source",
        "camera.empty: there is no place",
    ):
        assert said in ran.err


def test_the_store_is_not_touched(passerby: Verb, street: Path, film: Path) -> None:
    street.write_text(f'store = "{street.with_name("rows.db")}"\n' + HEAD + camera("c", film))
    assert passerby("check", street).code == 0
    assert not street.with_name("rows.db").exists()


def test_a_secret_is_in_no_output(
    passerby: Verb, street: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAM_PASSWORD", "hush")
    street.write_text(
        HEAD + camera("c", Path("rtsp:/")).replace("rtsp:", "rtsp://ada:${CAM_PASSWORD}@127.0.0.1:9/")
    )
    ran = passerby("check", street)
    assert ran.code == 4
    assert "hush" not in ran.out + ran.err
    monkeypatch.delenv("CAM_PASSWORD")
    ran = passerby("check", street)
    assert ran.code == 78
    assert "the environment has no variable CAM_PASSWORD" in ran.err


def test_files_that_are_no_configuration(passerby: Verb, street: Path) -> None:
    assert passerby("check", street).code == 78
    street.write_text("a = \n")
    ran = passerby("check", street)
    assert (ran.code, ran.out, ran.err) == (78, "", f"passerby: {street}:1: not valid TOML: invalid value.\n")
    street.write_text("")
    ran = passerby("check", street)
    assert ran.code == 0
    assert "no camera" in ran.err


def test_a_ground_shows_how_far_it_is_off_and_what_is_strange_about_it(
    passerby: Verb, street: Path, film: Path
) -> None:
    text = HEAD + camera("north", film).replace("[camera.north.place]", "GROUND\n[camera.north.place]")
    good = "ground = [[0.12, 0.91, 0, 0], [0.88, 0.93, 6, 0], [0.71, 0.40, 6, 20], [0.30, 0.39, 0, 20]]"
    seen = {
        good: "±",
        "ground = { height_m = 6, tilt_deg = 15, fov_deg = 60, size = [64, 48], guess = true }": "is a guess",
        "ground = { height_m = 0.6, tilt_deg = 15, fov_deg = 60, size = [64, 48] }": "hangs 0.6 m above it",
        "ground = [[0, 1, 0, 0], [1, 1, 60, 0], [1, 0, 60, 1], [0, 0, 0, 1]]": "no camera with square pixels",
        good.replace("]]", "], [0.5, 0.6, 9, 9]]"): "points of the ground are off by",
    }
    for ground, said in seen.items():
        street.write_text(text.replace("GROUND", ground))
        ran = passerby("check", street)
        assert ran.code == 0
        assert said in ran.err
        assert ("warning" in ran.err) == (ground != good)


def test_a_speed_without_a_ground_is_refused_with_its_line(passerby: Verb, street: Path, film: Path) -> None:
    street.write_text(
        HEAD + camera("north", film) + '[camera.north.measure]\nv = { use = "speed", at = "gate" }\n'
    )
    for verb in ("check", "count"):
        ran = passerby(verb, street) if verb == "check" else passerby(verb, film, "--config", street)
        assert ran.code == 78
        assert "street.toml:8: camera.north.measure.v: a speed at 'gate' needs metres" in ran.err.replace(
            "\n", " "
        )


def test_a_rule_about_single_people_is_refused_with_its_line(passerby: Verb, street: Path, film: Path) -> None:
    places = "square = { zone = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]] }"
    for rule, said in (
        ('when = "square.inside > 2"', "this limit stands for 2 people; below 10"),
        ('safety = "loitering", at = "square"', "'loitering' is no safety rule"),
    ):
        text = HEAD + camera("c", film, places) + f"[camera.c.alert]\nshort = {{ {rule} }}\n"
        street.write_text(text)
        ran = passerby("check", street)
        assert ran.code == 78
        assert f"{street}:{len(text.splitlines())}: camera.c.alert.short: {said}" in ran.err
