"""Exact passes over lines and through the borders of zones, from where feet are at any time.

What counts as a pass (the truth's rule, stated because truths differ by it):

* The foot is the bottom centre of the whole box, and is watched while it is in the picture; each stay in the
  picture is a journey of its own.
* A line is passed when the foot has crossed it between its ends and has then gone on to at least `travel` box
  heights from it. Turning back before that is no pass; neither is walking around an end.
* A zone's border likewise. Who is first seen inside has not entered, who is last seen inside has not left.
* The time is that of the last crossing before the foot got so far, to a millionth of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passerby.geometry import Line, Place, Zone, heights, inside, offset, share_along
from passerby.records import Pass, Way
from passerby.scene import shapes
from passerby.scene.actors import Actor
from passerby.scene.optics import Pinhole

Floats = NDArray[np.float64]

TRAVEL = 0.1  # heights of the box
_STEP_S = 0.1  # feet are looked at this often, and exactly where they cross
_ROUNDS, _PARTS = 4, 32  # a step is so often cut into so many parts, down to a millionth of a second


@dataclass(frozen=True, slots=True, eq=False)
class Journey:
    """One stay of an actor's foot in the picture, closely sampled."""

    camera: Pinhole
    actor: Actor
    times: Floats  # (m,) s
    feet: Floats  # (m, 2) shares
    tall: Floats  # (m,) height of the box, heights of the picture

    def foot(self, times: Floats) -> Floats:
        """Feet (m, 2) at any times (m,) of the stay, exactly."""
        return shapes.feet(self.actor.boxes(self.camera, times))


def journeys(camera: Pinhole, actors: Sequence[Actor], until_s: float) -> tuple[Journey, ...]:
    """All stays in the picture between 0 and `until_s`."""
    return tuple(stay for actor in actors for stay in _stays(camera, actor, until_s))


def _stays(camera: Pinhole, actor: Actor, until_s: float) -> Iterator[Journey]:
    path = actor.path
    start, end = max(path.start_s, 0.0), min(path.end_s, until_s)
    if end <= start:
        return
    knots = path.times[(path.times > start) & (path.times < end)]
    steps = np.linspace(start, end, max(2, round((end - start) / _STEP_S) + 1))
    times = np.union1d(steps, knots)
    boxes = actor.boxes(camera, times)
    feet, tall = shapes.feet(boxes), boxes[:, 3] - boxes[:, 1]
    seen = ((feet >= 0) & (feet <= 1)).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], seen, [False]]).astype(np.int8)))
    for first, after in edges.reshape(-1, 2):
        if after - first > 1:
            stay = slice(first, after)
            yield Journey(camera, actor, times[stay], feet[stay], tall[stay])


def passes(journeys: Sequence[Journey], place: Place, *, travel: float = TRAVEL) -> tuple[Pass, ...]:
    """All passes over a line, or into and out of a zone, in order of time."""
    found: list[tuple[float, int, Pass]] = []
    for journey in journeys:
        aspect = journey.camera.aspect
        distance = _beyond(place, aspect)
        for time_s, way in _crossings(journey, distance, travel):
            if isinstance(place, Line) and not _between_ends(journey.foot(np.array([time_s])), place, aspect):
                continue
            actor = journey.actor
            found.append((time_s, actor.id, Pass(place.name, time_s, actor.class_, way)))
    return tuple(item for _, _, item in sorted(found, key=lambda f: f[:2]))


def _beyond(place: Place, aspect: float) -> Callable[[Floats], Floats]:
    """Signed distance of points (m, 2) from a place, heights of the picture; positive is where ``in`` leads."""
    corners = heights(place.points, aspect)
    if isinstance(place, Line):
        return lambda points: offset(heights(points, aspect), corners[0], corners[1])
    return lambda points: _depth_inside(heights(points, aspect), corners)


def _depth_inside(points: Floats, corners: Floats) -> Floats:
    """Distance of points (m, 2) from the border of a polygon (k, 2), negative outside."""
    start, along = corners, np.roll(corners, -1, axis=0) - corners
    rel = points[:, None] - start
    share = np.clip((rel * along).sum(axis=2) / np.maximum((along**2).sum(axis=1), 1e-18), 0, 1)
    gap = rel - share[..., None] * along
    nearest: Floats = np.hypot(gap[..., 0], gap[..., 1]).min(axis=1)
    return np.where(inside(points, corners), nearest, -nearest)


def _crossings(
    journey: Journey, distance: Callable[[Floats], Floats], travel: float
) -> Iterator[tuple[float, Way]]:
    """Times and ways of getting to the other side for good; who stands on the border is still before it."""
    d = distance(journey.feet)
    away = np.flatnonzero(d)
    far = np.flatnonzero(np.abs(d) >= travel * journey.tall)
    if not len(away):
        return
    ahead = d[far] > 0
    for index in far[ahead != np.concatenate([d[away[:1]] > 0, ahead[:-1]])]:
        sign = float(np.sign(d[index]))
        last = np.flatnonzero(sign * d[:index] <= 0)[-1]
        before, after = journey.times[last : last + 2]
        for _ in range(_ROUNDS):
            between = np.linspace(before, after, _PARTS + 1)
            there = sign * distance(journey.foot(between)) > 0
            first = int(np.argmax(there[1:]))
            before, after = between[first : first + 2]
        yield float(after), "in" if sign > 0 else "out"


def _between_ends(foot: Floats, line: Line, aspect: float) -> bool:
    a, b = heights(line.points, aspect)
    return 0.0 <= float(share_along(heights(foot, aspect), a, b)[0]) <= 1.0


def inside_now(camera: Pinhole, actors: Sequence[Actor], zone: Zone, time_s: float) -> list[Actor]:
    """Who has the foot in a zone at `time_s`, in order of birth."""
    here = [a for a in actors if a.path.start_s <= time_s <= a.path.end_s]
    if not here:
        return []
    now = np.array([time_s])
    points = np.concatenate([shapes.feet(a.boxes(camera, now)) for a in here])
    within = inside(points, zone.points) & ((points >= 0) & (points <= 1)).all(axis=1)
    return [a for a, w in zip(here, within, strict=True) if w]
