"""Random streets: how much of everything, from a seed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from passerby.classes import Class
from passerby.scene.actors import Actor, Path, Pole, Sign, Thing
from passerby.scene.layout import Layout
from passerby.scene.optics import Pinhole
from passerby.scene.shapes import SIZES
from passerby.scene.walkers import Habits, Walkers
from passerby.scene.wheels import cyclists, vehicles
from passerby.scene.world import Street

_WARM_UP_S: Final = 75.0  # people set out so long before 0 that the street is full when it begins


@dataclass(frozen=True, slots=True)
class Traffic:
    """How much goes through a street; rates are parties or vehicles a minute, all ways together."""

    people: float = 22.0
    cyclists: float = 5.0
    cars: float = 12.0
    buses: float = 1.0
    trucks: float = 1.0
    motorcycles: float = 0.5
    habits: Habits = field(default_factory=Habits)
    poles: int = 2  # lamp posts near the camera
    signs: int = 0  # boards that look like people
    parked: int = 0  # cars at the near kerb


SPARSE: Final = Traffic(people=6, cyclists=2, cars=4, buses=0.3, trucks=0.3, motorcycles=0.2)
DENSE: Final = Traffic(people=60, cyclists=10, cars=16, buses=1.5, trucks=1.5, motorcycles=1.5)
GROUPS: Final = Traffic(people=20, habits=Habits(together=0.9, stop=0.25))
POLES: Final = Traffic(poles=7, signs=2, parked=2)


def street(
    seed: int,
    *,
    duration_s: float = 60.0,
    traffic: Traffic | None = None,
    camera: Pinhole | None = None,
    layout: Layout | None = None,
) -> Street:
    """A random street: the same for the same arguments, and in its first minute the same however long it lasts."""
    layout = layout or Layout()
    streams = [np.random.default_rng([seed, room]) for room in range(4)]
    traffic = traffic or Traffic()
    motor = {
        Class.CAR: traffic.cars,
        Class.BUS: traffic.buses,
        Class.TRUCK: traffic.trucks,
        Class.MOTORCYCLE: traffic.motorcycles,
    }
    wheels = vehicles(streams[0], layout, motor, duration_s)
    wheels += cyclists(streams[1], layout, traffic.cyclists, duration_s)
    walkers = Walkers(streams[2], layout, traffic.habits, wheels)
    now = -_WARM_UP_S
    while traffic.people > 0 and (now := now + streams[2].exponential(60 / traffic.people)) <= duration_s:
        walkers.party(now)
    things, parked = _furniture(streams[3], layout, traffic)
    actors = numbered([*parked, *wheels, *walkers.actors])
    return Street(camera or Pinhole(), actors, duration_s, things, layout, seed)


def numbered(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    """Actors in order of birth, with ids from 1."""
    ordered = sorted(actors, key=lambda actor: actor.path.start_s)
    return tuple(replace(actor, id=index) for index, actor in enumerate(ordered, start=1))


def trunks(layout: Layout) -> tuple[Pole, ...]:
    """The trees along the far pavement."""
    return tuple(Pole(x, layout.far_pavement[0] + 0.35, 4.6, 0.28, tree=True) for x in layout.trees)


def _furniture(
    rng: np.random.Generator, layout: Layout, traffic: Traffic
) -> tuple[tuple[Thing, ...], list[Actor]]:
    things: list[Thing] = [*trunks(layout)]
    near, far = layout.verge
    spots = [24.0, 36.0, 14.5, 19.5, 30.0, 11.5, 44.0, 33.0][: traffic.poles]
    things += [Pole(x, (near + far) / 2, 6.2 if i < 2 else 3.4) for i, x in enumerate(spots)]
    for index in range(traffic.signs):
        x = float(rng.uniform(17, 34))
        y = layout.far_pavement[1] - 0.5 if index % 2 else layout.near_pavement[0] + 0.9
        things.append(Sign(x, y, variant=int(rng.integers(2**31))))
    return tuple(things), [
        parked_car(17.0 + 9.5 * i, layout, int(rng.integers(2**31))) for i in range(traffic.parked)
    ]


def parked_car(x: float, layout: Layout, variant: int = 0) -> Actor:
    """A car that stands half on the verge, from long before to long after; not numbered yet (0)."""
    point = (x, layout.verge[1] - 0.6)
    always = Path(np.array([-1e6, 1e6]), np.array([point, point]))
    return Actor(0, Class.CAR, always, SIZES[Class.CAR], variant)
