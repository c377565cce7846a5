"""What passerby depends on in this machine, one finding each; nothing is changed and nothing connects."""

from __future__ import annotations

import importlib
import locale
import os
import re
import resource
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from passerby.models import shelf

State = Literal["ok", "warning", "failure"]

_GB: Final = 1e9
_DISK_GB: Final = 1.0  # below this a store that runs for months may fill the disk
_MEMORY_GB: Final = 0.5  # below this a detector and a film do not fit together
_LOCKED: Final = 50_000_000  # bytes: eight cameras of a decode worker
_PROC: Final = Path("/proc")


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing stands, and what to do about it."""

    name: str
    state: State
    said: str
    hint: str = ""


def findings() -> Iterator[Finding]:
    """All findings, in an order in which a failure comes before what it explains."""
    checks: tuple[Callable[[], Iterable[Finding]], ...] = (
        python, packages, opencv, ffmpeg, onnx_runtime, models, zones, disk, memory,
        core_dumps, swap, locked_memory, terminal,
    )  # fmt: skip
    for check in checks:
        yield from check()


def python() -> Iterator[Finding]:
    """Version and place of the interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    yield Finding(
        "python", "ok" if good else "failure", f"{version} ({sys.executable})", "" if good else "3.11 is needed."
    )


def packages() -> Iterator[Finding]:
    """Every package that passerby needs is there."""
    needed = [
        re.split(r"[^\w.-]", text, maxsplit=1)[0]
        for text in metadata.requires("passerby") or ()
        if "extra ==" not in text
    ]
    found = {name: _version(name) for name in needed}
    missing = [name for name, version in found.items() if version is None]
    if missing:
        yield Finding(
            "packages", "failure", f"missing: {', '.join(missing)}", f"Run: pip install {' '.join(missing)}"
        )
    yield Finding("packages", "ok", ", ".join(f"{name} {version}" for name, version in found.items() if version))


def opencv() -> Iterator[Finding]:
    """The GUI build of OpenCV overwrites the headless one that passerby brings."""
    others = [name for name in ("opencv-python", "opencv-contrib-python") if _version(name)]
    if others:
        hint = f"Run: pip uninstall {' '.join(others)}, then install opencv-python-headless again."
        yield Finding("opencv", "warning", f"{', '.join(others)} lies over opencv-python-headless", hint)


def ffmpeg() -> Iterator[Finding]:
    """The FFmpeg libraries inside PyAV."""
    try:
        libraries = importlib.import_module("av").library_versions
    except (ImportError, AttributeError) as error:
        yield Finding(
            "ffmpeg", "failure", f"PyAV cannot be loaded: {error}", "Run: pip install --force-reinstall av"
        )
        return
    said = ", ".join(f"{name} {'.'.join(map(str, version))}" for name, version in sorted(libraries.items()))
    yield Finding("ffmpeg", "ok", said)


def onnx_runtime() -> Iterator[Finding]:
    """What ONNX Runtime can run models on, of what passerby asks it for."""
    try:
        runtime = importlib.import_module("onnxruntime")
        there = runtime.get_available_providers()
        used = [name for name in ("CUDA", "CPU") if f"{name}ExecutionProvider" in there]
    except (ImportError, AttributeError) as error:
        hint = "Run: pip install --force-reinstall onnxruntime. Without it `--detector motion` counts."
        yield Finding("onnx runtime", "failure", f"it cannot be loaded: {error}", hint)
        return
    yield Finding("onnx runtime", "ok", f"{runtime.__version__} on {', '.join(used)}")


def models() -> Iterator[Finding]:
    """Which detector models are here."""
    there = shelf.installed()
    if there:
        yield Finding("models", "ok", f"{', '.join(item.name for item in there)} in {shelf.folder()}")
    else:
        hint = "`passerby models pull yolox_nano` fetches one; until then moving blobs are counted, roughly."
        yield Finding("models", "warning", f"none in {shelf.folder()}", hint)


