"""What is shown of this moment."""

from __future__ import annotations

import pytest

from passerby.classes import Class
from passerby.ghost import Glyph, Live, Value, band
from passerby.office import Board
from passerby.records import Sample
from passerby.testing import HandClock

GLYPHS = (Glyph("person", 0.5, 0.5),)


def board(clock: HandClock, live: Live = "ghost", inside: float = 7.0) -> Board:
    """A camera that has just seen so many people."""
    found = Board()
    found.open("north", live)
    found.readings.saw("north", clock(), "ok")
    found.readings.take("north", clock(), [Sample("square", 0.0, "inside", Class.PERSON, inside)])
    found.show("north", clock(), GLYPHS)
    return found


@pytest.mark.parametrize(
    ("value", "width", "said"),
    [
        (0, 5, "none"),
        (1, 5, "few"),
        (4, 5, "few"),
        (5, 5, "5-9"),
        (9, 5, "5-9"),
        (10, 5, "10-14"),
        (123, 5, "120-124"),
        (0.0001, 0.5, "none"),
        (0.2, 0.5, "few"),
        (0.5, 0.5, "0.5-1"),
        (1.7, 0.5, "1.5-2"),
    ],
)
def test_bands_are_none_few_and_then_steps(value: float, width: float, said: str) -> None:
    assert band(value, width) == said


def test_each_camera_shows_as_much_as_its_configuration_says() -> None:
    clock = HandClock()
    shown: dict[Live, object] = {
        live: (found.values, found.glyphs)
        for live in ("off", "bands", "numbers", "ghost")
        for found in [board(clock, live).moment("north", clock())]
    }
    exact, rough = (Value("square", "inside", "5-9", number) for number in (7.0, None))
    assert shown == {
        "off": ((), None),
        "bands": ((rough,), None),
        "numbers": ((exact,), None),
        "ghost": ((exact,), GLYPHS),
    }


def test_what_is_old_is_no_data_and_never_the_last_value() -> None:
    clock = HandClock()
    found = board(clock)
    assert found.moment("north", clock.advance(5.0)).values
    late = found.moment("north", clock.advance(0.1))
    assert (late.condition, late.values, late.glyphs) == ("silent", (), None)
    found.readings.saw("north", clock(), "ok")  # it sees, but nothing new was said of the square
    there = found.moment("north", clock())
    assert (there.condition, there.values, there.glyphs) == ("ok", (), None)


@pytest.mark.parametrize("view", ["blind", "moved"])
def test_a_camera_that_sees_nothing_right_shows_nothing(view: str) -> None:
    clock = HandClock()
    found = board(clock)
    found.readings.saw("north", clock(), view)  # type: ignore[arg-type]
    moment = found.moment("north", clock())
    assert (moment.condition, moment.values, moment.glyphs) == (view, (), None)
    assert found.health(clock()) == {"north": view}


def test_an_overloaded_camera_shows_nothing_and_fires_nothing() -> None:
    clock = HandClock()
    found = board(clock)
    found.load("north", is_overloaded=True)
    assert found.moment("north", clock()).condition == "overloaded"
    assert found.moment("north", clock()).values == ()
    assert found.health(clock()) == {}
    found.load("north", is_overloaded=False)
    assert found.moment("north", clock()).values


def test_glyphs_are_kept_only_where_they_are_shown() -> None:
    clock = HandClock()
    found = board(clock, "numbers")
    found.open("north", "ghost")
    assert found.moment("north", clock()).glyphs is None
    found.close("north")
    with pytest.raises(KeyError):
        found.moment("north", clock())
