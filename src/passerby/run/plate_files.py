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
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        told = {"strict": said.strict, "day": said.day.isoformat(), "source": said.source, "aspect": said.aspect}
        self.remove(camera)
        _write(self._path(camera, ".png"), picture.png)
        _write(self._path(camera, ".json"), json.dumps(told).encode())

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


def _write(path: Path, data: bytes) -> None:
    """Put a whole file in its place, for its owner only."""
    half = path.with_name(f".{path.name}.new")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _said(text: str) -> Said:
    told = json.loads(text)
    return Said(bool(told["strict"]), date.fromisoformat(told["day"]), str(told["source"]), float(told["aspect"]))
