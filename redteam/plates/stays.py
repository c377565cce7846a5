"""The scenes that are played: everybody who stays, for whom a plate that learns by itself is too quick."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from redteam.plates.scenes import SIZE, Person, Scene

_SPOTS: Final = ((70.0, 200.0, 76.0), (160.0, 150.0, 52.0), (240.0, 215.0, 84.0), (120.0, 110.0, 40.0))


def stays(minute_s: float, lasts_s: float) -> Mapping[str, Scene]:
    """All scenes, by what happens; `minute_s`: how long a minute is, where time is lapsed."""
    m = minute_s

    def one(*when: tuple[float, float], spot: int = 0, seed: int = 1, **how: float) -> Person:
        x, y, tall = _SPOTS[spot]
        return Person((x, y), tall, when, seed, **{"restless_s": 2.5 * m, **how})  # type: ignore[arg-type]

    always = (0.0, math.inf if lasts_s == math.inf else lasts_s + 1)
    return {
        "nobody": Scene([]),
        "stands for 5 s, now and then": Scene(
            [one(*((t, t + 5.0) for t in np.arange(2 * m, lasts_s, 2.3 * m)), spot=0)]
        ),
        "stands for 1 min": Scene([one((4 * m, 5 * m), spot=1)]),
        "stands for 10 min": Scene([one((3 * m, 13 * m), spot=2), one((1 * m, 11 * m), spot=1, seed=2)]),
        "stands for 60 min": Scene([one((1 * m, 61 * m), spot=0)]),
        "is there from the first frame": Scene([one((0.0, 6 * m), spot=0), one(always, spot=3, seed=2)]),
        "sits all day": Scene([one(always, spot=2, restless_s=4 * m), one(always, spot=1, seed=3)]),
        "one after the other on a bench": Scene(
            [one(*_turns(4 * m, 1 * m, lasts_s), spot=2), one(*_turns(7 * m, 2 * m, lasts_s), spot=1, seed=2)]
        ),
        "the light is switched": Scene(
            [one((2 * m, always[1]), spot=0), one(always, spot=1, seed=2)],
            light=lambda t: 1.0 if t < 5 * m else 0.6,
        ),
        "the light goes on and off": Scene(
            [one(always, spot=2)], light=lambda t: 1.0 if t % (14 * m) < 7 * m else 0.7
        ),
        "clouds pass": Scene(
            [one(always, spot=0), one((6 * m, always[1]), spot=3, seed=2)],
            light=lambda t: 0.85 + 0.15 * math.cos(t / (1.5 * m)),
        ),
        "the camera is moved": Scene(
            [one(always, spot=2), one((3 * m, always[1]), spot=1, seed=2)], moved=lambda t: 0 if t < 5 * m else 48
        ),
        "a mirror": Scene(
            [one((1 * m, always[1]), spot=0), Person((270.0, 100.0), 44.0, ((1 * m, always[1]),), 1, 2.5 * m,
                                                     walks=False, mirrored=True)]
        ),
        "a crowd": Scene(_crowd(always, m)),
        "a queue that moves up": Scene(_queue(m, lasts_s)),
    }  # fmt: skip


def statue(lasts_s: float) -> Scene:
    """Somebody who is there all the time and never stirs by a hair."""
    x, y, tall = _SPOTS[0]
    return Scene([Person((x, y), tall, ((0.0, lasts_s + 1),), 1, restless_s=math.inf)])


def _turns(stay_s: float, pause_s: float, lasts_s: float) -> list[tuple[float, float]]:
    return [(float(t), float(t + stay_s)) for t in np.arange(0, lasts_s, stay_s + pause_s)]


def _crowd(always: tuple[float, float], m: float) -> list[Person]:
    rng = np.random.default_rng(8)
    feet = [(x + rng.uniform(-6, 6), y) for y in (95.0, 160.0, 230.0) for x in np.arange(20, SIZE[0], 40)]
    return [Person(foot, 50.0, (always,), 10 + n, 2.5 * m) for n, foot in enumerate(feet)]


def _queue(m: float, lasts_s: float) -> list[Person]:
    """Each stands for a minute and a half at the only place of the queue that is in the picture."""
    each_s, people = 1.5 * m, 4

    def turns(n: int) -> list[tuple[float, float]]:
        return [(float(t), float(t + each_s * 0.9)) for t in np.arange(n * each_s, lasts_s, people * each_s)]

    return [Person((170.0, 190.0), 70.0, tuple(turns(n)), 30 + n, 2.5 * m) for n in range(people)]
