"""``passerby redact`` from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cli.verbs import Verb
from films import write_film

PAGE = Path(__file__).parent.parent.parent / "docs/redact.md"


@pytest.fixture(autouse=True)
def no_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PASSERBY_MODELS", str(tmp_path / "models"))


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "film.mp4", count=12)


def test_one_document_whose_every_key_is_on_its_page(passerby: Verb, film: Path, tmp_path: Path) -> None:
    ran = passerby("redact", film, tmp_path / "out.mp4", "--json")
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    assert (document["frames"], document["label"], document["detector"]) == (12, "obscured", "motion")
    page = PAGE.read_text()
    assert [key for key in document if f"`{key}`" not in page] == []


def test_it_is_called_obscured_and_never_anonymous(passerby: Verb, film: Path, tmp_path: Path) -> None:
    ran = passerby("redact", film, tmp_path / "out.mkv")
    assert ran.code == 0, ran.err
    assert "obscured in one colour" in ran.out
    assert "No model looked at the film" in ran.err
    assert "Obscured is not anonymous" in ran.err
    assert "anonymous" not in ran.out


@pytest.mark.parametrize("how", ["pixelate", "blur"])
def test_what_hides_less_well_is_asked_for_and_said_to_do_so(
    passerby: Verb, film: Path, tmp_path: Path, how: str
) -> None:
    ran = passerby("redact", film, tmp_path / "out.mp4", "--obscure", how)
    assert ran.code == 0, ran.err
    assert re.search(r"named \d+ % of 40 rendered people", ran.err)
    assert f"obscured by {how}" in ran.out


def test_what_is_wrong_gets_a_sentence_and_leaves_nothing(passerby: Verb, film: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    assert passerby("redact", tmp_path / "absent.mp4", out).code == 4
    assert passerby("redact", film, out, "--detector", "moton").code == 2
    assert passerby("redact", film, out, "--obscure", "mosaic").code == 2
    assert passerby("redact", film, tmp_path / "out.avi").code == 2
    assert passerby("redact", film, film, "--force").code == 5
    assert passerby("redact", film, tmp_path / "absent" / "out.mp4").code == 1
    assert passerby("redact", film, out, "--model", "no_such_model").code == 1
    assert passerby("redact", film, out, "--faces", "no_such_model").code == 1
    ran = passerby("redact", "rtsp://user:secret@127.0.0.1:1/camera", out)
    assert ran.code == 5
    assert "secret" not in ran.err
    assert [p.name for p in tmp_path.iterdir()] == ["film.mp4"]


def test_a_film_that_is_there_is_replaced_only_when_told(passerby: Verb, film: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    out.write_bytes(b"precious")
    ran = passerby("redact", film, out)
    assert ran.code == 2
    assert "--force" in ran.err
    assert out.read_bytes() == b"precious"
    assert passerby("redact", film, out, "--force").code == 0
    assert out.read_bytes() != b"precious"


def test_a_film_that_breaks_off_is_partial(passerby: Verb, tmp_path: Path) -> None:
    cut = write_film(tmp_path / "cut.avi", count=60)
    cut.write_bytes(cut.read_bytes()[:-1500])
    ran = passerby("redact", cut, tmp_path / "out.mp4", "--json")
    assert ran.code == 3, ran.err
    assert json.loads(ran.out)["complete"] is False
    assert (tmp_path / "out.mp4").exists()
