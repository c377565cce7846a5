"""Live messages: what they tell to whom, and that their size tells nothing."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.areas import Held
from passerby.classes import LABELS
from passerby.ghost import CELLS, SHOWN, Condition, Glyph, Live, Moment, Value, band, cells
from passerby.records import AlertState, Picture, Severity
from passerby.web.house import Alarm, PlateNow, State
from passerby.web.messages import MOST_GLYPHS, Messages, snapped, told_area
from passerby.web.reasons import REASONS, reason_key
from web.houses import EMPTY, STREET, FakeHouse

ASPECTS = st.floats(0.3, 4.0)
numbers = st.floats(0, 1e9)
seen = st.builds(Glyph, st.sampled_from(LABELS), st.floats(0, 1), st.floats(0, 1))
values = st.builds(
    lambda place, quantity, number, exact: Value(
        place, quantity, band(min(number, 9e4), SHOWN[quantity]), number if exact else None
    ),
    st.sampled_from(["gate", "square"]),
    st.sampled_from(sorted(SHOWN)),
    numbers,
    st.booleans(),
)
alarms = st.builds(
    Alarm,
    st.sampled_from(["north.full", "north-full-0a1b2c3d"]),
    st.just("full"),
    st.just("north"),
    st.just("square"),
    st.sampled_from(get_args(AlertState)),
    st.sampled_from(get_args(Severity)),
    st.sampled_from(["", "a person with a very long name indeed, of many, many words"]),
    st.booleans(),
)
helds = st.builds(
    Held,
    st.none() | numbers,
    st.none() | st.just(80),
    passes=st.integers(0, 10**7),
    drift=st.none() | st.floats(-1, 1),
)


def told(house: FakeHouse, cameras: set[str] | None = None, ghost: str | None = None) -> Any:
    return json.loads(Messages(cameras, ghost=ghost).make(house))


@pytest.fixture
def house() -> FakeHouse:
    house = FakeHouse()
    values = (Value("square", "inside", "10-14", 12.0),)
    house.moments["north"] = Moment("north", "ghost", "ok", values, (Glyph("person", 0.5, 0.5),))
    house.moments["south"] = Moment("south", "bands", "ok", (Value("pitch", "inside", "few", None),))
    house.held["fairground"] = Held(17.0, 80)
    return house


@given(
    st.sampled_from([None, "north"]),
    st.lists(seen, max_size=400) | st.none(),
    st.lists(values, unique_by=lambda v: (v.place, v.quantity)),
    st.sampled_from(get_args(State)),
    st.sampled_from(get_args(Condition)),
    st.none() | st.binary(max_size=4),
    st.none() | ASPECTS,
    st.lists(alarms, max_size=1),
    helds,
)
def test_every_message_of_a_configuration_is_of_the_same_size(
    ghost: str | None,
    glyphs: list[Glyph] | None,
    values: list[Value],
    state: State,
    condition: Condition,
    plate: bytes | None,
    aspect: float | None,
    firing: list[Alarm],
    held: Held,
) -> None:
    house, messages = FakeHouse(), Messages(None, ghost=ghost)
    empty = len(messages.make(house))
    shown = None if glyphs is None else tuple(glyphs)
    house.moments["north"] = Moment("north", "ghost", condition, tuple(values), shown)
    house.known["north"] = replace(
        house.known["north"], state=state, aspect=aspect, reason="10.0.4.12 did not answer for 10 s."
    )
    house.firing, house.held["fairground"] = firing, held
    house.plates["north"] = PlateNow("collecting", None if plate is None else Picture(plate, 1, 1))
    text = messages.make(house)
    assert len(text.encode()) == empty
    assert json.loads(text)["cameras"]["north"]["state"] == state


def test_a_new_configuration_has_a_size_of_its_own() -> None:
    house, messages = FakeHouse(EMPTY), Messages(None)
    small = len(messages.make(house))
    house.config = FakeHouse(STREET).config
    assert len(messages.make(house)) > small


@given(st.lists(seen, max_size=600), ASPECTS)
def test_glyphs_beyond_the_most_are_left_out_by_cell_and_not_by_who_is_there(
    glyphs: list[Glyph], aspect: float
) -> None:
    columns, rows = cells(aspect)
    kept = snapped(glyphs, aspect) or []
    everything = {
        (g.class_label, min(int(g.x * columns), columns - 1), min(int(g.y * rows), rows - 1)) for g in glyphs
    }
    assert len(kept) == min(len(everything), MOST_GLYPHS)
    assert set(kept) <= everything
    assert all(0 <= column < columns and 0 <= row < rows for _, column, row in kept)
    assert kept == snapped(glyphs[::-1], aspect)


def test_a_full_picture_is_thinned_evenly() -> None:
    everywhere = [Glyph("person", (x + 0.5) / CELLS, (y + 0.5) / 36) for x in range(CELLS) for y in range(36)]
    kept = snapped(everywhere, 16 / 9) or []
    quarters = Counter((x < 32, y < 18) for _, x, y in kept)
    assert len(kept) == MOST_GLYPHS
    assert len(quarters) == 4
    assert min(quarters.values()) > MOST_GLYPHS / 4 * 0.8


def test_one_in_a_cell_looks_like_two() -> None:
    assert snapped([Glyph("person", 0.5, 0.5)] * 2, 1.0) == [("person", 32, 32)]


def test_glyphs_go_to_the_page_of_their_camera_only(house: FakeHouse) -> None:
    assert told(house)["cameras"]["north"]["glyphs"] is None
    message = told(house, ghost="north")
    assert message["cameras"]["north"]["glyphs"] == [["person", 32, 18]]
    assert message["cameras"]["north"]["grid"] == [64, 36]
    assert list(message["cameras"]) == ["north"]
    assert message["areas"] == {}


@given(
    st.sampled_from(get_args(Live)),
    st.sampled_from(get_args(Condition)),
    st.lists(values, unique_by=lambda v: (v.place, v.quantity)),
    st.lists(seen, min_size=1),
)
def test_no_more_is_told_than_a_camera_may_show(
    live: Live, condition: Condition, values: list[Value], glyphs: list[Glyph]
) -> None:
    house = FakeHouse()
    house.moments["north"] = Moment("north", live, condition, tuple(values), tuple(glyphs))
    north = told(house, ghost="north")["cameras"]["north"]
    assert (north["glyphs"] is not None) == (live == "ghost" and condition == "ok")
    if live == "off" or condition != "ok":
        assert north["values"] == []
    if live == "bands":
        assert all(number is None for *_, number in north["values"])
    assert all(place == "square" for place, *_ in north["values"])  # of a line nothing is told


def test_in_a_crowd_those_who_could_be_told_apart_are_not_taken_for_all(house: FakeHouse) -> None:
    crowd = (Value("square", "density", "3-3.5", 3.2), Value("square", "inside", "none", 0.0))
    people = (*crowd, Value("square", "people", "340-344", 341.0))
    for values, quantities in ((crowd, ["density", "inside"]), (people, ["density", "people"])):
        house.moments["north"] = Moment("north", "numbers", "ok", values)
        assert [quantity for _, quantity, *_ in told(house)["cameras"]["north"]["values"]] == quantities


def test_a_visitor_hears_of_its_own_cameras_only(house: FakeHouse) -> None:
    house.firing = [
        Alarm("north.full", "full", "north", "square", "firing", "critical"),
        Alarm("crowded", "crowded", "", "fairground", "firing", "warning"),
    ]
    message = told(house, {"south"})
    assert list(message["cameras"]) == ["south"]
    assert message["areas"] == {}
    assert message["alarms"] == []
    assert [alarm["rule"] for alarm in told(house)["alarms"]] == ["full", "crowded"]


def test_an_area_is_shown_as_far_as_the_least_shown_of_its_cameras(house: FakeHouse) -> None:
    area = told(house)["areas"]["fairground"]  # south shows bands
    assert area == {"band": "15-19", "number": None, "fill": 19, "off": None}


@pytest.mark.parametrize(
    ("held", "live", "number", "fill", "off"),
    [
        (Held(17.0, 80, passes=1000, drift=-0.012), "numbers", 17.0, 21, 12),
        (Held(17.0, 80, passes=1000, drift=-0.012), "bands", None, 19, 15),
        (Held(17.0, 80, passes=1000, drift=-0.012), "off", None, None, None),
        (Held(None, 80, below=3), "numbers", None, None, 3),
        (Held(17.0, None), "numbers", 17.0, None, None),
    ],
)
def test_areas(held: Held, live: Any, number: float | None, fill: int | None, off: int | None) -> None:
    area = told_area(held, live)
    assert (area["number"], area["fill"], area["off"]) == (number, fill, off)


def test_the_approved_picture_is_told_while_another_is_collected(house: FakeHouse) -> None:
    picture = Picture(b"png", 1, 1)
    house.plates["north"] = PlateNow("candidate", picture, Picture(b"new", 1, 1), is_stale=True)
    before = told(house, ghost="north")["cameras"]["north"]["plate"]
    assert before[1] is True
    house.plates["north"] = PlateNow("approved", Picture(b"new", 1, 1))
    after = told(house, ghost="north")["cameras"]["north"]["plate"]
    assert after[0] != before[0]
    assert told(house)["cameras"]["north"]["plate"] is None


def test_a_camera_that_was_just_removed_is_silent(house: FakeHouse) -> None:
    del house.moments["north"], house.plates["north"]
    assert told(house, ghost="north")["cameras"]["north"]["plate"] is None
    assert told(house)["cameras"]["north"]["condition"] == "silent"


@pytest.mark.parametrize(
    ("state", "reason", "condition", "key"),
    [
        ("online", "", "ok", ""),
        ("online", "", "silent", "silent"),
        ("starting", "", "silent", "starting"),
        ("degraded", "its view is blind: too dark, too bright or covered.", "blind", "blind"),
        ("degraded", "no frame for 10 s", "silent", "frozen"),
        ("degraded", "its engine died; it is started again.", "silent", "restarting"),
        ("offline", "rtsp://10.0.4.12/2 refuses the user or the password.", "silent", "password"),
        ("offline", "rtsp://10.0.4.12/2 refuses the connection.", "moved", "unreachable"),
        ("offline", "something new", "silent", "offline"),
        ("disabled", "it is switched off.", "silent", "disabled"),
    ],
)
def test_reasons(state: Any, reason: str, condition: Any, key: str) -> None:
    assert reason_key(state, reason, condition) == key
    assert key in REASONS
