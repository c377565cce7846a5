"""Which cameras were moved, on disk: a restart does not make their lines and zones lie right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from passerby import files

_FORM = TypeAdapter(frozenset[str])


class MovedFile:
    """Written when that changes; only its owner may read it. `tell`: is told why it cannot be read or written."""

    def __init__(self, path: Path, tell: Callable[[str], None]) -> None:
        self._path, self._tell = path, tell
        self._kept: frozenset[str] = frozenset()

    def load(self) -> frozenset[str]:
        """The cameras as they were kept last."""
        try:
            self._kept = _FORM.validate_json(self._path.read_bytes())
        except FileNotFoundError:
            pass
        except (OSError, ValidationError):
            self._tell("which cameras were moved cannot be read; look whether their lines and zones lie right.")
        return self._kept

    def keep(self, cameras: frozenset[str]) -> None:
        """Write them, if others were kept."""
        if cameras == self._kept:
            return
        self._kept = cameras
        try:
            files.replace_private(self._path, _FORM.dump_json(cameras))
        except OSError as error:
            self._tell(f"which cameras were moved cannot be kept on the disk ({error.strerror}).")
