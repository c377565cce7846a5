"""The page of alerts in a real browser: it follows the socket, sounds where asked to, and is acknowledged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from web.browsing import URL, Sockets, browse, overflow, violations
from web.houses import FakeHouse
from web.pages.test_alerts import BUSY, FULL, RULES
from web.visits import ADMIN, OPERATOR, site

from passerby.records import Alert
from passerby.web.messages import Messages
from passerby.web.pages import alerts

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab

    from passerby.web.doors.policy import Visitor

expect = pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed").expect
pytest.importorskip("axe_playwright_python", reason="no browser tests: axe-playwright-python is not installed")

COUNT_BEEPS = """
window.beeps = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { window.beeps += 1; return start.call(this, at); };
"""


@pytest.fixture
def house() -> FakeHouse:
    house = FakeHouse(RULES)
    house.log = [Alert("full", "north", "square", "firing", "warning", house.clock.replace(minute=0))]
    return house


def show(tab: Tab, house: FakeHouse, visitor: Visitor = OPERATOR) -> Sockets:
    sockets = browse(tab, site(house, alerts.routes, visitor))
    tab.goto(f"{URL}/alerts")
    return sockets


def tell(sockets: Sockets, house: FakeHouse) -> None:
    sockets.tell(Messages(None).make(house))


def test_it_shows_what_fires_the_gravest_first_and_who_takes_care(tab: Tab, house: FakeHouse) -> None:
    tab.clock.install()
    sockets = show(tab, house)
    shown = tab.locator("#now > li:visible h3")
    expect(tab.locator("#calm")).to_be_visible()
    house.firing = [FULL]
    tell(sockets, house)
    expect(shown).to_have_text(["full"])
    expect(tab.locator("#alarm-news")).to_have_text("Alarm: full at north · square")
    house.firing = [replace(FULL, key="north.dark", rule="dark", place="", severity="critical"), FULL, BUSY]
    tell(sockets, house)
    expect(shown).to_have_text(["dark", "full", "busy"])
    expect(tab.locator('[data-key=".busy"]')).to_contain_text("cannot be evaluated, escalated")
    assert tab.title().startswith("(3) Alerts")
    assert violations(tab) == []

    full = tab.locator('[data-key="north.full"]')
    full.get_by_role("button", name="I take care of full").press("Enter")
    expect(full.get_by_role("button")).to_be_disabled()
    tell(sockets, house)
    expect(full).to_contain_text("Taken care of by olga")
    expect(full.get_by_role("button")).to_be_hidden()
    assert house.calls == [("acknowledge", "north.full", "olga")]
    assert tab.title().startswith("(2) Alerts")

    tab.clock.fast_forward(6000)
    expect(tab.locator("#lost")).to_contain_text("is not known")
    expect(shown).to_have_count(0)
    house.firing = []
    tell(sockets, house)
    expect(tab.locator("#calm")).to_be_visible()


def test_an_alarm_that_is_over_says_so(tab: Tab, house: FakeHouse) -> None:
    sockets = show(tab, house)
    house.firing = [FULL]
    tell(sockets, house)
    button = tab.get_by_role("button", name="I take care of full")
    expect(button).to_be_visible()
    house.firing = []
    button.click()
    expect(tab.get_by_text("This alarm is over already.")).to_be_visible()


def test_it_sounds_only_where_that_was_asked_for_and_remembers_it(tab: Tab, house: FakeHouse) -> None:
    tab.add_init_script(COUNT_BEEPS)
    tab.clock.install()
    sockets = show(tab, house)
    house.firing = [FULL]
    tell(sockets, house)
    expect(tab.locator("#calm")).to_be_hidden()
    assert tab.evaluate("beeps") == 0
    sound = tab.get_by_role("button", name="Sound an alarm here")
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    assert tab.evaluate("beeps") >= 2
    house.firing = [replace(FULL, acknowledged="olga")]
    tell(sockets, house)
    expect(tab.get_by_text("Taken care of by olga")).to_be_visible()
    before = tab.evaluate("beeps")
    tab.clock.fast_forward(4000)
    assert tab.evaluate("beeps") == before

    tab.reload()
    expect(sound).to_have_attribute("aria-pressed", "true")
    sound.click()
    tab.reload()
    expect(sound).to_have_attribute("aria-pressed", "false")


def test_on_a_phone_it_fits_and_is_for_everybody(tab: Tab, house: FakeHouse) -> None:
    tab.set_viewport_size({"width": 360, "height": 740})
    house.firing = [FULL, BUSY]
    tell(show(tab, house, ADMIN), house)
    expect(tab.locator("#live")).to_have_text("Live")
    assert overflow(tab) <= 0
    assert violations(tab) == []
    tab.set_viewport_size({"width": 1200, "height": 900})
