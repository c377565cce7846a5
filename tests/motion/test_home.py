"""Whether a camera looks where it looked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from motion.drawn import frame, place, stand
from passerby.frame import Gray
from passerby.motion.home import BACK_S, USUAL_S, Home
from passerby.motion.stir import Stir

HERE, THERE = place(), place(seed=77)[:, ::-1].copy()
FPS = 4


def in_place(shown: Callable[[float], Gray], seconds: float) -> list[bool]:
    """For each frame, as one motion and one memory see it."""
    stir, home, found = Stir(), Home(), []
    for index in range(round(seconds * FPS)):
        with frame(shown(index / FPS), index / FPS, noise=1.5) as one:
            state = stir.update(one).state
            found.append(home.update(one, "ok" if state == "light" else state))
    return found


def test_a_turned_camera_is_away_until_it_looks_there_again_for_a_while() -> None:
    found = in_place(lambda t: THERE if 10 <= t < 40 else HERE, 60)
    left = found.index(False) / FPS
    back = (len(found) - found[::-1].index(False)) / FPS
    assert 10 <= left <= 12
    assert 40 + BACK_S <= back <= 40 + BACK_S + 6
    assert found == [t / FPS < left or t / FPS >= back for t in range(len(found))]


def test_a_second_turn_does_not_bring_it_back() -> None:
    third = place(seed=5)[::-1].copy()
    found = in_place(lambda t: HERE if t < 10 else THERE if t < 20 else third, 40)
    assert not any(found[13 * FPS :])


def test_who_passes_is_no_matter_and_a_dip_back_is_no_return() -> None:
    assert all(in_place(lambda t: stand(HERE.copy(), 20 + 10 * t, 200, 60), 20))
    found = in_place(lambda t: HERE if t < 10 or 30 <= t < 30 + BACK_S / 2 else THERE, 50)
    assert not any(found[13 * FPS :])


def test_lamps_change_what_is_looked_for() -> None:
    """Half of the picture is lit otherwise from then on; after a while that is how the place looks."""

    def shown(t: float) -> Gray:
        lit = HERE.copy()
        if t >= 10:
            lit[:, : lit.shape[1] // 2] = 255 - lit[:, : lit.shape[1] // 2]
        dark = 10 + USUAL_S + 20 <= t < 10 + USUAL_S + 30
        return THERE if dark else lit

    home = Home()
    found = []
    for index in range(round((2 * USUAL_S) * FPS)):
        t = index / FPS
        turned = 10 + USUAL_S + 20 <= t < 10 + USUAL_S + 21
        with frame(shown(t), t) as one:
            found.append(home.update(one, "moved" if turned else "ok"))
    assert found[-1]
    assert np.count_nonzero(~np.array(found)) >= 10 * FPS
