"""Attacks on what is kept of alerts, by somebody who knows exactly how many others were there at every moment.

The question is whether one person was in a zone for ten minutes of a known hour; a coin is right in 50 %. He
learns something only where the log with that person differs from the log without.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from passerby.alerts import Alerts, Condition, Log, Rule
from passerby.config.reading import parse
from passerby.errors import ConfigError
from passerby.records import Alert

HOUR = datetime(2026, 5, 4, 7, tzinfo=UTC)
STEP_S, VISIT_S, STAY_S = 20.0, 600.0, 300.0
TIMES = np.arange(0, 3600, STEP_S)
WORLDS = 100
KEY = ("north", "square", "inside")
STREET = """\
[camera.north.place]
square = { zone = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]] }
[camera.north.alert]
"""


def others(mean: float, random: np.random.Generator) -> NDArray[np.int64]:
    """How many others are inside at each instant of an hour: they come at random, and stay five minutes or so."""
    begin = random.uniform(-3600, 3600, random.poisson(mean / STAY_S * 7200))
    end = begin + random.exponential(STAY_S, len(begin))
    inside: NDArray[np.int64] = ((begin <= TIMES[:, None]) & (TIMES[:, None] < end)).sum(axis=1)
    return inside


def kept(limits: list[float], inside: NDArray[np.int64]) -> tuple[Alert, ...]:
    """The log of an hour, of rules that wait for nothing."""
    rules = [Rule(f"r{n}", "north", Condition("square", "inside", above=True, limit=n), clear=n) for n in limits]
    alerts, log = Alerts(rules), Log()
    for second, number in zip(TIMES, inside, strict=True):
        log.keep(alerts.see(HOUR + timedelta(seconds=float(second)), {KEY: float(number)}, {"north": "ok"}))
    return log.entries()


def accuracy(limits: list[float], mean: float) -> float:
    """How often he is right: always where the logs differ, else like a coin."""
    random = np.random.default_rng([int(mean * 10), *map(int, limits)])
    told = 0
    for _ in range(WORLDS):
        inside, start = others(mean, random), random.uniform(0, 3600 - VISIT_S)
        visit = (start <= TIMES) & (start + VISIT_S > TIMES)
        told += kept(limits, inside) != kept(limits, inside + visit)
    return 0.5 + told / WORLDS / 2


@pytest.mark.parametrize("mean", [0.01, 3.0, 14.0, 20.0])
def test_the_log_of_allowed_rules_tells_little(mean: float) -> None:
    allowed = [10.0, 20.0, 30.0, 40.0]
    rules = "".join(f'r{n:g} = {{ when = "square.inside > {n:g}" }}\n' for n in allowed)
    parse(STREET + rules, Path("street.toml"))
    assert accuracy(allowed, mean) <= 0.58


def test_the_attack_works_where_the_floor_is_not_kept() -> None:
    """A rule about anybody at all would tell who came to a quiet place, and so would many rules side by side."""
    for limits, mean, right in (([0.0], 0.01, 0.85), ([float(n) for n in range(10, 40)], 14.0, 0.55)):
        assert accuracy(limits, mean) > right
        rules = "".join(f'r{n:g} = {{ when = "square.inside > {n:g}" }}\n' for n in limits)
        with pytest.raises(ConfigError):
            parse(STREET + rules, Path("street.toml"))


@example([("<", 20), (">", 10)])
@example([("<", 10), (">", 19)])
@settings(max_examples=100)
@given(st.lists(st.tuples(st.sampled_from("<>"), st.integers(0, 60)), min_size=1, max_size=4))
def test_no_rules_together_tell_a_number_to_fewer_than_ten(limits: list[tuple[str, int]]) -> None:
    rules = "".join(f'r{i} = {{ when = "square.inside {op} {n}" }}\n' for i, (op, n) in enumerate(limits))
    try:
        camera = parse(STREET + rules, Path("street.toml")).cameras["north"]
    except ConfigError:
        assume(False)
    states = [tuple(rule.condition.holds(n) for rule in camera.alerts.values()) for n in range(200)]
    assert min(states.count(state) for state in states) >= 10
