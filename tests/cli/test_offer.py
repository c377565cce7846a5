"""The one question that `count` may ask: whether to fetch a model."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import typer

from passerby.cli.models import offer_a_model
from passerby.models.manifest import MODELS


class Terminal:
    """Standard input or error, as somebody's terminal."""

    def __init__(self, stream: object) -> None:
        self._stream = stream

    def isatty(self) -> bool:
        return True

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What was asked; the answer is no."""
    questions: list[str] = []

    def confirm(text: str, **_: object) -> bool:
        questions.append(text)
        return False

    monkeypatch.setattr(typer, "confirm", confirm)
    monkeypatch.setenv("PASSERBY_MODELS", str(tmp_path))
    return questions


def test_nobody_is_asked_where_nobody_sits(asked: list[str]) -> None:
    offer_a_model()
    assert asked == []


def test_who_sits_at_a_terminal_is_asked(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(sys.stdin))
    monkeypatch.setattr(sys, "stderr", Terminal(sys.stderr))
    offer_a_model()
    (question,) = asked
    assert MODELS[0].name in question


def test_nobody_is_asked_who_has_a_model(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(sys.stdin))
    monkeypatch.setattr(sys, "stderr", Terminal(sys.stderr))
    (tmp_path / "own.onnx").write_bytes(b"not looked into here")
    offer_a_model()
    assert asked == []
