"""Where something stirs, and what only seems to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from motion.drawn import SIZE, frame, place, stand
from passerby.frame import Gray
from passerby.motion.stir import Stir, Stirred

Film = Callable[[float], Gray]


def film(shown: Film, seconds: float, *, fps: float = 10.0, noise: float = 1.5) -> list[Stirred]:
    stir = Stir()
    found = []
    for index in range(round(seconds * fps)):
        with frame(shown(index / fps), index / fps, noise=noise) as picture:
            found.append(stir.update(picture))
    return found


def covered(stirred: Stirred, x: float, y: float) -> bool:
    left, top, right, bottom = stirred.blobs.T
    return bool(((left <= x) & (x <= right) & (top <= y) & (y <= bottom)).any())


@pytest.mark.parametrize("fps", [5.0, 25.0])
def test_who_walks_stirs_at_any_rate(fps: float) -> None:
    steps = film(lambda t: stand(place(), 20 + 30 * t, 200, 60), 8, fps=fps)
    for stirred in steps[round(fps) :]:
        assert stirred.state == "ok"
        assert covered(stirred, 20 + 30 * stirred.time_s, 175)
        assert len(stirred.blobs) <= 2


def test_an_empty_place_is_still() -> None:
    assert sum(len(stirred.blobs) for stirred in film(lambda _: place(), 10, noise=2)) == 0


def test_who_walks_on_leaves_no_ghost() -> None:
    steps = film(lambda t: stand(place(), 100 + 40 * max(t - 20, 0), 200, 60), 24)
    assert not any(len(stirred.blobs) for stirred in steps[150:195])
    assert covered(steps[-1], 256, 175)
    for stirred in steps[-20:]:
        assert not covered(stirred, 100, 175)


def test_the_mask_lies_in_the_blobs() -> None:
    for stirred in film(lambda t: stand(place(), 20 + 30 * t, 200, 60), 5):
        rows, columns = np.nonzero(stirred.mask)
        share = SIZE[0] / stirred.mask.shape[1]
        assert all(
            covered(stirred, (x + 0.5) * share, (y + 0.5) * share) for x, y in zip(columns, rows, strict=True)
        )


@settings(max_examples=20)
@given(st.integers(1, 400), st.integers(1, 300), st.integers(1, 200), st.floats(0, 3))
def test_frames_of_any_size_and_time_are_taken(width: int, height: int, wide: int, step_s: float) -> None:
    stir = Stir(width=wide)
    rng = np.random.default_rng(4)
    for index in range(4):
        with frame(rng.integers(0, 256, (height, width), np.uint8), index * step_s) as picture:
            stirred = stir.update(picture)
        assert stirred.size == (width, height)
        assert (stirred.blobs >= 0).all()
        assert (stirred.blobs <= (width, height, width, height)).all()
        assert bool(len(stirred.blobs)) == bool(stirred.mask.any())


@pytest.mark.parametrize("tall", [12, 24])
def test_who_is_far_away_stirs_too(tall: int) -> None:
    """Twelve pixels of a picture 768 wide, walking 1.4 m/s."""
    wide = place(size=(768, 576))
    steps = film(lambda t: stand(wide.copy(), 100 + 0.8 * tall * t, 400, tall), 10, noise=2)
    found = [covered(s, 100 + 0.8 * tall * s.time_s, 400 - tall / 2) for s in steps[20:]]
    assert np.mean(found) > 0.95


def test_a_swaying_pole_moves_nobody() -> None:
    wide = np.asarray(ndimage.gaussian_filter(place(size=(340, 260)), 0.7))

    def shown(t: float) -> Gray:
        right, down = 1.6 * np.sin(6 * t), 1.1 * np.cos(9 * t)
        moved = ndimage.shift(wide.astype(np.float32), (down, right), order=1)[10:-10, 10:-10]
        return stand(np.clip(moved, 0, 255).astype(np.uint8), 20 + 25 * t, 200, 60)

    steps = film(shown, 10)
    for stirred in steps[50:]:
        assert covered(stirred, 20 + 25 * stirred.time_s, 175)
    sides = [s.blobs[:, 2:] - s.blobs[:, :2] for s in steps[50:]]
    assert np.mean([side.prod(axis=1).sum() for side in sides]) < 0.12 * SIZE[0] * SIZE[1]


def test_leaves_become_usual() -> None:
    rng = np.random.default_rng(6)
    rustle = [ndimage.gaussian_filter(rng.normal(0, 25, (40, 40)), 1.5) for _ in range(7)]

    def shown(t: float) -> Gray:
        picture = place().astype(float)
        picture[30:70, 200:240] += rustle[round(t * 10) % 7]
        leaves: Gray = np.clip(picture, 0, 255).astype(np.uint8)
        return leaves

    steps = film(shown, 60, fps=4)
    early, late = (np.mean([s.mask.sum() for s in part]) for part in (steps[4:20], steps[-40:]))
    assert early > 0
    assert late < 0.3 * early


def test_a_slow_change_of_light_moves_nobody() -> None:
    steps = film(lambda t: np.clip(place() * (1 - 0.03 * t), 0, 255).astype(np.uint8), 12)
    assert sum(len(stirred.blobs) for stirred in steps) <= 2


def test_another_light_is_told_and_taken_on() -> None:
    steps = film(lambda t: place() if t < 5 else np.clip(place() * 1.35, 0, 255).astype(np.uint8), 10)
    for stirred in steps[1:]:
        assert not len(stirred.blobs)
    assert steps[-1].state == "ok"


def test_another_view_is_told_and_taken_on() -> None:
    other = place(seed=77)[:, ::-1].copy()
    steps = film(lambda t: place() if t < 5 else other, 10)
    assert "moved" in {stirred.state for stirred in steps[50:60]}
    assert steps[-1].state == "ok"
    assert not len(steps[-1].blobs)


def test_a_covered_lens_is_blind() -> None:
    cloth = np.full_like(place(), 25)
    steps = film(lambda t: place() if t < 5 else cloth, 7)
    assert steps[-1].state == "blind"
    assert not steps[-1].mask.any()
