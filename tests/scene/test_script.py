"""Scripted streets."""

from __future__ import annotations

from passerby.classes import Class
from passerby.scene import Mover, Pole, scripted
from passerby.scene.shapes import SIZES


def test_a_street_lasts_until_the_last_has_gone() -> None:
    drawn = scripted([Mover(Class.PERSON, ((0, 5, 5), (8, 9, 5))), Mover(Class.CAR, ((2, 5, 5), (11, 90, 5)))])
    assert drawn.duration_s == 11
    assert [a.class_ for a in drawn.actors] == [Class.PERSON, Class.CAR]
    assert drawn.actors[0].size == SIZES[Class.PERSON]


def test_one_way_point_stands_for_ever() -> None:
    drawn = scripted([Mover(Class.CAR, ((0, 15, 5),))], duration_s=1000.0)
    assert len(drawn.truth(0)) == len(drawn.truth(1000.0)) == 1
    assert drawn.truth(500.0).speed.tolist() == [0]


def test_sizes_and_things_are_taken_as_given() -> None:
    drawn = scripted([Mover(Class.PERSON, ((0, 15, 5),), size=(0.4, 0.4, 1.1))], things=(Pole(14, 5),))
    assert drawn.actors[0].size == (0.4, 0.4, 1.1)
    assert drawn.things == (Pole(14, 5),)
    assert drawn.duration_s == 10
