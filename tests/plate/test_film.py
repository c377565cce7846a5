"""The gate through which pixels leave: nobody who was found, and nobody who moved, is on a plate."""

from __future__ import annotations

import gc
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from plate.lapse import canary

from passerby.frame import Bgr, Frame, Planes
from passerby.motion import Motion
from passerby.plate import Plate, PlateBuilder
from passerby.plate.film import FEWEST
from passerby.plate.pictures import NEUTRAL
from passerby.records import Picture

SIZE = (160, 120)  # width, height
NOBODY = np.empty((0, 4), np.float32)
Box = tuple[int, int, int, int]


def place() -> Bgr:
    """A textured street (h, w, 3), the same every time."""
    rng = np.random.default_rng(5)
    coarse = rng.integers(70, 190, (SIZE[1] // 8, SIZE[0] // 8, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, SIZE, interpolation=cv2.INTER_CUBIC), np.uint8)


def shot(time_s: float, *boxes: Box, noise: int = 2) -> Frame:
    """A frame of the street with a canary in each box."""
    rng = np.random.default_rng(round(time_s * 1000))
    picture = place().astype(np.int16) + rng.integers(-noise, noise + 1, (SIZE[1], SIZE[0], 1), np.int16)
    picture = np.clip(picture, 0, 255).astype(np.uint8)
    for left, top, right, bottom in boxes:
        x0, x1 = max(left, 0), min(right, SIZE[0])
        person = canary((right - left, bottom - top))
        picture[top:bottom, x0:x1] = person[:, x0 - left : x1 - left]
    return Frame(Planes.from_bgr(picture), camera="c", index=round(time_s * 10), time_s=time_s)


def coefficient(plate: Plate, box: Box) -> float:
    """How much of the canary is in the plate there: the slope of (plate - place) over (canary - place)."""
    left, top, right, bottom = box
    here = np.s_[top:bottom, left:right]
    clean = place()[here].astype(float)
    wanted = canary((right - left, bottom - top)) - clean
    shown = np.where(plate.seen[here][..., None], plate.bgr[here] - clean, 0.0)
    return float(abs((wanted * shown).sum()) / (wanted * wanted).sum())


def film(
    where: Callable[[float], list[Box]],
    *,
    seconds: float,
    found: Callable[[float], list[Box]] | None = None,
    motion: Motion | None = None,
    fps: float = 5.0,
) -> PlateBuilder:
    builder = PlateBuilder(SIZE[0])
    for time_s in np.arange(0, seconds, 1 / fps).tolist():
        frame = shot(time_s, *where(time_s))
        busy = np.array((found or (lambda _: []))(time_s), np.float32).reshape(-1, 4)
        builder.add(frame, busy, None if motion is None else motion.update(frame))
        frame.close()
    return builder


STANDING: Box = (60, 40, 76, 88)


def test_an_empty_street_is_shown_as_it_is() -> None:
    plate = film(lambda _: [], seconds=5).build()
    assert plate is not None
    assert plate.coverage == 1.0
    assert np.abs(plate.bgr.astype(int) - place()).mean() < 4  # the way to YUV and back costs a little


def test_it_takes_several_looks() -> None:
    assert PlateBuilder().build() is None
    assert film(lambda _: [], seconds=0.5).build() is None


@pytest.mark.parametrize("seconds", [5.0, 20.0, 90.0])
def test_whom_the_detector_finds_stays_out_the_whole_film(seconds: float) -> None:
    plate = film(lambda _: [STANDING], found=lambda _: [STANDING], seconds=seconds).build()
    assert plate is not None
    left, top, right, bottom = STANDING
    assert not plate.seen[top:bottom, left:right].any()
    assert (plate.bgr[top:bottom, left:right] == NEUTRAL).all()
    assert coefficient(plate, STANDING) < 0.01
    assert 0.5 < plate.coverage < 1.0


def test_whom_the_detector_finds_now_and_then_stays_out() -> None:
    hits = np.random.default_rng(3).random(1000) < 0.3  # three looks of ten
    plate = film(
        lambda _: [STANDING], found=lambda t: [STANDING] if hits[round(t * 5)] else [], seconds=60
    ).build()
    assert plate is not None
    assert coefficient(plate, STANDING) < 0.01


def test_frames_that_the_detector_did_not_look_at_give_nothing() -> None:
    """Looks are rare, and some find nobody: between them the place is not taken for empty."""
    misses = np.random.default_rng(4).random(1000) < 0.3
    builder, busy = PlateBuilder(SIZE[0]), np.array([STANDING], np.float32)
    for index in range(300):
        looks = index % 20 == 0  # every four seconds
        found = NOBODY if misses[index] else busy
        builder.add(shot(index / 5, STANDING), found if looks else None)
    plate = builder.build()
    assert plate is not None
    assert coefficient(plate, STANDING) < 0.01


@pytest.mark.parametrize("stays_s", [5.0, 30.0])
def test_who_stops_for_a_while_is_not_there(stays_s: float) -> None:
    """They come, stand and go; the detector sees them well, yet the place where they stood is shown."""

    def found(t: float) -> list[Box]:
        return [STANDING] if 10 <= t < 10 + stays_s else []

    plate = film(found, found=found, seconds=60).build()
    assert plate is not None
    assert coefficient(plate, STANDING) < 0.01
    assert plate.coverage == 1.0


def walks_in_and_stays(t: float) -> list[Box]:
    left = min(-16 + round(t * 20), STANDING[0])
    return [(left, STANDING[1], left + 16, STANDING[3])] if left > -15 else []


def test_without_a_detector_who_came_and_stays_is_not_there() -> None:
    motion = Motion(settle_s=8.0)  # taken into the background long before the end
    plate = film(walks_in_and_stays, motion=motion, seconds=60).build()
    assert plate is not None
    assert coefficient(plate, STANDING) < 0.01


def test_without_a_detector_who_stood_there_at_first_is_not_there_once_they_left() -> None:
    """They stand for most of the film, so that a median would show them."""

    def where(t: float) -> list[Box]:
        return [STANDING] if t < 45 else walks_in_and_stays((60 - t) / 3 - 1)

    plate = film(where, motion=Motion(), seconds=60).build()
    assert plate is not None
    assert coefficient(plate, STANDING) < 0.01


def test_a_crowd_passing_by_leaves_the_street_empty() -> None:
    def where(t: float) -> list[Box]:
        return [(x, 40 + 7 * lane, x + 16, 88 + 7 * lane) for lane in range(3) for x in _places(t, lane)]

    plate = film(where, motion=Motion(), seconds=60).build()
    assert plate is not None
    assert plate.coverage > 0.9
    difference = np.abs(plate.bgr.astype(int) - place())[plate.seen]
    assert np.percentile(difference, 99) < 25


def _places(t: float, lane: int) -> list[int]:
    return [x for gap in range(0, 100, 11) if -16 < (x := round(25 * (t - gap - 3 * lane))) < SIZE[0]]


def test_a_moved_camera_begins_anew_and_a_covered_one_adds_nothing() -> None:
    motion = Motion()
    builder = PlateBuilder(SIZE[0])
    for index in range(50):
        frame = shot(index / 5)
        builder.add(frame, NOBODY, motion.update(frame))
    assert builder.build() is not None
    turned = place()[:, ::-1].copy()
    for index in range(50, 56):
        frame = Frame(Planes.from_bgr(turned), camera="c", index=index, time_s=index / 5)
        moving = motion.update(frame)
        builder.add(frame, NOBODY, moving)
    assert moving.state == "moved"
    assert builder.build() is None
    black = Frame(Planes.from_bgr(np.zeros_like(turned)), camera="c", index=60, time_s=12.0)
    builder.add(black, NOBODY, motion.update(black))
    assert builder.build() is None


@settings(max_examples=25)
@given(
    st.integers(2, 40),
    st.integers(2, 40),
    st.lists(st.tuples(*[st.floats(-50, 90, width=32)] * 4), max_size=3),
    st.floats(0.01, 200),
)
def test_boxes_of_any_kind_and_frames_of_any_size_are_taken(
    width: int, height: int, boxes: list[tuple[float, ...]], step_s: float
) -> None:
    builder = PlateBuilder(16)
    picture = np.full((height, width, 3), 90, np.uint8)
    for index in range(2 * FEWEST):
        frame = Frame(Planes.from_bgr(picture), camera="c", index=index, time_s=index * step_s)
        builder.add(frame, np.array(boxes, np.float32).reshape(-1, 4))
    plate = builder.build()
    if plate is not None:
        assert plate.seen.shape == plate.bgr.shape[:2]
        assert (plate.bgr[~plate.seen] == NEUTRAL).all()
        assert np.abs(plate.bgr[plate.seen].astype(int) - 90).max(initial=0) <= 2


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_no_pixel_is_shown_from_inside_a_box(seed: int) -> None:
    """Whatever boxes come and go: where one covered a pixel in every frame, the plate is neutral."""
    rng = np.random.default_rng(seed)
    always = np.array([[20, 20, 50, 70]], np.float32)
    builder = PlateBuilder(SIZE[0])
    for time_s in np.arange(0, 20, 0.4).tolist():
        others = rng.uniform(0, 120, (rng.integers(0, 3), 4)).astype(np.float32)
        others[:, 2:] += others[:, :2]
        builder.add(shot(time_s, (20, 20, 50, 70)), np.concatenate([always, others]))
    plate = builder.build()
    if plate is not None:
        assert (plate.bgr[20:70, 20:50] == NEUTRAL).all()


def test_nothing_of_a_frame_hangs_on_a_plate() -> None:
    builder = PlateBuilder(SIZE[0])
    frames = [shot(t) for t in np.arange(0, 5, 0.2).tolist()]
    for frame in frames:
        builder.add(frame, NOBODY)
    plate = builder.build()
    assert plate is not None
    before = plate.bgr.copy()
    for frame in frames:
        frame.close()
    assert (plate.bgr == before).all()
    assert not any(isinstance(thing, Frame | Planes) for thing in reached(plate))
    assert not any(isinstance(thing, Frame | Planes) for thing in reached(plate.picture()))


def reached(root: object) -> list[object]:
    """Everything that can be got at from an object, classes and modules left aside."""
    seen: dict[int, object] = {}
    todo = [root]
    while todo:
        thing = todo.pop()
        if id(thing) not in seen and not isinstance(thing, type):
            seen[id(thing)] = thing
            todo += gc.get_referents(thing)
            todo += [thing.base] if isinstance(thing, np.ndarray) else []
    return list(seen.values())


def test_the_picture_is_the_plate_as_png() -> None:
    plate = film(lambda _: [STANDING], found=lambda _: [STANDING], seconds=5).build()
    assert plate is not None
    picture = plate.picture()
    assert isinstance(picture, Picture)
    assert picture.png.startswith(b"\x89PNG\r\n\x1a\n")
    assert (picture.width, picture.height) == SIZE
    decoded: NDArray[np.uint8] = np.asarray(
        cv2.imdecode(np.frombuffer(picture.png, np.uint8), cv2.IMREAD_COLOR), np.uint8
    )
    assert (decoded == plate.bgr).all()


def test_it_is_no_wider_than_asked_for_and_keeps_its_shape() -> None:
    builder = PlateBuilder(80)
    for time_s in np.arange(0, 5, 0.2).tolist():
        builder.add(shot(time_s), NOBODY)
    plate = builder.build()
    assert plate is not None
    assert plate.bgr.shape == (60, 80, 3)
