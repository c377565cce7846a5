"""Other people in the picture: the comparison itself, and what it must not miss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from passerby.engine.messages import Observed
from passerby.frame import Frame
from passerby.records import Picture
from redteam.interference import caught, differences, pair, structure
from redteam.interference.receiver import Receiver
from redteam.interference.street import LASTS_S, Cast, Script

BRIEFLY_S = 60.0  # too short for a row, and long enough for all else


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


def test_the_same_street_with_other_people_gives_the_same_bytes(receiver: Receiver) -> None:
    one, other = pair(0, receiver, everywhere=True, modes=("ghost",))
    assert one.differences(other) == ()
    served = one.served["ghost"]
    assert one.messages.count(b'"passes"') == 0
    assert one.messages.count(b'"way": "in"') > 20  # something was counted,
    assert b'"quantity": "density"' in one.messages
    assert served.sent.count(b"measurement.v1") > 3  # released and sent,
    assert b"alert.firing" in served.sent
    assert b"class_label" in served.shown  # shown,
    assert all(
        b"\n%s 200" % page in served.pages
        for page in (b"/", b"/cameras/north/plate.png", b"/api/v1/rows", b"/metrics")
    )  # answered,
    assert b"online camera=north" in served.log  # logged
    assert served.files["market.db"].startswith(b"SQLite format 3")  # and stored


def test_the_pictures_are_not_the_same() -> None:
    script = Script.drawn(0)
    one, other = Cast(script, 0, 1), Cast(script, 0, 2)
    at = np.linspace(10, LASTS_S - 10, 12)
    assert all((one.picture(t) != other.picture(t)).any() for t in at)


def test_it_holds_where_attention_chooses_what_is_looked_at(receiver: Receiver) -> None:
    assert differences(1, receiver, ("numbers",), BRIEFLY_S)[0] == ()


@pytest.mark.parametrize(
    "leak", ["a glyph stands a millionth of the picture aside", "an answer of the API carries a number"]
)
def test_a_leak_is_caught(leak: str, receiver: Receiver) -> None:
    assert caught(leak, receiver, BRIEFLY_S)


def test_no_frame_reaches_what_shows_sends_or_stores() -> None:
    assert list(structure.chains()) == []
    assert list(structure.signatures()) == []
    assert list(structure.said()) == []
    assert len(structure.modules()) > 50


@dataclass
class Smuggling:
    """A message with room for a picture."""

    camera: str
    seen: tuple[bytes, ...]
    base64: str
    more: object


def test_a_type_that_could_hold_a_picture_is_caught() -> None:
    assert list(structure.unspeakable(Observed, "Observed", frozenset())) == []
    assert len(list(structure.unspeakable(Smuggling, "Smuggling", frozenset()))) == 3
    assert list(structure.unspeakable(Picture, "Picture", frozenset())) != []
    assert list(structure.unspeakable(np.ndarray, "array", frozenset())) != []
    assert Frame in set(structure.leaves(dict[str, list[Frame] | None]))
