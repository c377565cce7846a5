"""Replaces a file in one step, or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def replace(path: Path, content: bytes, mode: int | None = None) -> None:
    """Put a new file in a file's place, on the disk when this returns; raises OSError.

    `mode`: its rights; None: those of the old one.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if mode is None and path.exists():
                os.fchmod(descriptor, path.stat().st_mode & 0o777)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
