"""The live pages as documents: who gets what, and what stands there before anything is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from web.houses import EMPTY, NOON, STREET, FakeHouse
from web.visits import ADMIN, GUEST, OPERATOR, VIEWER, Notes, visit

from passerby.areas import Held
from passerby.ghost import Moment, Value
from passerby.web.house import PlateNow
from passerby.web.pages import areas, camera, overview, steward

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.routing import BaseRoute

    from passerby.web.doors.policy import Visitor
    from passerby.web.pages.rendering import Pages

    Routes = Callable[[Pages], list[BaseRoute]]

NET = """
site = { name = "Hall", timezone = "Europe/Lisbon" }
[camera.door]
live = "numbers"
[camera.door.place]
gate = { line = [[0.1, 0.6], [0.9, 0.6]] }
[area.hall]
lines = ["door.gate"]
capacity = 50
"""
PAGES = [
    (overview.routes, "/"),
    (areas.routes, "/areas"),
    (camera.routes, "/cameras/north"),
    (steward.routes, "/steward"),
    (steward.routes, "/steward/north/square"),
]


@pytest.fixture
def house() -> FakeHouse:
    house = FakeHouse()
    house.moments["north"] = Moment("north", "ghost", "ok", (Value("square", "inside", "4320-4324", 4321.0),))
    return house


@pytest.mark.parametrize(("routes", "path"), PAGES)
def test_only_those_who_are_signed_in_get_in(house: FakeHouse, routes: Routes, path: str) -> None:
    assert visit(house, routes, None).get(path).status_code == 401
    answer = visit(house, routes, VIEWER).get(path)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize(("routes", "path"), PAGES)
def test_nothing_of_this_moment_stands_in_a_document(house: FakeHouse, routes: Routes, path: str) -> None:
    house.held["fairground"] = Held(4321.0, 80, passes=4321)
    assert "4321" not in visit(house, routes, ADMIN).get(path).text


def test_a_guest_finds_nothing_of_other_cameras(house: FakeHouse) -> None:
    for routes, path in PAGES[:2]:
        text = visit(house, routes, GUEST).get(path).text
        assert "north" not in text
        assert "fairground" not in text
    assert "north" not in visit(house, steward.routes, GUEST).get("/steward").text
    assert visit(house, camera.routes, GUEST).get("/cameras/north").status_code == 404
    assert visit(house, steward.routes, GUEST).get("/steward/north/square").status_code == 404
    assert (
        visit(house, areas.routes, replace(OPERATOR, cameras=frozenset())).post("/areas/fairground").status_code
        == 404
    )


@pytest.mark.parametrize(
    ("routes", "path"),
    [
        (camera.routes, "/cameras/west"),
        (steward.routes, "/steward/west/square"),
        (steward.routes, "/steward/north/gate"),  # a line holds nothing
        (steward.routes, "/steward/north/%3Cscript%3E"),
    ],
)
def test_what_is_not_there_is_said_in_a_page(house: FakeHouse, routes: Routes, path: str) -> None:
    answer = visit(house, routes, ADMIN).get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("visitor", "text"),
    [(ADMIN, "Add your first camera"), (VIEWER, "There is no camera yet")],
)
def test_a_new_site_says_what_to_do(visitor: Visitor, text: str) -> None:
    assert text in visit(FakeHouse(EMPTY), overview.routes, visitor).get("/").text


def test_who_may_see_no_camera_is_told_so(house: FakeHouse) -> None:
    assert (
        "No camera is yours to see"
        in visit(house, overview.routes, replace(VIEWER, cameras=frozenset())).get("/").text
    )


def test_pages_without_areas_or_zones_say_where_they_come_from() -> None:
    assert "There is no area yet" in visit(FakeHouse(EMPTY), areas.routes, VIEWER).get("/areas").text
    assert "There is no zone yet" in visit(FakeHouse(EMPTY), steward.routes, VIEWER).get("/steward").text


def test_a_plate_that_waits_is_shown_to_admins(house: FakeHouse) -> None:
    house.known["north"] = replace(house.known["north"], plate="candidate")
    assert "/cameras/north/plate" in visit(house, overview.routes, ADMIN).get("/").text
    assert "/cameras/north/plate" not in visit(house, overview.routes, OPERATOR).get("/").text


def test_a_reason_is_told_with_what_to_do(house: FakeHouse) -> None:
    reason = "rtsp://10.0.4.12/<b> refuses the user or the password."
    house.known["north"] = replace(house.known["north"], state="offline", reason=reason)
    text = visit(house, overview.routes, VIEWER).get("/").text
    assert "It refuses the user or the password." in text
    assert "10.0.4.12" not in text
    page = visit(house, camera.routes, OPERATOR).get("/cameras/north").text
    assert "rtsp://10.0.4.12/&lt;b&gt; refuses" in page
    assert "10.0.4.12" not in visit(house, camera.routes, VIEWER).get("/cameras/north").text


def test_links_of_a_camera_follow_the_role(house: FakeHouse) -> None:
    viewer, operator, admin = (
        visit(house, camera.routes, who).get("/cameras/north").text for who in (VIEWER, OPERATOR, ADMIN)
    )
    assert "/cameras/north/charts" in viewer
    assert "/cameras/north/edit" not in viewer
    assert "/cameras/north/edit" in operator
    assert "/cameras/north/settings" not in operator
    assert "/cameras/north/settings" in admin


def test_a_drawn_plate_says_so(house: FakeHouse) -> None:
    house.plates["north"] = PlateNow("approved", strict=True)
    assert "holds no part of a photo" in visit(house, camera.routes, VIEWER).get("/cameras/north").text


def test_a_camera_that_is_not_watched_has_a_page(house: FakeHouse) -> None:
    del house.plates["north"]
    house.known["north"] = replace(house.known["north"], state="disabled", aspect=None, rate=None, wanted=None)
    assert "Switched off" in visit(house, camera.routes, VIEWER).get("/cameras/north").text


def test_a_hostile_name_is_only_text() -> None:
    house = FakeHouse(STREET.replace('name = "Market"', 'name = "</title><script>alert(1)</script>"'))
    house.detector = "<img src=x onerror=alert(1)>"
    text = visit(house, camera.routes, ADMIN).get("/cameras/north").text
    assert "<script>alert" not in text
    assert "<img" not in text


def test_a_steward_knows_the_densities_of_the_measure() -> None:
    text = visit(FakeHouse(), steward.routes, VIEWER).get("/steward/north/square").text
    assert 'data-safety="2.0 3.5 5.0"' in text
    ground = "ground = [[0.1, 0.9, 0, 0], [0.9, 0.9, 6, 0], [0.7, 0.4, 6, 20], [0.3, 0.4, 0, 20]]\n"
    own = STREET.replace('live   = "ghost"\n', f'live   = "ghost"\n{ground}', 1).replace(
        "[camera.north.alert]",
        'dense = { use = "density", at = "square", safety = [1.0, 2.0, 3.0] }\n[camera.north.alert]',
    )
    text = visit(FakeHouse(own), steward.routes, VIEWER).get("/steward/north/square").text
    assert 'data-safety="1.0 2.0 3.0"' in text


class TestSettingAnArea:
    def test_an_operator_sets_it_and_that_is_written_down(self) -> None:
        house, notes = FakeHouse(NET), Notes()
        answer = visit(house, areas.routes, OPERATOR, audit=notes).post("/areas/hall", data={"inside": " 12 "})
        assert (answer.status_code, answer.headers["location"]) == (303, "/areas?set=hall")
        assert house.calls == [("set_area", "hall", 12, "olga")]
        assert notes.entries == [("olga", "set area", "hall")]  # without how many
        assert "hall was set" in visit(house, areas.routes, OPERATOR).get("/areas?set=hall").text

    def test_a_viewer_cannot(self) -> None:
        house = FakeHouse(NET)
        assert visit(house, areas.routes, VIEWER).post("/areas/hall", data={"inside": "1"}).status_code == 403
        assert "<form" not in visit(house, areas.routes, VIEWER).get("/areas").text.split("<main")[1]
        assert house.calls == []

    @pytest.mark.parametrize("typed", ["", "-1", "4.5", "many", "1e3", "١٢", "9999999"])
    def test_what_is_no_number_is_refused_beside_its_field(self, typed: str) -> None:
        house = FakeHouse(NET)
        answer = visit(house, areas.routes, OPERATOR).post("/areas/hall", data={"inside": typed})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
        assert house.calls == []

    def test_an_area_over_zones_cannot_be_set(self, house: FakeHouse) -> None:
        assert (
            visit(house, areas.routes, OPERATOR).post("/areas/fairground", data={"inside": "1"}).status_code == 404
        )
        assert house.calls == []

    def test_the_notice_names_areas_only(self) -> None:
        assert "evil" not in visit(FakeHouse(NET), areas.routes, VIEWER).get("/areas?set=evil").text

    def test_how_sure_a_sum_is_stands_beside_it(self) -> None:
        house = FakeHouse(NET)
        house.held["hall"] = Held(9.0, 50, since=NOON, unseen=timedelta(minutes=12), drift=-0.01)
        text = visit(house, areas.routes, VIEWER).get("/areas").text
        assert "Set by hand" in text
        assert "1 Jun 2026, 12:00" in text
        assert "12 min" in text
