"""Where something stirs, and what only seems to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

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
