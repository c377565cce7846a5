"""Looks at what a service holds while it runs, and at all that it has left when it is over."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from redteam.canary.running import Running, links

_SHARED = Path("/dev/shm")


class Watch:
    """Copies of files without a name that processes hold open, and of shared memory that has come meanwhile."""

    def __init__(self) -> None:
        self._before = {path.name for path in _shared()}
        self._seen: set[bytes] = set()
        self.held: dict[str, bytes] = {}
        self.rings = 0  # times at which memory for frames was seen where it belongs

    def look(self, run: Running) -> None:
        """Take copies of what is there now; rings of frames belong to decoders and engines, and to nobody else."""
        frames = {pid for kind in ("looking", "decoding") for pid in run.workers(kind)}
        for pid in run.all():
            for fd, link in links(pid):
                is_ring = "/memfd:" in link
                self.rings += is_ring and pid in frames
                if link.startswith("/") and "(deleted)" in link and not (is_ring and pid in frames):
                    self._keep(f"{link} of a process", fd)
        for path in _shared():
            if path.name not in self._before:
                self._keep(str(path), path)

    def _keep(self, name: str, path: Path) -> None:
        with suppress(OSError):
            data = path.read_bytes()
            mark = hashlib.sha256(data).digest()
            if mark not in self._seen:
                self._seen.add(mark)
                self.held[f"{name} {len(self.held)}"] = data


def in_files(folder: Path) -> dict[str, bytes]:
    """What is in all files below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def cores(folder: Path) -> list[str]:
    """Memory that was dumped."""
    files = (path for path in folder.rglob("core*") if path.is_file())
    return [path.name for path in files if path.open("rb").read(4) == b"\x7fELF"]


def _shared() -> list[Path]:
    return [path for path in _SHARED.glob("*") if path.is_file()] if _SHARED.is_dir() else []
