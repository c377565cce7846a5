"""People and keys as an admin sees them."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from web.entrance import PASSWORD, Entrance, Guest
from web.houses import FakeHouse

XSS = '"><script>alert(1)</script>'


@pytest.fixture
def entrance(tmp_path: Path) -> Entrance:
    entrance = Entrance(tmp_path / "state")
    entrance.account("vera", "viewer", frozenset({"north", "gone"}))
    return entrance


@pytest.fixture
def root(entrance: Entrance) -> Guest:
    return entrance.visitor("root")


def shown(text: str) -> str:
    """What is shown only once."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def test_an_invitation_is_shown_once_and_lets_in(entrance: Entrance, root: Guest) -> None:
    form = {"name": "Olga", "role": "viewer", "which": "chosen", "camera": ["north", "south"]}
    link = shown(root.post("/people", form).text)
    assert link.startswith("http://127.0.0.1:8440/first?token=")
    assert link.partition("token=")[2] not in root.get("/people").text
    assert entrance.visitor().get(link.removeprefix("http://127.0.0.1:8440")).status_code == 200
    assert entrance.doors.accounts.get("olga").cameras == frozenset({"north", "south"})


def test_roles_and_cameras_are_changed(entrance: Entrance, root: Guest) -> None:
    page = root.get("/people").text
    assert re.search(r'name="camera" value="gone" checked', page)  # one that is not configured any more
    vera = entrance.visitor("vera")
    form = {"role": "viewer", "which": "chosen", "camera": ["south"]}
    assert root.post("/people/vera", form).headers["location"] == "/people?done=change"
    assert entrance.doors.accounts.get("vera").cameras == frozenset({"south"})
    assert vera.get("/account").status_code == 303
    root.post("/people/vera", {"role": "admin", "which": "all"})
    assert entrance.doors.accounts.get("vera").role == "admin"


def test_a_reset_takes_the_password_away(entrance: Entrance, root: Guest) -> None:
    vera = entrance.visitor("vera")
    assert "/first?token=" in shown(root.post("/people/vera/reset").text)
    assert vera.get("/account").status_code == 303
    assert entrance.doors.accounts.check("vera", PASSWORD) is None
    assert "invited" in root.get("/people").text


def test_the_last_admin_stays_and_it_is_said(entrance: Entrance, root: Guest) -> None:
    for path, form in [
        ("/people/root/remove", {}),
        ("/people/root", {"role": "viewer"}),
        ("/people/root/reset", {}),
    ]:
        answer = root.post(path, form)
        assert answer.status_code == 409
        assert "last admin" in answer.text
    assert entrance.records() == []


@pytest.mark.parametrize("path", ["/people/nobody", "/people/nobody/reset", "/people/nobody/remove"])
def test_who_is_not_there(root: Guest, path: str) -> None:
    assert root.post(path, {"role": "viewer"}).status_code == 404


@pytest.mark.parametrize("form", [{"name": "vera"}, {"name": XSS}, {"name": ""}, {"name": "a", "role": "root"}])
def test_what_cannot_be_is_said(entrance: Entrance, root: Guest, form: dict[str, str]) -> None:
    answer = root.post("/people", {"role": "viewer", **form})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert len(entrance.doors.accounts.all()) == 2


def test_a_key_is_shown_once_and_opens(entrance: Entrance, root: Guest) -> None:
    assert "There is no key yet" in root.get("/keys").text
    form = {"label": "city", "role": "viewer", "which": "chosen", "camera": ["north"], "lasts": "30"}
    text = shown(root.post("/keys", form).text)
    page = root.get("/keys").text
    assert text not in page
    assert text.partition(".")[2] not in page
    assert "1 Jul 2026" in page
    program = entrance.visitor(key=text)
    assert program.get("/api/v1/cameras/north").status_code == 200
    assert program.get("/api/v1/cameras/south").status_code == 404
    (key,) = entrance.doors.keys.all()
    assert root.post(f"/keys/{key.id}/remove").headers["location"] == "/keys?done=remove"
    assert program.get("/api/v1/cameras/north").status_code == 401
    assert root.post(f"/keys/{key.id}/remove").status_code == 404


@pytest.mark.parametrize("form", [{"label": ""}, {"label": "x", "role": "admin"}, {"label": "x" * 65}])
def test_what_no_key_can_be_is_said(entrance: Entrance, root: Guest, form: dict[str, str]) -> None:
    assert root.post("/keys", {"role": "viewer", **form}).status_code == 422
    assert entrance.doors.keys.all() == []


def test_names_are_text_on_every_page(tmp_path: Path) -> None:
    """Whatever somebody could name something, no page runs it."""
    house = FakeHouse(f"site = {{ name = '{XSS}' }}\n")
    entrance = Entrance(tmp_path / "state", house=house)
    entrance.account("vera", "viewer", frozenset({XSS}))
    root = entrance.visitor("root")
    for path, form in [("/keys", {"label": XSS, "role": "viewer"}), ("/people", {"name": XSS, "role": XSS})]:
        assert "<script>alert" not in root.post(path, form).text
    entrance.doors.audit.record(XSS, XSS, XSS)
    query = "?" + "&".join(
        f"{key}=%22%3E%3Cscript%3Ealert(1)%3C/script%3E" for key in ("by", "what", "done", "next", "token")
    )
    for path in ("/people", "/keys", "/audit", "/account", "/sign-in", "/first"):
        for who in (root, entrance.visitor()):
            text = who.get(path + query).text
            assert "<script>alert" not in text
            assert not re.search(r"\son\w+\s*=|\sstyle\s*=|<style|javascript:", text)
