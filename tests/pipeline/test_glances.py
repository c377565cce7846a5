from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from oracle import Boxes, Oracle

from passerby.detections import Detections
from passerby.frame import Frame, Planes, Size
from passerby.geometry import Line
from passerby.look import Attention
from passerby.measures.line import LineMeasure
from passerby.pipeline import Camera, Played, play
from passerby.records import Pass
from passerby.stages import Crop, Look
from passerby.trackers.passer import Passer

SIZE = Size(384, 288)
FPS = 10
WHOLE_S = 6.0
NOBODY = np.empty((0, 4))


def nobody(_time_s: float) -> NDArray[np.float64]:
    return NOBODY


def stands(_time_s: float) -> NDArray[np.float64]:
    return np.array([[200.0, 100.0, 224.0, 160.0]])


def walks(time_s: float) -> NDArray[np.float64]:
    """From 2 s on somebody comes in from the left, and crosses the picture in about 13 s."""
    left = -24.0 + 32.0 * (time_s - 2.0)
    return np.array([[left, 120.0, left + 24.0, 180.0]]) if -24 < left < SIZE.width else NOBODY


def film(
    truth: Boxes,
    duration_s: float,
    *,
    dim_from_s: float = np.inf,
    dim_to: float = 2 / 3,
    turn_from_s: float = np.inf,
) -> Iterator[Frame]:
    """A textured place with bright boxes where somebody is; the sun leaves it up to `dim_to`, or it is turned."""
    rng = np.random.default_rng(3)
    coarse = rng.integers(60, 160, (2, 36, 48), np.uint8)
    places = [np.kron(c, np.ones((8, 8), np.uint8)) for c in coarse]
    for index in range(round(duration_s * FPS)):
        time_s = index / FPS
        picture = places[int(time_s >= turn_from_s)].copy()
        for left, top, right, bottom in np.clip(truth(time_s), 0, (*SIZE, *SIZE)).astype(int):
            picture[top:bottom, left:right] = 230
        if time_s >= dim_from_s:
            dim = picture[:, : round(SIZE.width * dim_to)]
            dim[:] = dim * 0.4
        yield Frame(Planes.from_bgr(np.dstack([picture] * 3)), camera="a", index=index, time_s=time_s)


def watch(
    frames: Iterator[Frame], truth: Boxes, *, glances: bool = True
) -> tuple[list[Played], list[tuple[float, float]]]:
    """What was played; and when the detector saw how much, in whole pictures."""
    detector = Oracle(truth)
    line = LineMeasure(at=Line("gate", (0.5, 1.0), (0.5, 0.0)))
    camera = Camera(
        "a",
        tracker=Passer(),
        measures=[line],
        looks_with=detector.input,
        attention=Attention(whole_s=WHOLE_S) if glances else None,
    )
    played = list(play(frames, camera, detector))
    area = SIZE.width * SIZE.height
    return played, [(c.frame.time_s, c.region.size.width * c.region.size.height / area) for c in detector.shown]


def passes(played: list[Played]) -> list[tuple[str, float]]:
    return [
        (o.way, round(o.time_s, 1)) for p in played if p.step for o in p.step.observations if isinstance(o, Pass)
    ]


def test_an_empty_street_costs_one_look_every_few_seconds() -> None:
    played, looks = watch(film(nobody, 40), nobody)
    assert [t for t, _ in looks] == pytest.approx(
        [0.0, 0.1, 0.3, 0.7, 1.5, 3.1, 6.3, 12.3, 18.3, 24.3, 30.3, 36.3]
    )
    assert {share for _, share in looks} == {1.0}
    assert played[-1].step is not None
    health = played[-1].step.health
    assert (health.frames, health.analysed, health.looked, health.looks) == (400, 400, 12, 12)
    assert health.pictures == pytest.approx(12)


def test_somebody_who_stands_is_still_looked_at_and_only_there() -> None:
    played, looks = watch(film(stands, 30), stands)
    regions = [(t, share) for t, share in looks if share < 1 and t > 5]
    assert np.diff([t for t, _ in looks]).max() <= 1.0
    assert max(share for _, share in regions) < 0.1
    last = played[-2].step
    assert last is not None
    assert last.tracks.confirmed.tolist() == [True]
    assert last.tracks.lost_s[0] < 1.0


def test_who_walks_through_is_counted_at_a_tenth_of_the_pixels() -> None:
    played, looks = watch(film(walks, 18), walks)
    every, wholes = watch(film(walks, 18), walks, glances=False)
    assert passes(played) == passes(every) == [("in", passes(every)[0][1])]
    assert sum(share for _, share in looks) < 0.1 * len(wholes)


def test_who_comes_in_is_looked_at_within_a_moment() -> None:
    played, looks = watch(film(walks, 6), walks)
    first = min(t for t, share in looks if share < 1)
    assert 2.0 < first <= 2.6
    confirmed = [p.time_s for p in played if p.step and p.step.tracks.confirmed.any()]
    assert confirmed[0] < 4.0


@pytest.mark.parametrize("dim_to", [2 / 3, 1.0], ids=["in a part", "everywhere"])
def test_another_light_calls_the_detector(dim_to: float) -> None:
    _, looks = watch(film(nobody, 16, dim_from_s=13, dim_to=dim_to), nobody)
    assert [t for t, share in looks if 10 < t <= 13.3 and share == 1]


def test_a_turned_camera_calls_the_detector() -> None:
    played, looks = watch(film(nobody, 16, turn_from_s=13), nobody)
    assert [t for t, share in looks if 10 < t <= 13.5 and share == 1]
    assert any(p.step and p.step.health.state == "moved" for p in played)


def test_what_a_budget_drops_says_nothing_about_absence_and_is_asked_for_again() -> None:
    detector, tracker = Oracle(stands), Passer()
    camera = Camera("a", tracker=tracker, measures=[], looks_with=detector.input, attention=Attention())
    asked = 0
    for frame in film(stands, 8):
        with frame:
            crops = camera.ask(frame)
            dropped = frame.time_s > 4
            asked += bool(crops) and dropped
            looks = [] if dropped else detector.detect(crops)
            step = camera.tell(frame, [_look(c, f) for c, f in zip(crops, looks, strict=False)])
    assert asked > 30
    assert len(step.tracks) == 1
    assert step.tracks.lost_s[0] > 3.5


def test_the_same_frames_and_looks_give_the_same_steps_whatever_else_runs() -> None:
    alone, looks = watch(film(walks, 8), walks)
    frames = [film(walks, 8), film(stands, 8)]
    pair = [
        Camera("a", tracker=Passer(), measures=[], looks_with=Size(416, 416), attention=Attention(whole_s=WHOLE_S))
        for _ in range(2)
    ]
    oracles = [Oracle(walks), Oracle(stands)]
    together = []
    for both in zip(*frames, strict=True):
        for frame, camera, oracle in zip(both, pair, oracles, strict=True):
            with frame:
                crops = camera.ask(frame)
                step = camera.tell(frame, [_look(c, f) for c, f in zip(crops, oracle.detect(crops), strict=True)])
                if camera is pair[0]:
                    together.append(step)
    assert len(oracles[0].shown) == len(looks)
    for one, other in zip(alone, together, strict=False):
        assert one.step is not None
        assert one.step.tracks.xyxy.tolist() == other.tracks.xyxy.tolist()


def _look(crop: Crop, found: Detections) -> Look:
    return Look(crop, found)
