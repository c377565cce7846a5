"""What is learned as empty, pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.drawn import SIZE, place, stand
from passerby.frame import Gray
from passerby.motion.background import LEAST_STEP, Background

NOTHING = np.zeros((SIZE[1], SIZE[0]), np.uint8)


def where(picture: Gray, background: Background) -> Gray:
    strays = np.abs(picture.astype(int) - background.picture)
    return np.where(strays > background.step, 255, 0).astype(np.uint8)


def look(background: Background, picture: Gray, time_s: float) -> Gray:
    changed = where(picture, background)
    background.learn(picture, changed, changed, time_s)
    return changed


@settings(max_examples=10)
@given(st.floats(1, 60), st.floats(0, 3))
def test_noise_is_not_foreground_at_any_rate(fps: float, noise: float) -> None:
    rng = np.random.default_rng(2)
    background = Background(place(), 0.0, settle_s=60)
    shares = []
    for index in range(30):
        grain = rng.standard_normal(NOTHING.shape) * noise
        picture = np.clip(place() + grain, 0, 255).astype(np.uint8)
        shares.append((look(background, picture, index / fps) > 0).mean())
    assert np.mean(shares[5:]) < 0.02
    assert (background.step >= LEAST_STEP).all()


def test_drift_is_followed_in_seconds_not_in_frames() -> None:
    for fps in (2.0, 25.0):
        background = Background(place(), 0.0, settle_s=60)
        for index in range(round(20 * fps)):
            time_s = index / fps
            brighter = np.clip(place() + time_s, 0, 255).astype(np.uint8)
            background.learn(brighter, NOTHING, NOTHING, time_s)
        lag = float(np.median(brighter.astype(int) - background.picture))
        assert 1 <= lag <= 6  # one grey level a second, followed within about four seconds


def test_what_stays_is_learned_when_its_time_has_come() -> None:
    background = Background(place(), 0.0, settle_s=10)
    box = stand(place(), 150, 200, 60)
    for time_s in np.arange(0, 9.5, 0.5).tolist():
        assert look(background, box, time_s)[155:172, 146:154].all()
    for time_s in np.arange(9.5, 13, 0.5).tolist():
        changed = look(background, box, time_s)
    assert not changed.any()
    assert background.stayed[155:172, 146:154].all()
    assert not background.stayed[:100].any()


def test_a_ghost_is_laid_and_told() -> None:
    background = Background(stand(place(), 150, 200, 60), 0.0, settle_s=60)
    told = np.zeros(NOTHING.shape, np.bool_)
    for time_s in np.arange(0.2, 3, 0.2).tolist():
        changed = look(background, place(), time_s)
        told |= background.uncovered
    assert not changed.any()
    assert told[155:172, 146:154].all()
    assert np.abs(background.picture[140:200, 130:170].astype(int) - place()[140:200, 130:170]).max() <= LEAST_STEP


def test_who_stands_is_no_ghost() -> None:
    background = Background(place(), 0.0, settle_s=60)
    for time_s in np.arange(0.2, 20, 0.2).tolist():
        changed = look(background, stand(place(), 150, 200, 60), time_s)
        assert not background.uncovered.any()
    assert changed[155:172, 146:154].all()


def test_leaves_raise_their_own_step() -> None:
    background = Background(place(), 0.0, settle_s=60)
    for index in range(150):
        picture = place()
        picture[40:60, 40:60] = np.clip(picture[40:60, 40:60] + 14 * (index % 2), 0, 255)
        look(background, picture, index / 5)
    assert background.step[45:55, 45:55].mean() > 14
    assert background.step[150:, 150:].mean() < 9


@pytest.mark.parametrize("factor", [0.5, 1.3])
def test_another_light_is_taken_on(factor: float) -> None:
    background = Background(place(), 0.0, settle_s=60)
    background.relight(factor, time_s=1.0)
    lit = np.clip(place() * factor, 0, 255)
    assert np.abs(background.picture - lit).max() <= 1
