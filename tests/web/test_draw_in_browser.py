"""The editor in a real browser: lines and zones by mouse and by keyboard, saved and read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pytest

from passerby import web
from passerby.config import Drawing
from passerby.errors import ConfigError
from passerby.geometry import Line, Place, Zone
from passerby.records import Picture
from passerby.web.draw import Editor

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab

expect = pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed").expect


class Desk:
    """An open editor in a tab."""

    def __init__(self, tab: Tab, picture: Picture, places: Sequence[Place]) -> None:
        self.tab = tab
        self.full = False
        self.editor = Editor(picture, 16 / 9, places, self._save)

    def _save(self, drawing: Drawing) -> str:
        if self.full:
            raise ConfigError("street.toml cannot be written.", "Is the disk full?")
        return f"Wrote {len(drawing.places)} to street.toml."

    def at(self, x: float, y: float) -> tuple[float, float]:
        box = self.tab.locator("#stage").bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def click(self, x: float, y: float) -> None:
        self.tab.mouse.click(*self.at(x, y))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.tab.mouse.move(*self.at(*start))
        self.tab.mouse.down()
        self.tab.mouse.move(*self.at((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        self.tab.mouse.move(*self.at(*end))
        self.tab.mouse.up()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tab.keyboard.press(key)

    def save(self) -> tuple[Place, ...]:
        self.tab.get_by_role("button", name="Save", exact=True).click()
        expect(self.tab.locator("#result")).to_contain_text("Wrote")
        return self.editor.places


@pytest.fixture
def places() -> Sequence[Place]:
    return ()


@pytest.fixture
def desk(tab: Tab, picture: Picture, places: Sequence[Place]) -> Iterator[Desk]:
    desk = Desk(tab, picture, places)
    with web.serve(desk.editor) as door:
        tab.goto(door.url)
        tab.wait_for_selector("[data-ready]")
        yield desk


def close(points: Sequence[tuple[float, float]], *expected: tuple[float, float]) -> bool:
    return [tuple(p) for p in points] == [pytest.approx(e, abs=0.004) for e in expected]


def test_a_line_by_two_clicks_saved_and_read_again(desk: Desk) -> None:
    expect(desk.tab.get_by_text("Nothing is drawn yet")).to_be_visible()
    desk.tab.get_by_role("button", name="Add line").click()
    desk.click(0.2, 0.7)
    desk.click(0.8, 0.6)
    desk.tab.keyboard.type("north-gate")  # the name has the focus
    (line,) = desk.save()
    assert isinstance(line, Line)
    assert line.name == "north-gate"
    assert close(line.points, (0.2, 0.7), (0.8, 0.6))
    desk.tab.reload()
    expect(desk.tab.get_by_label("Name of the line")).to_have_value("north-gate")
    expect(desk.tab.locator(".handle")).to_have_count(2)


def test_a_line_by_one_drag(desk: Desk) -> None:
    desk.tab.get_by_role("button", name="Add line").click()
    desk.drag((0.3, 0.2), (0.3, 0.8))
    (line,) = desk.save()
    assert close(line.points, (0.3, 0.2), (0.3, 0.8))


def test_a_line_by_keyboard_alone(desk: Desk) -> None:
    desk.tab.get_by_role("button", name="Add line").focus()
    desk.press("Enter", "Shift+ArrowUp", "ArrowLeft", "ArrowLeft", "Tab", "Shift+ArrowRight", "ArrowDown")
    (line,) = desk.save()
    assert close(line.points, (0.296, 0.53), (0.72, 0.552))


def test_a_zone_by_clicks_closed_at_its_first_corner(desk: Desk) -> None:
    desk.tab.get_by_role("button", name="Add zone").click()
    for corner in [(0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6), (0.201, 0.202)]:
        desk.click(*corner)
    (zone,) = desk.save()
    assert isinstance(zone, Zone)
    assert close(zone.points, (0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6))


def test_escape_gives_up_and_enter_closes(desk: Desk) -> None:
    zone = desk.tab.get_by_role("button", name="Add zone")
    zone.click()
    desk.click(0.2, 0.2)
    desk.press("Escape")
    expect(zone).to_have_attribute("aria-pressed", "false")
    zone.click()
    for corner in [(0.2, 0.2), (0.6, 0.2), (0.6, 0.6)]:
        desk.click(*corner)
    desk.press("Enter")
    (place,) = desk.save()
    assert len(place.points) == 3


@pytest.mark.parametrize("places", [(Line("gate", (0.2, 0.5), (0.8, 0.5)),)])
def test_points_and_lines_are_moved_with_the_mouse(desk: Desk) -> None:
    desk.drag((0.2, 0.5), (0.1, 0.9))
    desk.drag((0.45, 0.7), (0.5, 0.6))
    (line,) = desk.save()
    assert close(line.points, (0.15, 0.8), (0.85, 0.4))


@pytest.mark.parametrize("places", [(Line("gate", (0.2, 0.5), (0.8, 0.5)),)])
def test_reverse_swaps_the_ends(desk: Desk) -> None:
    desk.tab.get_by_role("button", name="Reverse").click()
    expect(desk.tab.locator("#hint")).to_contain_text("in and out have changed sides")
    (line,) = desk.save()
    assert line.points == ((0.8, 0.5), (0.2, 0.5))


@pytest.mark.parametrize("places", [(Zone("square", ((0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6))),)])
def test_corners_come_and_go_by_mouse_keyboard_and_number(desk: Desk) -> None:
    desk.drag((0.4, 0.2), (0.4, 0.1))  # the middle of a side becomes a corner
    (zone,) = desk.save()
    assert close(zone.points, (0.2, 0.2), (0.4, 0.1), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6))
    desk.tab.get_by_role("button", name="square, corner 4").focus()
    desk.press("Delete")
    desk.tab.get_by_text("Points in numbers").click()
    desk.tab.get_by_label("square, corner 1, x").fill("0.05")
    (zone,) = desk.save()
    assert close(zone.points, (0.05, 0.2), (0.4, 0.1), (0.6, 0.2), (0.2, 0.6))


@pytest.mark.parametrize("places", [(Line("gate", (0.2, 0.5), (0.8, 0.5)), Line("door", (0.1, 0.1), (0.1, 0.4)))])
def test_delete_undo_and_redo(desk: Desk) -> None:
    tab = desk.tab
    tab.get_by_role("button", name="line gate").focus()
    desk.press("Delete")
    expect(tab.get_by_label("Name of the line")).to_have_count(1)
    desk.press("Control+z")
    expect(tab.get_by_label("Name of the line")).to_have_count(2)
    expect(tab.locator("#unsaved")).to_have_text("")
    desk.press("Control+Shift+z")
    expect(tab.get_by_label("Name of the line")).to_have_count(1)
    expect(tab.locator("#unsaved")).to_have_text("Not saved")
    tab.get_by_role("button", name="Undo").click()
    assert [place.name for place in desk.save()] == ["gate", "door"]


@pytest.mark.parametrize("places", [(Zone("square", ((0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6))),)])
def test_what_is_wrong_is_said_where_it_is_and_not_saved(desk: Desk) -> None:
    desk.drag((0.2, 0.2), (0.8, 0.4))  # over the opposite side
    expect(desk.tab.get_by_text("crosses or touches itself")).to_be_visible()
    name = desk.tab.get_by_label("Name of the zone")
    name.fill("<img src=x onerror=alert(1)>")
    expect(name).to_have_attribute("aria-invalid", "true")
    desk.tab.get_by_role("button", name="Save", exact=True).click()
    expect(desk.tab.get_by_role("alert")).to_contain_text("Not saved")
    assert [place.name for place in desk.editor.places] == ["square"]
    assert desk.tab.locator("img").count() == 0


@pytest.mark.parametrize("places", [(Line("gate", (0.2, 0.5), (0.8, 0.5)),)])
def test_an_error_of_saving_is_shown_and_nothing_is_lost(desk: Desk) -> None:
    desk.full = True
    desk.tab.get_by_role("button", name="Reverse").click()
    desk.tab.get_by_role("button", name="Save", exact=True).click()
    expect(desk.tab.get_by_role("alert")).to_contain_text("street.toml cannot be written. Is the disk full?")
    expect(desk.tab.locator("#unsaved")).to_have_text("Not saved")
    desk.full = False
    assert desk.save()[0].points == ((0.8, 0.5), (0.2, 0.5))


@pytest.mark.parametrize("places", [(Line("gate", (0.2, 0.5), (0.8, 0.5)),)])
def test_done_asks_before_changes_are_lost(desk: Desk) -> None:
    desk.tab.get_by_role("button", name="Reverse").click()
    desk.tab.get_by_role("button", name="Done").click()
    desk.tab.get_by_role("button", name="Save and finish").click()
    expect(desk.tab.get_by_role("heading", name="Done")).to_be_visible()
    assert desk.editor.wait(10)
    assert desk.editor.places[0].points == ((0.8, 0.5), (0.2, 0.5))


def test_a_server_that_is_gone_is_said(tab: Tab, picture: Picture) -> None:
    desk = Desk(tab, picture, (Line("gate", (0.2, 0.5), (0.8, 0.5)),))
    with web.serve(desk.editor) as door:
        tab.goto(door.url)
        tab.wait_for_selector("[data-ready]")
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.get_by_role("alert")).to_contain_text("Does it still run?")
