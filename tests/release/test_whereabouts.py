"""An attacker who knows everything but whether one person came learns little from released rows."""

from __future__ import annotations

import pytest

from passerby.classes import Class
from passerby.release.grids import Ladder
from redteam.cities.city import CELL, START, steady
from redteam.cities.whereabouts import Target, play

ONCE, REGULAR = 0.58, 0.72
NOON = Target(48, (Class.PERSON, "in"))
PEOPLE = (Class.PERSON,)


@pytest.mark.parametrize(("rate", "once", "regular"), [(0.2, 0.91, 1.0), (3.0, 0.61, 0.98)])
def test_exact_quarters_of_an_hour_give_a_person_away(rate: float, once: float, regular: float) -> None:
    street, worlds = steady(rate), 40 if rate < 1 else 12
    for game, share in ((1, once), (30, regular)):
        _, exact, _ = play(street, NOON, game, worlds // (1 + game // 10), 2026, classes=PEOPLE)
        assert exact.right == pytest.approx(share, abs=0.04 + 2 * exact.error)


@pytest.mark.parametrize(("rate", "worlds"), [(0.2, 24), (3.0, 10)])
def test_one_visit_is_little_better_than_a_coin(rate: float, worlds: int) -> None:
    seen, _, _ = play(steady(rate, 0.5), NOON, 1, worlds, 2026, classes=PEOPLE)
    assert seen.least <= ONCE


@pytest.mark.parametrize(("rate", "inward", "worlds"), [(0.2, 1.0, 12), (0.2, 0.5, 12)])
def test_thirty_days_tell_hardly_more(rate: float, inward: float, worlds: int) -> None:
    seen, _, _ = play(steady(rate, inward), NOON, 30, worlds, 2026, classes=PEOPLE)
    assert seen.least <= REGULAR


def test_an_interval_that_ends_with_its_last_pass_gives_a_regular_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ladder, "may_end", lambda _, start, mark, *__: mark - start >= CELL and mark > START)
    seen, _, _ = play(steady(0.2), NOON, 30, 12, 2026, classes=PEOPLE)
    assert seen.right > REGULAR
