"""Signing in and out: who gets a session, where it leads, and what a wrong password costs."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web.entrance import PASSWORD, Entrance

from passerby.web.pages.sign_in import local

RIGHT = {"name": "vera", "password": PASSWORD}
WRONG = {"name": "vera", "password": "wrong horse battery"}


@pytest.fixture
def entrance(tmp_path: Path) -> Entrance:
    entrance = Entrance(tmp_path / "state")
    entrance.account("vera", "viewer", frozenset({"north"}))
    return entrance


def test_the_right_password_opens_and_the_way_leads_where_one_wanted_to_go(entrance: Entrance) -> None:
    guest = entrance.visitor()
    page = guest.get("/sign-in?next=/areas%3Fa%3Db")
    assert 'name="next" value="/areas?a=b"' in page.text
    entered = guest.post("/sign-in", {**RIGHT, "name": " Vera", "next": "/areas?a=b"}, csrf="")
    assert (entered.status_code, entered.headers["location"]) == (303, "/areas?a=b")
    cookie = entered.headers["set-cookie"]
    assert re.match(r"passerby-8440=[\w-]{43}; ", cookie)
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert guest.get("/areas").status_code == 200
    assert guest.get("/sign-in?next=/areas").headers["location"] == "/areas"
    assert guest.post("/sign-out").headers["location"] == "/sign-in"
    assert guest.get("/areas").status_code == 303
    assert guest.client.cookies == {}
    assert [what for _, what, _ in entrance.records()] == ["sign in", "sign out"]


def test_a_wrong_one_and_a_name_that_is_not_there_look_alike(entrance: Entrance) -> None:
    wrong = entrance.visitor().post("/sign-in", WRONG, csrf="")
    nobody = entrance.visitor().post("/sign-in", {**WRONG, "name": "eve"}, csrf="")
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.text.replace("vera", "eve") == nobody.text
    assert WRONG["password"] not in wrong.text
    assert "set-cookie" not in wrong.headers
    # both cost the same, and what was typed as a name is not kept
    assert entrance.records() == [("vera", "sign in refused", ""), ("nobody", "sign in refused", "")]


def test_wrong_ones_slow_down_and_lock_nobody_out(entrance: Entrance) -> None:
    far = entrance.visitor(address="203.0.113.9")
    statuses = [far.post("/sign-in", WRONG, csrf="").status_code for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    answer = far.post("/sign-in", RIGHT, csrf="")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")  # the right one waits too
    assert entrance.visitor().post("/sign-in", RIGHT, csrf="").status_code == 303  # not at the machine itself
    entrance.hands.pass_(timedelta(seconds=1))
    assert far.post("/sign-in", RIGHT, csrf="").status_code == 303


AWAY = [
    *("//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\t/evil.example"),
    *("\\\\e", "evil", "", "/ /e", "/a\nb", "///e", "/%0a\r"),
]


@pytest.mark.parametrize("to", AWAY)
def test_the_way_never_leads_away(entrance: Entrance, to: str) -> None:
    guest = entrance.visitor()
    assert guest.post("/sign-in", {**RIGHT, "next": to}, csrf="").headers["location"] == "/"
    assert guest.client.get("/sign-in", params={"next": to}).headers["location"] == "/"


@given(st.text(alphabet="/\\:.ae@?#% \t\n\x00é", max_size=12))
def test_no_text_leads_away(to: str) -> None:
    led = local(to)
    assert led.startswith("/")
    assert led[1:2] not in ("/", "\\")
    assert not re.search(r"[\\\s\x00]", led)


def test_before_the_first_account_the_page_says_where_the_link_is(tmp_path: Path) -> None:
    text = Entrance(tmp_path / "state").visitor().get("/sign-in").text
    assert "printed a link on the terminal" in text
    assert "token" not in text
