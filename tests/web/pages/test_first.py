"""Links that are used once: the first account, and a password of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from web.entrance import PASSWORD, URL, Entrance

from passerby.web.doors.policy import Role

NEW = {"password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def entrance(tmp_path: Path) -> Entrance:
    return Entrance(tmp_path / "state")


def test_whoever_has_the_link_makes_the_first_account_once(entrance: Entrance) -> None:
    link = entrance.app.first_link(f"{URL}/")
    token = link.partition("token=")[2]
    assert link == f"{URL}/first?token={token}"
    guest = entrance.visitor()
    assert f'value="{token}"' in guest.get(f"/first?token={token}").text
    made = guest.post("/first", {"token": token, "name": "Ada", **NEW}, csrf="")
    assert (made.status_code, made.headers["location"]) == (303, "/")
    assert guest.get("/people").status_code == 200
    assert entrance.app.first_link(URL) == ""
    for path in ("/first", f"/first?token={token}"):
        assert entrance.visitor().get(path).status_code == 404
    again = entrance.visitor().post("/first", {"token": token, "name": "eve", **NEW}, csrf="")
    assert again.status_code == 404
    assert [account.name for account in entrance.doors.accounts.all()] == ["ada"]


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "ä"])
def test_nobody_else_does(entrance: Entrance, token: str) -> None:
    assert entrance.visitor().client.get("/first", params={"token": token}).status_code == 404
    answer = entrance.visitor().post("/first", {"token": token, "name": "eve", **NEW}, csrf="")
    assert answer.status_code == 404
    assert not entrance.doors.accounts.has_any()


@pytest.mark.parametrize(
    "form", [{**NEW, "again": "x"}, {"password": "short", "again": "short"}, {**NEW, "name": "<b>"}, {}]
)
def test_what_is_wrong_is_said_and_the_link_still_opens(entrance: Entrance, form: dict[str, str]) -> None:
    guest, token = entrance.visitor(), entrance.doors.first
    answer = guest.post("/first", {"token": token, "name": "ada", **form}, csrf="")
    assert answer.status_code == 422
    assert PASSWORD not in answer.text
    assert guest.post("/first", {"token": token, "name": "ada", **NEW}, csrf="").status_code == 303


def test_after_a_reset_the_link_gives_an_admin_another_password_once(entrance: Entrance) -> None:
    entrance.account("ada", "admin")
    entrance.account("olga", "operator")
    signed_in = entrance.visitor("ada")
    entrance.doors.reset_admin()
    token = entrance.app.first_link(URL).partition("token=")[2]
    guest = entrance.visitor()
    assert "Reset an admin" in guest.get(f"/first?token={token}").text
    wrong = guest.post("/first", {"token": token, "name": "ada", "password": "short", "again": "short"}, csrf="")
    assert wrong.status_code == 422
    form = {"token": token, "name": "ada", "password": "another lost one", "again": "another lost one"}
    assert guest.post("/first", form, csrf="").status_code == 303
    assert guest.get("/people").status_code == 200
    assert signed_in.get("/people").status_code != 200  # signed out
    assert entrance.visitor().post("/first", {**form, "name": "eve"}, csrf="").status_code == 404
    assert entrance.app.first_link(URL) == ""
    assert entrance.doors.accounts.check("ada", "another lost one") is not None
    roles = {account.name: account.role for account in entrance.doors.accounts.all()}
    assert (roles["ada"], roles["olga"], "eve" in roles) == ("admin", "operator", False)
    assert [(entry.by, entry.what) for entry in entrance.doors.audit.entries()][-2:] == [
        ("passerby", "let an admin be reset"),
        ("ada", "reset an admin"),
    ]


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_a_reset_makes_an_admin_of_whom_it_names(entrance: Entrance, role: Role) -> None:
    entrance.account("ada", "admin")
    entrance.account("olga", role)
    for name in ("olga", "eve"):
        entrance.doors.reset_admin()
        entrance.doors.make_first(name, PASSWORD)
    accounts = [entrance.doors.accounts.get(name) for name in ("ada", "olga", "eve")]
    assert {(each.role, each.cameras, each.has_password) for each in accounts} == {("admin", None, True)}


def test_an_invited_one_chooses_a_password_and_is_in(entrance: Entrance) -> None:
    entrance.account("olga", "operator")
    token = entrance.doors.accounts.add("vera", "viewer", ["north"])
    guest = entrance.visitor()
    assert "Welcome, vera" in guest.get(f"/first?token={token}").text
    taken = guest.post(
        "/first", {"token": token, "name": "root", **NEW}, csrf=""
    )  # a name that is sent is nothing
    assert taken.status_code == 303
    assert "vera" in guest.get("/account").text
    assert guest.get("/cameras/south").status_code == 404
    assert entrance.visitor().get(f"/first?token={token}").status_code == 404
