"""The doors in a real browser: from the printed link to an invited viewer, with forms as browsers send them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from web.browsing import overflow, violations
from web.entrance import PASSWORD, Entrance

from passerby.config import Web
from passerby.web.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed")
pytest.importorskip("axe_playwright_python", reason="no browser tests: axe-playwright-python is not installed")

PREFIX = "/town/passerby"  # what leaves it out leads nowhere; tests/web/test_shown.py goes this way without one


def judge(tab: Tab) -> None:
    """Everybody can use the page, on a small screen too."""
    tab.set_viewport_size({"width": 360, "height": 740})
    assert overflow(tab) <= 0, tab.url
    assert violations(tab, ("light",)) == [], tab.url  # the dark colours are those of all pages
    tab.set_viewport_size({"width": 1100, "height": 800})


def choose(tab: Tab, password: str = PASSWORD) -> None:
    tab.fill("[name=password]", password)
    tab.fill("[name=again]", password)


def test_from_the_printed_link_to_an_invited_viewer(browser: Browser, tmp_path: Path) -> None:
    entrance = Entrance(tmp_path / "state", Web(port=0, prefix=PREFIX))
    entrance.doors.keys.add("city dashboard", "viewer", None, None)
    with (
        served(entrance.app.asgi, entrance.web) as url,
        browser.new_context(reduced_motion="reduce") as mine,
        browser.new_context(reduced_motion="reduce", java_script_enabled=False) as hers,
    ):
        tab = mine.new_page()
        tab.goto(entrance.app.first_link(url))
        judge(tab)
        tab.fill("[name=name]", "ada")
        choose(tab)
        tab.click("text=Make account")
        tab.wait_for_url(url)

        tab.goto(f"{url}people")
        form = tab.locator(f'form[action="{PREFIX}/people"]')
        form.locator("[name=name]").fill("vera")
        form.locator("[value=chosen]").check()
        form.locator("[value=north]").check()
        form.locator("button").click()
        link = tab.locator("textarea").input_value()
        judge(tab)
        for path in ("keys", "audit", "account"):
            tab.goto(url + path)
            judge(tab)

        vera = hers.new_page()  # who has no scripts
        vera.goto(f"{url}areas")
        assert vera.url == f"{url}sign-in?next=/areas"
        vera.goto(link)
        choose(vera)
        vera.click("text=Set password")
        assert vera.url == url
        assert vera.goto(f"{url}cameras/north").status == 200  # type: ignore[union-attr]
        for path, status in [("cameras/south", 404), ("people", 403), ("audit", 403), ("cameras/north/edit", 403)]:
            assert vera.goto(url + path).status == status, path  # type: ignore[union-attr]

        tab.goto(f"{url}people")
        tab.locator("summary").nth(1).click()
        tab.locator(f'form[action="{PREFIX}/people/vera/remove"] button').click()
        assert "Removed" in tab.locator(".notice").inner_text()
        vera.goto(f"{url}cameras/north")
        assert vera.url == f"{url}sign-in?next=/cameras/north"
    assert entrance.said == []
    assert [what for _, what, _ in entrance.records()] == [
        "make the first account",
        "invite a person",
        "set a password by invitation",
        "remove a person",
    ]
