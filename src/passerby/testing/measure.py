"""What every measure must keep."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Tracks
from passerby.records import Conflict, Observation, Pass, Sample
from passerby.stages import Measure, Scene
from passerby.testing.promise import promise

_ASPECT: Final = 16 / 9
_STEP_S: Final = 0.2
_WALK_S: Final = 5.0
_QUIET_S: Final = 600.0  # whatever went by ten minutes ago is forgotten


def check_measure(make: Callable[[], Measure]) -> None:
    """Let a crowd walk over the whole picture and leave; raises `Broken`."""
    scenes = list(_crowd(60, np.random.default_rng(1)))
    seen = _sound(make(), scenes)
    promise(seen, "a crowd walked over the whole picture, and nothing was observed")
    other = list(_crowd(60, np.random.default_rng(2)))
    promise(_sound(make(), other) == seen, "what is observed does not depend on the ids of tracks")
    _check_forgets(make)


def _crowd(walkers: int, ids: np.random.Generator) -> Iterator[Scene]:
    """People and cars straight across the picture, each for seconds, then quiet and the end; ids are drawn."""
    random = np.random.default_rng(3)
    begin = np.sort(random.uniform(0, walkers / 4, walkers))
    start, end = random.uniform(0, 1, (2, walkers, 2))
    side = random.integers(0, 2, walkers)
    start[np.arange(walkers), side], end[np.arange(walkers), side] = -0.05, 1.05
    swap = random.random(walkers) < 0.5
    start[swap], end[swap] = end[swap], start[swap]
    class_id = random.choice([Class.PERSON, Class.CAR, Class.BICYCLE], walkers).astype(np.uint8)
    names = ids.integers(2**60, 2**64, walkers, np.uint64)
    last = begin[-1] + _WALK_S
    for time_s in np.arange(0, last + 2, _STEP_S):
        age = (time_s - begin) / _WALK_S
        here = (age >= 0) & (age <= 1)
        foot = start + (end - start) * age[:, None]
        velocity = (end - start) / _WALK_S
        yield _scene(float(time_s), names[here], foot[here], velocity[here], class_id[here])
    for time_s in np.arange(last + 2, last + _QUIET_S, 5.0):
        yield _scene(float(time_s), names[:0], foot[:0], velocity[:0], class_id[:0])
    yield Scene(last + _QUIET_S, 1.0, Tracks.empty(), np.empty((0, 4), np.float32), np.empty((0, 2)), over=True)


def _scene(
    time_s: float,
    ids: NDArray[np.uint64],
    foot: NDArray[np.float64],
    velocity: NDArray[np.float64],
    class_id: NDArray[np.uint8],
) -> Scene:
    n = len(ids)
    width, height = 1280, 720
    at = foot * (width, height)
    xyxy = np.column_stack([at[:, 0] - 15, at[:, 1] - 80, at[:, 0] + 15, at[:, 1]]).astype(np.float32)
    tracks = Tracks(ids, xyxy, foot, velocity, class_id, np.ones(n, np.bool_), np.zeros(n))
    return Scene(time_s, _ASPECT, tracks, np.array([[0, 0, 1, 1]], np.float32), ground=foot * (20, 20))


def _sound(measure: Measure, scenes: Iterable[Scene]) -> list[Observation]:
    seen: list[Observation] = []
    for scene in scenes:
        for observation in measure.update(scene):
            _check_observation(observation, scene)
            seen.append(observation)
    return seen


def _check_observation(observation: Observation, scene: Scene) -> None:
    promise(
        isinstance(observation, Pass | Sample | Conflict),
        f"a measure gives Pass, Sample or Conflict, not {type(observation).__name__}",
    )
    promise(observation.place, "an observation names its place")
    time_s = observation.time_s
    promise(
        0 <= time_s <= scene.time_s + 1e-9, f"an observation is not of the future: {time_s} s at {scene.time_s} s"
    )
    said = repr(observation)
    promise(not any(str(i) in said for i in scene.tracks.ids.tolist()), "an observation carries no id")
    if isinstance(observation, Conflict):
        promise(math.isfinite(observation.value_s), f"a conflict has a time, not {observation.value_s}")
        return
    promise(isinstance(observation.class_, Class), "classes are those of the closed list")
    if isinstance(observation, Sample):
        promise(math.isfinite(observation.value), f"a sample has a value, not {observation.value}")
    else:
        promise(observation.way in ("in", "out"), f"a way is in or out, not {observation.way}")
        promise(all(math.isfinite(v) for v in observation.values.values()), "values are finite")


def _check_forgets(make: Callable[[], Measure]) -> None:
    """It holds no more after many tracks than after few."""
    few, many = make(), make()
    for scene in _crowd(20, np.random.default_rng(4)):
        _ = list(few.update(scene))
    for scene in _crowd(200, np.random.default_rng(5)):
        _ = list(many.update(scene))
    a, b = _held(few), _held(many)
    promise(b <= a, f"tracks that are gone are forgotten: it holds {a} things after 20 of them, {b} after 200")


def _held(thing: Any, known: set[int] | None = None) -> int:
    """How many things an object holds, through containers, arrays and attributes."""
    known = set() if known is None else known
    if id(thing) in known or isinstance(thing, str | bytes | int | float | type | None) or callable(thing):
        return 0
    known.add(id(thing))
    if isinstance(thing, np.ndarray):
        return int(thing.size)
    parts: list[Any] = []
    if isinstance(thing, Mapping):
        parts = [*thing.keys(), *thing.values()]
    elif isinstance(thing, Iterable) and hasattr(thing, "__len__"):
        parts = list(thing)
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    inner = [*getattr(thing, "__dict__", {}).values(), *(getattr(thing, name, None) for name in slots)]
    return len(parts) + sum(_held(part, known) for part in (*parts, *inner))
