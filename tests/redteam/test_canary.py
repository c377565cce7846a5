"""The search for the canary finds every planted leak, and nothing where there is none."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from redteam import texture
from redteam.canary.leaks import LEAKS
from redteam.canary.pictures import LEAST, correlation
from redteam.canary.proof import caught
from redteam.canary.search import search, search_all

WITHOUT_DEVICE = [name for name in LEAKS if "core file" not in name]


@pytest.mark.parametrize("name", WITHOUT_DEVICE)
def test_every_planted_leak_is_found(name: str) -> None:
    assert caught(name)


def test_there_are_enough_of_them() -> None:
    assert len(LEAKS) >= 12


def test_nothing_is_found_where_it_is_not() -> None:
    empty = np.asarray(cv2.cvtColor(texture.bgr(20.0), cv2.COLOR_BGR2RGB), np.uint8)
    noise = np.random.default_rng(1).integers(0, 256, 1 << 16, np.uint8).tobytes()
    static = Path(__file__).parents[2] / "src/passerby/web/static"
    files = b"\n".join(path.read_bytes() for path in sorted(static.rglob("*")) if path.is_file())
    for data in (empty.tobytes(), cv2.imencode(".png", empty)[1].tobytes(), noise, files, b""):
        assert search(data, "nothing") == []


def test_much_is_searched_as_little_is() -> None:
    picture = cv2.imencode(".png", texture.bgr(8.0))[1].tobytes()
    named = {"nothing": b"", "a device": bytes(9 << 20) + picture + bytes(1 << 17), "a log": b"all is well\n" * 99}
    hits = search_all(named)
    assert hits == search(named["a device"], "a device")
    assert hits[0].found.at == 9 << 20
    assert search_all({"nothing": b""}) == []


def test_a_person_is_found_at_any_size_and_turned_to_the_negative() -> None:
    worn = texture.bgr(8.0)
    for width in (160, 240, 416, 640):
        size = (width, width * 9 // 16)
        assert correlation(np.asarray(255 - cv2.resize(worn, size, interpolation=cv2.INTER_AREA))) > LEAST
