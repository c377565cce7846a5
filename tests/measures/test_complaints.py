"""What counters are blamed for, each as one scene with exact truth: boxes in, passes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import sin

import numpy as np
import pytest
from walks import NOWHERE, Walk, clock, numbers, observe, sights, tracked, ways

from passerby.classes import Class
from passerby.detections import Detections
from passerby.geometry import Line
from passerby.measures.line import LineMeasure
from passerby.stages import Sight
from passerby.trackers.passer import Passer

MIDDLE = Line("gate", (0.5, 0.95), (0.5, 0.05))  # the arrow goes up, so to the right is in
RIGHT = Walk([(0, 0.1, 0.6), (8, 0.9, 0.6)])
LEFT = Walk([(0, 0.9, 0.63), (8, 0.1, 0.63)])


def shaken(shown: Iterable[Sight], by: float = 0.03, seed: int = 1) -> Iterator[Sight]:
    """Every edge is off by this share of the box's height (one sigma)."""
    random = np.random.default_rng(seed)
    for sight in shown:
        xyxy = sight.found.xyxy
        off = random.normal(0, by, xyxy.shape) * (xyxy[:, 3:] - xyxy[:, 1:2])
        yield replace(sight, found=replace(sight.found, xyxy=(xyxy + off).astype(np.float32)))


def count(
    walks: Sequence[Walk],
    *,
    line: Line = MIDDLE,
    fps: float = 10,
    spoil: Callable[[Iterable[Sight]], Iterable[Sight]] = shaken,
) -> list[str]:
    """The ways of the passes, from the boxes of the walks, shaken."""
    until_s = max(w.way[-1][0] for w in walks) + 4
    shown = spoil(sights(walks, clock(fps, until_s)))
    return ways(observe(LineMeasure(line), tracked(Passer(ids=numbers()), shown)))


@pytest.mark.parametrize("fps", [5, 10, 25])
def test_stopped_on_the_line(fps: float) -> None:
    """OpenDataCam #204: a car that waits on the line is counted again and again."""
    waits = [(0, 0.1, 0.6), (4, 0.5, 0.6), (44, 0.5, 0.6), (48, 0.9, 0.6)]
    car = Walk(waits, wide=1.6, class_=Class.CAR)
    assert count([car], fps=fps) == ["in"]


def test_jitter_beside_the_line() -> None:
    """OpenDataCam #501: boxes that tremble beside a line are counted both ways."""
    stands = Walk([(0, 0.2, 0.6), (3, 0.49, 0.6), (60, 0.49, 0.6), (63, 0.2, 0.6)])
    assert count([stands], spoil=lambda shown: shaken(shown, 0.06)) == []


def test_turns_at_the_line_and_beyond_it() -> None:
    at_the_line = Walk([(0, 0.2, 0.6), (3, 0.5, 0.6), (6, 0.2, 0.6)])
    beyond = Walk([(0, 0.8, 0.4), (4, 0.4, 0.4), (8, 0.8, 0.4)])
    assert count([at_the_line]) == []
    assert count([beyond]) == ["out", "in"]


@pytest.mark.parametrize("hidden_s", [0.5, 1.5, 2.5])
def test_lost_on_the_line(hidden_s: float) -> None:
    """supervision #953: the id changes where it matters, while somebody else comes the other way."""
    lost = replace(RIGHT, hidden=[(4 - hidden_s / 2, 4 + hidden_s / 2)])
    assert sorted(count([lost, LEFT])) == ["in", "out"]


def test_a_line_near_the_edge() -> None:
    """supervision #1838: boxes at the edge of the picture are cut, and their middles do not move."""
    edge = Line("edge", (0.03, 0.95), (0.03, 0.05))
    enters = Walk([(0, -0.1, 0.6), (6, 0.7, 0.6)], tall=0.3)
    leaves = Walk([(0, 0.7, 0.6), (6, -0.1, 0.6)], tall=0.3)
    assert count([enters], line=edge) == ["in"]
    assert count([leaves], line=edge) == ["out"]


@pytest.mark.parametrize("scores", [(0.9, 0.3), (0.5, 0.2, 0.05), (0.45, 0.05, 0.3, 0.42)])
def test_flicker_below_the_threshold(scores: Sequence[float]) -> None:
    """supervision #2598: scores that come and go count the other way."""

    def flicker(shown: Iterable[Sight]) -> Iterator[Sight]:
        for k, sight in enumerate(shaken(shown)):
            score = np.full(len(sight.found), scores[k % len(scores)], np.float32)
            yield replace(sight, found=replace(sight.found, score=score))

    assert count([RIGHT], spoil=flicker) == ["in"]


