"""What is not empty, and what of it is no shadow."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.motion.empty import Empty

Image = NDArray[np.uint8]


def look(empty: Empty, picture: Image, time_s: float) -> tuple[Image, Image]:
    return empty.differs(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.uint8), picture, time_s)


def paved() -> Image:
    rng = np.random.default_rng(1)
    grey = rng.normal(150, 4, (120, 160, 1))
    tinted = np.asarray(cv2.GaussianBlur(grey, (5, 5), 0))[..., None] + np.array((-10, 0, 8))
    return np.asarray(np.clip(tinted, 0, 255), np.uint8)


def test_a_shadow_is_not_solid_and_clothes_are() -> None:
    ground = paved()
    empty = Empty(60.0)
    look(empty, ground, 0)
    seen = ground.copy()
    seen[20:60, 20:60] = (ground[20:60, 20:60] * 0.65).astype(np.uint8)  # a shadow
    seen[20:60, 100:130] = (60, 60, 150)  # red, and about as dark
    changed, solid = look(empty, seen, 2)
    assert changed[25:55, 25:55].mean() > 250
    assert solid[25:55, 25:55].mean() < 40
    assert solid[25:55, 105:125].mean() > 250
    assert not changed[80:].any()


def test_another_light_is_not_a_crowd() -> None:
    ground = paved()
    empty = Empty(60.0)
    look(empty, ground, 0)
    changed, _ = look(empty, (ground * 0.8).astype(np.uint8), 2)
    assert (changed > 0).mean() < 0.02


def test_who_stands_is_seen_until_he_belongs_to_the_place() -> None:
    ground = paved()
    empty = Empty(20.0)
    look(empty, ground, 0)
    seen = ground.copy()
    seen[20:60, 40:60] = (40, 90, 40)
    shares = [look(empty, seen, 2.0 * i)[1][25:55, 45:55].mean() / 255 for i in range(1, 20)]
    assert shares[5] == 1
    assert shares[-1] == 0
