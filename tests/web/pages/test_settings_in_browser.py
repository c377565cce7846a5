"""The pages of settings in a real browser: axe, phones, copying, and what is shown before it is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from web.browsing import URL, browse, overflow, violations
from web.houses import STREET
from web.visits import ADMIN, site
from web.written import WrittenHouse

from passerby.web.pages import camera_settings, cameras_new, settings
from passerby.web.pages.rendering import Pages

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab
    from starlette.routing import BaseRoute

expect = pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed").expect
pytest.importorskip("axe_playwright_python", reason="no browser tests: axe-playwright-python is not installed")


def everything(pages: Pages) -> list[BaseRoute]:
    return [*settings.routes(pages), *cameras_new.routes(pages), *camera_settings.routes(pages)]


@pytest.fixture
def house(tab: Tab, tmp_path: Path) -> WrittenHouse:
    house = WrittenHouse(tmp_path / "site.toml", f'store = "rows.db"\n{STREET}')
    browse(tab, site(house, everything, ADMIN))
    return house


@pytest.mark.parametrize("path", ["/settings", "/cameras/new", "/cameras/north/settings"])
def test_they_are_accessible_and_fit_a_phone(tab: Tab, house: WrittenHouse, path: str) -> None:
    tab.goto(URL + path)
    for details in tab.locator("details").all():
        details.locator("summary").click()
    assert violations(tab) == []
    tab.set_viewport_size({"width": 360, "height": 800})
    assert overflow(tab) <= 0
    tab.set_viewport_size({"width": 1200, "height": 900})


def test_a_change_is_seen_then_written_or_copied(tab: Tab, house: WrittenHouse) -> None:
    tab.goto(f"{URL}/settings")
    tab.get_by_label("Fewest passes in a row").fill("25")
    tab.get_by_role("button", name="Show what changes").click()
    expect(tab.locator(".difference .added")).to_contain_text(["[privacy]", "k = 25"])
    assert violations(tab) == []
    tab.get_by_role("button", name="Write it").click()
    expect(tab.get_by_role("status")).to_have_text("Written, and read again.")
    assert house.config.rule.k == 25
    house.read_only = True
    tab.get_by_label("Fewest passes in a row").fill("30")
    tab.get_by_role("button", name="Show what changes").click()
    tab.get_by_role("button", name="Write it").click()
    expect(tab.locator("#copy-text")).to_have_text("[privacy]\nk = 30")
    assert violations(tab) == []
    tab.get_by_role("button", name="Copy").click()
    expect(tab.locator("#copy-said")).to_contain_text("opied")


def test_what_is_wrong_stands_beside_its_field(tab: Tab, house: WrittenHouse) -> None:
    tab.goto(f"{URL}/cameras/new")
    tab.get_by_label("Name").fill("north")
    tab.get_by_label("Address").fill("file:///etc/passwd")
    tab.get_by_label("Password").fill("hush")
    tab.get_by_role("button", name="Add the camera").click()
    expect(tab.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    described = re.compile("begins with rtsp, rtsps, http or https")
    expect(tab.get_by_label("Address")).to_have_accessible_description(described)
    expect(tab.get_by_label("Password")).to_have_value("")
    assert violations(tab) == []
