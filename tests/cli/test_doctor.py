"""``passerby doctor``, and what it looks at."""

from __future__ import annotations

import json
import resource
from importlib import metadata
from pathlib import Path

import pytest
from cli.verbs import Verb

from passerby.cli import machine
from passerby.cli.machine import Finding


def one(findings: object) -> Finding:
    (finding,) = list(findings)  # type: ignore[call-overload]
    assert isinstance(finding, Finding)
    return finding


def test_this_machine(passerby: Verb) -> None:
    ran = passerby("doctor")
    assert ran.code == 0, ran.out
    assert ran.err == ""
    for name in ("python", "packages", "ffmpeg", "onnx runtime", "models", "disk", "core dumps", "swap"):
        assert name in ran.out


def test_as_json(passerby: Verb) -> None:
    document = json.loads(passerby("doctor", "--json").out)
    assert document["ok"] is True
    states = {finding["name"]: finding["state"] for finding in document["findings"]}
    assert states["ffmpeg"] == "ok"
    assert states["time zones"] == "ok"


def test_a_missing_package_fails(passerby: Verb, monkeypatch: pytest.MonkeyPatch) -> None:
    there = metadata.version

    def version(name: str) -> str:
        if name == "lapx":
            raise metadata.PackageNotFoundError(name)
        return there(name)

    monkeypatch.setattr(metadata, "version", version)
    ran = passerby("doctor")
    assert ran.code == 1
    assert "missing: lapx" in ran.out


def test_a_library_that_cannot_be_loaded_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> object:
        raise ImportError(f"lib{name}.so: cannot open shared object file")

    monkeypatch.setattr("importlib.import_module", broken)
    assert one(machine.ffmpeg()).state == "failure"
    found = one(machine.onnx_runtime())
    assert found.state == "failure"
    assert "libonnxruntime.so" in found.said


def test_opencv_with_windows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(machine.opencv()) == []
    monkeypatch.setattr(metadata, "version", lambda _: "4.0")
    assert one(machine.opencv()).state == "warning"


def test_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PASSERBY_MODELS", str(tmp_path))
    assert one(machine.models()).state == "warning"
    (tmp_path / "street.onnx").write_bytes(b"mine")
    assert "street" in one(machine.models()).said


@pytest.mark.parametrize(
    ("limit", "pattern", "state", "said"),
    [
        (0, "core", "ok", "are off"),
        (1 << 20, "core", "warning", "are on"),
        (0, "|/usr/lib/systemd/systemd-coredump %P", "warning", "go to /usr/lib/systemd/systemd-coredump"),
    ],
)
def test_core_dumps(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: int, pattern: str, state: str, said: str
) -> None:
    (tmp_path / "sys/kernel").mkdir(parents=True)
    (tmp_path / "sys/kernel/core_pattern").write_text(pattern)
    monkeypatch.setattr(machine, "_PROC", tmp_path)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    found = one(machine.core_dumps())
    assert found.state == state
    assert found.said.startswith(said)


def test_swap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine, "_PROC", tmp_path)
    assert one(machine.swap()).state == "ok"
    (tmp_path / "swaps").write_text("Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n")
    found = one(machine.swap())
    assert found.state == "warning"
    assert "/dev/sda2" in found.said


@pytest.mark.parametrize(
    ("limit", "swaps", "state"),
    [(8 << 20, "", "ok"), (8 << 20, "/dev/sda2 partition 1 0 -2\n", "warning"), (64_000_000, "/dev/sda2\n", "ok")],
)
def test_locked_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: int, swaps: str, state: str
) -> None:
    (tmp_path / "swaps").write_text(f"Filename Type Size Used Priority\n{swaps}")
    monkeypatch.setattr(machine, "_PROC", tmp_path)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    assert one(machine.locked_memory()).state == state
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY,) * 2)
    assert one(machine.locked_memory()).state == "ok"


def test_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine, "_PROC", tmp_path)
    assert list(machine.memory()) == []
    (tmp_path / "meminfo").write_text("MemTotal: 2000000 kB\nMemAvailable:     100000 kB\n")
    assert one(machine.memory()).state == "warning"
    (tmp_path / "meminfo").write_text("MemAvailable: 4000000 kB\n")
    assert one(machine.memory()).said.startswith("4.1 GB")
