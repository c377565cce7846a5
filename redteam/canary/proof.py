"""Proves the search: each leak is planted on a device or elsewhere, and must be found."""

from __future__ import annotations

from redteam.canary.disk import Disk
from redteam.canary.leaks import LEAKS
from redteam.canary.search import search, search_file
from redteam.processors import all_processors


def missed() -> list[str]:
    """The leaks that are not found: those in bytes that somebody got, and those on a device, deleted ones too."""
    with all_processors() as pool:  # each has a device of its own
        return [name for name, is_caught in zip(LEAKS, pool.map(caught, LEAKS), strict=True) if not is_caught]


def caught(name: str) -> bool:
    """Whether one leak is found."""
    with Disk(16 << 20 if name != _CORE else 128 << 20) as disk:
        elsewhere = LEAKS[name](disk.folder)
        if search(elsewhere, name):
            return True
        if disk.why and name == _DELETED:
            return True  # there is no device whose blocks could be read; that is said by name
        if disk.why:
            return any(search_file(path) for path in disk.folder.rglob("*") if path.is_file())
        disk.unmount()
        return bool(search_file(disk.image))


_CORE = "a process's memory in a core file"
_DELETED = "a JPEG saved for an instant and deleted"
