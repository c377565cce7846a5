"""The editor's routes: what is saved, what is refused, and when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from passerby import web
from passerby.config import Drawing
from passerby.errors import ConfigError
from passerby.geometry import Line
from passerby.records import Picture
from passerby.web.draw import Editor

GATE = Line("gate", (0.1, 0.6), (0.9, 0.6))
DOOR = {"name": "door", "kind": "line", "points": [[0.2, 0.3], [0.2, 0.9]]}
GROUND = [[0.12, 0.91, 0, 0], [0.88, 0.93, 6, 0], [0.71, 0.4, 6, 20], [0.3, 0.39, 0, 20]]
CROSSED = {"name": "bow", "kind": "zone", "points": [[0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.9]]}


class Desk:
    """An editor that is served, what it saved, and a browser's way to ask it."""

    def __init__(self, client: httpx.Client, picture: Picture) -> None:
        self.saved: list[Drawing] = []
        self.fails = False
        self.editor = Editor(picture, 16 / 9, (GATE,), self._save, title="film.mp4")
        self.client = client
        self.url = ""

    def _save(self, drawing: Drawing) -> str:
        if self.fails:
            raise ConfigError("street.toml cannot be written.", "Is the disk full?")
        self.saved.append(drawing)
        return f"Wrote {len(drawing.places)} places."

    def post(self, path: str, **asked: Any) -> httpx.Response:
        origin = f"http://{urlsplit(self.url).netloc}"
        headers = {"Origin": origin, **asked.get("headers", {})}
        return self.client.post(self.url + path, **{**asked, "headers": headers})


@pytest.fixture(scope="module")
def closed_desk(client: httpx.Client, picture: Picture) -> Iterator[Desk]:
    """One for all that is refused."""
    desk = Desk(client, picture)
    with web.serve(desk.editor) as door:
        desk.url = door.url
        yield desk


@pytest.fixture
def desk(client: httpx.Client, picture: Picture) -> Iterator[Desk]:
    desk = Desk(client, picture)
    with web.serve(desk.editor) as door:
        desk.url = door.url
        yield desk


def test_the_scene_has_the_places_that_are_there(desk: Desk) -> None:
    assert desk.client.get(f"{desk.url}scene.json").json() == {
        "title": "film.mp4",
        "aspect": 16 / 9,
        "plate": True,
        "places": [{"name": "gate", "kind": "line", "points": [[0.1, 0.6], [0.9, 0.6]], "was": "gate"}],
        "ground": [],
        "other_ground": "",
        "version": "",
    }


def test_save_hands_the_places_over_and_says_what_was_written(desk: Desk) -> None:
    answer = desk.post("save", json={"places": [DOOR]})
    assert (answer.status_code, answer.json()) == (200, {"saved": "Wrote 1 places."})
    assert desk.saved == [Drawing((Line("door", (0.2, 0.3), (0.2, 0.9)),))]
    assert desk.editor.places == desk.saved[0].places
    assert desk.client.get(f"{desk.url}scene.json").json()["places"] == [{**DOOR, "was": "door"}]


def test_ground_points_are_saved_and_judged(desk: Desk) -> None:
    told = desk.post("check", json={"places": [], "ground": GROUND}).json()
    assert told["problems"] == []
    assert told["ground"]["rms_m"] == 0
    assert 3 < told["ground"]["height_m"] < 30
    assert told["ground"]["grid"]
    assert desk.post("save", json={"places": [], "ground": GROUND}).status_code == 200
    assert desk.saved[0].ground == tuple(map(tuple, GROUND))
    assert desk.client.get(f"{desk.url}scene.json").json()["ground"] == GROUND


@pytest.mark.parametrize(
    ("ground", "says", "point"),
    [
        (GROUND[:3], "four points or more; 3 so far", None),
        ([*GROUND, [0.5, 0.5, None, 2]], "in metres", 4),
        ([*GROUND[:3], [1.5, 0.5, 0, 20]], "outside the picture", 3),
        ([[0.1 * n, 0.9, n, 0] for n in range(4)], "lie on one line", None),
    ],
)
def test_what_is_wrong_with_a_ground_is_said(desk: Desk, ground: Any, says: str, point: int | None) -> None:
    problem = desk.post("save", json={"places": [], "ground": ground}).json()["problems"][0]
    assert (problem["place"], problem["field"], problem["point"]) == (None, "ground", point)
    assert says in problem["message"]


def test_a_wrong_drawing_is_not_saved(desk: Desk) -> None:
    answer = desk.post("save", json={"places": [DOOR, CROSSED]})
    assert answer.status_code == 422
    assert [(p["place"], p["field"]) for p in answer.json()["problems"]] == [(1, "points")]
    assert desk.saved == []
    assert desk.editor.places == (GATE,)


def test_check_says_the_same_and_saves_nothing(desk: Desk) -> None:
    told = desk.post("check", json={"places": [CROSSED]})
    assert told.status_code == 200
    assert told.json()["problems"] == desk.post("save", json={"places": [CROSSED]}).json()["problems"]
    assert desk.post("check", json={"places": [DOOR]}).json() == {"problems": [], "overlaps": [], "ground": None}
    assert desk.saved == []


def test_an_error_of_ours_is_shown_as_its_sentence(desk: Desk) -> None:
    desk.fails = True
    answer = desk.post("save", json={"places": [DOOR]})
    assert answer.status_code == 409
    assert answer.json() == {"error": "street.toml cannot be written. Is the disk full?"}
    assert desk.editor.places == (GATE,)
    desk.fails = False
    assert desk.post("save", json={"places": [DOOR]}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"content": b"no json", "headers": {"Content-Type": "application/json"}}, 400),
        ({"json": {"places": [{"name": "a", "kind": "line", "points": [[0, 0]]}]}}, 400),
        ({"json": {"places": [DOOR]}, "headers": {"Content-Type": "text/plain"}}, 415),
        ({"data": {"places": "x"}}, 415),
        ({"content": b"[" * 300_000, "headers": {"Content-Type": "application/json"}}, 413),
        ({"json": {"places": [DOOR]}, "headers": {"Origin": "http://evil.example"}}, 403),
        ({"json": {"places": [DOOR]}, "headers": {"Origin": "null"}}, 403),
        ({"json": {"places": [DOOR]}, "headers": {"Host": "evil.example"}}, 421),
    ],
)
@pytest.mark.parametrize("path", ["save", "check"])
def test_what_no_page_of_ours_sends_is_refused(
    closed_desk: Desk, path: str, asked: dict[str, Any], status: int
) -> None:
    assert closed_desk.post(path, **asked).status_code == status
    assert closed_desk.saved == []


def test_save_check_and_done_are_not_for_get(desk: Desk) -> None:
    for path in ("save", "check", "done"):
        assert desk.client.get(desk.url + path).status_code == 405
    assert not desk.editor.wait(0)


def test_done_ends_the_wait(desk: Desk) -> None:
    assert not desk.editor.wait(0)
    assert desk.post("done", json={}).status_code == 204
    assert desk.editor.wait(10)


def test_without_a_picture_there_is_a_blank_field(client: httpx.Client) -> None:
    with web.serve(Editor(None, 1.0, (), lambda _: "")) as door:
        assert client.get(f"{door.url}scene.json").json()["plate"] is False
        assert client.get(f"{door.url}plate.png").status_code == 404
        assert "Lines and zones" in client.get(door.url).text
