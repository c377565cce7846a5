"""The motion stage as a whole, on small drawn films."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from motion.drawn import SIZE, car, frame, place, shade, stand
from passerby.classes import Class
from passerby.frame import Frame, Gray
from passerby.motion import Motion, Moving

Scene = Callable[[float, Gray], Gray]


def watch(scene: Scene, *, seconds: float, fps: float = 10.0, motion: Motion | None = None) -> Iterator[Moving]:
    """What a motion stage sees of a scene drawn over the place, frame by frame."""
    eye = motion or Motion()
    for index in range(round(seconds * fps)):
        time_s = index / fps
        with frame(scene(time_s, place()), time_s) as shown:
            yield eye.update(shown)


def lit(picture: Gray, factor: float | NDArray[np.float64]) -> Gray:
    """The picture in another light: one factor, or one a column."""
    shown: Gray = np.clip(picture * factor, 0, 255).astype(np.uint8)
    return shown


def nobody(_: float, picture: Gray) -> Gray:
    return picture


def walker(speed: float = 30.0, foot: float = 200.0, tall: float = 60.0, since: float = 1.0) -> Scene:
    """Someone who comes in from the left after a second."""
    return lambda t, picture: stand(picture, speed * (t - since) - 20, foot, tall) if t >= since else picture


@pytest.mark.parametrize("fps", [5.0, 30.0])
def test_nothing_moves_where_nothing_is(fps: float) -> None:
    for moving in watch(nobody, seconds=6, fps=fps):
        assert moving.state == "ok"
        assert moving.mask.mean() < 0.001
        assert len(moving.blobs) == 0


@pytest.mark.parametrize("fps", [5.0, 12.0, 30.0])
def test_a_walker_is_found_and_their_foot_is_right(fps: float) -> None:
    found = [(m.time_s, m.blobs) for m in watch(walker(), seconds=9, fps=fps) if m.time_s >= 2.5]
    for time_s, blobs in found:
        assert len(blobs) == 1, time_s
        left, top, right, bottom = blobs.xyxy[0].tolist()
        assert (left + right) / 2 == pytest.approx(30 * (time_s - 1) - 20, abs=3)
        assert bottom == pytest.approx(200, abs=0.04 * 60)
        assert top == pytest.approx(140, abs=0.06 * 60)
        assert blobs.class_id[0] == Class.PERSON


@settings(max_examples=8)
@given(st.floats(5, 30), st.floats(8, 60), st.floats(40, 90), st.sampled_from([20, 70, 230]))
def test_a_walker_is_found_at_any_pace_size_and_rate(fps: float, speed: float, tall: float, grey: int) -> None:
    since, foot = 1.0, 220.0

    def scene(t: float, picture: Gray) -> Gray:
        return stand(picture, speed * (t - since) - 0.3 * tall, foot, tall, grey) if t >= since else picture

    for moving in watch(scene, seconds=7, fps=fps):
        x = speed * (moving.time_s - since) - 0.3 * tall
        if 0.3 * tall < x < SIZE[0] - 0.3 * tall:
            feet = [((a + c) / 2, d) for a, _, c, d in moving.blobs.xyxy.tolist()]
            assert any(abs(fx - x) < 0.12 * tall and abs(fy - foot) < 0.08 * tall for fx, fy in feet), (x, feet)


def test_skipped_frames_change_nothing_that_matters() -> None:
    motion, found = Motion(), []
    for time_s in [0, 0.1, 0.2, 1.5, 3.0, 3.1, 6.0, 6.04, 7.5, 9.0]:
        with frame(walker()(time_s, place()), time_s) as shown:
            moving = motion.update(shown)
        assert moving.state == "ok"
        if 3.0 <= time_s <= 9.0:
            x = 30 * (time_s - 1) - 20
            found.append(any(abs((a + c) / 2 - x) < 6 for a, _, c, _ in moving.blobs.xyxy.tolist()))
    assert all(found)


def stops(at_s: float, until_s: float) -> Scene:
    """Someone who walks in, stands from `at_s` to `until_s`, and walks on."""

    def scene(t: float, picture: Gray) -> Gray:
        walked = min(t, at_s) + max(t - until_s, 0)
        return stand(picture, 30 * walked - 20, 200, 60)

    return scene


def test_who_stands_still_stays_in_the_mask_for_the_time_stated() -> None:
    motion = Motion(settle_s=12.0)
    for moving in watch(stops(5, 30), seconds=36, motion=motion):
        there = moving.mask[145:195, 115:145].mean()
        if 5 < moving.time_s < 16:
            assert there > 0.3, moving.time_s
        if 19 < moving.time_s < 29.5:  # then they belong to the background, which remembers that they came
            assert there < 0.05, moving.time_s
            assert moving.stayed[145:195, 115:145].mean() > 0.3
        if moving.time_s > 35:  # and no hole is left where they stood
            assert there < 0.05, moving.time_s
            assert moving.stayed.mean() < 0.002


def test_who_was_there_from_the_first_frame_leaves_no_ghost() -> None:
    uncovered = False
    for moving in watch(lambda t, p: stand(p, 130 + 40 * max(t - 3, 0), 200, 60), seconds=9):
        uncovered |= bool(moving.uncovered[150:190, 122:138].any())
        if moving.time_s > 6.5:
            assert moving.mask[140:200, 110:150].mean() < 0.02, moving.time_s
    assert uncovered


def test_a_slow_change_of_light_moves_nothing() -> None:
    def scene(t: float, picture: Gray) -> Gray:
        return lit(picture, 1 + 0.35 * np.sin(t / 6))

    for moving in watch(scene, seconds=40, fps=5):
        assert moving.state == "ok"
        assert moving.mask.mean() < 0.005


def test_a_sudden_change_of_light_is_told_and_soon_learned() -> None:
    """Half of the lamps go out: each part of the picture darkens by another factor."""
    fall = np.linspace(0.45, 0.8, SIZE[0])

    def scene(t: float, picture: Gray) -> Gray:
        return picture if t < 4 else lit(picture, fall)

    states = {}
    for moving in watch(scene, seconds=8):
        states[moving.time_s] = moving.state
        if moving.state == "light":
            assert not moving.mask.any()
            assert len(moving.blobs) == 0
        if moving.time_s > 6.5:
            assert moving.state == "ok"
            assert moving.mask.mean() < 0.01
    assert states[4.0] == "light"
    assert "moved" not in states.values()


def test_the_exposure_may_jump() -> None:
    def scene(t: float, picture: Gray) -> Gray:
        return lit(walker()(t, picture), 1.25 if int(t) % 2 else 1.0)

    for moving in watch(scene, seconds=8):
        assert moving.mask.mean() < 0.06, moving.time_s


def test_a_moved_camera_is_told_and_its_new_view_learned() -> None:
    def scene(t: float, picture: Gray) -> Gray:
        return picture if t < 4 else np.roll(picture[:, ::-1], 55, axis=1).copy()

    states = {moving.time_s: moving.state for moving in watch(scene, seconds=11)}
    assert all(state == "ok" for t, state in states.items() if t < 4 or t > 9)
    assert all(state == "moved" for t, state in states.items() if 4 <= t < 5)


@pytest.mark.parametrize("covered", ["black", "hand", "blurred"])
def test_a_covered_camera_is_blind_and_goes_on_afterwards(covered: str) -> None:
    covers: dict[str, Callable[[Gray], Gray]] = {
        "black": np.zeros_like,
        "hand": lambda p: np.full_like(p, 60),
        "blurred": lambda p: np.asarray(cv2.GaussianBlur(p, (0, 0), 14), np.uint8),
    }
    cover = covers[covered]

    def scene(t: float, picture: Gray) -> Gray:
        return cover(walker()(t, picture)) if 4 <= t < 7 else walker()(t, picture)

    for moving in watch(scene, seconds=9):
        assert (moving.state == "blind") == (4 <= moving.time_s < 7), moving.time_s
        assert moving.state == "ok" or len(moving.blobs) == 0
        if moving.time_s > 7.5:
            assert len(moving.blobs) == 1


def test_a_camera_that_starts_in_the_dark_is_blind() -> None:
    assert all(m.state == "blind" for m in watch(lambda _, p: np.full_like(p, 12), seconds=2))


def test_a_swaying_mast_does_not_make_edges_move() -> None:
    wide = place(size=(SIZE[0] + 12, SIZE[1] + 12))

    def scene(t: float, _: Gray) -> Gray:
        by = np.array([[1, 0, -6 + 1.6 * np.sin(9 * t)], [0, 1, -6 + 1.2 * np.cos(7 * t)]])
        swayed = cv2.warpAffine(wide, by, SIZE, flags=cv2.INTER_LINEAR)
        return stand(np.asarray(swayed, np.uint8), 25 * t, 200, 60)

    shares, feet = [], []
    for moving in watch(scene, seconds=10):
        if 2 < moving.time_s < 9:
            shares.append(moving.mask.mean())
            feet.append(
                any(abs((a + c) / 2 - 25 * moving.time_s) < 8 for a, _, c, _ in moving.blobs.xyxy.tolist())
            )
    assert np.median(shares) < 0.03  # the walker is 0.015 of the picture
    assert np.mean(feet) > 0.9


@pytest.mark.parametrize(("length", "depth"), [(25.0, 0.8), (45.0, 0.85)])
def test_soft_shadows_are_left_out(length: float, depth: float) -> None:
    """Most of a shadow's area is not in the mask (its rim may be), and the foot stays the person's own."""
    shares = []

    def scene(t: float, picture: Gray) -> Gray:
        x = 30 * t - 20
        return stand(shade(picture, x, 200, length, depth), x, 200, 60, grey=230) if t > 1 else picture

    for moving in watch(scene, seconds=8):
        if 2 < moving.time_s < 6.5:
            x = 30 * moving.time_s - 20
            beside = moving.mask[185:205, round(x + 14) : round(x + length)]
            shares.append(beside.mean() if beside.size else 0.0)
            boxes = moving.blobs.xyxy
            left, _, right, bottom = boxes[(boxes[:, 3] - boxes[:, 1]).argmax()].tolist()
            assert (left + right) / 2 == pytest.approx(x, abs=0.2 * 60), moving.time_s
            assert bottom == pytest.approx(200, abs=0.09 * 60)
    assert np.mean(shares) < 0.2


def people(t: float, picture: Gray) -> Gray:
    """Enough single people, near and far, for the stage to learn how tall they are."""
    for lane, (foot, tall, speed) in enumerate([(110, 30, 22), (160, 48, 30), (220, 69, 40)]):
        for start in range(0, 60, 9):
            stand(picture, speed * (t - start - 2.5 * lane) - 40, foot, tall, 40 + 20 * lane)
    return picture


def test_pairs_are_told_apart_once_it_knows_how_tall_people_are() -> None:
    def scene(t: float, picture: Gray) -> Gray:
        if t < 40:
            return people(t, picture)
        x = 30 * (t - 40) - 30
        return stand(stand(picture, x, 160, 48, 40), x + 18, 162, 48, 220)

    counts = [len(m.blobs) for m in watch(scene, seconds=49, fps=6) if 43 < m.time_s < 48]
    assert np.mean(np.array(counts) == 2) > 0.8


def test_cars_are_told_from_people_and_are_one() -> None:
    def scene(t: float, picture: Gray) -> Gray:
        if t < 40:
            return people(t, picture)
        return car(picture, 60 * (t - 40) - 130, 190, 125, 48)

    for moving in watch(scene, seconds=46, fps=6):
        if 42.5 < moving.time_s < 45:
            assert [Class(c) for c in moving.blobs.class_id] == [Class.CAR], moving.time_s
            assert moving.blobs.xyxy[0, 3] == pytest.approx(190, abs=4)


def test_the_same_film_gives_the_same() -> None:
    first, second = ([m.blobs.xyxy for m in watch(walker(), seconds=5)] for _ in range(2))
    assert all((a == b).all() for a, b in zip(first, second, strict=True))


def test_two_cameras_do_not_know_of_each_other() -> None:
    alone = [m.mask for m in watch(walker(), seconds=4)]
    one, other = Motion(), Motion()
    for index, mask in enumerate(alone):
        with frame(walker()(index / 10, place()), index / 10) as shown:
            assert (one.update(shown).mask == mask).all()
        with frame(place(seed=9), index / 10) as shown:
            other.update(shown)


@settings(max_examples=30)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 900), st.floats(0.001, 100))
def test_frames_of_any_size_and_time_are_taken(width: int, height: int, wide: int, step_s: float) -> None:
    motion = Motion(width=wide)
    rng = np.random.default_rng(1)
    for index in range(4):
        picture = rng.integers(0, 256, (height, width), np.uint8)
        with frame(picture, index * step_s) as shown:
            moving = motion.update(shown)
        assert moving.mask.dtype == np.bool_
        assert (moving.blobs.xyxy[:, 2:] <= (width, height)).all()
        assert (moving.blobs.xyxy[:, :2] >= 0).all()


def test_another_resolution_begins_anew() -> None:
    motion = Motion()
    list(watch(nobody, seconds=2, motion=motion))
    larger = np.asarray(cv2.resize(place(), (640, 480)), np.uint8)
    with frame(larger, 2.0) as shown:
        moving = motion.update(shown)
    assert moving.state == "ok"
    assert not moving.mask.any()
    assert tuple(moving.size) == (640, 480)


def test_nothing_of_a_frame_hangs_on_what_it_says() -> None:
    motion = Motion()
    shown = frame(place(), 0.0)
    pixels = shown.luma(shown.size)
    moving = motion.update(shown)
    assert not any(np.shares_memory(array, pixels) for array in (moving.mask, moving.stayed, moving.blobs.xyxy))
    assert shown not in [thing for thing in gc.get_referents(motion) if thing is shown]


@pytest.mark.clips
def test_people_on_a_real_square(assets: Path) -> None:
    """PETS S2.L1: the share of true boxes that are found, and of boxes that are true, at an overlap of 0.4."""
    truth: dict[int, list[list[float]]] = defaultdict(list)
    for row in np.loadtxt(assets / "truth" / "vtest-1-400.mot.txt", delimiter=","):
        left, top, width, height = row[2:6].tolist()
        truth[int(row[0]) - 1].append([left, top, left + width, top + height])
    motion, hits, found, true = Motion(), 0, 0, 0
    for index, shown in enumerate(film(assets / "clips" / "vtest.avi", 200, fps=7)):
        moving = motion.update(shown)
        if index >= 20:
            hits += matched(moving.blobs.xyxy, np.array(truth[index]).reshape(-1, 4))
            found, true = found + len(moving.blobs), true + len(truth[index])
    assert hits / true > 0.8
    assert hits / found > 0.8


@pytest.mark.clips
def test_cars_seen_from_above_are_one_blob_each(assets: Path) -> None:
    motion, largest = Motion(), []
    for index, shown in enumerate(film(assets / "clips" / "car-detection.mp4", 100, fps=12.5)):
        moving = motion.update(shown)
        if 70 <= index < 90:  # the first car is whole in the picture, and alone
            sides = moving.blobs.xyxy[:, 2:] - moving.blobs.xyxy[:, :2]
            largest.append(int((sides.prod(axis=1) > 0.03 * 768 * 432).sum()))
    assert largest == [1] * 20


def film(path: Path, count: int, *, fps: float) -> Iterator[Frame]:
    with av.open(str(path)) as container:
        for index, picture in zip(range(count), container.decode(video=0), strict=False):
            grey = np.asarray(picture.to_ndarray(format="gray"), np.uint8)
            with frame(grey, index / fps, noise=0.0) as shown:
                yield shown


def matched(found: NDArray[np.floating], true: NDArray[np.floating]) -> int:
    """How many pairs overlap by 0.4 or more, each box used once."""
    corner = np.maximum(found[:, None, :2], true[None, :, :2])
    shared = np.clip(np.minimum(found[:, None, 2:], true[None, :, 2:]) - corner, 0, None).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (found, true)]
    overlap = shared / (areas[0][:, None] + areas[1][None] - shared)
    pairs = linear_sum_assignment(-overlap)
    return int((overlap[pairs] >= 0.4).sum())
