from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.detections import Detections, Tracks
from passerby.frame import Frame, Planes, Size
from passerby.pipeline import Camera, play
from passerby.stages import Crop, Sight


class Nothing:
    """A detector that finds nothing and counts how often it was asked."""

    name = "nothing"
    input = Size(4, 4)

    def __init__(self) -> None:
        self.asked: list[float] = []

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        self.asked += [crop.frame.time_s for crop in crops]
        return [Detections.empty() for _ in crops]


class Idle:
    """A tracker that follows nothing."""

    def predict(self, time_s: float) -> Tracks:
        return Tracks.empty()

    def update(self, sight: Sight) -> Tracks:
        return Tracks.empty()


def frames(times: Sequence[float]) -> Iterator[Frame]:
    for index, time_s in enumerate(times):
        planes = Planes(np.zeros((4, 4), np.uint8), np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.uint8))
        yield Frame(planes, camera="a", index=index, time_s=time_s)


def camera() -> Camera:
    return Camera("a", tracker=Idle(), measures=[], looks_with=Nothing.input)


def test_every_frame_is_played_and_closed_and_a_last_step_settles() -> None:
    detector, kept = Nothing(), list(frames([0.0, 0.1, 0.2]))
    played = list(play(iter(kept), camera(), detector))
    assert [p.index for p in played] == [0, 1, 2, 2]
    assert all(p.step is not None for p in played)
    assert detector.asked == [0.0, 0.1, 0.2]
    with pytest.raises(RuntimeError, match="closed"):
        kept[0].luma((2, 2))


def test_nothing_is_played_of_nothing() -> None:
    assert list(play(iter([]), camera(), Nothing())) == []


@given(st.integers(5, 60), st.floats(1, 60), st.lists(st.floats(0, 0.02), min_size=120, max_size=120))
def test_the_analysed_rate_keeps_to_the_wish(film_fps: int, fps: float, jitter: list[float]) -> None:
    times = np.sort(np.arange(120) / film_fps + np.array(jitter) / film_fps).tolist()
    detector = Nothing()
    list(play(frames(times), camera(), detector, fps))
    wanted = min(fps, film_fps) * (times[-1] - times[0])
    assert len(detector.asked) <= wanted + 2
    assert len(detector.asked) >= min(fps, film_fps) * (times[-1] - times[0]) * 0.5
