"""``passerby models``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli.verbs import Verb


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of models."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("PASSERBY_MODELS", str(folder))
    return folder


def test_the_list_has_what_is_known_and_what_is_here(passerby: Verb, shelf: Path) -> None:
    (shelf / "street.onnx").write_bytes(b"mine")
    ran = passerby("models", "list")
    assert ran.code == 0
    assert {line.split()[0] for line in ran.out.splitlines()} >= {"model", "yolox_nano", "yolox_tiny", "street"}
    assert str(shelf) in ran.err
    found = {row["name"]: row for row in json.loads(passerby("models", "list", "--json").out)["models"]}
    assert found["street"]["path"] == str(shelf / "street.onnx")
    assert found["yolox_nano"]["path"] is None
    assert len(found["yolox_nano"]["sha256"]) == 64


def test_a_closed_network_pulls_from_a_directory(passerby: Verb, tmp_path: Path) -> None:
    carried = tmp_path / "carried"
    carried.mkdir()
    ran = passerby("models", "pull", "yolox_nano", "--from", carried)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"passerby: {carried} holds no file with the bytes of yolox_nano")


def test_a_wrong_file_is_told_and_removed(passerby: Verb, shelf: Path) -> None:
    wrong = shelf / "yolox_nano.onnx"
    wrong.write_bytes(b"something else")
    ran = passerby("models", "verify")
    assert (ran.code, ran.out) == (1, "yolox_nano wrong\n")
    assert "It was removed" in ran.err
    assert not wrong.exists()
    ran = passerby("models", "verify", "--json")
    assert (ran.code, json.loads(ran.out)) == (0, {})
    assert "No listed model" in ran.err


def test_a_path_is_all_that_is_printed(passerby: Verb, shelf: Path) -> None:
    own = shelf / "street.onnx"
    own.write_bytes(b"mine")
    assert passerby("models", "path", "street") == (0, f"{own}\n", "")
    ran = passerby("models", "path", "yolox_nan")
    assert (ran.code, ran.out) == (1, "")
    assert "Did you mean yolox_nano?" in ran.err


def test_names_that_are_not_known(passerby: Verb) -> None:
    assert passerby("models", "pull", "yolox_nan").code == 1
    ran = passerby("models", "verify", "yolox_nan", "yolox_tin", "--json")
    assert ran.code == 1
    assert {name: row["ok"] for name, row in json.loads(ran.out).items()} == {
        "yolox_nan": False,
        "yolox_tin": False,
    }


@pytest.mark.clips
def test_the_right_file_is_let_in(passerby: Verb, assets: Path, shelf: Path) -> None:
    (shelf / "other_name.onnx").symlink_to(assets / "models" / "yolox_nano.onnx")
    ran = passerby("models", "verify", "yolox_nano")
    if ran.code:
        pytest.skip(f"the model of the clips is not the listed one: {ran.err}")
    assert ran.out == "yolox_nano ok\n"
