"""Writes drawn places into a configuration file, and leaves everything else in it as it was."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from passerby.config.changing import change
from passerby.config.editing import Edit
from passerby.config.reading import load
from passerby.geometry import Line, Place

DIGITS: Final = 4  # of a coordinate: a tenth of a pixel in a picture of 1000


def write_places(path: str | Path, camera: str, places: Sequence[Place]) -> None:
    """Make these the places of a camera, in a file that need not exist yet.

    Comments, order and all other keys stay. The file is replaced in one step, or not at all: raises
    `ConfigError` if it is not valid now, would not be valid afterwards, or cannot be written; the hint then
    holds the lines to add by hand.
    """
    path = Path(path)
    known = load(path).cameras if path.exists() else {}
    there = [place.name for place in known[camera].places] if camera in known else []
    change(path, place_edits(camera, places, there)).write()


def place_edits(camera: str, places: Sequence[Place], there: Collection[str]) -> list[Edit]:
    """The edits that make these the places of a camera that has places of the names `there`."""
    names = {place.name for place in places}
    gone = [Edit(("camera", camera, "place", name), None) for name in there if name not in names]
    return gone + [Edit(("camera", camera, "place", place.name), _plain(place)) for place in places]


def _plain(place: Place) -> dict[str, list[list[float]]]:
    points = [[round(x, DIGITS), round(y, DIGITS)] for x, y in place.points]
    return {"line" if isinstance(place, Line) else "zone": points}
