"""Scripted streets: exactly who walks where and when, for hard cases whose truth one can check by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from passerby.classes import Class
from passerby.scene.actors import Actor, Path, Thing, Waypoint, path
from passerby.scene.layout import Layout
from passerby.scene.optics import Pinhole
from passerby.scene.shapes import SIZES
from passerby.scene.traffic import numbered
from passerby.scene.world import Street


@dataclass(frozen=True, slots=True)
class Mover:
    """One scripted road user: way-points (s, x m, y m) between which it moves at constant speed.

    Two way-points at one place are a halt; one way-point alone stands there for ever.
    """

    class_: Class
    way: tuple[Waypoint, ...]
    size: tuple[float, float, float] | None = None  # m: length, width, height; None: usual for its class
    variant: int = 0  # picks body shape and colours

    def actor(self) -> Actor:
        """As an actor without a number (0)."""
        if len(self.way) == 1:
            _, x, y = self.way[0]
            route = Path(np.array([-1e6, 1e6]), np.array([(x, y), (x, y)]))
        else:
            route = path(self.way)
        return Actor(0, self.class_, route, self.size or SIZES[self.class_], self.variant)


def scripted(
    movers: Sequence[Mover],
    *,
    duration_s: float | None = None,
    things: tuple[Thing, ...] = (),
    camera: Pinhole | None = None,
    layout: Layout | None = None,
) -> Street:
    """A street with exactly these road users; it lasts until the last has gone unless `duration_s` says otherwise.

    To script in shares of the picture, turn them into metres first with ``camera.ground(shares)``.
    """
    actors = numbered(mover.actor() for mover in movers)
    if duration_s is None:
        ends = [w[-1][0] for m in movers if len(w := m.way) > 1]
        duration_s = max(ends, default=10.0)
    return Street(camera or Pinhole(), actors, duration_s, things, layout or Layout())
