"""The rule's floors hold."""

from __future__ import annotations

from datetime import timedelta

import pytest

from passerby.errors import ConfigError
from passerby.release import Rule


@pytest.mark.parametrize("minutes", [5, 6, 10, 12, 15, 20, 30, 60])
def test_a_grain_divides_the_hour(minutes: int) -> None:
    assert Rule(grain=timedelta(minutes=minutes)).grain == timedelta(minutes=minutes)


@pytest.mark.parametrize("minutes", [1, 4, 4.99, 7, 45, 90, 0, -15])
def test_other_grains_are_refused(minutes: float) -> None:
    with pytest.raises(ConfigError, match=r"privacy\.grain") as caught:
        Rule(grain=timedelta(minutes=minutes))
    assert "60 minutes" in caught.value.hint


@pytest.mark.parametrize("k", [9, 1, 0, -20])
def test_small_k_is_refused(k: int) -> None:
    with pytest.raises(ConfigError, match=r"privacy\.k"):
        Rule(k=k)


def test_the_floors_themselves_are_allowed() -> None:
    assert Rule(grain=timedelta(minutes=5), k=10).k == 10
