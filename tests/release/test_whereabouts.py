"""An attacker who knows everything but whether one person came learns little from released rows."""

from __future__ import annotations

from math import erf, sqrt

import numpy as np
import pytest
from whereabouts import CELL, HABIT, Street, accuracy, poisson

from passerby.release.grids import Ladder

QUIET, USUAL = Street(0.2), Street(3.0)
ONCE, REGULAR = 0.58, 0.72
K = 20


def rng() -> np.random.Generator:
    """The same worlds for every rule."""
    return np.random.default_rng(2026)


def slack(worlds: int) -> float:
    """Two standard errors of a share near one half to three quarters."""
    return 2 * sqrt(0.22 / worlds)


def exact_counts(street: Street, worlds: int, days: int) -> float:
    """The same game on a table of every quarter of an hour: what the rule must beat."""
    numbers, right = rng(), 0
    for world in range(worlds):
        came = world % 2 == 0
        counts = numbers.poisson(street.rate, days) + came  # of the target's quarter; the others say nothing
        score = sum(np.log(poisson(n - 1, street.rate) or 1e-9) - np.log(poisson(n, street.rate)) for n in counts)
        right += (score > 0) == came
    return right / worlds


def all_that_totals_tell(street: Street, days: int) -> float:
    """What one exact total of all days tells of a daily regular: no rule that keeps totals exact can hide it."""
    return 0.5 + 0.5 * erf(days / (2 * sqrt(days * 96 * street.rate)) / sqrt(2))


@pytest.mark.parametrize(("street", "once", "regular"), [(QUIET, 0.91, 1.0), (USUAL, 0.61, 0.98)])
def test_exact_quarters_of_an_hour_give_a_person_away(street: Street, once: float, regular: float) -> None:
    assert exact_counts(street, 2000, 1) == pytest.approx(once, abs=0.03)
    assert exact_counts(street, 300, 30) == pytest.approx(regular, abs=0.03)


@pytest.mark.parametrize(("street", "worlds"), [(QUIET, 400), (USUAL, 100)])
def test_one_visit_is_little_better_than_a_coin(street: Street, worlds: int) -> None:
    assert accuracy(street, rng(), worlds, 1, K) <= ONCE + slack(worlds)


@pytest.mark.parametrize(("street", "worlds"), [(QUIET, 150), (USUAL, 30)])
def test_thirty_days_tell_hardly_more_than_their_total(street: Street, worlds: int) -> None:
    limit = max(REGULAR, all_that_totals_tell(street, 30))
    assert limit < 0.74
    assert accuracy(street, rng(), worlds, 30, K) <= limit + slack(worlds)


def test_an_interval_that_ends_with_its_last_pass_gives_a_regular_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert HABIT % CELL
    monkeypatch.setattr(Ladder, "may_end", lambda *_: True)
    assert accuracy(QUIET, rng(), 100, 30, K) > max(REGULAR, all_that_totals_tell(QUIET, 30)) + slack(100)
