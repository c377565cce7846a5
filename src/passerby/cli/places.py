"""Reads places from the command line: ``NAME=x1,y1,x2,y2`` and ``NAME=x1,y1,x2,y2,x3,y3...``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from passerby import config
from passerby.errors import UsageError
from passerby.geometry import Place


def lines(texts: Iterable[str]) -> list[Place]:
    """Lines from `--line` options, arrow from the first point to the second; raises `UsageError`."""
    return [_place("--line", text, config.line) for text in texts]


def zones(texts: Iterable[str]) -> list[Place]:
    """Zones from `--zone` options; raises `UsageError`."""
    return [_place("--zone", text, config.zone) for text in texts]


def _place(option: str, text: str, make: Callable[[str, Sequence[Sequence[float]]], Place]) -> Place:
    name, equals, numbers = text.partition("=")
    if not equals:
        raise UsageError(f"{option} {text}: there is no name.", f"Write {option} NAME=x1,y1,x2,y2...")
    try:
        values = [float(number) for number in re.split(r"[,\s]+", numbers.strip())]
    except ValueError:
        raise UsageError(
            f"{option} {text}: '{numbers}' is not a list of numbers.", "Write x1,y1,x2,y2... from 0 to 1."
        ) from None
    if len(values) % 2:
        raise UsageError(f"{option} {text}: {len(values)} numbers are not pairs of x and y.")
    try:
        return make(name, list(zip(values[::2], values[1::2], strict=True)))
    except ValueError as error:
        raise UsageError(f"{option} {text}: {error}.") from None
