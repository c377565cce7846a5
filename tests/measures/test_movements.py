"""Turning movements on scripted junctions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from streets import scripted, seen, zone
from walks import Walk, clock, observe, scenes

from passerby.classes import Class
from passerby.geometry import Line, Place, Zone
from passerby.measures.joined import joined
from passerby.measures.line import LineMeasure
from passerby.measures.movements import MovementsMeasure, possible
from passerby.records import Observation, Pass
from passerby.scene import Mover

NORTH = Line("north", (0.35, 0.3), (0.65, 0.3))
SOUTH = Line("south", (0.35, 0.75), (0.65, 0.75))
EAST = Line("east", (0.68, 0.35), (0.68, 0.7))
WEST = Line("west", (0.32, 0.35), (0.32, 0.7))
JUNCTION = (NORTH, EAST, SOUTH, WEST)

THROUGH = Walk([(0, 0.5, 0.1), (8, 0.5, 0.95)], tall=0.1, class_=Class.CAR)
LEFT = Walk([(0, 0.5, 0.1), (4, 0.5, 0.5), (8, 0.9, 0.5)], tall=0.1)
TURN = Walk([(0, 0.5, 0.1), (4, 0.45, 0.5), (8, 0.4, 0.1)], tall=0.1)


def watch(*walks: Walk, arms: tuple[Place, ...] = JUNCTION) -> list[Pass]:
    until_s = max(walk.way[-1][0] for walk in walks) + 1
    found = observe(MovementsMeasure(arms), scenes(walks, clock(10, until_s)))
    return [o for o in found if isinstance(o, Pass)]


def movements(passes: list[Pass]) -> list[str]:
    return [o.movement for o in passes if o.movement]


def test_the_movement_is_told_where_it_ends() -> None:
    enters, leaves = watch(THROUGH)
    assert (enters.place, enters.movement) == ("north", "")
    assert (leaves.place, leaves.movement, leaves.class_) == ("south", "north>south", Class.CAR)


@pytest.mark.parametrize(("walk", "movement"), [(LEFT, "north>east"), (TURN, "north>north")])
def test_turns(walk: Walk, movement: str) -> None:
    assert movements(watch(walk)) == [movement]


def test_every_pass_is_one_of_the_line_too() -> None:
    both = scenes([THROUGH, LEFT, replace(TURN, way=[(t + 1, x, y) for t, x, y in TURN.way])], clock(10, 11))
    turning, lines = MovementsMeasure(JUNCTION), [LineMeasure(arm) for arm in JUNCTION]
    found: list[Observation] = []
    alone = 0
    for scene in both:
        counted = [list(line.update(scene)) for line in lines]
        alone += sum(map(len, counted))
        found += joined([*counted, turning.update(scene)])
    assert len(found) == alone == 6


def test_an_origin_outlives_the_id_of_its_track() -> None:
    renamed = replace(THROUGH, renamed=[4.0], hidden=[(3.8, 4.2)])
    assert movements(watch(renamed)) == ["north>south"]


def test_an_origin_is_not_inherited_by_somebody_far_away() -> None:
    ends = Walk([(0, 0.5, 0.1), (4, 0.5, 0.5)], tall=0.1)
    other = Walk([(5, 0.6, 0.6), (8, 0.5, 0.95)], tall=0.1)
    assert movements(watch(ends, other)) == []


def test_who_comes_in_where_another_went_out_makes_no_u_turn() -> None:
    leaves = Walk([(0, 0.5, 0.5), (4, 0.5, 0.2)], tall=0.1)
    comes = Walk([(5, 0.5, 0.2), (9, 0.5, 0.6)], tall=0.1)
    assert movements(watch(leaves, comes)) == []


def test_who_is_first_seen_in_a_zone_comes_from_there() -> None:
    top, right = Zone("top", ((0.3, 0), (0.7, 0), (0.7, 0.3), (0.3, 0.3))), replace(EAST, name="right")
    inside = Walk([(0, 0.5, 0.15), (4, 0.5, 0.5), (8, 0.9, 0.5)], tall=0.05)
    found = watch(inside, arms=(top, right))
    assert [(o.place, o.way, o.movement) for o in found] == [("top", "out", ""), ("right", "out", "top>right")]


def test_the_matrix_of_a_drawn_junction() -> None:
    near = zone("near", (-5, 7), (5, 7), (5, 9.5), (-5, 9.5))
    far = zone("far", (-5, 22), (5, 22), (5, 27), (-5, 27))
    left = zone("left", (-9, 11), (-5.5, 11), (-5.5, 21), (-9, 21))
    ways = {
        ("far", "near"): [(0.0, 25.0), (0.0, 8.0)],
        ("near", "left"): [(2.0, 8.0), (2.0, 15.0), (-7.5, 15.0)],
        ("left", "far"): [(-7.5, 17.0), (-2.0, 17.0), (-2.0, 25.0)],
    }
    movers, true = [], Counter[tuple[str, str]]()
    for number, (pair, way) in enumerate([*ways.items()] * 3):
        begin = 6.0 * number
        steps = tuple((begin + 4.0 * k, x, y) for k, (x, y) in enumerate(way))
        movers.append(Mover(Class.BICYCLE, steps))
        true[pair] += 1
    found = seen(MovementsMeasure((near, far, left)), scripted(*movers))
    counted = Counter(o.movement for o in found if isinstance(o, Pass) and o.movement)
    assert counted == {f"{a}>{b}": n for (a, b), n in true.items()}


def test_all_that_there_may_be() -> None:
    assert possible(["a", "b"]) == {"a": ("a>a", "b>a"), "b": ("a>b", "b>b")}
    assert MovementsMeasure((NORTH, EAST)).movements == possible(["north", "east"])


def test_one_place_is_no_junction() -> None:
    with pytest.raises(ValueError, match="two or more places"):
        MovementsMeasure((NORTH,))
