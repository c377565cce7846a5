from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerby.classes import LABELS, Class
from passerby.detections import Tracks
from passerby.ghost import CELLS, Glyph, Limiter, glyphs

WIDE = 16 / 9
feet = st.lists(st.tuples(st.floats(-0.2, 1.2), st.floats(-0.2, 1.2)), max_size=12)
aspects = st.floats(0.2, 5.0)


def tracks(
    foot: list[tuple[float, float]],
    classes: list[int] | None = None,
    confirmed: bool = True,
    lost_s: float = 0.0,
    seed: int = 0,
) -> Tracks:
    n, random = len(foot), np.random.default_rng(seed)
    return Tracks(
        ids=random.integers(0, 2**63, n, np.uint64),
        xyxy=random.uniform(0, 500, (n, 4)).astype(np.float32),
        foot=np.array(foot, np.float64).reshape(n, 2),
        velocity=random.normal(size=(n, 2)),
        class_id=np.array([0] * n if classes is None else classes, np.uint8),
        confirmed=np.full(n, confirmed),
        lost_s=np.full(n, lost_s),
    )


def test_a_glyph_carries_class_and_place_only() -> None:
    assert [f.name for f in dataclasses.fields(Glyph)] == ["class_label", "x", "y"]


def test_a_foot_is_moved_to_the_centre_of_its_cell() -> None:
    (glyph,) = glyphs(tracks([(0.5001, 0.5)], [Class.BUS]), WIDE)
    assert glyph == Glyph("bus", 32.5 / 64, 18.5 / 36)


@pytest.mark.parametrize("foot", [(-0.01, 0.5), (0.5, 1.01), (float("nan"), 0.5)])
def test_what_is_outside_the_picture_is_dropped(foot: tuple[float, float]) -> None:
    assert glyphs(tracks([foot, (0.2, 0.2)]), WIDE) == glyphs(tracks([(0.2, 0.2)]), WIDE)


def test_unconfirmed_and_long_lost_tracks_are_not_shown() -> None:
    assert glyphs(tracks([(0.5, 0.5)], confirmed=False), WIDE) == ()
    assert glyphs(tracks([(0.5, 0.5)], lost_s=1.5), WIDE) == ()
    assert len(glyphs(tracks([(0.5, 0.5)], lost_s=0.4), WIDE)) == 1


@settings(max_examples=40)
@given(feet, aspects)
def test_positions_lie_in_the_picture_on_a_grid_of_at_most_64_cells(
    foot: list[tuple[float, float]], aspect: float
) -> None:
    shown = glyphs(tracks(foot), aspect)
    every = glyphs(tracks([(x / 200, y / 200) for x in range(201) for y in (0, 50, 200)]), aspect)
    assert all(0 < g.x < 1 and 0 < g.y < 1 for g in shown)
    assert len({g.x for g in every}) <= CELLS
    assert len({g.y for g in every}) <= 3


@settings(max_examples=40)
@given(feet, aspects, st.randoms(use_true_random=False))
def test_the_order_tells_nothing_of_who_is_who(
    foot: list[tuple[float, float]], aspect: float, random: object
) -> None:
    classes = [i % len(LABELS) for i in range(len(foot))]
    pairs = list(zip(foot, classes, strict=True))
    random.shuffle(pairs)  # type: ignore[attr-defined]
    other = tracks([p for p, _ in pairs], [c for _, c in pairs], seed=1)  # other ids, boxes and velocities
    assert glyphs(tracks(foot, classes), aspect) == glyphs(other, aspect)


def test_the_limiter_lets_two_a_second_through() -> None:
    limiter = Limiter()
    assert [limiter.due(t / 25) for t in range(100)].count(True) == 8
    assert not limiter.due(3.99)
    assert limiter.due(0.0), "a stream that starts again is shown again"


def test_no_limiter_is_faster_than_two_a_second() -> None:
    limiter = Limiter(rate_hz=25)
    assert [limiter.due(t / 25) for t in range(25)].count(True) == 2
