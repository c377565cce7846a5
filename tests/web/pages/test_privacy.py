"""The pages of privacy: who gets which, what stands there, and that they can be used and printed by everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from web.browsing import URL, browse, overflow, violations
from web.houses import EMPTY, STREET, FakeHouse
from web.visits import ADMIN, GUEST, OPERATOR, VIEWER, site, visit

from passerby.privacy import PROMISE
from passerby.web.pages import privacy

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab

PATHS = ("/privacy", "/privacy/sign", "/privacy/assessment")
FULL = STREET.replace('name = "Market"', 'name = "Market", operator = "City <b>", contact = "ask@city.example"')


def page(path: str, text: str = STREET) -> str:
    return str(visit(FakeHouse(text), privacy.routes, ADMIN).get(path).text)


def test_everybody_who_is_signed_in_reads_what_is_kept_shown_and_sent() -> None:
    text = visit(FakeHouse(), privacy.routes, VIEWER).get("/privacy").text
    assert PROMISE in text
    assert "north: source stream" in text
    assert "Who may see what" in text
    assert "/privacy/assessment" not in text  # an operator's
    assert "/privacy/assessment" in page("/privacy")


def test_a_guest_reads_of_the_own_cameras_only() -> None:
    guest = visit(FakeHouse(), privacy.routes, GUEST)
    assert "north" not in guest.get("/privacy").text
    assert "north" not in guest.get("/privacy/sign").text
    assert "south" in guest.get("/privacy").text
    for path in ("/privacy/assessment", "/privacy/assessment.md"):
        assert guest.get(path).status_code == 403


def test_the_sign_has_what_is_known_and_shows_what_is_not() -> None:
    text = page("/privacy/sign")
    assert text.count("to be filled in") == 3
    assert 'data-paper="a4"' in text
    known = page("/privacy/sign?paper=a3", FULL)
    assert "City &lt;b&gt;" in known
    assert "ask@city.example" in known
    assert known.count("to be filled in") == 1  # purpose and legal basis
    assert 'data-paper="a3"' in known
    assert 'data-paper="a4"' in page("/privacy/sign?paper=%22")
    assert "No counts." in page("/privacy/sign", EMPTY)


def test_the_draft_is_a_page_and_a_document() -> None:
    client = visit(FakeHouse(FULL), privacy.routes, OPERATOR)
    assert "To be filled in" in client.get("/privacy/assessment").text
    document = client.get("/privacy/assessment.md")
    assert document.headers["content-type"].startswith("text/markdown")
    assert "attachment" in document.headers["content-disposition"]
    assert document.text.startswith("# Data protection impact assessment: draft\n")


def test_they_are_for_everybody_on_every_screen_and_fit_on_paper(tab: Tab) -> None:
    expect = pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed").expect
    pytest.importorskip("axe_playwright_python", reason="no axe-playwright-python")
    browse(tab, site(FakeHouse(), privacy.routes, ADMIN))
    for path in PATHS:
        tab.set_viewport_size({"width": 360, "height": 740})
        tab.goto(f"{URL}{path}")
        assert overflow(tab) <= 0
        assert violations(tab) == []
    tab.set_viewport_size({"width": 1200, "height": 900})
    tab.goto(f"{URL}/privacy/sign")
    expect(tab.get_by_role("button", name="Print")).to_be_visible()
    tab.emulate_media(media="print", color_scheme="dark")
    expect(tab.locator(".masthead")).to_be_hidden()
    expect(tab.locator(".page-head")).to_be_hidden()
    expect(tab.locator(".sheet")).to_have_css("background-color", "rgb(255, 255, 255)")
    tab.emulate_media(media="null", color_scheme="no-preference")
    for paper in privacy.PAPERS:
        tab.goto(f"{URL}/privacy/sign?paper={paper}")
        assert tab.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
