"""Movements go straight on or turn as their arms lie."""

from __future__ import annotations

import pytest

from passerby.export import turns
from passerby.geometry import Line, Place, Zone
from passerby.ground import ground
from passerby.measures.movements import possible

NORTH = Line("north", (0.45, 0.1), (0.55, 0.1))
EAST = Zone("east", ((0.85, 0.45), (0.95, 0.45), (0.95, 0.55), (0.85, 0.55)))
SOUTH = Line("south", (0.45, 0.9), (0.55, 0.9))
WEST = Line("west", (0.1, 0.4), (0.1, 0.6))
ARMS: list[Place] = [NORTH, EAST, SOUTH, WEST]
MOVEMENTS = [movement for those in possible([arm.name for arm in ARMS]).values() for movement in those]


def test_where_each_movement_turns() -> None:
    found = turns(MOVEMENTS, ARMS)
    from_north = {name.split(">")[1]: turn for name, turn in found.items() if name.startswith("north>")}
    assert from_north == {"south": "through", "east": "left", "west": "right", "north": "u-turn"}
    assert found["east>north"] == found["south>east"] == found["west>south"] == "right"
    assert found["west>east"] == "through"


def test_angles_are_those_on_the_ground() -> None:
    """A flat view: in the picture the side street seems to go on, on the ground it turns off at right angles."""
    plane = ground({"height_m": 6, "tilt_deg": 12, "fov_deg": 60, "size": [1280, 720]})
    spots = {"near": (0.0, 12.0), "far": (0.0, 60.0), "side": (24.0, 36.0)}
    arms: list[Place] = []
    for name, (x, y) in spots.items():
        (a,), (b,) = plane.picture([(x - 1, y)]).tolist(), plane.picture([(x + 1, y)]).tolist()
        arms.append(Line(name, tuple(a), tuple(b)))
    found = turns(["near>far", "near>side", "far>side"], arms, plane)
    assert found == {"near>far": "through", "near>side": "right", "far>side": "left"}


@pytest.mark.parametrize("name", ["north", "east"])
def test_a_lone_arm_knows_u_turns_only(name: str) -> None:
    assert turns([f"{name}>{name}"], ARMS) == {f"{name}>{name}": "u-turn"}
