"""Runs verbs as the shell does, in this process."""

from __future__ import annotations

import sys

import pytest
from cli.verbs import Ran, Verb

from passerby.cli import main


@pytest.fixture
def passerby(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Verb:
    """Calls a verb with its words, and returns exit code, stdout and stderr."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: object) -> Ran:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["passerby", *map(str, words)])
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        return Ran(code, *capfd.readouterr())

    return run
