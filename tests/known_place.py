"""A detector that knows a place, as a stranger would write one: what is not in its empty picture is a person."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from passerby.classes import Class
from passerby.detections import Detections
from passerby.frame import Size
from passerby.stages import Crop

LEAST = 30  # grey levels by which somebody is told from the place
FEWEST = 60  # px of somebody


class KnownPlace:
    """`path`: the empty place as it is filmed, grey (h, w), as NumPy's file."""

    def __init__(self, path: str) -> None:
        self._empty = np.load(path)
        self._size = Size(self._empty.shape[1], self._empty.shape[0])

    @property
    def input(self) -> Size | None:
        return self._size

    @property
    def name(self) -> str:
        return "known-place"

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        return [self._in(crop) for crop in crops]

    def _in(self, crop: Crop) -> Detections:
        differs = (cv2.absdiff(crop.frame.luma(self._size), self._empty) > LEAST).astype(np.uint8)
        whole = cv2.morphologyEx(differs, cv2.MORPH_CLOSE, np.ones((7, 3), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(whole)
        left, top, width, height, area = stats[1:].T.astype(np.float32)
        boxes = np.column_stack([left, top, left + width, top + height])[area >= FEWEST]
        region, frame = np.array(crop.region, np.float32), np.array(crop.frame.whole, np.float32)
        low, high = np.where(region == frame, [-np.inf, -np.inf, np.inf, np.inf], region).reshape(2, 2)
        boxes = boxes[((boxes[:, :2] > low) & (boxes[:, 2:] < high)).all(axis=1)]
        return Detections(
            boxes.astype(np.float32), np.ones(len(boxes), np.float32), np.full(len(boxes), Class.PERSON, np.uint8)
        )


def installed(folder: Path) -> Path:
    """The folder, with what pip would write there for a package that brings this plugin."""
    said = folder / "known_place-1.0.dist-info"
    said.mkdir()
    (said / "METADATA").write_text("Metadata-Version: 2.1\nName: known-place\nVersion: 1.0\n")
    (said / "entry_points.txt").write_text("[passerby.detector]\nknown-place = known_place:KnownPlace\n")
    return folder
