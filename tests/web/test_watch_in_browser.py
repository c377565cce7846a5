"""The page on a film in a real browser: counts rise, and what is too old is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from passerby import web
from passerby.geometry import Line, Zone
from passerby.ghost import Glyph
from passerby.records import Picture
from passerby.web.watch import Counts, Live, Page

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

expect = pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed").expect

GATE = Line("gate", (0.1, 0.6), (0.9, 0.6))
HOSTILE = Zone("<img src=x onerror=document.title='bad'>", ((0.1, 0.1), (0.9, 0.1), (0.5, 0.5)))


def live(clock: str, counts: Counts, *glyphs: Glyph, **changed: Any) -> Live:
    return replace(Live(30.0, clock, 60.0, glyphs, counts), **changed)


def row(tab: Tab, place: str, name: str) -> list[str]:
    table = tab.get_by_role("table", name=place)
    return [text.strip() for text in table.get_by_role("row", name=name).get_by_role("cell").all_inner_texts()]


@pytest.fixture
def page(picture: Picture) -> Page:
    return Page("film.mp4", picture, 16 / 9, (GATE, HOSTILE))


@pytest.fixture
def shown(tab: Tab, page: Page) -> Iterator[Tab]:
    with web.serve(page) as door:
        tab.goto(door.url)
        yield tab


def test_counts_rise_while_it_is_watched(shown: Tab, page: Page) -> None:
    expect(shown.locator("#state-text")).to_have_text("Waiting for the first picture")
    page.publish(live("08:15:00", {"gate": {"in": {"person": 2}, "out": {}}}, Glyph("person", 0.5, 0.5)))
    expect(shown.locator("#clock")).to_have_text("08:15:00")
    assert row(shown, "gate", "all") == ["2", "0"]
    expect(shown.locator("use.glyph")).to_have_count(1)
    page.publish(live("08:15:30", {"gate": {"in": {"person": 5, "bicycle": 1}, "out": {"person": 3}}}))
    expect(shown.locator("#clock")).to_have_text("08:15:30")
    assert row(shown, "gate", "all") == ["6", "3"]
    assert row(shown, "gate", "person") == ["5", "3"]
    assert row(shown, "gate", "bicycle") == ["1", "0"]
    expect(shown.locator("use.glyph")).to_have_count(0)
    expect(shown.locator("#state-text")).to_have_text("Counting")


def test_a_zone_says_how_many_are_inside(shown: Tab, page: Page) -> None:
    counts = {HOSTILE.name: {"in": {"person": 7}, "out": {"person": 5}}}
    page.publish(live("", counts, inside={HOSTILE.name: {"person": 2}}))
    expect(shown.locator("#state-text")).to_have_text("Counting")
    assert row(shown, HOSTILE.name, "person") == ["7", "5", "2"]


def test_a_hostile_name_is_only_text(shown: Tab, page: Page) -> None:
    page.publish(live("", {}))
    expect(shown.get_by_role("table", name="<img src=x")).to_be_visible()
    assert shown.locator("img").count() == 0
    assert "bad" not in shown.title()


def test_the_end_is_told_once_and_outlives_the_server(tab: Tab, page: Page) -> None:
    with web.serve(page) as door:
        tab.goto(door.url)
        page.publish(live("08:16:00", {"gate": {"in": {"car": 4}, "out": {"car": 1}}}, done=True))
        expect(tab.locator("#state-text")).to_have_text("Finished")
        expect(tab.get_by_role("status")).to_contain_text("Finished. gate: 4 in, 1 out.")
    page.wait_alone(10)
    expect(tab.locator("#state-text")).to_have_text("Finished")
    assert row(tab, "gate", "car") == ["4", "1"]


def test_a_lost_server_is_no_data_and_not_the_last_value(tab: Tab, page: Page) -> None:
    with web.serve(page) as door:
        tab.goto(door.url)
        glyph = Glyph("car", 0.5, 0.5)
        page.publish(live("08:16:00", {}, glyph, inside={HOSTILE.name: {"car": 1}}))
        expect(tab.locator("use.glyph")).to_have_count(1)
    expect(tab.locator("#state-text")).to_have_text("No data")
    expect(tab.locator("#veil")).to_have_text("No data since 08:16:00")
    expect(tab.locator("use.glyph")).to_have_count(0)
    assert row(tab, HOSTILE.name, "car")[-1] == "–"


def test_what_is_older_than_five_seconds_is_no_data(browser: Browser, page: Page) -> None:
    with browser.new_page() as tab, web.serve(page) as door:
        tab.clock.install()
        tab.goto(door.url)
        page.publish(live("08:16:00", {}, Glyph("car", 0.5, 0.5)))
        expect(tab.locator("#state-text")).to_have_text("Counting")
        tab.clock.run_for(5600)
        expect(tab.locator("#state-text")).to_have_text("No data")
        expect(tab.locator("use.glyph")).to_have_count(0)
        page.publish(live("08:16:01", {}, Glyph("bus", 0.5, 0.5)))
        expect(tab.locator("#state-text")).to_have_text("Counting")
        expect(tab.locator("use.glyph")).to_have_count(1)


def test_the_viewer_chooses_the_pace(shown: Tab, page: Page) -> None:
    expect(shown.get_by_role("radio", name="Fastest")).to_be_checked()
    shown.get_by_role("radio", name="4×").check()
    shown.reload()  # the server remembers it
    expect(shown.get_by_role("radio", name="4×")).to_be_checked()
    assert page.pace == 4.0


def test_dark_can_be_chosen_and_stays(shown: Tab) -> None:
    def paper() -> str:
        return str(shown.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = paper()
    shown.get_by_role("radio", name="Dark").check()
    dark = paper()
    assert dark != light
    shown.reload()
    assert paper() == dark
    expect(shown.get_by_role("radio", name="Dark")).to_be_checked()


def test_nothing_is_wider_than_the_screen(shown: Tab, page: Page) -> None:
    counts = {"gate": {"in": {"motorcycle": 123456}, "out": {"motorcycle": 234567}}}
    page.publish(live("2026-05-01 08:15:00", counts))
    expect(shown.locator("#state-text")).to_have_text("Counting")
    for width in (320, 390, 700, 1200):
        shown.set_viewport_size({"width": width, "height": 800})
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
