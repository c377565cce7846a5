"""``passerby bench`` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli.verbs import Verb
from films import write_film

from passerby.bench import STAGES

PAGE = Path(__file__).parent.parent.parent / "docs/bench.md"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "film.mp4", count=12)


def test_one_document_whose_every_key_is_on_its_page(passerby: Verb, film: Path) -> None:
    ran = passerby("bench", film, "--detector", "motion", "--json")
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    assert document["frames"] == 12
    page = PAGE.read_text()
    keys = [key for key in document if not key.endswith("_ms_frame")]
    assert [key for key in keys if f"`{key}`" not in page] == []
    assert [stage for stage in STAGES if f"`{stage}_ms_frame`" not in page] == []


def test_a_table_for_people(passerby: Verb, film: Path) -> None:
    ran = passerby("bench", film, "--detector", "motion", "--fps", "5")
    assert ran.code == 0, ran.err
    assert "12 frames, 6 analysed" in ran.out
    for stage in STAGES:
        assert stage in ran.out
    assert "One core carries about" in ran.out


def test_what_is_wrong_gets_a_sentence(passerby: Verb, film: Path, tmp_path: Path) -> None:
    assert passerby("bench", tmp_path / "absent.mp4", "--detector", "motion").code == 4
    assert passerby("bench", film, "--detector", "moton").code == 2
    assert passerby("bench", film, "--fps", "0", "--detector", "motion").code == 2
    ran = passerby("bench", "rtsp://127.0.0.1:1/camera", "--detector", "motion")
    assert ran.code == 5, ran.err


def test_a_film_that_breaks_off_is_partial(passerby: Verb, tmp_path: Path) -> None:
    cut = write_film(tmp_path / "cut.avi", count=60)
    cut.write_bytes(cut.read_bytes()[:-1500])
    ran = passerby("bench", cut, "--detector", "motion", "--json")
    assert ran.code == 3, ran.err
    assert json.loads(ran.out)["complete"] is False
