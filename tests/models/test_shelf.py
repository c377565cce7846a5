"""The folder of models: names, paths, hashes and order."""

from __future__ import annotations

from pathlib import Path

import pytest
from listed_models import body, listed

from passerby.errors import ModelError
from passerby.models.shelf import folder, installed, path, verify

TINY = listed()
GOOD = listed(name="good", ap=30.0)
MODELS = (TINY, GOOD)


def test_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERBY_MODELS", "/srv/models")
    assert folder() == Path("/srv/models")
    monkeypatch.delenv("PASSERBY_MODELS")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert folder() == Path("/data/passerby/models")
    monkeypatch.delenv("XDG_DATA_HOME")
    assert folder() == Path.home() / ".local/share/passerby/models"


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    own = tmp_path / "mine.onnx"
    own.write_bytes(b"x")
    assert path(own) == own
    assert path(str(own)) == own


@pytest.mark.parametrize("rename", ["tiny.onnx", "carried by hand.onnx"])
def test_a_name_is_found_by_file_name_or_hash(tmp_path: Path, rename: str) -> None:
    (tmp_path / "other.onnx").write_bytes(b"0")
    (tmp_path / rename).write_bytes(body(TINY))
    assert path("tiny", tmp_path, MODELS) == tmp_path / rename


def test_ones_own_file_is_found_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "mine.onnx").write_bytes(b"x")
    assert path("mine", tmp_path, MODELS) == tmp_path / "mine.onnx"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("tiny", r"not on this machine.*passerby models pull tiny"),
        ("tinny", r"no model 'tinny'.*Did you mean tiny\?"),
        ("quite else", r"no model 'quite else'.*models list"),
        ("some/where.onnx", r"some/where.onnx: there is no such model file"),
    ],
)
def test_what_is_not_there_is_one_sentence_and_the_next_step(tmp_path: Path, asked: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        path(asked, tmp_path, MODELS)


def test_a_listed_name_is_never_answered_with_other_bytes(tmp_path: Path) -> None:
    (tmp_path / "tiny.onnx").write_bytes(b"something else")
    with pytest.raises(ModelError, match="is not tiny: its sha256 is"):
        path("tiny", tmp_path, MODELS)
    assert installed(tmp_path, MODELS) == []


def test_verify_passes_the_right_file(tmp_path: Path) -> None:
    (tmp_path / "tiny.onnx").write_bytes(body(TINY))
    assert verify("tiny", tmp_path, MODELS) == tmp_path / "tiny.onnx"


def test_verify_removes_the_wrong_file(tmp_path: Path) -> None:
    wrong = tmp_path / "tiny.onnx"
    wrong.write_bytes(body(TINY)[:-1] + b"?")
    with pytest.raises(ModelError, match="was removed"):
        verify("tiny", tmp_path, MODELS)
    assert not wrong.exists()


def test_verify_leaves_ones_own_file_alone(tmp_path: Path) -> None:
    own = tmp_path / "mine.onnx"
    own.write_bytes(b"x")
    with pytest.raises(ModelError, match="no hash to hold it against"):
        verify("mine", tmp_path, MODELS)
    assert own.exists()


def test_installed_ranks_listed_ones_by_accuracy_and_own_ones_by_size(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"x" * 10)
    (tmp_path / "b.onnx").write_bytes(b"x" * 20)
    (tmp_path / "tiny.onnx").write_bytes(body(TINY))
    (tmp_path / "under another name.onnx").write_bytes(body(GOOD))
    (tmp_path / "notes.txt").write_bytes(b"x")
    assert [i.name for i in installed(tmp_path, MODELS)] == ["good", "tiny", "b", "a"]
    assert installed(tmp_path / "nowhere", MODELS) == []
