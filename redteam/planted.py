"""Plugins of a stranger's making that fail where and when they are told to, with a frame at hand.

They are told by files in a folder: one that is there is deleted, and what it names is done once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from passerby.classes import Class
from passerby.detections import Detections, Tracks
from passerby.errors import BrokenSource
from passerby.frame import Frame, Planes, Size
from passerby.records import Observation, Record
from passerby.stages import Crop, Scene, Sight
from passerby.trackers.passer import Passer
from redteam import texture

FOLDER: Final = "PYTHON_CANARY"  # of the environment; workers inherit what begins like this
_PATIENCE_S: Final = 20.0


def asked(what: str) -> bool:
    """Whether it is to be done now."""
    try:
        (Path(os.environ[FOLDER]) / what).unlink()
    except (KeyError, FileNotFoundError):
        return False
    return True


def hold(what: str) -> None:
    """Say that a frame is held, and hold it until told to go on."""
    folder = Path(os.environ[FOLDER])
    (folder / f"{what}-held").touch()
    until_s = time.monotonic() + _PATIENCE_S
    while not asked(f"{what}-go") and time.monotonic() < until_s:
        time.sleep(0.01)


class Camera:
    """Films the drawn place. `speed`: seconds of the stream in a second."""

    def __init__(self, *, camera: str = "north", speed: float = 1.0, rate: float = 10.0) -> None:
        self._camera, self._speed, self._rate = camera, speed, rate

    def frames(self) -> Iterator[Frame]:
        """In its own time, for ever."""
        h, w = texture.HEIGHT, texture.WIDTH
        for index in range(1 << 30):
            time_s = index / self._rate * self._speed
            pixels = texture.i420(time_s)
            u, v = (plane.reshape(h // 2, w // 2) for plane in np.split(pixels[h:].copy(), 2))
            if asked(f"{self._camera}-source"):
                raise ValueError("a source fails with a frame at hand")
            if asked(f"{self._camera}-crash"):
                os.abort()
            if asked(f"{self._camera}-lost"):
                raise BrokenSource("the camera is lost.")
            if asked(f"{self._camera}-hold"):
                hold(self._camera)
            yield Frame(Planes(pixels[:h].copy(), u, v), camera=self._camera, index=index, time_s=time_s)
            time.sleep(1 / self._rate)


class Finder:
    """Finds who crosses the drawn place, by what is not as it is when it is empty."""

    @property
    def input(self) -> Size:
        """Of one input, px."""
        return Size(texture.WIDTH, texture.HEIGHT)

    @property
    def name(self) -> str:
        """What counts."""
        return "planted"

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        """A box a crop, where somebody is."""
        pixels = [crop.frame.bgr(crop.region, crop.region.size) for crop in crops]
        if pixels and asked("detector"):
            raise ValueError("a detector fails with a frame at hand")
        if pixels and asked("detector-library"):
            cv2.resize(pixels[0], (-1, -1))
        if pixels and asked("detector-memory"):
            more = [np.ones(1 << 27, np.uint8) for _ in range(64)]
            raise MemoryError(len(more))
        if pixels and asked("detector-hold"):
            hold("detector")
        return [self._found(crop) for crop in crops]

    def _found(self, crop: Crop) -> Detections:
        luma = crop.frame.luma((texture.WIDTH, texture.HEIGHT)).astype(np.int16)
        rows, columns = np.nonzero(np.abs(luma - texture.empty()) > 14)
        left, top, right, bottom = crop.region
        if len(rows) < 50 or not (left <= columns.min() and columns.max() < right and top <= rows.min()):
            return Detections.empty()
        box = [columns.min(), rows.min(), columns.max() + 1, min(rows.max() + 1, bottom)]
        return Detections(
            np.array([box], np.float32), np.array([0.9], np.float32), np.array([Class.PERSON], np.uint8)
        )


class Follower(Passer):
    """The house's tracker, until it is told to fail."""

    def __init__(self) -> None:
        super().__init__()

    def update(self, sight: Sight) -> Tracks:
        """As always, or not."""
        frame = texture.i420(8.0)
        if asked("tracker"):
            raise ValueError(f"a tracker fails with a frame at hand ({frame.size} bytes)")
        return super().update(sight)


class Measurer:
    """Measures nothing, until it is told to fail."""

    def update(self, scene: Scene) -> Iterable[Observation]:
        """Nothing, or not even that."""
        frame = texture.i420(8.0)
        if asked("measure"):
            raise ValueError(f"a measure fails with a frame at hand ({frame.size} bytes, {scene.time_s})")
        return ()


class Sender:
    """Sends nothing, until it is told to fail."""

    def write(self, records: Sequence[Record]) -> None:
        """Take it, or fail."""
        frame = texture.i420(8.0)
        if asked("sink"):
            raise ValueError(f"a sink fails with a frame at hand ({frame.size} bytes, {len(records)})")

    def close(self) -> None:
        """Nothing waits."""


ENTRY_POINTS: Final = """\
[passerby.source]
planted = redteam.planted:Camera
[passerby.detector]
planted = redteam.planted:Finder
[passerby.tracker]
planted = redteam.planted:Follower
[passerby.measure]
planted = redteam.planted:Measurer
[passerby.sink]
planted = redteam.planted:Sender
"""


def installed(folder: Path) -> Path:
    """Make them plugins for whoever has the folder among its paths."""
    about = folder / "canary_planted-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: canary-planted\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(ENTRY_POINTS)
    return folder
