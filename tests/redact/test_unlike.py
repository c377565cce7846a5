"""What is unlike the empty place, told from before and after."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from passerby.frame import Bgr, Frame, Planes, Size
from passerby.redact.grid import Grid
from passerby.redact.unlike import Unlike, Unlikeness

SIZE = Size(320, 180)
_PLACE = np.kron(np.random.default_rng(5).integers(60, 160, (9, 16, 3)), np.ones((20, 20, 1)))
_GRAIN = np.random.default_rng(6).normal(0, 2, (7, *_PLACE.shape))


def place(light: float = 1.0, noise: int = -1) -> Bgr:
    grain = _GRAIN[noise % 7] if noise >= 0 else 0
    return (_PLACE * light + grain).clip(0, 255).astype(np.uint8)


def with_person(picture: Bgr, left: int, *, darker: int = 60) -> Bgr:
    """A person of 14 x 40 px, darker than the place."""
    body = picture[100:140, left : left + 14]
    body[:] = np.maximum(body.astype(int) - darker, 0)
    return picture


def seen(pictures: Iterable[Bgr], unlike: Unlike | None = None, rate: float = 2.0) -> list[Unlikeness]:
    unlike = unlike or Unlike()
    judged: list[Unlikeness] = []
    for index, picture in enumerate(pictures):
        with Frame(Planes.from_bgr(picture), camera="film", index=index, time_s=index / rate) as frame:
            judged += unlike.update(frame)
    return judged + unlike.end()


def hides(one: Unlikeness, left: int) -> bool:
    assert one.cells is not None
    return bool(Grid(one.size).pixels(one.cells)[100:140, left : left + 14].all())


def test_who_stands_for_minutes_is_seen_from_the_first_to_the_last() -> None:
    there = range(10, 110)  # 50 s
    pictures = (with_person(place(noise=i + 1), 200) if i in there else place(noise=i + 1) for i in range(300))
    judged = seen(pictures)
    assert [one.time_s for one in judged] == [i / 2 for i in range(300)]
    assert all(hides(judged[i], 200) for i in there)
    assert not any(one.cells is None or one.cells.any() for i, one in enumerate(judged) if i not in there)


def test_frames_are_judged_some_time_later_and_not_kept_longer() -> None:
    unlike = Unlike(window_s=60, stride_s=10)
    waiting = 0
    for index in range(200):
        with Frame(Planes.from_bgr(place()), camera="film", index=index, time_s=index / 2) as frame:
            waiting += 1 - len(unlike.update(frame))
        assert waiting <= 60 * 2 + 1
    assert waiting > 0
    assert len(unlike.end()) == waiting


@pytest.mark.parametrize("light", [0.7, 1.4])
def test_another_light_hides_nobody_and_nothing(light: float) -> None:
    pictures = [place(light if i >= 60 else 1.0, noise=i + 1) for i in range(100)]
    for i in range(70, 90):
        with_person(pictures[i], 2 * i)
    judged = seen(pictures)
    assert all(hides(judged[i], 2 * i) for i in range(70, 90))
    assert all(one.cells is not None and not one.cells.any() for one in judged[:70])


def test_haze_and_a_slow_light_hide_nobody() -> None:
    def hazy(i: int) -> Bgr:
        shown = with_person(place(), 2 * i, darker=22) if 60 <= i < 90 else place()
        light = 1 + 0.04 * np.sin(i / 15)
        return np.asarray(((shown * 0.3 + 100) * light + _GRAIN[i % 7] / 2).clip(0, 255), np.uint8)

    judged = seen(hazy(i) for i in range(150))
    assert all(hides(judged[i], 2 * i) for i in range(60, 90))
    assert max(float(one.cells.mean()) for one in judged[:60] if one.cells is not None) < 0.02


def test_another_view_is_known_as_a_whole_frame_of_which_nothing_can_be_said() -> None:
    other = place()[::-1, ::-1].copy()
    judged = seen([place()] * 40 + [other] * 10 + [np.zeros_like(other)] * 5 + [place()] * 40)
    assert [one.cells is None for one in judged] == [False] * 40 + [True] * 15 + [False] * 40


def test_a_camera_that_sways_shows_people_and_not_the_place() -> None:
    pictures = []
    for i in range(60):
        moved = with_person(place(), 100 + 3 * i) if 20 <= i < 50 else place()
        pictures.append(np.roll(moved, (i % 3) - 1, axis=1))
    judged = seen(pictures)
    assert all(hides(judged[i], 100 + 3 * i) for i in range(20, 50))
    assert max(float(one.cells.mean()) for one in judged[:15] if one.cells is not None) < 0.15


def test_a_film_whose_size_changes_is_judged_in_parts() -> None:
    small = np.full((90, 160, 3), 90, np.uint8)
    judged = seen([place()] * 10 + [small] * 10)
    assert [one.size for one in judged] == [SIZE] * 10 + [Size(160, 90)] * 10


def test_one_frame_alone_is_judged() -> None:
    (only,) = seen([place()])
    assert only.cells is not None
    assert not only.cells.any()
