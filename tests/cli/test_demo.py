"""``passerby demo`` with and without somebody who watches."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from cli.verbs import Verb

PATIENCE_S = 240.0
PROGRAM = [sys.executable, "-m", "passerby", "demo", "--duration", "2"]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_without_a_terminal_it_ends_by_itself(passerby: Verb, temporary: Path) -> None:
    ran = passerby("demo", "--duration", 2, "--store", temporary / "rows.db")
    assert ran.code == 0
    assert "A busy hour, from Tuesday 12 May, 17:00" in ran.out
    assert "token=" not in ran.out + ran.err
    assert [path.name for path in temporary.iterdir()] == ["rows.db"]


class Terminal:
    """What is said on a terminal."""

    def __init__(self, fd: int) -> None:
        self._fd, self.said = fd, ""

    def until(self, pattern: str) -> re.Match[str]:
        until_s = time.monotonic() + PATIENCE_S
        while (found := re.search(pattern, self.said)) is None:
            assert time.monotonic() < until_s, self.said
            try:
                more = os.read(self._fd, 65536)
            except OSError:  # nobody writes there any more
                more = b""
            assert more, self.said
            self.said += more.decode(errors="replace").replace("\r\n", "\n")
        return found


@contextmanager
def on_a_terminal(*words: str) -> Iterator[tuple[Terminal, subprocess.Popen[bytes]]]:
    ours, theirs = pty.openpty()
    with subprocess.Popen(PROGRAM + list(words), stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        try:
            yield Terminal(ours), process
        finally:
            process.kill()
            os.close(ours)


def test_on_a_terminal_its_pages_open_until_it_is_told_to_end(temporary: Path) -> None:
    with on_a_terminal("--store", str(temporary / "rows.db")) as (terminal, process):
        link = terminal.until(r"(http://127\.0\.0\.1:\d+/)first\?token=\S+(?=\s)")
        terminal.until("Ctrl-C ends it")
        with httpx.Client(trust_env=False, timeout=PATIENCE_S, headers={"Origin": link[1].rstrip("/")}) as ada:
            token = link[0].partition("token=")[2]
            form = {"token": token, "name": "ada", "password": "a drawn street", "again": "a drawn street"}
            assert ada.post(f"{link[1]}first", data=form).status_code == 303
            cameras = ada.get(f"{link[1]}api/v1/cameras").json()
            assert "street" in str(cameras)
            assert ada.get(f"{link[1]}cameras/street/plate.png").headers["content-type"] == "image/png"
            assert ada.get(f"{link[1]}cameras/square/plate.png").headers["content-type"] == "image/png"
            charts = ada.get(f"{link[1]}cameras/street/charts").text
            assert charts.count("<tr data-start") > 50
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0
    assert [path.name for path in temporary.iterdir()] == ["rows.db"]
