"""Approved pictures of empty places on disk: for each camera a PNG and what is to be known of it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from passerby import files
from passerby.ghost import checked
from passerby.records import Picture

_USER: Final = re.compile(r"//[^/\s]*@")


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be known of an approved picture."""

    strict: bool
    day: date  # when it was approved
    source: str  # see `named`
    aspect: float  # width / height of the camera's frames
    is_moved: bool = False  # since then the camera was moved


def named(options: Mapping[str, object]) -> str:
    """Which source a camera has, told apart from others and not to be read: users and passwords do not count."""
    text = json.dumps(options, sort_keys=True, default=str)
    return hashlib.sha256(_USER.sub("//", text).encode()).hexdigest()[:16]


class PlateFiles:
    """A folder of them; it is made when the first one is written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, camera: str) -> tuple[Picture | None, Said | None]:
        """What was approved of a camera; nothing where a file is missing or is not what it should be."""
        try:
            said = _said(self._path(camera, ".json").read_text("utf-8"))
            return checked(self._path(camera, ".png").read_bytes(), strict=said.strict), said
        except (OSError, ValueError, KeyError, TypeError):
            return None, None

    def write(self, camera: str, picture: Picture, said: Said) -> None:
        """Keep it; raises OSError."""
        self.remove(camera)
        files.replace_private(self._path(camera, ".png"), picture.png)
        self.say(camera, said)

    def say(self, camera: str, said: Said) -> None:
        """Keep what is to be known of it; raises OSError."""
        files.replace_private(self._path(camera, ".json"), json.dumps(_told(said)).encode())

    def remove(self, camera: str) -> None:
        """Delete it, its bytes overwritten first as far as the disk lets one; raises OSError."""
        for ending in (".json", ".png"):
            path = self._path(camera, ending)
            with contextlib.suppress(FileNotFoundError):
                with path.open("r+b") as file:
                    file.write(bytes(path.stat().st_size))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()

    def _path(self, camera: str, ending: str) -> Path:
        return self._folder / f"{camera}{ending}"


def _told(said: Said) -> dict[str, object]:
    return {
        "strict": said.strict,
        "day": said.day.isoformat(),
        "source": said.source,
        "aspect": said.aspect,
        "moved": said.is_moved,
    }


def _said(text: str) -> Said:
    told = json.loads(text)
    day, is_moved = date.fromisoformat(told["day"]), bool(told.get("moved", False))
    return Said(bool(told["strict"]), day, str(told["source"]), float(told["aspect"]), is_moved)
