"""When nothing is asked, and what calls a look."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Tracks
from passerby.look import Attention, Wanted
from passerby.look.regions import Floats

SIZE, WANTS = (640, 480), (416, 416)
NOTHING = np.empty((0, 4))
WHOLE = np.array([[0.0, 0.0, *SIZE]])
SOMEBODY = np.array([[100.0, 100.0, 130.0, 190.0]])


def tracks(boxes: Floats, doubt: float = 0.0) -> Tracks:
    """Who walks at boxes (n, 4) px, in `doubt` own sizes where they are."""
    n, length = len(boxes), np.sqrt((boxes[:, 2:] - boxes[:, :2]).prod(axis=1))
    return Tracks(
        ids=np.arange(1, n + 1, dtype=np.uint64),
        xyxy=boxes.astype(np.float32),
        foot=np.zeros((n, 2)),
        velocity=np.stack([np.zeros(n), length / SIZE[1]], axis=1),
        class_id=np.full(n, Class.PERSON, np.uint8),
        confirmed=np.ones(n, np.bool_),
        lost_s=np.zeros(n),
        sigma=doubt * length / SIZE[1],
    )


def ask(attention: Attention, time_s: float, known: Tracks, stirs: Floats = NOTHING) -> Wanted:
    mask: NDArray[np.bool_] = np.zeros((SIZE[1] // 4, SIZE[0] // 4), np.bool_)
    for left, top, right, bottom in (np.concatenate([stirs, known.xyxy]) / 4).astype(int).tolist():
        mask[top:bottom, left:right] = True
    return attention.choose(time_s, SIZE, WANTS, known, mask, stirs.astype(np.float32), "ok")


def settled(known: Tracks) -> tuple[Attention, float]:
    """Attention that has known these for long, and when it last looked at everything."""
    attention, looked_s = Attention(whole_s=60.0), 0.0
    for step in range(200):
        time_s = step / 10
        wanted = ask(attention, time_s, known)
        if len(wanted):
            attention.saw(time_s, wanted.xyxy.astype(np.float64), known.xyxy)
            looked_s = time_s
    attention.saw(looked_s, WHOLE, known.xyxy)
    return attention, looked_s


@pytest.mark.parametrize("fps", [5, 10, 25, 60])
def test_questions_are_asked_some_ten_times_a_second_however_many_frames_there_are(fps: int) -> None:
    attention, nobody, asked = Attention(), tracks(NOTHING), 0
    for index in range(10 * fps):
        time_s = index / fps
        if not attention.sleeps(time_s):
            asked += 1
            wanted = ask(attention, time_s, nobody)
            attention.saw(time_s, wanted.xyxy.astype(np.float64), NOTHING.astype(np.float32))
    assert min(fps, 12) * 10 * 0.9 <= asked <= min(fps, 15) * 10


def test_what_stirs_and_is_as_large_as_others_calls_a_look() -> None:
    known = tracks(SOMEBODY)
    attention, looked_s = settled(known)
    stirs = SOMEBODY + np.array([300, 100, 300, 100])
    for after_s in (0.1, 0.2):
        assert not len(ask(attention, looked_s + after_s, known, stirs))
    looked = ask(attention, looked_s + 0.3, known, stirs).xyxy
    assert ((looked[:, :2] <= stirs[0, :2]) & (looked[:, 2:] >= stirs[0, 2:])).all(axis=1).sum() == 1


@pytest.mark.parametrize(("step_s", "next_s"), [(0.04, 0.24), (0.1, 0.3), (0.2, 0.2)])
def test_whoever_may_be_elsewhere_is_looked_at_a_quarter_of_a_second_later_as_nearly_as_frames_allow(
    step_s: float, next_s: float
) -> None:
    known = tracks(SOMEBODY, doubt=1.0)
    attention, looked_s = settled(tracks(SOMEBODY))
    ask(attention, looked_s, known)
    after_s = step_s
    while not len(ask(attention, looked_s + after_s, known)):
        after_s += step_s
    assert after_s == pytest.approx(next_s)


def test_who_has_just_come_is_looked_at_again_in_the_next_frame() -> None:
    attention, looked_s = settled(tracks(SOMEBODY))
    ask(attention, looked_s, tracks(SOMEBODY))
    known = tracks(np.concatenate([SOMEBODY, SOMEBODY + 200]), doubt=1.0)
    assert len(ask(attention, looked_s + 0.1, known))


def test_where_nobody_is_known_small_ones_call() -> None:
    nobody = tracks(NOTHING)
    attention, looked_s = settled(nobody)
    stirs = np.array([[400.0, 200.0, 412.0, 220.0]])
    ask(attention, looked_s + 0.1, nobody, stirs)
    assert len(ask(attention, looked_s + 0.3, nobody, stirs)) == 1


def test_a_place_full_of_small_ones_is_looked_at_in_tiles_every_few_seconds_at_most() -> None:
    corners = np.stack(np.meshgrid(np.arange(20, 620, 60), np.arange(20, 460, 60)), axis=-1).reshape(-1, 2)
    crowd = tracks(np.concatenate([corners, corners + np.array([8, 16])], axis=1).astype(np.float64), doubt=1.0)
    attention, wholes, tiled_s = Attention(), 0, []
    for step in range(20 * 5):
        wanted = ask(attention, step / 5, crowd)
        wholes += len(wanted) > 0 and wanted.xyxy[0].tolist() == [0, 0, *SIZE]
        if len(wanted) > 1:
            tiled_s.append(step / 5)
        attention.saw(step / 5, wanted.xyxy.astype(np.float64), crowd.xyxy)
    assert wholes > 80
    assert len(tiled_s) == 8
    assert np.diff(tiled_s) == pytest.approx(2.6)


def test_regions_of_four_fifths_of_a_picture_stay_regions_until_tiles_are_due() -> None:
    corners = np.stack(np.meshgrid(np.arange(20, 620, 60), np.arange(20, 400, 60)), axis=-1).reshape(-1, 2)
    crowd = tracks(np.concatenate([corners, corners + np.array([8, 16])], axis=1).astype(np.float64), doubt=1.0)
    attention, looked_s = settled(crowd)
    regions, tiled_s = 0, []
    for step in range(1, 20 * 5):
        wanted = ask(attention, looked_s + step / 5, crowd)
        if len(wanted) > 1:
            assert wanted.xyxy[0].tolist() == [0, 0, *SIZE]
            tiled_s.append(step / 5)
        elif len(wanted):
            regions += 1
            (region,) = wanted.xyxy
            assert 0.7 < (region[2:] - region[:2]).prod() / (SIZE[0] * SIZE[1]) < 0.85
        attention.saw(looked_s + step / 5, wanted.xyxy.astype(np.float64), crowd.xyxy)
    assert regions > 80
    assert len(tiled_s) >= 7
    assert min(np.diff(tiled_s)) > 2.5
