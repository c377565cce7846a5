"""What is there at one instant, and how much of it is seen."""

from __future__ import annotations

import numpy as np
import pytest

from passerby.classes import Class
from passerby.scene import Mover, Pinhole, Pole, Sign, scripted, street

CAMERA = Pinhole()


def _ahead(share: float) -> tuple[float, float]:
    """A ground point so far from the camera, always in the same direction."""
    x, y = CAMERA.ground([0.5, 0.6])
    return float(x * share), float(y * share)


def test_a_person_who_walks_is_where_the_script_says() -> None:
    drawn = scripted([Mover(Class.PERSON, ((0, 10, 8), (4, 16, 8)))])
    now = drawn.truth(2.0)
    assert now.ids.tolist() == [1]
    assert now.class_id.tolist() == [Class.PERSON]
    assert now.ground.tolist() == [[13, 8]]
    assert now.velocity.tolist() == [[1.5, 0]]
    assert now.speed == pytest.approx([1.5])
    assert now.visible == pytest.approx([1.0])
    assert now.foot[0] == pytest.approx(CAMERA.picture([13, 8, 0]))
    assert now.box[0, 1] == pytest.approx(CAMERA.picture([13, 8, 1.72])[1])
    assert now.xyxy((200, 100))[0] == pytest.approx(now.box[0] * (200, 100, 200, 100), rel=1e-5)


def test_nobody_is_there_before_and_after() -> None:
    drawn = scripted([Mover(Class.PERSON, ((1, 10, 8), (4, 16, 8)))])
    assert [len(drawn.truth(t)) for t in (0.9, 1.0, 4.0, 4.1)] == [0, 1, 1, 0]


def test_who_is_outside_the_picture_is_not_in_the_truth() -> None:
    assert len(scripted([Mover(Class.PERSON, ((0, -20, 8),))]).truth(0)) == 0
    assert len(scripted([Mover(Class.CAR, ((0, 5, -40),))]).truth(0)) == 0


def test_who_stands_behind_another_is_hidden_and_the_other_is_not() -> None:
    near, far = _ahead(1.0), _ahead(1.04)
    drawn = scripted([Mover(Class.PERSON, ((0, *far),)), Mover(Class.PERSON, ((0, *near),))])
    behind, before = drawn.truth(0).visible
    assert before == 1
    assert behind < 0.3


def test_a_bus_hides_a_person_whole() -> None:
    person, bus = Mover(Class.PERSON, ((0, *_ahead(1.3)),)), Mover(Class.BUS, ((0, *_ahead(0.95)),))
    assert scripted([person, bus]).truth(0).visible[0] == 0


@pytest.mark.parametrize(("thing", "least", "most"), [("pole", 0.3, 0.9), ("sign", 0.0, 0.5)])
def test_things_hide_who_is_behind_them_and_nobody_else(thing: str, least: float, most: float) -> None:
    before = _ahead(0.95)
    stands = Pole(*before) if thing == "pole" else Sign(*before)
    hidden, free = (
        scripted([Mover(Class.PERSON, ((0, *_ahead(share)),))], things=(stands,)).truth(0).visible[0]
        for share in (1.0, 0.9)
    )
    assert least <= hidden <= most
    assert free == 1


def test_what_the_edge_cuts_off_is_not_visible() -> None:
    x, y = CAMERA.ground([0.999, 0.8])
    drawn = scripted([Mover(Class.PERSON, ((0, float(x), float(y)),))])
    assert 0.3 < drawn.truth(0).visible[0] < 0.7


def test_a_random_street_has_rows_in_order_of_birth_and_sound_columns() -> None:
    drawn = street(4, duration_s=20)
    for time_s in (0.0, 9.5, 20.0):
        now = drawn.truth(time_s)
        assert len(now) > 5
        assert (np.diff(now.ids) > 0).all()
        assert ((now.visible >= 0) & (now.visible <= 1)).all()
        assert (now.box[:, 2:] > now.box[:, :2]).all()


def test_usual_sizes_on_the_ground() -> None:
    """Boxes turned back into metres are as tall as people are, and vehicles stand on the ground they stand on."""
    drawn = street(2, duration_s=10)
    now = drawn.truth(5.0)
    people = now.class_id == Class.PERSON
    depth = drawn.camera.depth(np.concatenate([now.ground, np.zeros((len(now), 1))], axis=1))
    tall = (now.box[:, 3] - now.box[:, 1]) * depth / drawn.camera.focal
    assert people.sum() > 5
    assert ((tall[people] > 1.2) & (tall[people] < 2.1)).all()
