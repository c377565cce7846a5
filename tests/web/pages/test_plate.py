"""The page of a camera's empty place: only an admin collects and approves, and only after looking."""

from __future__ import annotations

from dataclasses import replace

import pytest
from web.houses import FakeHouse
from web.visits import ADMIN, GUEST, OPERATOR, VIEWER, Notes, visit

from passerby.records import Picture
from passerby.web.doors.policy import Visitor
from passerby.web.house import PlateNow
from passerby.web.pages import plate

PNG = b"\x89PNG approved"
NEW = b"\x89PNG candidate"
AT = "/cameras/north/plate"
TICKED = {"candidate": "c1", "nobody": "on", "unreadable": "on", "no-likeness": "on"}


@pytest.fixture
def house() -> FakeHouse:
    return FakeHouse()


def waiting(**more: object) -> PlateNow:
    return replace(PlateNow("candidate", None, Picture(NEW, 320, 180), "c1", 0.93), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (PlateNow("none"), "Begin to collect"),
        (PlateNow("none", note="After 60 minutes only 40% was surely empty."), "only 40%"),
        (PlateNow("collecting", coverage=0.41), "41\u202f%"),
        (waiting(), "Nobody is in it"),
        (PlateNow("approved", Picture(PNG, 320, 180)), "Discard the approved picture"),
        (PlateNow("stale", Picture(PNG, 320, 180), note="The camera was moved."), "The camera was moved."),
    ],
)
def test_each_state_says_what_to_do(house: FakeHouse, now: PlateNow, said: str) -> None:
    house.plates["north"] = now
    answer = visit(house, plate.routes, ADMIN).get(AT)
    assert answer.status_code == 200
    assert said in answer.text
    assert "data:" not in answer.text


def test_lines_and_zones_lie_over_the_candidate(house: FakeHouse) -> None:
    house.plates["north"] = waiting()
    page = visit(house, plate.routes, ADMIN).get(AT).text
    assert 'class="line" points="100.0,337.5 900.0,348.75 "' in page
    assert 'class="zone"' in page


def test_only_an_admin_sees_a_candidate(house: FakeHouse) -> None:
    house.plates["north"] = waiting()
    for visitor, status in ((None, 401), (VIEWER, 403), (OPERATOR, 403), (GUEST, 404), (ADMIN, 200)):
        client = visit(house, plate.routes, visitor)
        for path in (AT, "/cameras/north/candidate.png"):
            assert client.get(path).status_code == status
        assert client.get("/cameras/north/plate.png").status_code != 200
    answer = visit(house, plate.routes, ADMIN).get("/cameras/north/candidate.png")
    assert (answer.content, answer.headers["cache-control"]) == (NEW, "no-store")


@pytest.mark.parametrize(
    ("camera", "visitor", "status"),
    [
        ("north", VIEWER, 200),  # shown as a ghost view
        ("north", GUEST, 404),
        ("south", VIEWER, 404),  # bands only: nothing of the picture is for viewers
        ("south", GUEST, 404),
        ("south", OPERATOR, 200),  # who draws on it
        ("south", ADMIN, 200),
    ],
)
def test_who_sees_an_approved_picture(house: FakeHouse, camera: str, visitor: Visitor, status: int) -> None:
    for name in house.plates:
        house.plates[name] = PlateNow("approved", Picture(PNG, 320, 180))
    answer = visit(house, plate.routes, visitor).get(f"/cameras/{camera}/plate.png")
    assert answer.status_code == status
    if status == 200:
        assert answer.content == PNG
        assert answer.headers["cache-control"] == "no-store"


def test_what_is_approved_is_what_was_looked_at_and_all_points_must_hold(house: FakeHouse) -> None:
    house.plates["north"] = waiting()
    notes = Notes()
    client = visit(house, plate.routes, ADMIN, audit=notes)
    for missing in ("nobody", "unreadable", "no-likeness"):
        answer = client.post(f"{AT}/approve", data={k: v for k, v in TICKED.items() if k != missing})
        assert answer.status_code == 422
        assert "all three points" in answer.text
    answer = client.post(f"{AT}/approve", data={**TICKED, "candidate": "c0"})
    assert answer.status_code == 409
    assert house.plates["north"].state == "candidate"
    assert (house.calls, notes.entries) == ([], [])
    answer = client.post(f"{AT}/approve", data=TICKED)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{AT}?done=approve")
    assert house.calls == [("approve_plate", "north", "c1", "ada")]
    assert notes.entries == [("ada", "approve picture", "north")]


@pytest.mark.parametrize("strict", [False, True])
def test_collecting_and_discarding_are_written_down(house: FakeHouse, strict: bool) -> None:
    notes = Notes()
    client = visit(house, plate.routes, ADMIN, audit=notes)
    assert client.post(f"{AT}/collect", data={"strict": "on"} if strict else {}).status_code == 303
    assert client.post(f"{AT}/discard").status_code == 303
    assert house.calls == [("collect_plate", "north", strict, "ada"), ("discard_plate", "north", "ada")]
    assert [what for _, what, _ in notes.entries] == [
        "collect picture as a drawing" if strict else "collect picture",
        "discard picture",
    ]


def test_without_a_model_it_is_a_drawing_and_the_page_says_what_that_misses(house: FakeHouse) -> None:
    assert "no model" not in visit(house, plate.routes, ADMIN).get(AT).text
    house.detector = "motion"
    notes = Notes()
    client = visit(house, plate.routes, ADMIN, audit=notes)
    assert "passerby models pull" in client.get(AT).text
    client.post(f"{AT}/collect")
    assert house.calls == [("collect_plate", "north", True, "ada")]
    assert notes.entries == [("ada", "collect picture as a drawing", "north")]
    house.plates["north"] = waiting(strict=True, by_motion=True)
    assert "hardly stirred may be in the drawing" in client.get(AT).text


@pytest.mark.parametrize("what", ["collect", "approve", "discard"])
def test_nobody_else_changes_anything(house: FakeHouse, what: str) -> None:
    house.plates["north"] = waiting()
    for visitor in (None, VIEWER, OPERATOR):
        assert visit(house, plate.routes, visitor).post(f"{AT}/{what}", data=TICKED).status_code in (401, 403)
    assert house.calls == []


def test_a_folder_that_cannot_be_written_is_told(house: FakeHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    house.plates["north"] = waiting()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(house, "approve_plate", full)
    notes = Notes()
    answer = visit(house, plate.routes, ADMIN, audit=notes).post(f"{AT}/approve", data=TICKED)
    assert (answer.status_code, notes.entries) == (500, [])
    assert "disk is not full" in answer.text


@pytest.mark.parametrize("path", ["plate", "plate.png", "candidate.png"])
def test_there_is_no_page_of_a_camera_that_is_not_there(house: FakeHouse, path: str) -> None:
    assert visit(house, plate.routes, ADMIN).get(f"/cameras/west/{path}").status_code == 404
