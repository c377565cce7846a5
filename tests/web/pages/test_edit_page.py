"""The editor of a live camera: what it is told, what saving changes, and when it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient
from web.houses import STREET
from web.visits import ADMIN, GUEST, OPERATOR, VIEWER, Notes, visit
from web.written import WrittenHouse

from passerby.records import Picture
from passerby.web.house import PlateNow
from passerby.web.pages import edit

PAGE = "/cameras/north/edit"
GROUND = [[0.12, 0.91, 0, 0], [0.88, 0.93, 6, 0], [0.71, 0.4, 6, 20], [0.3, 0.39, 0, 20]]


class Desk:
    """An operator at the editor of a service with a real file."""

    def __init__(self, path: Path) -> None:
        self.house = WrittenHouse(path, f"# the market\n{STREET}")
        self.notes = Notes()
        self.client: TestClient = visit(self.house, edit.routes, OPERATOR, audit=self.notes)

    @property
    def scene(self) -> dict[str, Any]:
        return dict(self.client.get(f"{PAGE}/scene.json").json())

    def post(self, what: str, places: Sequence[dict[str, Any]], **more: Any) -> Response:
        sent = {"places": places, "ground": [], "version": self.scene["version"], **more}
        answer: Response = self.client.post(f"{PAGE}/{what}", json=sent)
        return answer


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "site.toml")


def test_the_scene_is_what_the_file_says(desk: Desk, picture: Picture) -> None:
    scene = desk.scene
    assert [(p["name"], p["was"], p["kind"]) for p in scene["places"]] == [
        ("gate", "gate", "line"),
        ("square", "square", "zone"),
    ]
    assert (scene["ground"], scene["other_ground"], scene["plate"]) == ([], "", False)
    desk.house.plates["north"] = PlateNow("approved", picture)
    assert desk.scene["plate"] is True


def test_saving_writes_the_file_and_keeps_its_comments(desk: Desk) -> None:
    gate, square = desk.scene["places"]
    gate["points"][0] = [0.2, 0.6]
    answer = desk.post("save", [gate, square], ground=GROUND)
    assert answer.json() == {"saved": "Written to site.toml.", "version": desk.scene["version"]}
    text = desk.house.path.read_text()
    assert text.startswith("# the market\n")
    assert "gate   = { line = [[0.2, 0.6], [0.9, 0.62]] }" in text
    assert desk.house.config.camera("north").ground is not None
    assert desk.notes.entries == [("olga", "draw lines and zones", "north")]


def test_what_changes_is_said_while_it_is_drawn(desk: Desk) -> None:
    gate, square = desk.scene["places"]
    assert desk.post("check", [gate, square]).json()["changes"] == []
    gate["points"][0] = [0.2, 0.6]
    new = {"name": "door", "kind": "line", "points": [[0.1, 0.1], [0.1, 0.3]]}
    told = desk.post("check", [{**gate, "name": "north-gate"}, new], ground=GROUND).json()
    assert told["changes"] == [
        {"kind": "reground", "name": ""},
        {"kind": "new", "name": "door"},
        {"kind": "renamed", "name": "north-gate", "was": "gate"},
        {"kind": "moved", "name": "north-gate"},
        {"kind": "removed", "name": "square"},
    ]
    assert told["dependents"] == ["measure inside", "alert full"]
    assert told["ground"]["rms_m"] == 0


def test_two_lines_over_one_way_are_warned_of(desk: Desk) -> None:
    gate, square = desk.scene["places"]
    beside = {"name": "beside", "kind": "line", "points": [[0.1, 0.65], [0.9, 0.67]]}
    pairs = desk.post("check", [gate, square, beside]).json()["overlaps"]
    assert {"first": "gate", "second": "beside", "why": "both lines lie across the same way"} in pairs


def test_what_names_a_removed_place_goes_only_when_it_was_said(desk: Desk) -> None:
    gate, _ = desk.scene["places"]
    refused = desk.post("save", [gate])
    assert (refused.status_code, refused.json()) == (409, {"dependents": ["measure inside", "alert full"]})
    assert desk.post("save", [gate], drop=True).status_code == 200
    north = desk.house.config.camera("north")
    assert (set(north.alerts), set(north.measures)) == (set(), {"crossings"})
    assert desk.house.config.areas["fairground"].zones == (("south", "pitch"),)


def test_a_drawing_that_is_older_than_the_file_is_refused(desk: Desk) -> None:
    gate, square = desk.scene["places"]
    old = desk.scene["version"]
    gate["points"][0] = [0.2, 0.6]
    desk.post("save", [gate, square])
    answer = desk.post("save", [square], version=old)
    assert (answer.status_code, answer.json()) == (409, {"conflict": True})
    assert "gate" in {place.name for place in desk.house.config.camera("north").places}


def test_a_file_that_was_changed_on_disk_is_shown(desk: Desk) -> None:
    gate, square = desk.scene["places"]
    gate["points"][0] = [0.2, 0.6]
    desk.house.path.write_text(desk.house.path.read_text() + "# by hand\n")
    answer = desk.post("save", [gate, square])
    assert answer.status_code == 409
    assert "was changed on disk" in answer.json()["error"]
    assert "+# by hand" in answer.json()["error"]
    assert desk.house.path.read_text().endswith("# by hand\n")


def test_a_file_that_may_only_be_read_is_to_be_copied(desk: Desk) -> None:
    gate, square = desk.scene["places"]
    gate["points"][0] = [0.2, 0.6]
    desk.house.read_only = True
    answer = desk.post("save", [gate, square]).json()
    assert "gate = { line = [[0.2, 0.6], [0.9, 0.62]] }" in answer["copy"]
    assert "+gate" in answer["difference"]
    assert desk.notes.entries == []


def test_what_a_configuration_refuses_is_said(desk: Desk) -> None:
    gate, square = desk.scene["places"]
    line = {**gate, "name": "square", "was": "square"}
    answer = desk.post("save", [gate, line])
    assert answer.status_code == 409
    assert "square" in answer.json()["error"]
    assert desk.house.config.camera("north").places[1].name == square["name"]


def test_a_wrong_drawing_is_not_saved(desk: Desk) -> None:
    gate, square = desk.scene["places"]
    answer = desk.post("save", [{**gate, "name": ""}, square])
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["message"] == "Give it a name."


def test_it_is_for_operators_of_this_camera(desk: Desk) -> None:
    for visitor, status in ((None, 401), (GUEST, 404), (VIEWER, 403), (ADMIN, 200)):
        client = visit(desk.house, edit.routes, visitor)
        assert client.get(PAGE).status_code == status
        assert client.get(f"{PAGE}/scene.json").status_code == status
        if status != 200:
            assert client.post(f"{PAGE}/save", json={"places": []}).status_code == status
    for path in ("", "/scene.json"):
        assert desk.client.get(f"/cameras/none/edit{path}").status_code == 404
