"""A plate on its way out of an engine worker: once, when asked for, and only as a picture."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from plate.lapse import LOOKS_WITH, SIZE, Lapse

from passerby.detections import Detections, Tracks
from passerby.engine import Collected, Collecting, Message, PlateWish, messages
from passerby.engine.emptying import Emptying
from passerby.frame import Size
from passerby.records import Health
from passerby.stages import Look, Step

FOUND = Detections(np.array([[90, 56, 105, 101]], np.float32), np.ones(1, np.float32), np.zeros(1, np.uint8))


def collect(*, strict: bool = False, looks_with: Size | None = LOOKS_WITH, minutes: float = 20) -> list[Message]:
    """What is told of an empty street at a picture in five seconds; somebody is found by counting alone."""
    told: list[Message] = []
    emptying = Emptying("c", PlateWish("w", strict), looks_with=looks_with, ground=None, tell=told.append)
    film = Lapse(lambda _: [])
    for index in range(round(minutes * 12)):
        time_s = index * 5.0
        with film.frame(time_s, index) as frame:
            looks = [Look(crop, Detections.empty()) for crop in emptying.ask(frame)]
            mine, others = emptying.parted(looks)
            assert (mine, others) == (looks, [])
            emptying.see(frame, mine, Step(time_s, Tracks.empty(), (), Health(), found=FOUND))
        emptying.report()
    return told


@pytest.mark.parametrize("strict", [False, True])
def test_it_is_sent_once_and_says_how_far_it_is_before(strict: bool) -> None:
    told = collect(strict=strict)
    *before, last = told
    assert before
    assert all(isinstance(message, Collecting) for message in before)
    assert isinstance(last, Collected)
    assert (last.id, last.strict, (last.frame_width, last.frame_height)) == ("w", strict, SIZE)
    assert 0.7 < last.coverage < 1.0  # whom counting found is kept out too
    assert messages.decode(messages.encode(last)) == last
    assert len(messages.encode(last)) < 200_000  # a message between processes
    assert last.picture().png == base64.b64decode(last.png)


def test_without_a_detector_it_is_a_drawing_and_says_so() -> None:
    (told,) = [message for message in collect(looks_with=None) if isinstance(message, Collected)]
    assert (told.strict, told.by_motion, told.reason) == (True, True, "")
    assert told.picture().png


def test_what_is_no_plate_is_no_message() -> None:
    said = {
        "camera": "c", "id": "w", "strict": False, "coverage": 1.0, "frame_width": 4, "frame_height": 3,
        "kind": "collected", "reason": "",
    }  # fmt: skip
    for png in ("?", base64.b64encode(b"a frame").decode()):
        with pytest.raises(ValueError, match=r"."):
            messages.decode(json.dumps({**said, "png": png}).encode())
    assert messages.decode(json.dumps({**said, "png": ""}).encode())
