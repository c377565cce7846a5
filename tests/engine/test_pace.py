from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from passerby.detections import Detections, Tracks
from passerby.engine.pace import Backoff, Cadence
from passerby.frame import Frame, Planes
from passerby.pipeline import Camera, play
from passerby.stages import Crop, Sight


class Idle:
    """A tracker and a detector that find nothing."""

    name, input = "idle", None

    def predict(self, time_s: float) -> Tracks:
        return Tracks.empty()

    def update(self, sight: Sight) -> Tracks:
        return Tracks.empty()

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        return [Detections.empty() for _ in crops]


def frames(times: Sequence[float]) -> Iterator[Frame]:
    for index, time_s in enumerate(times):
        planes = Planes(np.zeros((8, 8), np.uint8), np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.uint8))
        yield Frame(planes, camera="a", index=index, time_s=time_s)


@given(
    st.one_of(st.none(), st.floats(0.5, 60)),
    st.lists(st.floats(0, 1), min_size=1, max_size=30).map(lambda steps: np.cumsum(steps).tolist()),
)
def test_the_same_frames_are_due_as_a_film_is_counted_with(fps: float | None, times: list[float]) -> None:
    cadence = Cadence(fps)
    due = [cadence.due(time_s) for time_s in times]
    played = list(play(frames(times), Camera("a", tracker=Idle(), measures=[], looks_with=None), Idle(), fps))
    assert due == [p.step is not None for p in played[:-1]]


@given(st.lists(st.floats(0, 1), min_size=12, max_size=12))
def test_pauses_grow_to_a_limit_and_are_never_all_alike(dice: list[float]) -> None:
    thrown = iter(dice)
    backoff = Backoff(lambda: next(thrown), first_s=0.5, most_s=8.0)
    for number, die in enumerate(dice):
        full_s = min(0.5 * 2**number, 8.0)
        assert backoff.wait_s() == full_s * (0.5 + 0.5 * die)


def test_after_success_it_begins_anew() -> None:
    backoff = Backoff(lambda: 1.0)
    assert [backoff.wait_s(), backoff.wait_s()] == [0.5, 1.0]
    backoff.reset()
    assert backoff.wait_s() == 0.5