def test_parked_cars_that_a_bus_hides_again_and_again() -> None:
    """traffic-monitor #109: parked cars are counted when they are seen again."""
    buses = [
        Walk([(t, -0.3, 0.7), (t + 5, 1.3, 0.7)], tall=0.4, wide=2.2, class_=Class.BUS) for t in range(5, 60, 12)
    ]
    parked = Walk(
        [(0, 0.5, 0.6), (70, 0.5, 0.6)],
        tall=0.15,
        wide=1.7,
        class_=Class.CAR,
        hidden=[(bus.way[0][0] + 1.6, bus.way[0][0] + 3.4) for bus in buses],
    )
    assert count([parked, *buses]) == ["in"] * len(buses)


@pytest.mark.parametrize("fps", [5, 10, 30])
def test_a_pole_before_the_line(fps: float) -> None:
    """The one behind the pole is in halves, then gone, then in halves again."""

    def pole(shown: Iterable[Sight]) -> Iterator[Sight]:
        for sight in shown:
            xyxy = sight.found.xyxy.copy()
            inside = (xyxy[:, 0] < 330) & (xyxy[:, 2] > 310)
            right = np.abs(xyxy[:, 2] - 330) > np.abs(xyxy[:, 0] - 310)
            xyxy[inside & right, 0] = 330
            xyxy[inside & ~right, 2] = 310
            seen = xyxy[:, 2] - xyxy[:, 0] > 8
            yield replace(sight, found=replace(sight.found, xyxy=xyxy).keep(seen))

    assert count([RIGHT], fps=fps, spoil=lambda shown: shaken(pole(shown), 0.02)) == ["in"]


def test_a_group_side_by_side() -> None:
    """Three walk over the line in step, overlapping; whoever is behind is missed now and then."""
    gaps = [(t, t + 0.4) for t in np.arange(1.0, 8, 1.3)]
    group = [
        replace(RIGHT, way=[(0, 0.1 + dx, 0.6 + dy), (8, 0.8 + dx, 0.6 + dy)], hidden=gaps[k::2] if k else ())
        for k, (dx, dy) in enumerate([(0.0, 0.03), (0.035, 0.0), (0.07, 0.02)])
    ]
    assert count(group) == ["in"] * 3


def test_feet_hidden_by_a_hedge_along_the_line() -> None:
    """A hedge hides the legs of who walks behind it, along a line: the foot must not jump over it."""
    kerb = Line("kerb", (0.02, 0.57), (0.98, 0.57))

    def hedge(shown: Iterable[Sight]) -> Iterator[Sight]:
        for sight in shown:
            xyxy = sight.found.xyxy.copy()
            behind = (xyxy[:, 0] > 200) & (xyxy[:, 2] < 420)
            xyxy[behind, 3] -= 0.4 * (xyxy[behind, 3] - xyxy[behind, 1])
            yield replace(sight, found=replace(sight.found, xyxy=xyxy))

    walk = Walk([(0, 0.05, 0.6), (9, 0.95, 0.6)])
    assert count([walk], line=kerb, spoil=lambda shown: shaken(hedge(shown), 0.02)) == []


def test_a_board_that_looks_like_a_person_for_hours() -> None:
    """It stands on the line, is found in four frames of five and trembles as boxes do."""
    board = Walk([(0, 0.5, 0.6), (7200, 0.5, 0.6)], score=0.6, bob=lambda t: (0.003 * sin(37 * t), 0.0))
    missed = replace(board, hidden=[(t, t + 4) for t in range(0, 7200, 20)])
    assert count([missed], fps=0.25, spoil=lambda shown: shown) == []


@pytest.mark.parametrize(("every", "fps"), [(3, 10), (5, 10), (10, 25), (30, 30)])
def test_looks_now_and_then(every: int, fps: float) -> None:
    """Two meet on the line while only every n-th frame is looked at."""

    def seldom(shown: Iterable[Sight]) -> Iterator[Sight]:
        for k, sight in enumerate(shaken(shown)):
            yield sight if k % every == 0 else replace(sight, found=Detections.empty(), looked=NOWHERE)

    other = replace(LEFT, way=[(0, 0.9, 0.75), (8, 0.1, 0.75)])
    assert sorted(count([RIGHT, other], fps=fps, spoil=seldom)) == ["in", "out"]
