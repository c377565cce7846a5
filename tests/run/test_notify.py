"""What systemd is told."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from passerby.run.notify import Systemd


@pytest.mark.parametrize("is_abstract", [False, True])
def test_it_hears_everything(tmp_path: Path, is_abstract: bool) -> None:
    name = f"passerby-{tmp_path.name}" if is_abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(f"\0{name}" if is_abstract else name)
        heard.settimeout(10.0)
        systemd = Systemd({"NOTIFY_SOCKET": f"@{name}" if is_abstract else name})
        said = []
        for tell in (systemd.ready, systemd.alive, systemd.reloading, systemd.stopping):
            tell()
            said.append(heard.recv(200).decode().partition("\n")[0])
    assert said == ["READY=1", "WATCHDOG=1", "RELOADING=1", "STOPPING=1"]
    systemd.alive()  # nobody listens any more


def test_without_systemd_nobody_is_told() -> None:
    Systemd({}).ready()
