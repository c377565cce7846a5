"""What is hidden before and after somebody is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from passerby.classes import Class
from passerby.detections import Detections
from passerby.frame import Frame, Planes, Size
from passerby.redact.grid import Grid
from passerby.redact.planning import Eyes, plan
from passerby.stages import Crop
from passerby.trackers.passer import Passer

RATE = 10.0
SIZE = Size(320, 240)


class _Nothing:
    name = "nothing"
    input: Size | None = None

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        return [Detections.empty() for _ in crops]


class _Always:
    """Finds one thing that takes up three quarters of the picture, in every look."""

    name = "always"
    input: Size | None = SIZE

    def __init__(self, found: Class) -> None:
        self._found = found

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        box = np.array([[0, 0, 240, 240]], np.float32)
        score, class_id = np.array([0.3], np.float32), np.array([self._found], np.uint8)
        return [Detections(box, score, class_id) for _ in crops]


def film(left: int, top: int, height: int) -> Iterator[Frame]:
    """Somebody of 12 px by `height` stands in frames 100-120 and 138-150, and is not to be seen between."""
    empty = np.kron(np.random.default_rng(3).integers(90, 170, (12, 16, 1)), np.ones((20, 20, 3)))
    for index in range(250):
        picture = empty.astype(np.uint8)
        if 100 <= index < 120 or 138 <= index < 150:
            picture[top : top + height, left : left + 12] = 20
        yield Frame(Planes.from_bgr(picture), camera="film", index=index, time_s=index / RATE)


@pytest.mark.parametrize(
    ("left", "top", "height", "held"),
    [(150, 60, 8, True), (308, 60, 100, True), (150, 60, 100, False)],
    ids=["far away", "at the edge", "near"],
)
def test_who_is_easily_missed_is_hidden_over_a_longer_gap(left: int, top: int, height: int, held: bool) -> None:
    known = plan(film(left, top, height), Eyes(_Nothing(), Passer(gap_s=6.0)), lambda _stage, _time: None)
    grid = Grid(SIZE)
    there = [
        grid.pixels(one.cells)[top : top + height, left : left + 12].all()
        for one in known.frames
        if one.cells is not None
    ]
    assert len(there) == 250
    assert all(there[96:124])
    assert all(there[134:154])
    assert all(there[124:134]) == held
    assert not any(there[:80])
    assert not any(there[170:])


@pytest.mark.parametrize(
    ("found", "hidden"), [(Class.PERSON, True), (Class.TRAIN, False)], ids=["person", "train"]
)
def test_a_vehicle_in_most_of_the_picture_is_not_believed_and_a_person_is(found: Class, hidden: bool) -> None:
    known = plan(film(150, 60, 100), Eyes(_Always(found), Passer(gap_s=6.0)), lambda _stage, _time: None)
    cells = known.frames[30].cells
    assert cells is not None
    assert Grid(SIZE).pixels(cells)[100:200, 20:220].all() == hidden
    assert cells.any() == hidden
