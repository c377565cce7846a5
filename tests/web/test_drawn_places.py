"""Reading a drawing: good places come back as they are, and each wrong one is said."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerby.config.places import NAME
from passerby.geometry import Line, Zone
from passerby.web.places import document, read
from passerby.web.site import drawing

SQUARE = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
shares = st.integers(0, 10_000).map(lambda n: n / 10_000)
names = st.from_regex(NAME, fullmatch=True).filter(lambda name: len(name) <= 64)
lines = st.builds(Line, names, st.tuples(shares, shares), st.tuples(shares, shares)).filter(lambda x: x.a != x.b)
zones = st.builds(
    lambda name, x, y, w, h: Zone(name, ((x, y), (x + w, y), (x + w, y + h), (x, y + h))),
    names,
    *[st.integers(0, 50).map(lambda n: n / 100)] * 2,
    *[st.integers(1, 50).map(lambda n: n / 100)] * 2,
)


def body(*places: Any) -> bytes:
    return json.dumps({"places": places}).encode()


def line(points: Any = ((0.1, 0.5), (0.9, 0.5)), name: str = "gate") -> dict[str, Any]:
    return {"name": name, "kind": "line", "points": points}


def zone(points: Any = SQUARE, name: str = "square") -> dict[str, Any]:
    return {"name": name, "kind": "zone", "points": points}


def complaints(*places: Any) -> list[tuple[int | None, str, str]]:
    return [(p.place, p.field, p.message) for p in read(document(body(*places)))[1]]


@settings(max_examples=40)
@given(st.lists(lines | zones, max_size=6, unique_by=lambda place: place.name))
def test_what_was_drawn_comes_back(places: list[Line | Zone]) -> None:
    read_back, problems = read(document(body(*drawing(places))))
    assert problems == []
    assert [type(p) for p in read_back.places] == [type(p) for p in places]
    for new, old in zip(read_back.places, places, strict=True):
        assert new.name == old.name
        assert [pytest.approx(p) for p in old.points] == list(new.points)


@pytest.mark.parametrize(
    ("place", "field", "says"),
    [
        (line(name=""), "name", "Give it a name"),
        (line(name="North Gate"), "name", "is no name"),
        (line(name="-x"), "name", "is no name"),
        (line(name="gate\n"), "name", "is no name"),
        (line(name="<img src=x onerror=alert(1)>"), "name", "is no name"),
        (line(name="a" * 65), "name", "64 at most"),
        (line([[0.5, 0.5], [0.5, 0.5]]), "points", "no length"),
        (line([[0.50001, 0.5], [0.50002, 0.5]]), "points", "no length"),
        (line([[0.5, 0.5], [1.2, 0.5]]), "points", "from 0 to 1"),
        (line([[-0.1, 0.5], [0.2, 0.5]]), "points", "from 0 to 1"),
        (line([[0.1, 0.1], [0.2, 0.2], [0.3, 0.1]]), "points", "two points"),
        (zone([[0.1, 0.1], [0.9, 0.9]]), "points", "three points or more"),
        (zone([[0.1, 0.1], [0.9, 0.1], [0.1, 0.1]]), "points", "first again"),
        (zone([[0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.9]]), "points", "crosses or touches"),
        (zone([[0.1, 0.1], [0.5, 0.1], [0.9, 0.1]]), "points", "crosses or touches"),
    ],
)
def test_what_is_wrong_is_said_of_the_place_and_field(place: Any, field: str, says: str) -> None:
    ((index, where, message),) = complaints(line(name="fine"), place)
    assert (index, where) == (1, field)
    assert says in message


def test_two_places_of_one_name_are_both_told() -> None:
    assert [(i, f) for i, f, _ in complaints(line(), zone(name="gate"))] == [(0, "name"), (1, "name")]


def test_what_the_file_takes_the_page_takes_too() -> None:
    assert complaints(line(name="Gäte"), line(name="_10")) == []


def test_the_corners_of_the_picture_are_in_it() -> None:
    assert complaints(line([[0, 0], [1, 1]]), zone([[0, 0], [1, 0], [1, 1], [0, 1]])) == []


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b'{"places": [{"name": "a"}]}',
        b'{"places": [], "more": 1}',
        b'{"places": [{"name": "a", "kind": "camera", "points": [[0, 0], [1, 1]]}]}',
        b'{"places": [{"name": "a", "kind": "line", "points": [[0, NaN], [1, 1]]}]}',
        b'{"places": [{"name": "a", "kind": "line", "points": [[0, 1e999], [1, 1]]}]}',
        b'{"places": [{"name": "a", "kind": "line", "points": [[0], [1, 1]]}]}',
        b'{"places": [{"name": "a", "kind": "line", "points": [[0, 0]]}]}',
        b"\xff\xfe",
        b"[" * 10_000,
    ],
)
def test_what_is_no_drawing_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any kind of it
        document(text)


@settings(max_examples=40)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    with suppress(ValueError):
        read(document(text))
