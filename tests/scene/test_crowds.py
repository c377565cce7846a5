from __future__ import annotations

import math

import numpy as np
import pytest

from passerby.geometry import Cells
from passerby.scene import Gathering, Pinhole, crowd
from passerby.scene.crowds import walked

TOLERANCE = 0.15  # m/s from Weidmann's curve; its own sources differ by more than 0.2 m/s


def weidmann(density: float) -> float:
    """Mean speed in m/s at people per m2 (Weidmann, "Transporttechnik der Fussgänger", 1993)."""
    return max(0.0, 1.34 * (1 - math.exp(-1.913 * (1 / density - 1 / 5.4))))


@pytest.mark.parametrize("density", [0.5, 1, 2, 3, 4, 5])
def test_a_stream_keeps_the_density_speed_curve(density: float) -> None:
    film = walked(np.random.default_rng(7), Gathering((0, 0), (30, 4), density), 6.0)
    speed = (film.at[-1, :, 0] - film.at[0, :, 0]) / (film.times[-1] - film.times[0])
    assert speed.mean() == pytest.approx(weidmann(density), abs=TOLERANCE)


def test_nobody_stands_in_another() -> None:
    film = walked(np.random.default_rng(2), Gathering((0, 0), (10, 5), 6.0, stand=1.0), 2.0)
    at = film.at[-1]
    apart = np.hypot(*(at[:, None] - at).transpose(2, 0, 1)) + 9 * np.eye(len(at))
    assert apart.min() > 0.15
    assert np.median(apart.min(axis=1)) > 0.3


def test_who_stands_stays_and_who_walks_against_goes_back() -> None:
    film = walked(np.random.default_rng(3), Gathering((0, 0), (12, 6), 1.0, stand=0.5, against=0.5), 5.0)
    moved = film.at[-1, :, 0] - film.at[0, :, 0]
    assert 0.3 < (np.abs(moved) < 1).mean() < 0.7
    assert (moved > 2).any()
    assert (moved < -2).any()


def test_truth_is_what_was_asked_for_at_any_time() -> None:
    street = crowd(5, [Gathering((0, 10), (10, 16), 2.0), Gathering((0, 20), (10, 25), 0.5)], duration_s=3.0)
    cells = Cells((0.0, 10.0), 1.0, 15, 10)
    for time_s in (0.0, 0.33, 1.7, 3.0):
        density = street.density(cells, time_s)
        assert density[:6].mean() == pytest.approx(2.0)
        assert density[10:].mean() == pytest.approx(0.5)
        assert not density[6:10].any()


def test_the_same_seed_draws_the_same_crowd() -> None:
    gatherings = [Gathering((0, 10), (8, 14), 3.0, against=0.3)]
    one, same, other = (crowd(seed, gatherings, camera=Pinhole(), duration_s=1.0) for seed in (1, 1, 2))
    assert np.array_equal(one.people(0.5), same.people(0.5))
    assert not np.array_equal(one.people(0.5), other.people(0.5))


@pytest.mark.parametrize(
    ("gathering", "says"),
    [
        (Gathering((0, 0), (100, 100), 1.0), "at most 5000 people, not 10000"),
        (Gathering((0, 0), (3, 10), 1.0), "5 m long or more"),
        (Gathering((0, 0), (10, 10), 7.0), "between 0 and 6.5"),
        (Gathering((0, 0), (10, 10), 1.0, stand=2), "shares from 0 to 1"),
    ],
)
def test_what_cannot_stand_is_refused(gathering: Gathering, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        crowd(1, [gathering])
