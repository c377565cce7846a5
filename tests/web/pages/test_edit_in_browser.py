"""The editor of a live camera in a real browser: ground points, what saving changes, touch, keyboard, axe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from web.browsing import URL, Sockets, browse, overflow, violations
from web.houses import STREET
from web.visits import OPERATOR, site
from web.written import WrittenHouse

from passerby.ghost import Glyph, Moment
from passerby.records import Picture
from passerby.web.house import PlateNow
from passerby.web.messages import Messages
from passerby.web.pages import edit

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

expect = pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed").expect
pytest.importorskip("axe_playwright_python", reason="no browser tests: axe-playwright-python is not installed")

GROUND = [
    ("0.12", "0.91", "0", "0"),
    ("0.88", "0.93", "6", "0"),
    ("0.71", "0.4", "6", "20"),
    ("0.3", "0.39", "0", "20"),
]


class Desk:
    """The editor of camera north, with a real file, in a tab."""

    def __init__(self, tab: Tab, path: Path, picture: Picture | None) -> None:
        self.tab = tab
        self.house = WrittenHouse(path, STREET)
        if picture is not None:
            self.house.plates["north"] = PlateNow("approved", picture)
        self.sockets: Sockets = browse(tab, site(self.house, edit.routes, OPERATOR))
        tab.goto(f"{URL}/cameras/north/edit")
        tab.wait_for_selector("[data-ready]")

    def at(self, x: float, y: float) -> tuple[float, float]:
        box = self.tab.locator("#stage").bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tab.keyboard.press(key)

    def save(self, says: str = "Written to site.toml.") -> None:
        self.tab.get_by_role("button", name="Save", exact=True).click()
        expect(self.tab.locator("#result")).to_contain_text(says)

    def add_ground(self) -> None:
        for letter, row in zip("ABCD", GROUND, strict=True):
            self.tab.get_by_role("button", name="Add ground point").press("Enter")
            for axis, value in zip(("x in the picture", "y in the picture", "X in m", "Y in m"), row, strict=True):
                self.tab.get_by_label(f"{letter}, {axis}").fill(value)


@pytest.fixture
def desk(tab: Tab, tmp_path: Path, picture: Picture) -> Desk:
    return Desk(tab, tmp_path / "site.toml", picture)


def test_ground_points_are_set_by_click_and_number_and_judged(desk: Desk) -> None:
    tab = desk.tab
    expect(tab.locator("#no-ground")).to_be_visible()
    tab.get_by_role("button", name="Add ground point").click()
    tab.mouse.click(*desk.at(0.12, 0.98))
    expect(tab.get_by_label("A, X in metres")).to_be_focused()
    expect(tab.locator("#ground-said")).to_contain_text("four points or more; 1 so far")
    expect(tab.locator("#ground")).to_contain_text("Say where it lies, in metres.")
    desk.press("Control+s")
    expect(tab.locator("#result")).to_contain_text("mend first")
    tab.get_by_role("button", name="Delete point A").click()
    desk.add_ground()
    expect(tab.locator("#ground-said")).to_contain_text("the camera hangs")
    expect(tab.locator(".ground-grid path").first).to_be_attached()
    expect(tab.locator("#change-list")).to_contain_text("The ground changes")
    desk.save()
    assert desk.house.config.camera("north").ground is not None
    assert "ground = [[0.12, 0.91, 0, 0], [0.88, 0.93, 6, 0]" in desk.house.path.read_text()
    tab.get_by_label("C, Y in metres").fill("2")
    expect(
        tab.locator("#ground-said .notice[data-kind=warn], #ground-said .notice[data-kind=bad]")
    ).to_be_visible()
    tab.get_by_role("button", name="Undo").click()
    expect(tab.get_by_label("C, Y in metres")).to_have_value("20")


def test_ground_points_are_moved_by_mouse_and_keyboard(desk: Desk) -> None:
    tab = desk.tab
    desk.add_ground()
    point = tab.get_by_role("button", name="A, ground point")
    point.focus()
    desk.press("ArrowRight", "Shift+ArrowUp")
    expect(tab.get_by_label("A, x in the picture")).to_have_value("0.122")
    expect(tab.get_by_label("A, y in the picture")).to_have_value("0.89")
    desk.press("Delete")
    expect(tab.get_by_label("A, X in metres")).to_have_count(0)
    desk.press("Control+z")
    expect(tab.get_by_label("A, X in metres")).to_have_value("0")


def test_what_saving_changes_is_said_and_asked(desk: Desk) -> None:
    tab = desk.tab
    tab.get_by_role("button", name="zone square").focus()
    desk.press("Delete")
    expect(tab.locator("#change-list")).to_contain_text("square goes: nothing more is counted there.")
    expect(tab.locator("#dependent-list li")).to_have_text(["the measure inside", "the alert full"])
    desk.save("say first that what names a removed place may go too")
    expect(tab.get_by_label("Remove them too")).to_be_focused()
    tab.get_by_label("Remove them too").check()
    desk.save()
    assert [place.name for place in desk.house.config.camera("north").places] == ["gate"]
    expect(tab.locator("#changes")).to_be_hidden()
    tab.get_by_label("Name of the line").fill("north-gate")
    expect(tab.locator("#change-list")).to_contain_text("gate becomes north-gate")
    desk.save()
    assert desk.house.config.camera("north").measures["crossings"].options["at"]


def test_a_conflict_and_a_file_that_may_only_be_read(desk: Desk) -> None:
    tab = desk.tab
    desk.house.read_only = True
    tab.get_by_role("button", name="Reverse").click()
    desk.save("Copy the change instead")
    expect(tab.locator("#copy-text")).to_contain_text("gate = { line = [[0.9, 0.62], [0.1, 0.6]] }")
    tab.get_by_role("button", name="Undo").click()
    expect(tab.locator("#copy")).to_be_hidden()
    desk.house.read_only = False
    other = Desk(tab.context.new_page(), desk.house.path, None)
    other.tab.get_by_role("button", name="Reverse").click()
    other.save()
    other.tab.close()
    desk.house.config = other.house.config
    tab.get_by_role("button", name="Reverse").click()
    desk.save("somebody else changed the lines and zones")


def test_traces_stand_on_a_blank_field(tab: Tab, tmp_path: Path) -> None:
    tab.clock.install()
    desk = Desk(tab, tmp_path / "site.toml", None)
    desk.house.moments["north"] = Moment("north", "ghost", "ok", (), (Glyph("person", 0.5, 0.5),))
    for _ in range(3):  # once or twice shows nothing
        expect(tab.locator(".trace")).to_have_count(0)
        desk.sockets.tell(Messages(None, ghost="north").make(desk.house))
        tab.clock.fast_forward(6000)
    expect(tab.locator(".trace")).to_have_count(1)
    assert desk.sockets.paths == ["/cameras/north/live"]


def test_it_is_accessible_and_fits_a_phone(desk: Desk) -> None:
    desk.add_ground()
    desk.tab.get_by_role("button", name="zone square").focus()
    desk.press("Delete")
    expect(desk.tab.locator("#dependents")).to_be_visible()
    assert violations(desk.tab) == []
    desk.tab.set_viewport_size({"width": 360, "height": 800})
    assert overflow(desk.tab) <= 0
    assert violations(desk.tab, ("light",)) == []
    desk.tab.set_viewport_size({"width": 1200, "height": 900})


def test_a_line_is_drawn_and_moved_by_touch(browser: Browser, tmp_path: Path, picture: Picture) -> None:
    how: dict[str, Any] = {
        "viewport": {"width": 360, "height": 800},
        "has_touch": True,
        "reduced_motion": "reduce",
    }
    with browser.new_context(**how) as window:
        desk = Desk(window.new_page(), tmp_path / "site.toml", picture)
        tab = desk.tab
        tab.get_by_role("button", name="Add line").tap()
        for spot in ((0.2, 0.1), (0.8, 0.2)):
            tab.touchscreen.tap(*desk.at(*spot))
        expect(tab.get_by_label("Name of the line").nth(1)).to_be_focused()
        desk.save()
        added = desk.house.config.camera("north").places[-1]
        assert [pytest.approx(p, abs=0.01) for p in added.points] == [(0.2, 0.1), (0.8, 0.2)]
        tab.get_by_role("button", name="Add ground point").tap()
        tab.touchscreen.tap(*desk.at(0.5, 0.3))
        expect(tab.get_by_label("A, X in metres")).to_be_focused()