def zones() -> Iterator[Finding]:
    """Time zones can be looked up; hours and days of a site follow them."""
    try:
        ZoneInfo("Europe/Lisbon")
    except ZoneInfoNotFoundError:
        yield Finding("time zones", "failure", "there is no zone data", "Run: pip install tzdata")
    else:
        yield Finding("time zones", "ok", "found")


def disk() -> Iterator[Finding]:
    """Room for a store in the working directory."""
    free = shutil.disk_usage(Path.cwd()).free / _GB
    state: State = "ok" if free >= _DISK_GB else "warning"
    hint = "" if state == "ok" else "A store grows by some MB a camera and year; make room for it."
    yield Finding("disk", state, f"{free:.1f} GB free in {Path.cwd()}", hint)


def memory() -> Iterator[Finding]:
    """Room for a detector and a few pictures."""
    available = _meminfo("MemAvailable")
    if available is None:
        return
    state: State = "ok" if available >= _MEMORY_GB else "warning"
    hint = "" if state == "ok" else "A detector and a film need about half a GB."
    yield Finding("memory", state, f"{available:.1f} GB available, {os.cpu_count()} processors", hint)


def core_dumps() -> Iterator[Finding]:
    """A core dump would write pictures that are in memory to the disk."""
    soft, _ = resource.getrlimit(resource.RLIMIT_CORE)
    pattern = _read(_PROC / "sys/kernel/core_pattern")
    if pattern.startswith("|"):
        handler = pattern[1:].split()[0]
        hint = "Turn it off for passerby (LimitCORE=0 and no handler), for a crash would hand it pictures."
        yield Finding("core dumps", "warning", f"go to {handler}, whatever the limit says", hint)
    elif soft:
        hint = "Run `ulimit -c 0` first, or set LimitCORE=0, for a crash would write pictures to the disk."
        yield Finding("core dumps", "warning", "are on", hint)
    else:
        yield Finding("core dumps", "ok", "are off")


def swap() -> Iterator[Finding]:
    """Swapped memory lies on the disk."""
    devices = [line.split()[0] for line in _read(_PROC / "swaps").splitlines()[1:] if line.strip()]
    if devices:
        hint = "Encrypt it, or set MemorySwapMax=0 for passerby, for pictures in memory may be written there."
        yield Finding("swap", "warning", f"on: {', '.join(devices)}", hint)
    else:
        yield Finding("swap", "ok", "is off")


def locked_memory() -> Iterator[Finding]:
    """Where there is swap, frames stay out of it only as far as memory may be locked."""
    soft, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    if soft == resource.RLIM_INFINITY:
        yield Finding("locked memory", "ok", "frames between processes are kept out of swap")
        return
    has_swap = len(_read(_PROC / "swaps").splitlines()) > 1
    hint = "Set LimitMEMLOCK=64M: two frames a camera, of 3 MB each at 1920x1080." if has_swap else ""
    said = f"{soft / 1e6:.0f} MB a process may be kept out of swap"
    yield Finding("locked memory", "warning" if has_swap and soft < _LOCKED else "ok", said, hint)


def terminal() -> Iterator[Finding]:
    """How much of the tables and progress bars will be seen."""
    kind = os.environ.get("TERM", "no TERM") if sys.stderr.isatty() else "no terminal"
    encoding = sys.stdout.encoding or locale.getpreferredencoding(False)
    colours = "colours off" if os.environ.get("NO_COLOR") else "colours as the terminal can"
    unicode = encoding.lower().replace("-", "") == "utf8"
    hint = "" if unicode else "Set LANG to a UTF-8 locale, or names with other letters will not print."
    yield Finding("terminal", "ok" if unicode else "warning", f"{kind}, {encoding}, {colours}", hint)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _meminfo(key: str) -> float | None:
    """A line of /proc/meminfo in GB; None where there is no such file."""
    match = re.search(rf"^{key}:\s+(\d+) kB", _read(_PROC / "meminfo"), re.MULTILINE)
    return int(match[1]) * 1024 / _GB if match else None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
