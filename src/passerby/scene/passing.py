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
from functools import partial

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

    def seen(times: Floats) -> NDArray[np.bool_]:
        feet = shapes.feet(actor.boxes(camera, times))
        return np.asarray(((feet >= 0) & (feet <= 1)).all(axis=1), np.bool_)

    knots = path.times[(path.times > start) & (path.times < end)]
    steps = np.linspace(start, end, max(2, round((end - start) / _STEP_S) + 1))
    times = np.union1d(steps, knots)
    here = np.concatenate([[False], seen(times), [False]])
    for first, after in np.flatnonzero(here[1:] != here[:-1]).reshape(-1, 2):
        comes = [_turn(seen, times[first - 1], times[first])[1]] if first > 0 else []
        leaves = [_turn(lambda t: ~seen(t), times[after - 1], times[after])[0]] if after < len(times) else []
        stay = np.unique(np.concatenate([comes, times[first:after], leaves]))
        boxes = actor.boxes(camera, stay)
        if len(stay) > 1:
            yield Journey(camera, actor, stay, shapes.feet(boxes), boxes[:, 3] - boxes[:, 1])


def _turn(there: Callable[[Floats], NDArray[np.bool_]], before: float, after: float) -> tuple[float, float]:
    """When something that is not yet so at `before` and is so at `after` becomes so: just before, just after."""
    for _ in range(_ROUNDS):
        between = np.linspace(before, after, _PARTS + 1)
        first = int(np.argmax(there(between[1:])))
        before, after = (float(t) for t in between[first : first + 2])
    return before, after


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
        over = partial(_over, journey, distance, sign)
        yield _turn(over, *journey.times[last : last + 2])[1], "in" if sign > 0 else "out"


def _over(journey: Journey, distance: Callable[[Floats], Floats], sign: float, times: Floats) -> NDArray[np.bool_]:
    return sign * distance(journey.foot(times)) > 0


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
