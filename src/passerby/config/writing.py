"""Writes what was drawn into a configuration file, and leaves everything else in it as it was."""

from __future__ import annotations

from pathlib import Path

from passerby.config.changing import change, read
from passerby.config.drawing import Drawing, planned
from passerby.config.reading import parse
from passerby.errors import ConfigError


def write_drawing(path: str | Path, camera: str, drawing: Drawing, *, drop: bool = False) -> None:
    """Make this the drawing of a camera, in a file that need not exist yet.

    `drop`: what names a place that is gone (a measure, an alert, an area) goes with it, and is not a reason to
    refuse. Comments, order and all other keys stay. The file is replaced in one step, or not at all: raises
    `ConfigError` if it is not valid now, would not be valid afterwards, or cannot be written; the hint then holds
    the lines to add by hand.
    """
    path = Path(path)
    text = read(path)
    parse(text, path)
    plan = planned(text, camera, drawing)
    if plan.dependents and not drop:
        raise ConfigError(
            f"a place that is gone is still named: {', '.join(plan.dependents)}.",
            "Keep the place, or remove these too.",
        )
    change(path, plan.edits, known=text).write()
