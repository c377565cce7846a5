"""A detector that plays back boxes from a file: repeatable runs without a model."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from passerby.classes import Class
from passerby.detections import Detections
from passerby.detectors.labels import known
from passerby.errors import ModelError
from passerby.frame import Size
from passerby.stages import Crop

_INPUT: Final = Size(1 << 15, 1 << 15)  # wider than any picture, so that a whole one is a single crop

_ANYWHERE: Final = np.array([-np.inf, -np.inf, np.inf, np.inf], np.float32)

_Row = tuple[int, tuple[float, float, float, float], float, Class]  # frame from 1, box, score, class


class Replay:
    """Finds what a file says was found: frame 1 of the file is the first frame of the stream.

    `path`: MOT text (frame, id, left, top, width, height, confidence, and perhaps a class name) or JSON Lines
        (``{"frame": 1, "boxes": [[left, top, right, bottom, score, "person"], ...]}``), in pixels of the film.
    `label`: the class of boxes for which the file names none.

    Identities in a file are not read. A box belongs to the crop that holds its centre, unless an edge cuts it
    where the frame goes on. Rows with confidence 0 are left out, as MOT wants; a negative one means that none was
    given. Raises `ModelError` for a file that is missing or that is neither.
    Format: MOTChallenge, arXiv 1504.01942.
    """

    def __init__(self, path: str | Path, *, label: str = "person") -> None:
        default = known(label)
        if default is None:
            raise ValueError(f"'{label}' is not a class that passerby counts")
        self._found = _by_frame(_rows(Path(path).expanduser(), default))

    @property
    def input(self) -> Size:
        """So large that a whole picture is one crop; nothing is ever scaled to it."""
        return _INPUT

    @property
    def name(self) -> str:
        """What a result says it was counted with."""
        return "replay"

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        """One `Detections` a crop, in order."""
        return [self._in(crop) for crop in crops]

    def _in(self, crop: Crop) -> Detections:
        found = self._found.get(crop.frame.index + 1)
        if found is None:
            return Detections.empty()
        region, frame = np.array(crop.region, np.float32), np.array(crop.frame.whole, np.float32)
        low, high = np.split(np.where(region == frame, _ANYWHERE, region), 2)
        centre = (found.xyxy[:, :2] + found.xyxy[:, 2:]) / 2
        inside = (region[:2] <= centre) & (centre < region[2:])
        is_whole = (found.xyxy[:, :2] > low) & (found.xyxy[:, 2:] < high)
        return found.keep(np.flatnonzero(np.logical_and(inside, is_whole).all(axis=1)))


def _by_frame(rows: Iterable[_Row]) -> dict[int, Detections]:
    frames: dict[int, list[_Row]] = {}
    for row in rows:
        frames.setdefault(row[0], []).append(row)
    return {
        frame: Detections(
            np.array([box for _, box, _, _ in found], np.float32),
            np.array([score for _, _, score, _ in found], np.float32),
            np.array([kind for _, _, _, kind in found], np.uint8),
        )
        for frame, found in frames.items()
    }


def _rows(path: Path, default: Class) -> Iterator[_Row]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ModelError(f"{path} cannot be read as boxes: {why}.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield from _json(line, default) if line.lstrip().startswith("{") else _mot(line, default)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ModelError(
                f"{path}, line {number}: neither MOT text nor JSON Lines of boxes.",
                "Expected frame,id,left,top,width,height,confidence or "
                '{"frame": 1, "boxes": [[left, top, right, bottom, score, "person"]]}.',
            ) from error


def _mot(line: str, default: Class) -> Iterator[_Row]:
    cells = [cell.strip() for cell in line.split(",")]
    left, top, width, height = _finite(cells[2:6])
    confidence = float(cells[6]) if len(cells) > 6 else 1.0
    says_class = len(cells) > 7 and any(character.isalpha() for character in cells[7])
    named = known(cells[7]) if says_class else default
    if confidence != 0 and named is not None:
        yield int(float(cells[0])), (left, top, left + width, top + height), _score(confidence), named


def _json(line: str, default: Class) -> Iterator[_Row]:
    said = json.loads(line)
    for left, top, right, bottom, *rest in said["boxes"]:
        box = _finite((left, top, right, bottom))
        score = float(rest[0]) if rest else 1.0
        named = known(rest[1]) if len(rest) > 1 else default
        if named is not None:
            yield int(said["frame"]), box, _score(score), named


def _finite(values: Sequence[str | float]) -> tuple[float, float, float, float]:
    a, b, c, d = map(float, values)
    if not all(map(math.isfinite, (a, b, c, d))):
        raise ValueError("a box without a place")
    return a, b, c, d


def _score(confidence: float) -> float:
    return 1.0 if confidence < 0 else min(confidence, 1.0)
