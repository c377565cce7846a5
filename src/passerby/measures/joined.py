"""What several measures saw at one place, as one: a pass is there once, with the values of all of them.

::

    line      Pass(gate, 12.4 s, car, in)
    speed     Pass(gate, 12.4 s, car, in, speed_mps 8.1)      ──►  Pass(gate, 12.4 s, car, in,
    headway   Pass(gate, 12.4 s, car, in, headway_s 2.2)                speed_mps 8.1, headway_s 2.2)

Measures of one line count with one rule, so they see the same pass in the same frame at the same time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import replace

from passerby.records import Conflict, Observation, Pass


def joined(several: Iterable[Iterable[Observation]]) -> tuple[Observation, ...]:
    """The observations of one frame, by measure, as one series; two alike of one measure stay two."""
    result: list[Observation] = []
    found: defaultdict[Hashable, list[int]] = defaultdict(list)  # where those that look alike stand
    for observations in several:
        seen: Counter[Hashable] = Counter()
        for observation in observations:
            key = _key(observation)
            number, there = seen[key], found[key]
            seen[key] += 1
            if number < len(there):
                result[there[number]] = _both(result[there[number]], observation)
            else:
                there.append(len(result))
                result.append(observation)
    return tuple(result)


def _key(observation: Observation) -> Hashable:
    if isinstance(observation, Conflict):
        return observation
    what: Hashable = observation.way if isinstance(observation, Pass) else ("sample", observation.quantity)
    return observation.place, observation.time_s, observation.class_, what


def _both(one: Observation, other: Observation) -> Observation:
    if isinstance(one, Pass) and isinstance(other, Pass):
        return replace(one, movement=one.movement or other.movement, values={**one.values, **other.values})
    return one
