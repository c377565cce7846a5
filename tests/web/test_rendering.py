"""What every page of the service has, whoever looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from passerby.web.doors.policy import allow
from passerby.web.house import House
from passerby.web.pages.rendering import Pages, number, span
from web.houses import NOON, STREET, FakeHouse
from web.visits import ADMIN, CSRF, GUEST, VIEWER, visit


def empty_page(pages: Pages) -> Sequence[BaseRoute]:
    @allow(None)
    def show(request: Request) -> Response:
        notice = request.query_params.get("notice")
        return pages.render(request, "site/base.html", notice=notice)

    return [Route("/areas", show), Mount("/passerby", routes=[Route("/areas", show)])]


def test_the_fake_house_is_a_house() -> None:
    house: House = FakeHouse()
    assert [camera.name for camera in house.cameras()] == ["north", "south"]


def test_navigation_follows_the_role() -> None:
    nobody, viewer, admin = (
        visit(FakeHouse(), empty_page, who).get("/areas").text for who in (None, VIEWER, ADMIN)
    )
    assert "<nav" not in nobody
    assert "/audit" not in viewer
    assert 'href="/audit"' in admin
    assert 'href="/areas" aria-current="page"' in viewer


def test_every_address_begins_with_the_prefix() -> None:
    text = visit(FakeHouse(), empty_page, ADMIN).get("/passerby/areas").text
    assert 'href="/passerby/areas" aria-current="page"' in text
    assert 'src="/passerby/static/theme.js"' in text
    assert 'href="/a' not in text


def test_names_and_notices_are_text() -> None:
    house = FakeHouse(STREET.replace('"Market"', '"<b>Market</b>"'))
    text = visit(house, empty_page, replace(GUEST, name="<i>")).get("/areas?notice=<script>").text
    assert all(shown in text for shown in ("&lt;b&gt;Market", "&lt;i&gt;", "&lt;script&gt;"))
    assert not any(tag in text for tag in ("<b>", "<i>", "<script>"))


def test_forms_carry_the_visitor_s_token() -> None:
    assert f'name="csrf" value="{CSRF}"' in visit(FakeHouse(), empty_page, VIEWER).get("/areas").text


def test_times_are_those_of_the_site() -> None:
    pages = Pages(FakeHouse(), None, None)  # type: ignore[arg-type]
    template = pages._templates.from_string("{{ at|when }} {{ at|clock }} {{ at|iso }}")
    assert template.render(at=NOON) == "1 Jun 2026, 12:00 12:00 2026-06-01T12:00:00+01:00"


@pytest.mark.parametrize(
    ("value", "digits", "text"), [(None, 0, "–"), (1234567, 0, "1\u202f234\u202f567"), (-1.25, 1, "\u22121.2")]
)
def test_numbers(value: float | None, digits: int, text: str) -> None:
    assert number(value, digits) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(-3, "0 s"), (45, "45 s"), (125, "2 min"), (7500, "2 h 5 min"), (273600, "3 d 4 h")]
)
def test_spans(seconds: float, text: str) -> None:
    assert span(timedelta(seconds=seconds)) == text
