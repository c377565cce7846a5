from __future__ import annotations

import numpy as np

from passerby.look.restless import Restless

FLAG = np.array([[100, 100, 130, 160]], np.float64)
NONE = np.empty((0, 4))


def test_what_stirs_once_is_not_looked_at_and_what_stirs_twice_is() -> None:
    restless = Restless()
    assert len(restless.update(0.0, FLAG)) == 0
    assert restless.update(0.1, FLAG).tolist() == FLAG.tolist()


def test_a_flag_in_the_wind_is_looked_at_ever_less_often() -> None:
    restless, looked = Restless(), []
    for step in range(200):
        time_s = step / 10
        for box in restless.update(time_s, FLAG):
            looked.append(time_s)
            restless.saw(time_s, box[None], NONE)
    waits = np.diff(looked)
    assert (np.diff(waits) >= -0.11).all()
    assert waits[0] < 0.55
    assert waits.max() <= 3.1
    assert len(looked) < 14


def test_a_place_moves_along_with_what_stirs_in_it() -> None:
    restless, looked = Restless(), 0
    for step in range(100):
        box = FLAG + 4 * step
        for asked in restless.update(step / 10, box):
            looked += 1
            restless.saw(step / 10, asked[None], NONE)
    assert looked < 9


def test_where_something_is_found_the_next_look_comes_soon_again() -> None:
    restless = Restless()
    for step in range(60):
        for asked in restless.update(step / 10, FLAG):
            restless.saw(step / 10, asked[None], NONE)
    looked = []
    for step in range(60, 120):
        for asked in restless.update(step / 10, FLAG):
            looked.append(step / 10)
            restless.saw(step / 10, asked[None], FLAG)
    assert np.diff(looked).max() <= 0.51


def test_a_look_that_was_dropped_is_asked_for_again() -> None:
    restless = Restless()
    restless.update(0.0, FLAG)
    assert len(restless.update(0.1, FLAG)) == 1
    restless.saw(0.1, NONE, NONE)
    assert len(restless.update(0.2, FLAG)) == 1
