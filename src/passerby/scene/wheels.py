"""Random vehicles and cyclists that keep to their lanes and their distance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.scene.actors import Actor, Path, smooth
from passerby.scene.layout import Layout
from passerby.scene.shapes import SIZES

Floats = NDArray[np.float64]

_SPEED: Final = {  # m/s: mean, spread; a 40 km/h street
    Class.BICYCLE: (4.8, 0.8),
    Class.MOTORCYCLE: (9.5, 1.2),
    Class.CAR: (9.5, 1.2),
    Class.TRUCK: (8.2, 0.8),
    Class.BUS: (7.8, 0.6),
}
_REACTION_S: Final = 1.4  # Newell's wave trip time: a follower repeats its leader's way so much later ...
_JAM_GAP_M: Final = 2.2  # ... and so much farther back, bumper to bumper
_HEADWAY_S: Final = 2.2  # nobody comes into the lane closer than this
_STEP_S: Final = 0.25
BUS_STOP_M: Final = 36.0  # along the street


def vehicles(rng: Generator, layout: Layout, per_minute: Mapping[Class, float], until_s: float) -> list[Actor]:
    """Motor traffic on both lanes from before 0 to `until_s`; ids are not given yet (0)."""
    rates = {c: r for c, r in per_minute.items() if r > 0}
    if not rates:
        return []
    classes, weights = list(rates), np.array(list(rates.values()))
    actors: list[Actor] = []
    for lane, (across, way) in enumerate(layout.lanes):
        own = np.random.default_rng(rng.integers(2**63, size=2))
        headway = 2 * 60 / weights.sum()  # two lanes
        ahead: Actor | None = None
        now = -(layout.reach[1] - layout.reach[0]) / 7.0
        while True:
            gap = _HEADWAY_S + own.exponential(max(headway - _HEADWAY_S, 0.1))
            now += gap
            if now > until_s:
                break
            class_ = classes[int(own.choice(len(classes), p=weights / weights.sum()))]
            ahead = _vehicle(own, layout, class_, (now, across, way), ahead, stops=lane == 1)
            actors.append(ahead)
    return actors


def _vehicle(
    rng: Generator,
    layout: Layout,
    class_: Class,
    entry: tuple[float, float, int],
    ahead: Actor | None,
    *,
    stops: bool,
) -> Actor:
    """One vehicle from its time of entry; it drives freely, or as its leader lets it (Newell, 2002)."""
    now, across, way = entry
    size = _size(rng, class_)
    mean, spread = _SPEED[class_]
    speed = max(3.0, rng.normal(mean, spread))
    length = layout.reach[1] - layout.reach[0]
    halt = float(rng.uniform(6, 9)) if class_ is Class.BUS and stops else 0.0
    to_stop = layout.reach[1] - BUS_STOP_M
    times = now + _STEP_S * np.arange(round(4 * length / speed / _STEP_S), dtype=np.float64)
    gone = speed * (times - now)
    gone -= speed * np.clip(times - (now + to_stop / speed), 0, halt)
    if ahead is not None:
        back = (ahead.size[0] + size[0]) / 2 + _JAM_GAP_M
        leader = ahead.path
        then: Floats = times - _REACTION_S
        free = np.abs(leader.at(then)[:, 0] - _entry(layout, way))
        free = np.where(then > leader.end_s, np.inf, free)
        gone = np.maximum.accumulate(np.minimum(gone, np.maximum(free - back, 0.0)))
    end = int(np.searchsorted(gone, length)) + 1
    points = np.stack([_entry(layout, way) + way * gone[:end], np.full(len(gone[:end]), across)], axis=1)
    points[:, 1] += rng.normal(0, 0.12)
    variant = int(rng.integers(2**31))
    return Actor(0, class_, smooth(Path(times[:end], points)), size, variant)


def _entry(layout: Layout, way: int) -> float:
    return layout.reach[0] if way > 0 else layout.reach[1]


def _size(rng: Generator, class_: Class) -> tuple[float, float, float]:
    length, width, height = SIZES[class_]
    return (
        length * float(np.clip(rng.normal(1, 0.04), 0.9, 1.1)),
        width * float(np.clip(rng.normal(1, 0.02), 0.95, 1.05)),
        height * float(np.clip(rng.normal(1, 0.02), 0.95, 1.05)),
    )


def cyclists(rng: Generator, layout: Layout, per_minute: float, until_s: float) -> list[Actor]:
    """Bicycles both ways on the cycle track, overtaking a little to the left; ids are not given yet (0)."""
    actors: list[Actor] = []
    if per_minute <= 0:
        return actors
    near, far = layout.cycle_track
    now = -(layout.reach[1] - layout.reach[0]) / 4.0
    while (now := now + rng.exponential(60 / per_minute)) <= until_s:
        way = 1 if rng.random() < 0.5 else -1
        mean, spread = _SPEED[Class.BICYCLE]
        speed = float(np.clip(rng.normal(mean, spread), 3.0, 7.5))
        lane = near + (far - near) * (0.27 if way > 0 else 0.73) + 0.05 * way * (speed - mean)
        end = now + (layout.reach[1] - layout.reach[0]) / speed
        times = np.arange(now, end + _STEP_S, _STEP_S)
        points = np.stack(
            [_entry(layout, way) + way * speed * (times - now), _sway(rng, times, 0.10) + lane], axis=1
        )
        actors.append(
            Actor(0, Class.BICYCLE, Path(times, points), _size(rng, Class.BICYCLE), int(rng.integers(2**31)))
        )
    return actors


def _sway(rng: Generator, times: Floats, width: float) -> Floats:
    """A slow wander (m,) of about +-`width` metres."""
    period, phase = rng.uniform(5, 9), rng.uniform(0, 2 * np.pi)
    result: Floats = width * np.sin(2 * np.pi * times / period + phase)
    return result
