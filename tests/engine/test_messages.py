from __future__ import annotations

import json
import math
from datetime import UTC, datetime

import pytest

from passerby.classes import Class
from passerby.engine import Anchored, Ended, Message, Missed, Observed, Shown, Spent, State, Watched
from passerby.engine.messages import Failed, decode, encode
from passerby.ghost import Glyph
from passerby.records import Conflict, Pass, Sample

MESSAGES: list[Message | Failed] = [
    State("a", "offline", "it refuses the password"),
    Anchored("a", 1.5, datetime(2026, 3, 2, 8, 0, 0, 250_000, tzinfo=UTC)),
    Missed("a", 1.5, 9.0),
    Observed(
        "a",
        2.0,
        (
            Pass("gate", 2.0, Class.PERSON, "in", "north>east", {"speed_m_s": 1.25}),
            Sample("square", 2.0, "inside", Class.BICYCLE, 3.0),
        ),
    ),
    Shown("a", 2.0, (Glyph("person", 0.5, 0.25),)),
    Watched("a", 2.0, 50, 10, 1, 4.9, 5.0, "ok"),
    Ended("a", 9.0, "it is cut off"),
    Observed("a", 2.0, (Conflict("crossing", 1.5, ("foot", "motor"), "pet", 0.8),)),
    Spent("engine 0", 1.25, 3, 40, 2.5),
    Failed("ModelError", "there is no model.", "pull one."),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_arrives_as_it_was_sent(message: Message | Failed) -> None:
    assert decode(encode(message)) == message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80\x04.",
        b'{"kind": "frame"}',
        b'{"kind": "state", "camera": "a"}',
        b'{"kind": "state", "camera": "a", "state": "on fire"}',
        b'{"kind": "missed", "camera": "a", "start_s": "soon", "end_s": 1}',
    ],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="sent no message"):
        decode(data)


def test_what_is_not_known_stays_unknown() -> None:
    message = decode(encode(Observed("a", 2.0, (Sample("square", 2.0, "density", Class.PERSON, math.nan),))))
    assert isinstance(message, Observed)
    (sample,) = message.observations
    assert isinstance(sample, Sample)
    assert math.isnan(sample.value)


def test_no_message_has_room_for_an_identity_or_a_pixel() -> None:
    keys = set[str]()

    def collect(value: object) -> None:
        if isinstance(value, dict):
            for key, part in value.items():
                keys.add(key)
                collect(part)
        if isinstance(value, list):
            for part in value:
                collect(part)

    for message in MESSAGES:
        collect(json.loads(encode(message)))
    assert keys == {
        *(
            "kind",
            "camera",
            "state",
            "reason",
            "time_s",
            "modes",
            "width",
            "height",
            "indicator",
            "value_s",
            "at",
            "start_s",
            "end_s",
            "observations",
            "place",
            "class_",
        ),
        *(
            "way",
            "movement",
            "values",
            "speed_m_s",
            "quantity",
            "value",
            "glyphs",
            "class_label",
            "x",
            "y",
            "frames",
        ),
        *("analysed", "dropped", "rate", "wanted", "worker", "cpu_s", "rounds", "crops", "inputs", "error"),
        *("message", "hint", "bounds", "looked", "pictures"),
    }
