"""The ground plan of the drawn street, strip by strip, with the lines and zones that one would draw over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passerby.geometry import Line, Place, Zone
from passerby.scene.optics import Pinhole

Strip = tuple[float, float]  # m across the street: near edge, far edge

_RIM = 0.005  # share of the picture that places keep away from its edge
_SHORTEST = 0.05  # shares: a default place that is cut shorter than this is left out


@dataclass(frozen=True, slots=True)
class Layout:
    """Strips across the street in metres from the camera's mast, and what stands where along it.

    ::

        y 16.2  ───────── facades ─────────
                 far pavement     → ←
          11.4  ─ o ── trees ── o ── o ────
                 cycle track      → ←
          9.2  ═══════ kerb ══════════════
                 carriageway  ←            keep right
                 carriageway  →
           2.6  ═══════ kerb ══════════════
                 verge with lamps
           0.8  ───────────────────────────
                 near pavement    → ←
          -3.4  ──── near facades ─────────
    """

    near_wall: float = -3.4
    near_pavement: Strip = (-3.4, 0.8)
    verge: Strip = (0.8, 2.6)
    carriageway: Strip = (2.6, 9.2)
    cycle_track: Strip = (9.3, 11.4)
    far_pavement: Strip = (11.4, 16.2)
    facade: float = 16.2
    zebra: Strip = (25.5, 29.0)  # m along the street
    trees: tuple[float, ...] = (9.0, 17.0, 33.0, 42.0, 52.0, 63.0)  # m along the street
    doors: tuple[float, ...] = (20.6, 31.2, 44.2, 60.0)  # m along the far facades
    end: float = 62.0  # m along the street where walkers come out of the last houses
    reach: Strip = (-24.0, 120.0)  # m along the street between which wheels are followed

    @property
    def lanes(self) -> tuple[tuple[float, int], ...]:
        """Middle of each lane across the street, and its direction along it (keep right)."""
        near, far = self.carriageway
        return (0.75 * near + 0.25 * far, 1), (0.25 * near + 0.75 * far, -1)

    def places(self, camera: Pinhole) -> tuple[Place, ...]:
        """Three lines across the traffic, ``in`` being away from the camera, and a zone on the far pavement."""
        lines = (
            ("pavement", 14.0, (self.far_pavement[0] - 0.1, self.far_pavement[1] - 0.05)),
            ("cycle-track", 15.0, (self.cycle_track[0], self.cycle_track[1])),
            ("carriageway", 17.0, (self.verge[0] + 0.4, self.carriageway[1] - 0.3)),
            ("near-pavement", 13.0, (self.near_pavement[0] + 0.1, self.near_pavement[1] + 0.3)),
        )
        drawn: list[Place] = []
        for name, x, (near, far) in lines:
            ends = clip_line(camera.picture([(x, near, 0.0), (x, far, 0.0)]))
            if ends is not None:
                drawn.append(Line(name, ends[0], ends[1]))
        near, far = self.far_pavement
        corners = [(x, y, 0.0) for x, y in ((18.5, near), (18.5, far), (30, far), (30, near))]
        polygon = clip_polygon(camera.picture(corners))
        if len(polygon) >= 3:
            drawn.append(Zone("plaza", polygon))
        return tuple(drawn)


def _points(rows: NDArray[np.float64] | Sequence[NDArray[np.float64]]) -> tuple[tuple[float, float], ...]:
    return tuple((round(float(x), 4), round(float(y), 4)) for x, y in rows)


def clip_line(ends: NDArray[np.float64]) -> tuple[tuple[float, float], ...] | None:
    """The part of a line (2, 2) that lies in the picture (Liang and Barsky, 1984); None if hardly any does."""
    start, step = ends[0], ends[1] - ends[0]
    enter, leave = 0.0, 1.0
    for axis in (0, 1):
        for sign, bound in ((-1, -_RIM), (1, 1 - _RIM)):
            move, room = sign * step[axis], bound - sign * start[axis]
            if move > 0:
                leave = min(leave, room / move)
            elif move < 0:
                enter = max(enter, room / move)
            elif room < 0:
                return None
    if (leave - enter) * float(np.hypot(*step)) < _SHORTEST:
        return None
    return _points([start + enter * step, start + leave * step])


def clip_polygon(polygon: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    """The part of a polygon (m, 2) that lies in the picture (Sutherland and Hodgman, 1974); () if none does."""
    corners = list(polygon)
    for axis in (0, 1):
        for sign, bound in ((1.0, _RIM), (-1.0, _RIM - 1)):
            kept = []
            for before, here in zip([*corners[-1:], *corners[:-1]], corners, strict=True):
                a, b = sign * before[axis] - bound, sign * here[axis] - bound
                if (a >= 0) != (b >= 0):
                    kept.append(before + a / (a - b) * (here - before))
                if b >= 0:
                    kept.append(here)
            corners = kept
    return _points(corners)
