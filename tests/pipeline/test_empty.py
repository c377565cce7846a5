from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from films import write_film

from passerby.classes import Class
from passerby.detectors.motion import Motion
from passerby.errors import SourceError
from passerby.pipeline import Film, Series, empty
from passerby.scene import Mover, scripted
from passerby.sources.stream import Stream
from passerby.sources.synthetic import Drawn


def test_the_empty_place_of_a_film_has_the_film_s_aspect(tmp_path: Path) -> None:
    film = write_film(tmp_path / "a.mp4", count=100, size=(64, 32))
    _, size = empty(Series([Film("a", Stream(str(film)))]), Motion())
    assert size == (64, 32)


def test_who_walks_through_is_not_in_it() -> None:
    nobody = scripted([], duration_s=20)
    walker = scripted([Mover(Class.PERSON, ((2.0, 12.0, 13.0), (17.0, 34.0, 13.0)))], duration_s=20)
    plates = []
    for street in (nobody, walker):
        source = Drawn(street, fps=5, size=(384, 288), noise=0, light=0)
        plate, _ = empty(Series([Film("street", source)]), Motion(), width=384)
        assert plate is not None
        plates.append(plate)
    both = plates[0].seen & plates[1].seen
    assert both.mean() > 0.8
    apart = np.abs(plates[0].bgr.astype(int) - plates[1].bgr.astype(int)).max(axis=2)
    assert apart[both].max() <= 24


def test_a_film_that_is_not_there_is_said() -> None:
    with pytest.raises(SourceError):
        Series([Film("b", Stream("/nowhere/b.mp4"))])
