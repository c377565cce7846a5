"""The choice of a detector: the best that is here, and a reason."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from graphs import generic, write_graph

from passerby.detectors.auto import auto, choose
from passerby.errors import ModelError
from passerby.models.manifest import Model


def listed(file: Path, name: str, ap: float) -> Model:
    """A manifest's entry for a file that exists."""
    body = file.read_bytes()
    digest = hashlib.sha256(body).hexdigest()
    return Model(name, f"https://nowhere/{name}.onnx", len(body), digest, "", "yolo-generic", (96, 96), ap)


@pytest.fixture
def models(tmp_path: Path) -> tuple[Model, ...]:
    """Two models, kept where nobody looks."""
    made = [
        (f"yolox_{i}", write_graph(tmp_path / f"{i}", {"output0": generic([(i, i, i, i, 0, 1)])})) for i in (1, 2)
    ]
    return tuple(listed(file, name, ap=10 * int(name[-1])) for name, file in made)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    (tmp_path / "shelf").mkdir()
    return tmp_path / "shelf"


def test_without_a_model_it_is_motion_and_says_how_to_get_one(shelf: Path, models: tuple[Model, ...]) -> None:
    choice = choose(where=shelf / "not made yet", models=models)
    assert choice.detector.name == "motion"
    assert choice.detector.input is None
    assert "no model in" in choice.why
    assert "`passerby models pull yolox_1`" in choice.better


def test_the_best_listed_model_wins_whatever_it_is_called(
    tmp_path: Path, shelf: Path, models: tuple[Model, ...]
) -> None:
    (tmp_path / "1").rename(shelf / "yolox_1.onnx")
    choice = choose(where=shelf, models=models)
    assert choice.detector.name == "yolox_1"
    assert "`passerby models pull yolox_2`" in choice.better
    (tmp_path / "2").rename(shelf / "renamed.onnx")
    choice = choose(where=shelf, models=models)
    assert choice.detector.name == "renamed"
    assert choice.why.startswith("yolox_2 is the best model")
    assert choice.better == ""


def test_ones_own_model_is_used_and_what_does_not_load_is_named(shelf: Path, models: tuple[Model, ...]) -> None:
    write_graph(shelf / "mine.onnx", {"output0": generic([])})
    (shelf / "larger.onnx").write_bytes(b"no model" * 100_000)
    (shelf / "yolox_1.onnx").write_bytes(b"not what it claims")
    choice = choose(where=shelf, models=models)
    assert choice.detector.name == "mine"
    assert "yolox_1.onnx, larger.onnx" in choice.why


def test_what_was_asked_for_is_taken_or_refused(
    shelf: Path, models: tuple[Model, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSERBY_MODELS", str(shelf))
    own = write_graph(shelf / "mine.onnx", {"output0": generic([])})
    assert choose(str(own)).detector.name == auto("mine").name == "mine"
    assert auto(score=0.3).name == "mine"
    with pytest.raises(ModelError, match="passerby models pull yolox_nano"):
        auto("yolox_nano")
