"""The live pages in a real browser: what is told is shown, what is old is not, and everybody can use them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from web.browsing import URL, Sockets, browse, overflow, violations
from web.houses import EMPTY, FakeHouse
from web.visits import ADMIN, OPERATOR, VIEWER, site

from passerby.areas import Held
from passerby.ghost import Glyph, Moment, Value
from passerby.web.house import Alarm, PlateNow
from passerby.web.messages import Messages
from passerby.web.pages import areas, camera, overview, steward
from passerby.web.pages.rendering import Pages

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab
    from starlette.routing import BaseRoute

    from passerby.ghost import Live
    from passerby.records import Picture
    from passerby.web.doors.policy import Visitor

expect = pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed").expect
pytest.importorskip("axe_playwright_python", reason="no browser tests: axe-playwright-python is not installed")

ALARM = Alarm("north.full", "full", "north", "square", "firing", "critical")


def everything(pages: Pages) -> list[BaseRoute]:
    return [*overview.routes(pages), *areas.routes(pages), *steward.routes(pages), *camera.routes(pages)]


@pytest.fixture
def house() -> FakeHouse:
    house = FakeHouse()
    values = (Value("square", "density", "2-2.5", 2.2), Value("square", "inside", "30-34", 31.0))
    seen = (Glyph("person", 0.5, 0.5), Glyph("person", 0.25, 0.75), Glyph("bicycle", 0.75, 0.75))
    house.moments["north"] = Moment("north", "ghost", "ok", values, seen)
    house.moments["south"] = Moment("south", "bands", "ok", (Value("pitch", "inside", "few", None),))
    house.held["fairground"] = Held(34.0, 80, below=3)
    return house


def show(tab: Tab, house: FakeHouse, path: str, visitor: Visitor = ADMIN) -> Sockets:
    sockets = browse(tab, site(house, everything, visitor))
    tab.goto(f"{URL}{path}")
    return sockets


def tell(sockets: Sockets, house: FakeHouse, ghost: str | None = None) -> None:
    sockets.tell(Messages(None, ghost=ghost).make(house))


def test_the_overview_shows_what_is_told_and_never_what_is_old(tab: Tab, house: FakeHouse) -> None:
    tab.clock.install()
    sockets = show(tab, house, "/")
    north, fairground = tab.locator('[data-camera="north"]'), tab.locator('[data-area="fairground"]')
    expect(fairground).to_contain_text("no data")
    tell(sockets, house)
    expect(tab.locator("#live")).to_have_text("Live")
    expect(tab.locator("#clock")).to_have_text("12:00:00")
    expect(north.locator("dd")).to_have_text(["2.2 per m²", "31"])
    expect(tab.locator('[data-camera="south"] dd')).to_have_text("few")
    expect(fairground).to_contain_text("30–34")
    expect(fairground).to_contain_text("may be off by 5")
    expect(tab.locator("#alarms")).to_be_hidden()

    house.firing = [ALARM]
    house.known["north"] = replace(house.known["north"], state="offline", reason="it did not answer for 10 s.")
    house.moments["north"] = Moment("north", "ghost", "silent")
    tell(sockets, house)
    expect(tab.locator("#alarms li")).to_contain_text(["full"])
    expect(tab.locator("#alarm-news")).to_have_text("Alarm: full at north · square")
    assert tab.title().startswith("(1) Overview")
    expect(north.locator(".chip")).to_have_text("Offline")
    expect(north.locator(".reason")).to_contain_text("Check its power")
    expect(north.locator("dd").first).to_have_text("no data")
    assert violations(tab) == []

    tab.clock.fast_forward(6000)
    expect(tab.locator("#live")).to_have_text("No data")
    expect(tab.locator('[data-camera="south"] dd')).to_have_text("no data")
    expect(fairground).not_to_contain_text("30–34")
    expect(tab.locator("#alarms li")).to_contain_text(["not known"])


def test_a_new_site_begins_with_a_camera(tab: Tab) -> None:
    show(tab, FakeHouse(EMPTY), "/")
    expect(tab.get_by_role("heading", name="Add your first camera")).to_be_visible()
    expect(tab.get_by_role("link", name="Add a camera")).to_have_attribute("href", "/cameras/new")
    assert violations(tab) == []


def test_the_ghost_view_shows_marks_on_the_field_and_in_a_table(tab: Tab, house: FakeHouse) -> None:
    sockets = show(tab, house, "/cameras/north")
    expect(tab.locator("#veil")).to_have_text("Connecting")
    tell(sockets, house, "north")
    expect(tab.locator("#veil")).to_be_hidden()
    expect(tab.locator("use.glyph")).to_have_count(3)
    expect(tab.locator(".place")).to_have_count(2)
    sizes = {
        (m.get_attribute("width"), m.get_attribute("height")) for m in tab.locator(".kind-person.glyph").all()
    }
    assert len(sizes) == 1
    assert tab.locator("#marks-rows tr").all_inner_texts() == ["person\t2", "bicycle\t1"]
    expect(tab.locator("#plate-note")).to_contain_text("No picture")
    assert violations(tab) == []


def test_a_blank_field_shows_where_marks_stand_again_and_again_and_no_track(tab: Tab, house: FakeHouse) -> None:
    tab.clock.install()
    sockets = show(tab, house, "/cameras/north")
    for y, shown in [(0.5, "0.51"), (0.5, "0.51"), (0.75, "0.76"), (0.5, "0.51")]:  # three times here, once there
        house.moments["north"] = Moment("north", "ghost", "ok", (), (Glyph("person", 0.25, y),))
        tell(sockets, house, "north")
        expect(tab.locator(f'use.glyph[data-y^="{shown}"]')).to_have_count(1)
        tab.clock.fast_forward(5100)
    expect(tab.locator("circle.trace")).to_have_count(1)
    tab.clock.fast_forward(400_000)
    tell(sockets, house, "north")
    expect(tab.locator("circle.trace")).to_have_count(0)


def test_a_moved_camera_is_stale_and_shows_nothing(tab: Tab, house: FakeHouse, picture: Picture) -> None:
    house.plates["north"] = PlateNow("stale", picture, is_stale=True)
    house.known["north"] = replace(house.known["north"], plate="stale", state="degraded", reason="it was moved")
    sockets = show(tab, house, "/cameras/north")
    tell(sockets, house, "north")
    expect(tab.locator("use.glyph")).to_have_count(3)
    house.moments["north"] = Moment("north", "ghost", "moved")
    tell(sockets, house, "north")
    expect(tab.locator("#veil")).to_contain_text("The camera was moved")
    expect(tab.locator("#reason")).to_contain_text("Turn it back")
    expect(tab.locator("use.glyph")).to_have_count(0)
    expect(tab.locator("#values dd").first).to_have_text("no data")
    expect(tab.locator(".stale-plate image")).to_have_count(1)
    assert violations(tab) == []


@pytest.mark.parametrize("live", ["off", "bands", "numbers"])
def test_no_mark_is_drawn_of_a_camera_that_shows_none(
    tab: Tab, house: FakeHouse, picture: Picture, live: Live
) -> None:
    house.known["north"] = replace(house.known["north"], live=live)
    house.moments["north"] = Moment("north", live, "ok", house.moments["south"].values)
    house.plates["north"] = PlateNow("approved", picture)
    sockets = show(tab, house, "/cameras/north", VIEWER)
    tell(sockets, house, "north")
    expect(tab.locator("#live")).to_have_text("Live")
    expect(tab.locator("#plate-note")).to_contain_text("with the marks only")
    assert tab.locator("image").count() == 0
    assert tab.locator("use.glyph").count() == 0
    assert tab.locator("#marks").count() == 0
    assert tab.locator("#values").count() == (live != "off")


def test_an_ended_session_leads_to_signing_in(tab: Tab, house: FakeHouse) -> None:
    sockets = show(tab, house, "/")
    tell(sockets, house)
    expect(tab.locator("#live")).to_have_text("Live")
    with tab.expect_navigation():
        sockets.close(4401)


def test_a_broken_connection_is_taken_up_again(tab: Tab, house: FakeHouse) -> None:
    tab.clock.install()
    sockets = show(tab, house, "/")
    tell(sockets, house)
    sockets.close()
    expect(tab.locator("#live")).to_have_text("No data")
    tab.clock.fast_forward(600)
    expect(tab.locator("#live")).to_have_text("Live")
    assert sockets.paths == ["/live", "/live"]


def test_areas_are_filled_and_set(tab: Tab) -> None:
    text = 'site = { name = "M", timezone = "UTC" }\n[camera.a]\nlive = "numbers"\n[camera.a.place]\n'
    text += 'gate = { line = [[0.1, 0.6], [0.9, 0.6]] }\n[area.hall]\nlines = ["a.gate"]\ncapacity = 50\n'
    house = FakeHouse(text)
    house.held["hall"] = Held(46.0, 50, since=house.clock, passes=100, drift=0.12)
    sockets = show(tab, house, "/areas", OPERATOR)
    tell(sockets, house)
    hall = tab.locator('[data-area="hall"]')
    expect(hall.locator(".held-amount")).to_have_text("46")
    expect(hall).to_contain_text("may be off by 12")
    expect(hall.get_by_role("progressbar")).to_have_attribute("value", "92")
    assert violations(tab) == []
    hall.get_by_label("counted by hand").fill("40")
    hall.get_by_label("counted by hand").press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("hall was set")
    assert house.calls == [("set_area", "hall", 40, "olga")]


def test_a_steward_sees_one_zone_in_the_sun(tab: Tab, house: FakeHouse) -> None:
    tab.set_viewport_size({"width": 360, "height": 740})
    tab.clock.install()
    elsewhere = replace(ALARM, key="x", rule="elsewhere", camera="south", place="pitch")
    of_the_area = replace(ALARM, key="y", rule="crowded", camera="", place="fairground", severity="warning")
    house.firing = [ALARM, elsewhere, of_the_area]
    sockets = show(tab, house, "/steward", VIEWER)
    tell(sockets, house)
    expect(tab.locator('[data-camera="north"]')).to_have_text("31")
    assert violations(tab) == []
    tab.get_by_role("link", name="square").click()
    expect(tab.locator("#amount")).to_have_text("31")
    expect(tab.locator("#density-word")).to_have_text("watch")
    expect(tab.locator("#alarm")).to_have_text("Alarm: full · Alarm: crowded")
    expect(tab.locator("#sound")).to_have_attribute("aria-pressed", "false")
    expect(tab.locator("#trend")).to_have_text("trend in a minute")
    assert overflow(tab) <= 0
    assert violations(tab) == []
    tab.clock.fast_forward(6000)
    expect(tab.locator("#amount")).to_have_text("no data")
    expect(tab.locator("#alarm")).to_contain_text("not known")
    expect(tab.locator("#trend")).to_have_text("")


def test_a_trend_compares_now_with_a_minute_ago(tab: Tab, house: FakeHouse) -> None:
    show(tab, house, "/steward")
    cases: list[tuple[list[tuple[int, int]], str]] = [
        ([(0, 10), (30, 11)], "wait"),
        ([(0, 10), (30, 11), (70, 14), (90, 15)], "rising"),
        ([(0, 15), (30, 14), (90, 10)], "falling"),
        ([(0, 100), (30, 100), (90, 105)], "steady"),
        ([(0, 0), (90, 0)], "steady"),
        ([(0, 90), (300, 10), (301, 10)], "wait"),
    ]
    words = tab.evaluate(
        """async (cases) => {
          const { Trend } = await import("/static/site/trend.js");
          return cases.map((samples) => {
            const trend = new Trend();
            for (const [time, value] of samples) trend.add(time, value);
            return trend.word;
          });
        }""",
        [samples for samples, _ in cases],
    )
    assert words == [word for _, word in cases]


def test_a_phone_is_wide_enough(tab: Tab, house: FakeHouse) -> None:
    tab.set_viewport_size({"width": 360, "height": 740})
    house.firing = [ALARM]
    sockets = show(tab, house, "/areas")
    tell(sockets, house)
    for path in ("/", "/areas", "/steward"):
        tab.goto(f"{URL}{path}")
        expect(tab.locator("#live")).to_have_text("Live")
        assert overflow(tab) <= 0
    tab.goto(f"{URL}/cameras/north")
    tell(sockets, house, "north")
    expect(tab.locator("use.glyph")).to_have_count(3)
    assert overflow(tab) <= 0
    tab.get_by_role("button", name="Menu").press("Enter")
    expect(tab.get_by_role("link", name="Audit log")).to_be_visible()
