"""What a measure that speaks of metres asks of a camera's ground."""

from __future__ import annotations

import numpy as np

from passerby.errors import ConfigError
from passerby.geometry import Place
from passerby.ground.plane import Ground


def needed(ground: Ground | None, what: str, place: Place) -> Ground:
    """The ground itself; raises `ConfigError` where there is none, or none where the place is drawn.

    what: that is measured, e.g. "a speed", for the message.
    """
    if ground is None:
        raise ConfigError(
            f"{what} at '{place.name}' needs metres, and this camera has no ground.",
            "Give the camera a 'ground': docs/ground.md lists the ways.",
        )
    if not np.isfinite(ground.metres(place.points)).all():
        raise ConfigError(
            f"'{place.name}' reaches above the horizon of the ground, where {what} has no metres.",
            "Draw it lower, or check the points of the ground.",
        )
    return ground
