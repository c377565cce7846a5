"""The drawn street: its pictures against its truth, and what its options do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from passerby import plugins
from passerby.classes import Class
from passerby.errors import ConfigError, PluginError
from passerby.scene import Mover, Pinhole, scripted
from passerby.sources.synthetic import Drawn, Painter, Synthetic
from passerby.sources.synthetic.exposure import Exposure
from passerby.stages import Finite, Source
from passerby.testing import check_source

SIZE = (512, 384)
PARADE = scripted(
    [
        Mover(Class.PERSON, ((0, 9, 13), (10, 21, 13)), variant=3),
        Mover(Class.PERSON, ((0, 22, 12), (10, 9, 15)), variant=9),
        Mover(Class.PERSON, ((0, 14, 8), (10, 15, 8)), variant=20),
        Mover(Class.BICYCLE, ((0, 10, 10), (10, 60, 10)), variant=4),
        Mover(Class.MOTORCYCLE, ((0, 50, 8), (5, 12, 8), (10, 12, 4)), variant=5),
        Mover(Class.CAR, ((0, 8, 4), (10, 70, 4)), variant=8),
        Mover(Class.CAR, ((0, 40, 7.4), (10, -30, 7.4)), variant=17),
        Mover(Class.CAR, ((0, 30, 0), (10, 20, 12)), variant=28),
        Mover(Class.TRUCK, ((0, 60, 7.4), (10, 10, 7.4)), variant=6),
        Mover(Class.BUS, ((0, 12, 5), (10, 60, 5)), variant=7),
    ]
)


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(PARADE, SIZE)


def _film(**options: Any) -> Synthetic:
    table = {"seed": 3, "duration": 1.0, "fps": 5.0, "width": 160, "height": 120} | options
    return Synthetic(**table)


def _grey(source: Source) -> Iterator[NDArray[np.uint8]]:
    for frame in source.frames():
        with frame:
            yield frame.luma(frame.size).copy()


def _alone(painter: Painter, number: int, time_s: float) -> NDArray[np.bool_]:
    """Where one actor would be seen with nothing in the way."""
    street = replace(PARADE, actors=tuple(a for a in PARADE.actors if a.id == number), things=())
    lonely = object.__new__(Painter)
    vars(lonely).update(vars(painter) | {"street": street, "_things": []})
    return np.asarray(lonely.silhouettes(time_s) == number, np.bool_)


def test_it_keeps_the_promises_of_a_source() -> None:
    check_source(lambda: _film(noise=0.01, shake=0.002))
    assert isinstance(_film(), Finite)


def test_every_frame_comes_and_the_length_says_so() -> None:
    source = _film(duration=2.0, fps=7.5)
    frames = [(f.index, f.time_s, tuple(f.size), f.camera) for f in source.frames()]
    assert len(frames) == 15
    assert source.length().frames == 15
    assert source.length().duration_s == pytest.approx(2.0)
    assert frames[3] == (3, 3 / 7.5, (160, 120), "street")


def test_the_same_seed_gives_the_same_pixels_and_another_does_not() -> None:
    one, same, other = (list(_grey(_film(seed=seed))) for seed in (3, 3, 4))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[0], other[0])


def test_the_street_does_not_depend_on_the_frame_rate() -> None:
    slow, fast = (list(_grey(_film(fps=fps, noise=0.0))) for fps in (5.0, 10.0))
    assert all(np.array_equal(a, b) for a, b in zip(slow, fast[::2], strict=True))


def test_odd_sizes_are_drawn() -> None:
    assert next(_grey(_film(width=161, height=91))).shape == (91, 161)


@pytest.mark.parametrize("time_s", [0.4, 1.7, 2.9, 4.3, 5.6])
def test_each_silhouette_fills_its_box(painter: Painter, time_s: float) -> None:
    now = PARADE.truth(time_s)
    seen = 0
    for number, class_id, box in zip(now.ids.tolist(), now.class_id, now.xyxy(SIZE), strict=True):
        if (box < 2).any() or (box[2:] > np.array(SIZE) - 2).any() or box[3] - box[1] < 12:
            continue
        seen += 1
        rows, columns = np.nonzero(_alone(painter, number, time_s))
        left, top, right, bottom = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        assert left >= box[0] - 2, (now, number, class_id)
        assert top >= box[1] - 2
        assert right <= box[2] + 2
        assert bottom <= box[3] + 2
        assert bottom >= box[3] - 2, "it stands on the lower edge of its box"
        assert top <= box[1] + max(2, 0.05 * (box[3] - box[1]))
        least = 0.4 if class_id == Class.PERSON else 0.85
        assert right - left >= least * (box[2] - box[0]) - 2
    assert seen >= 4


def test_the_visible_share_is_that_of_the_pixels(painter: Painter) -> None:
    gaps = []
    for time_s in (0.3, 1.1, 2.0, 3.2, 4.4):
        now, stencil = PARADE.truth(time_s), painter.silhouettes(time_s)
        for number, visible, box in zip(now.ids.tolist(), now.visible, now.xyxy(SIZE), strict=True):
            inside = (box >= 0).all() and (box[2:] <= SIZE).all()
            whole = int(_alone(painter, number, time_s).sum())
            if inside and whole > 150:
                gaps.append(abs(float((stencil == number).sum()) / whole - float(visible)))
    assert len(gaps) > 15
    assert np.mean(gaps) < 0.06
    assert max(gaps) < 0.35


def test_the_still_parts_stay_still_and_what_moves_stands_out() -> None:
    source = _film(seed=2, width=512, height=384, noise=0.0, light=0.0)
    painter = source.painter()
    times = np.arange(0.0, 20.0, 2.5)
    empty = np.median([painter.picture(t).astype(np.int16) for t in np.arange(0.0, 60.0, 4.0)], axis=0)
    contrast = []
    for time_s in times:
        change = np.abs(painter.picture(time_s) - empty).max(axis=2)
        moving = painter.silhouettes(float(time_s)) > 0
        assert (change == 0).mean() > 0.85
        contrast.append(float((change[moving] > 20).mean()))
    assert np.mean(contrast) > 0.75


def test_noise_is_as_strong_as_asked_and_new_in_each_frame() -> None:
    still = np.full((240, 320, 3), 128, np.uint8)
    exposure = Exposure((320, 240), 1, noise=0.02, drift=0.0, shake=0.0)
    one, two = (exposure.expose(still, 0.0, index).astype(float) for index in (0, 1))
    assert one.std() == pytest.approx(0.02 * 255, rel=0.1)
    assert abs(one.mean() - 128) < 0.2
    assert (one - two).std() == pytest.approx(0.02 * 255 * np.sqrt(2), rel=0.1)


def test_light_wanders_slowly_within_its_bounds() -> None:
    exposure = Exposure((64, 64), 1, noise=0.0, drift=0.1, shake=0.0)
    light = np.array([exposure.light(t) for t in np.arange(0.0, 300.0, 0.1)])
    assert np.abs(light - 1).max() <= 0.1
    assert light.max() - light.min() > 0.1
    assert np.abs(np.diff(light)).max() < 0.005
    grey = np.full((64, 64, 3), 100, np.uint8)
    assert exposure.expose(grey, 7.0, 0).mean() == pytest.approx(100 * exposure.light(7.0), abs=0.6)


def test_shake_moves_the_picture_by_what_it_says() -> None:
    still = np.zeros((240, 320, 3), np.uint8)
    cv2.circle(still, (160, 120), 20, (255, 255, 255), -1, cv2.LINE_AA)
    exposure = Exposure((320, 240), 1, noise=0.0, drift=0.0, shake=0.02)
    for time_s in (0.0, 0.13, 1.4):
        shaken = exposure.expose(still, time_s, 0)[..., 0].astype(float)
        middle = [(shaken.sum(axis=axis) @ np.arange(shaken.shape[1 - axis])) / shaken.sum() for axis in (0, 1)]
        assert np.array(middle) - (160, 120) == pytest.approx(exposure.moved(time_s), abs=0.1)
        assert np.abs(exposure.moved(time_s)).max() <= 0.02 * 240


def test_night_is_darker_and_its_truth_the_same() -> None:
    day, night = _film(seed=2), _film(seed=2, night=True)
    assert next(_grey(night)).mean() < 0.75 * next(_grey(day)).mean()
    assert np.array_equal(day.street.truth(0.5).box, night.street.truth(0.5).box)
    assert np.array_equal(day.painter().silhouettes(0.5), night.painter().silhouettes(0.5))


def test_options_reach_the_street() -> None:
    empty = _film(people=0, cyclists=0, cars=0, buses=0, trucks=0, motorcycles=0, poles=0, parked=2)
    assert [a.class_ for a in empty.street.actors] == [Class.CAR, Class.CAR]
    assert len(_film(signs=3, poles=5).street.things) == len(empty.street.things) + 8


def test_a_street_of_ones_own_is_drawn() -> None:
    own = scripted([Mover(Class.PERSON, ((0, 12, 9), (2, 15, 9)))], camera=Pinhole(aspect=2.0))
    source = Drawn(own, fps=4, size=(200, 100), noise=0.0)
    assert source.street is own
    assert len(list(_grey(source))) == 8
    assert set(np.unique(source.painter().silhouettes(1.0))) == {0, 1}
    with pytest.raises(ValueError, match="aspect"):
        Drawn(own, size=(200, 150))


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("people", -1.0, "people must be between 0 and 600"),
        ("groups", 1.5, "groups must be between 0 and 1"),
        ("fps", 0.0, "fps must be between"),
        ("width", 8, "width must be between 64 and 4096"),
        ("duration", float("nan"), "duration must be 0 or more"),
        ("poles", 9, "poles must be between 0 and 8"),
    ],
)
def test_a_wrong_value_is_refused_by_name(key: str, value: float, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        plugins.build("source", {"use": "synthetic", key: value}, Source)


def test_an_unknown_option_is_refused_with_a_suggestion() -> None:
    with pytest.raises(PluginError, match="people"):
        plugins.build("source", {"use": "synthetic", "peopel": 3}, Source)


def test_a_square_is_empty_at_first_and_then_holds_its_crowd() -> None:
    film = Synthetic(crowd=1.0, duration=4.0, width=320, height=240)
    assert len(film.street.people(1.0)) == 0
    assert len(film.street.people(3.0)) >= 280  # on 20 by 14 m, and some on their way over its end
    with pytest.raises(ValueError, match="crowd must be between 0 and 6"):
        Synthetic(crowd=9.0)
