"""Every route that changes something leaves exactly one entry in the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.routing import Route

from passerby.records import Picture
from passerby.web.house import Changed, PlateNow
from web.entrance import PASSWORD, URL, Entrance
from web.houses import STREET, FakeHouse


@dataclass(frozen=True)
class Deed:
    """A request that changes something, and what the audit log says of it."""

    path: str
    form: dict[str, Any]  # or a JSON document, where it holds "places"
    by: str = "root"
    entry: tuple[str, str] | None = None  # what and about; None: it only tries, and changes nothing


NEW: Final = {"password": "another horse battery", "again": "another horse battery"}
DEEDS: Final = {
    "POST /sign-in": Deed("/sign-in", {"name": "root", "password": PASSWORD}, "", ("sign in", "")),
    "POST /sign-out": Deed("/sign-out", {}, "vera", ("sign out", "")),
    "POST /first": Deed("/first", {"token": "INVITATION", **NEW}, "", ("set a password by invitation", "")),
    "POST /account/password": Deed(
        "/account/password", {"now": PASSWORD, **NEW}, "vera", ("change own password", "")
    ),
    "POST /account/sessions/end": Deed(
        "/account/sessions/end", {"session": "SESSION"}, "vera", ("end own session", "")
    ),
    "POST /account/sessions/end-others": Deed(
        "/account/sessions/end-others", {}, "vera", ("end own other sessions", "")
    ),
    "POST /people": Deed("/people", {"name": "new", "role": "viewer"}, entry=("invite a person", "new")),
    "POST /people/{name}": Deed("/people/vera", {"role": "operator"}, entry=("change a person", "vera")),
    "POST /people/{name}/reset": Deed("/people/vera/reset", {}, entry=("reset a person", "vera")),
    "POST /people/{name}/remove": Deed("/people/vera/remove", {}, entry=("remove a person", "vera")),
    "POST /keys": Deed("/keys", {"label": "city", "role": "viewer"}, entry=("make an API key", "city")),
    "POST /keys/{key}/remove": Deed("/keys/KEY/remove", {}, entry=("remove an API key", "old")),
    "POST /areas/{area}": Deed("/areas/walls", {"inside": "12"}, entry=("set area", "walls")),
    "POST /cameras/{camera}/edit/check": Deed("/cameras/north/edit/check", {"places": []}),
    "POST /cameras/{camera}/edit/save": Deed(
        "/cameras/north/edit/save", {"places": [], "drop": True}, entry=("draw lines and zones", "north")
    ),
    "POST /cameras/{camera}/plate/collect": Deed(
        "/cameras/north/plate/collect", {}, entry=("collect picture", "north")
    ),
    "POST /cameras/{camera}/plate/approve": Deed(
        "/cameras/north/plate/approve",
        {"candidate": "c1", "nobody": "on", "unreadable": "on", "no-likeness": "on"},
        entry=("approve picture", "north"),
    ),
    "POST /cameras/{camera}/plate/discard": Deed(
        "/cameras/north/plate/discard", {}, entry=("discard picture", "north")
    ),
}


def test_every_route_that_changes_something_is_tried_here(tmp_path: Path) -> None:
    routes = [route for route in Entrance(tmp_path / "state").app.routes if isinstance(route, Route)]
    there = {f"{method} {route.path}" for route in routes for method in (route.methods or {"ANY"})}
    assert {name for name in there if not name.startswith(("GET", "HEAD", "OPTIONS"))} == set(DEEDS)


@pytest.mark.parametrize("name", DEEDS)
def test_a_change_leaves_one_entry_that_says_who_did_what(tmp_path: Path, name: str) -> None:
    text = STREET + '[area.walls]\nlines = ["north.gate"]\n'
    entrance, deed = Entrance(tmp_path / "state", house=FakeHouse(text)), DEEDS[name]
    entrance.house.answer = Changed("+ a line", written=True)
    entrance.house.plates["north"] = PlateNow("candidate", candidate=Picture(b"", 32, 18), candidate_id="c1")
    entrance.account("vera", "viewer")
    known = {
        "INVITATION": entrance.doors.accounts.add("ivy", "viewer", None),
        "KEY": entrance.doors.keys.add("old", "viewer", None, None)[0].id,
        "SESSION": entrance.doors.sessions.find(entrance.doors.sessions.begin("vera"))[0].id,  # type: ignore[index]
    }
    guest = entrance.visitor(deed.by)
    path = deed.path.replace("KEY", known["KEY"])
    form = {key: known.get(str(value), value) for key, value in deed.form.items()}
    if "places" in form:
        form["version"] = guest.get("/cameras/north/edit/scene.json").json()["version"]
        answer = guest.client.post(path, json=form, headers={"origin": URL, "x-csrf-token": guest.csrf()})
    else:
        answer = guest.post(path, form, csrf=None if deed.by else "")
    assert answer.status_code in (200, 303), answer.text
    by = deed.by or ("ivy" if name == "POST /first" else "root")
    assert entrance.records() == ([] if deed.entry is None else [(by, *deed.entry)])
    assert entrance.doors.audit.verify().ok
    written = entrance.doors.audit._path.read_text()
    assert not any(secret in written for secret in (PASSWORD, NEW["password"], *known.values()))
