"""Traces of somebody in a plate are measured as they are, and plates that learn by themselves are caught."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from passerby.plate.pictures import NEUTRAL
from redteam.plates import EYES, MOST_LIKE, MOST_SHARE, Learner, Played, found, traces
from redteam.plates.scenes import SIZE, Film, Person, Scene, paint
from redteam.plates.stays import statue, stays

SOMEBODY = Person((160.0, 150.0), 60.0, ((0.0, 100.0),), 4)
FILM = Film(Scene([SOMEBODY]))
MOMENTS = np.array([5.0, 30.0, 60.0])


def plate(part: float, light: float = 1.0) -> np.ndarray:
    """A plate (h, w, 3) with so much of somebody in it."""
    empty = FILM.shown_place(0.0, SIZE)
    there = empty.copy()
    box = SOMEBODY.box(30.0)
    assert box is not None
    paint(there, SOMEBODY.skin, box)
    mixed = (1 - part) * empty + part * there
    return np.asarray(np.clip(mixed * light, 0, 255), np.uint8)


@pytest.mark.parametrize("part", [0.02, 0.05, 0.3, 1.0])
@pytest.mark.parametrize("light", [1.0, 0.7])
def test_a_share_is_measured_as_it_is(part: float, light: float) -> None:
    share, _ = traces(plate(part, light), FILM, MOMENTS)
    assert share == pytest.approx(part * light, rel=0.2, abs=0.004)
    assert share > MOST_SHARE


@pytest.mark.parametrize("light", [1.0, 0.6])
def test_nobody_is_nobody_in_any_light_and_in_any_size(light: float) -> None:
    share, like = traces(plate(0.0, light), FILM, MOMENTS)
    assert share < MOST_SHARE / 2
    assert like < MOST_LIKE
    small = np.asarray(cv2.resize(plate(0.0, light), (288, 216), interpolation=cv2.INTER_LINEAR), np.uint8)
    assert traces(small, FILM, MOMENTS)[0] < MOST_SHARE


def test_somebody_is_like_themselves_and_grey_is_nobody() -> None:
    assert traces(plate(1.0), FILM, MOMENTS)[1] > MOST_LIKE
    assert traces(np.full((SIZE[1], SIZE[0], 3), NEUTRAL, np.uint8), FILM, MOMENTS) == (0.0, 0.0)


def test_plates_that_learn_by_themselves_are_caught() -> None:
    learner = Learner()
    for second in range(60):
        learner.see(FILM.picture(float(second)))
    assert all(traces(learned, FILM, MOMENTS)[0] > MOST_SHARE for learned in learner.plates())


def test_eyes_see_as_they_should() -> None:
    rng = np.random.default_rng(1)
    crops = [object()] * 50
    looked = {eyes: len(found(FILM, 10.0, crops, eyes, rng)) for eyes in EYES}  # type: ignore[arg-type]
    assert 10 < looked["sees half"] < 40
    assert looked["sees nobody who is still"] == looked["motion alone"] == 0


def test_people_stir_and_statues_do_not() -> None:
    assert SOMEBODY.box(10.0) != SOMEBODY.box(11.0)
    (still,) = statue(100.0).people
    assert still.box(10.0) == still.box(50.0)
    everybody = [person for scene in stays(6.0, 400.0).values() for person in scene.people]
    assert all(person.box(person.stays[0][0]) is not None for person in everybody)


def test_a_verdict_needs_both() -> None:
    assert Played(1, 0.005, 0.3, 0.9).held
    assert not Played(1, 0.02, 0.3, 0.9).held
    assert not Played(1, 0.005, 0.7, 0.9).held
