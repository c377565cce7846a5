"""Recognisers are trained where there is something to be recognised, and shown what redact leaves of people."""

from __future__ import annotations

import numpy as np
import pytest

from redteam.masks.crowd import Person, seen
from redteam.masks.recognisers import MODELS, rates, upper


def test_recognisers_name_what_differs_and_nothing_else() -> None:
    rng = np.random.default_rng(1)
    names = np.repeat(np.arange(10), 12)
    told = rng.normal(size=(10, 40))[names] + rng.normal(0, 0.3, (120, 40))
    same = np.full((120, 40), 0.25)
    order = rng.permutation(120)
    train, probe = order[:80], order[80:]
    assert all(rate > 0.8 for rate in rates(told[train], names[train], told[probe], names[probe]).values())
    blind = rates(same[train], names[train], same[probe], names[probe])
    assert set(blind) == set(MODELS)
    assert all(rate <= 0.25 for rate in blind.values())


def test_the_bound_is_that_of_a_share() -> None:
    assert upper(0.025, 4000) == pytest.approx(0.0294, abs=2e-4)
    assert 0 < upper(0.0, 600) < 0.005


def test_solid_masks_of_people_at_one_size_are_all_the_same() -> None:
    rng = np.random.default_rng(5)
    moments = list(seen([Person.draw(rng) for _ in range(3)], 4, 5))
    assert len(moments) >= 12
    assert {moment.person for moment in moments} == {0, 1, 2}
    for moment in moments:
        assert moment.pictures["solid"].std() == 0
        assert moment.pictures["clear"].std() > 5
        assert moment.pictures["pixelate"].std() > 5
