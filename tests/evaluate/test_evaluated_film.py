"""A film goes through the house and comes out as trajectories and passes that fit its truth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from films import write_film

from passerby.classes import Class
from passerby.detections import Detections
from passerby.errors import SourceError, UsageError
from passerby.evaluate.film import Choice, count_passes, follow
from passerby.evaluate.tracking import tracking_figures
from passerby.evaluate.trajectories import Trajectories
from passerby.frame import Size
from passerby.geometry import Line
from passerby.stages import Crop

FRAMES = 40
PEOPLE = frozenset({Class.PERSON})


def walk(index: int) -> list[float]:
    """The box of someone who walks to the right, 2 px a frame."""
    return [2.0 + 2 * index, 40.0, 12.0 + 2 * index, 70.0]


class Eye:
    """Finds the walker in every frame, and a car that stands still."""

    name = "eye"
    input = Size(128, 96)

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        return [
            Detections(
                np.array([walk(crop.frame.index), [90, 4, 120, 20]], np.float32),
                np.array([0.9, 0.9], np.float32),
                np.array([Class.PERSON, Class.CAR], np.uint8),
            )
            for crop in crops
        ]


@pytest.fixture
def film(tmp_path: Path) -> str:
    return str(write_film(tmp_path / "film.mp4", count=FRAMES, size=(128, 96), rate=10))


@pytest.fixture
def truth() -> Trajectories:
    return Trajectories.of(np.arange(1, FRAMES + 1), np.full(FRAMES, 5), [walk(i) for i in range(FRAMES)])


def test_the_walker_is_followed_from_when_he_is_confirmed(film: str, truth: Trajectories) -> None:
    followed = follow(film, Choice(Eye()), PEOPLE, FRAMES)
    assert followed.detector == "eye"
    figures = tracking_figures(truth, followed.found)
    assert figures.precision == 1
    assert figures.recall >= 0.85
    assert figures.id_switches == 0
    assert len(np.unique(followed.found.identity)) == 1


def test_boxes_are_carried_over_skipped_frames(film: str, truth: Trajectories) -> None:
    followed = follow(film, Choice(Eye(), fps=3), PEOPLE, FRAMES)
    late = truth.between(20, FRAMES)
    figures = tracking_figures(late, followed.found)
    assert figures.recall == 1
    assert figures.precision == 1


def test_only_the_wanted_class_is_taken(film: str) -> None:
    followed = follow(film, Choice(Eye()), frozenset({Class.CAR}), FRAMES)
    assert followed.found.xyxy[-1] == pytest.approx([90, 4, 120, 20], abs=1)


def test_the_film_is_read_as_far_as_the_truth_goes(film: str) -> None:
    followed = follow(film, Choice(Eye()), PEOPLE, 25)
    assert followed.found.frame.max() == 25


def test_a_film_that_is_shorter_than_its_truth_is_refused(film: str) -> None:
    with pytest.raises(UsageError, match="has 40 frames, and the truth speaks of frame 41"):
        follow(film, Choice(Eye()), PEOPLE, FRAMES + 1)


def test_a_film_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        follow(str(tmp_path / "absent.mp4"), Choice(Eye()), PEOPLE, 1)


def test_passes_over_lines_with_the_films_length(film: str) -> None:
    line = Line("door", (0.4, 1), (0.4, 0))
    passed = count_passes(film, Choice(Eye()), (line,))
    assert [(p.place, p.class_, p.way) for p in passed.passes] == [("door", Class.PERSON, "in")]
    assert passed.duration_s == pytest.approx(FRAMES / 10, abs=0.11)
