"""What a drawing changes in a configuration, and in whatever names its places."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from passerby.config import Drawing, edited
from passerby.config.depending import without_camera
from passerby.config.drawing import GroundPoints, ground_points, moved, planned, version
from passerby.config.reading import parse
from passerby.geometry import Line, Place, Zone

GROUND = ((0.12, 0.91, 0.0, 0.0), (0.88, 0.93, 6.0, 0.0), (0.71, 0.4, 6.0, 20.0), (0.3, 0.39, 0.0, 20.5))
STREET = """\
[camera.north]
[camera.north.place]
gate = { line = [[0.1, 0.6], [0.9, 0.62]] }   # the gate
west = { zone = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.4]] }
east = { zone = [[0.6, 0.6], [0.9, 0.6], [0.9, 0.9]] }
[camera.north.measure]
crossings = { use = "line", at = "gate" }
turns = { use = "movements", at = ["west", "east"] }
inside = { use = "zone", at = "west" }
[camera.north.alert]
full = { when = "west.inside > 30" }
dark = { when = "camera.blind" }
against = { safety = "wrong-way", at = "gate", way = "in" }
[camera.south.place]
west = { zone = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.4]] }
[area.fair]
zones = ["north.west", "south.west"]
[area.hall]
lines = ["-north.gate"]
capacity = 100
[alert]
crowded = { when = "hall.inside > 0.9 capacity" }
"""
PLACES = {place.name: place for place in parse(STREET, Path("x.toml")).camera("north").places}


def after(text: str, drawing: Drawing) -> tuple[Any, tuple[str, ...]]:
    """The configuration with a drawing of north, and what had to go."""
    plan = planned(text, "north", drawing)
    return parse(edited(text, plan.edits), Path("x.toml")), plan.dependents


def named(place: Place, name: str) -> Place:
    return Line(name, *place.points) if isinstance(place, Line) else Zone(name, place.points)


def test_what_stays_is_left_as_it_is() -> None:
    plan = planned(STREET, "north", Drawing(tuple(PLACES.values()), ground=()))
    assert edited(STREET, plan.edits) == STREET
    assert plan.dependents == ()


def test_what_names_a_removed_place_goes_with_it() -> None:
    config, gone = after(STREET, Drawing((PLACES["east"],)))
    assert gone == (
        "measure crossings", "measure inside", "alert full", "alert against", "area hall", "alert crowded"
    )  # fmt: skip
    north = config.camera("north")
    assert set(north.alerts) == {"dark"}
    assert north.measures["turns"].options["at"] == (PLACES["east"],)
    assert config.areas["fair"].zones == (("south", "west"),)
    assert set(config.areas) == {"fair"}
    assert config.alerts == {}


def test_a_renamed_place_is_followed_by_all_that_name_it() -> None:
    places = (named(PLACES["gate"], "door"), named(PLACES["west"], "yard"), PLACES["east"])
    config, gone = after(STREET, Drawing(places, was={"door": "gate", "yard": "west", "east": "east"}))
    north = config.camera("north")
    assert gone == ()
    assert north.measures["crossings"].options["at"] == places[0]
    assert north.measures["turns"].options["at"] == (places[1], PLACES["east"])
    assert north.alerts["full"].place == "yard"
    assert config.areas["fair"].zones == (("north", "yard"), ("south", "west"))
    assert config.areas["hall"].lines == ((("north", "door"), -1),)


def test_names_may_be_swapped() -> None:
    east, west = PLACES["east"], PLACES["west"]
    places = (PLACES["gate"], named(east, "west"), named(west, "east"))
    config, gone = after(STREET, Drawing(places, was={"gate": "gate", "west": "east", "east": "west"}))
    assert gone == ()
    assert config.camera("north").measures["inside"].options["at"] == named(west, "east")


def test_another_place_of_the_same_name_keeps_what_names_it() -> None:
    _, gone = after(STREET, Drawing((*PLACES.values(),), was={}))
    assert gone == ()


def test_a_place_is_moved_only_where_its_points_are() -> None:
    gate = Line("door", (0.1, 0.6), (0.9, 0.62))
    assert moved(PLACES.values(), Drawing((gate, PLACES["west"]), was={"door": "gate"})) == []
    shifted = Line("door", (0.1, 0.6), (0.9, 0.63))
    assert moved(PLACES.values(), Drawing((shifted,), was={"door": "gate"})) == ["door"]


def test_more_digits_than_are_drawn_stay() -> None:
    text = STREET.replace("[0.1, 0.6], [0.9", "[0.100004, 0.6], [0.9")
    assert edited(text, planned(text, "north", Drawing(tuple(PLACES.values()))).edits) == text


def test_a_ground_is_written_and_removed() -> None:
    text = edited(STREET, planned(STREET, "north", Drawing(tuple(PLACES.values()), GROUND)).edits)
    assert "ground = [[0.12, 0.91, 0, 0], [0.88, 0.93, 6, 0], [0.71, 0.4, 6, 20], [0.3, 0.39, 0, 20.5]]" in text
    assert ground_points(text, "north") == GroundPoints(GROUND)
    assert planned(text, "north", Drawing((), GROUND)).edits == planned(text, "north", Drawing(())).edits
    assert edited(text, planned(text, "north", Drawing(tuple(PLACES.values()), ())).edits) == STREET


def test_a_lens_beside_ground_points_stays() -> None:
    text = STREET.replace(
        "[camera.north]\n",
        "[camera.north]\n"
        f"ground = {{ points = {[list(row) for row in GROUND]}, distortion = [0.03], size = [768, 576] }}\n",
    )
    assert ground_points(text, "north").lens == {"distortion": [0.03], "size": [768, 576]}
    other = (*GROUND[:3], (0.31, 0.39, 0.0, 20.0))
    text = edited(text, planned(text, "north", Drawing(tuple(PLACES.values()), other)).edits)
    assert ground_points(text, "north") == GroundPoints(other, {"distortion": [0.03], "size": [768, 576]})


def test_a_ground_that_was_not_drawn_stays_until_points_take_its_place() -> None:
    said = "ground = { height_m = 6.8, tilt_deg = 14, fov_deg = 56, size = [768, 576] }\n"
    text = STREET.replace("[camera.north]\n", f"[camera.north]\n{said}")
    assert ground_points(text, "north") == GroundPoints(other="height_m")
    assert edited(text, planned(text, "north", Drawing(tuple(PLACES.values()), ())).edits) == text
    text = edited(text, planned(text, "north", Drawing(tuple(PLACES.values()), GROUND)).edits)
    assert ground_points(text, "north").rows == GROUND


def test_the_ground_of_all_cameras_is_shown() -> None:
    text = f"[defaults.camera]\nground = {[list(row) for row in GROUND]}\n[camera.north]\n"
    assert ground_points(text, "north").rows == GROUND


def test_a_camera_goes_with_its_part_of_areas() -> None:
    gone = without_camera(tomllib.loads(STREET), "north")
    assert gone.gone == ("area hall", "alert crowded")
    config = parse(edited(STREET, gone.edits), Path("x.toml"))
    assert set(config.cameras) == {"south"}
    assert config.areas["fair"].zones == (("south", "west"),)


@pytest.mark.parametrize(("change", "is_other"), [("0.62", True), ("# the gate", False)])
def test_a_version_tells_of_drawings_only(change: str, is_other: bool) -> None:
    other = STREET.replace(change, "0.7" if is_other else "# gate")
    assert (version(STREET, "north") != version(other, "north")) is is_other
