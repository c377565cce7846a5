"""One's own account: the password, and where one is signed in."""

from __future__ import annotations

from pathlib import Path

import pytest
from web.entrance import PASSWORD, Entrance

NEW = "another horse battery"


@pytest.fixture
def entrance(tmp_path: Path) -> Entrance:
    entrance = Entrance(tmp_path / "state")
    entrance.account("vera", "viewer")
    return entrance


def test_a_new_password_ends_all_other_sessions(entrance: Entrance) -> None:
    other, guest = entrance.visitor("vera"), entrance.visitor()
    guest.post("/sign-in", {"name": "vera", "password": PASSWORD}, csrf="")
    changed = guest.post("/account/password", {"now": PASSWORD, "password": NEW, "again": NEW})
    assert changed.headers["location"] == "/account?done=password"
    assert "was changed" in guest.get("/account?done=password").text
    assert other.get("/account").status_code == 303
    assert entrance.doors.accounts.check("vera", NEW) is not None


@pytest.mark.parametrize(
    "form",
    [
        {"now": "wrong horse battery", "password": NEW, "again": NEW},
        {"password": NEW, "again": NEW},
        {"now": PASSWORD, "password": NEW, "again": NEW + "x"},
        {"now": PASSWORD, "password": "short", "again": "short"},
    ],
)
def test_without_the_old_one_or_with_a_bad_one_nothing_changes(entrance: Entrance, form: dict[str, str]) -> None:
    guest = entrance.visitor("vera")
    assert guest.post("/account/password", form).status_code == 422
    assert entrance.doors.accounts.check("vera", PASSWORD) is not None
    assert guest.get("/account").status_code == 200
    assert entrance.records() == []


def test_who_sits_at_a_session_cannot_guess_the_password(entrance: Entrance) -> None:
    guest = entrance.visitor("vera")
    csrf = guest.csrf()
    form = {"now": "wrong horse battery", "password": NEW, "again": NEW}
    for _ in range(12):
        guest.post("/account/password", form, csrf=csrf)
    right = guest.post("/account/password", {**form, "now": PASSWORD}, csrf=csrf)
    assert right.status_code == 422
    assert "too often" in right.text


def test_sessions_are_listed_and_ended(entrance: Entrance) -> None:
    guest, other, third = (entrance.visitor("vera") for _ in range(3))
    page = guest.get("/account").text
    assert page.count('action="/account/sessions/end"') == 2
    sessions = [session.id for session in entrance.doors.sessions.of("vera")]
    ended = guest.post("/account/sessions/end", {"session": sessions[0]})
    assert ended.headers["location"] == "/account?done=session"
    assert third.get("/account").status_code == 303
    assert guest.post("/account/sessions/end", {"session": sessions[0]}).status_code == 404
    guest.post("/account/sessions/end-others")
    assert other.get("/account").status_code == 303
    assert guest.get("/account").status_code == 200


def test_nobody_ends_another_s(entrance: Entrance) -> None:
    entrance.account("otto", "viewer")
    guest, other = entrance.visitor("vera"), entrance.visitor("otto")
    (session,) = entrance.doors.sessions.of("otto")
    assert guest.post("/account/sessions/end", {"session": session.id}).status_code == 404
    assert other.get("/account").status_code == 200
