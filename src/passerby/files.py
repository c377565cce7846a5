"""Files that are written in one step, or that only their owner reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600


def replace(path: Path, content: bytes) -> None:
    """Put a new file with the old one's rights in its place, on the disk when this returns; raises OSError."""
    _replace(path, content, path.stat().st_mode & 0o777 if path.exists() else None)


def replace_private(path: Path, content: bytes) -> None:
    """As `replace`, for its owner only; makes the folder if it is not there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _replace(path, content, PRIVATE)


def make_private(path: Path) -> None:
    """Make the file if it is not there, and take everybody else's rights to it; raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, PRIVATE))
    path.chmod(PRIVATE)


def append_private(path: Path, content: bytes) -> None:
    """Add to the end of a file, and return when it is on the disk; raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _replace(path: Path, content: bytes, mode: int | None) -> None:
    """Write beside it and rename; the name of what is half written begins with ``.NAME.``, so it can be found."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else PRIVATE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if mode is not None:
                os.fchmod(descriptor, mode)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
