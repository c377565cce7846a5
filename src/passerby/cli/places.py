"""Reads places from the command line: ``NAME=x1,y1,x2,y2`` and ``NAME=x1,y1,x2,y2,x3,y3...``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from passerby.errors import UsageError
from passerby.geometry import Line, Place, Point, Zone


def lines(texts: Iterable[str]) -> list[Place]:
    """Lines from `--line` options, arrow from the first point to the second; raises `UsageError`."""
    places: list[Place] = []
    for text in texts:
        name, points = _split("--line", text)
        if len(points) != 2:
            raise UsageError(f"--line {text}: a line has two points, not {len(points)}.", "NAME=x1,y1,x2,y2")
        places.append(Line(name, points[0], points[1]))
    return places


def zones(texts: Iterable[str]) -> list[Place]:
    """Zones from `--zone` options; raises `UsageError`."""
    places: list[Place] = []
    for text in texts:
        name, points = _split("--zone", text)
        if len(points) < 3:
            hint = "NAME=x1,y1,x2,y2,x3,y3..."
            raise UsageError(f"--zone {text}: a zone has three points or more, not {len(points)}.", hint)
        places.append(Zone(name, tuple(points)))
    return places


def _split(option: str, text: str) -> tuple[str, list[Point]]:
    match = re.fullmatch(r"([^=\s]+)=(.+)", text)
    if match is None:
        raise UsageError(f"{option} {text}: no name.", "Write NAME=x1,y1,x2,y2, e.g. gate=0.1,0.6,0.9,0.6")
    try:
        numbers = [float(number) for number in match[2].split(",")]
    except ValueError:
        raise UsageError(f"{option} {text}: '{match[2]}' is not a list of numbers.") from None
    if len(numbers) % 2:
        raise UsageError(f"{option} {text}: {len(numbers)} numbers are not pairs of x and y.")
    return match[1], list(zip(numbers[::2], numbers[1::2], strict=True))
