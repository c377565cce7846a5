"""Every route that changes something leaves exactly one entry in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.routing import Route

from passerby.records import Picture
from passerby.web.house import Alarm, PlateNow
from web.entrance import PASSWORD, URL, Entrance, Guest
from web.forms import filled
from web.houses import STREET
from web.written import WrittenHouse


@dataclass(frozen=True)
class Deed:
    """A request that changes something, and what the audit log says of it."""

    path: str
    form: Mapping[str, Any] = field(default_factory=dict)  # or a JSON document, where it holds "places"
    by: str = "root"
    entry: tuple[str, str] | None = None  # what and about; None: it only tries, and changes nothing
    at: str = ""  # the page whose form is sent, with `form` typed into it


NEW: Final = {"password": "another horse battery", "again": "another horse battery"}
RIGHT: Final = {"name": "root", "password": PASSWORD}
NORTH: Final = "/cameras/north"
WRITE: Final = {"step": "write"}
CHECKED: Final = {"candidate": "c1", "nobody": "on", "unreadable": "on", "no-likeness": "on"}
DEEDS: Final = {
    "POST /sign-in": Deed("/sign-in", RIGHT, "", ("sign in", "")),
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
    "POST /people/{name}/reset": Deed("/people/vera/reset", entry=("reset a person", "vera")),
    "POST /people/{name}/remove": Deed("/people/vera/remove", entry=("remove a person", "vera")),
    "POST /keys": Deed("/keys", {"label": "city", "role": "viewer"}, entry=("make an API key", "city")),
    "POST /keys/{key}/remove": Deed("/keys/KEY/remove", entry=("remove an API key", "old")),
    "POST /areas/{area}": Deed("/areas/walls", {"inside": "12"}, entry=("set area", "walls")),
    "POST /alerts/test": Deed("/alerts/test", entry=("try alerts", "")),
    "POST /alerts/{key}/acknowledge": Deed("/alerts/north.full/acknowledge", entry=("acknowledge alarm", "")),
    "POST /settings": Deed("/settings", {"k": "30", **WRITE}, entry=("change settings", ""), at="/settings"),
    "POST /cameras/new": Deed(
        "/cameras/new",
        {"name": "east", "address": "rtsp://10.0.4.14/2"},
        entry=("add a camera", "east"),
        at="/cameras/new",
    ),
    "POST /cameras/{camera}/settings": Deed(
        f"{NORTH}/settings",
        {"live": "bands", **WRITE},
        entry=("change a camera's settings", "north"),
        at=f"{NORTH}/settings",
    ),
    "POST /cameras/{camera}/settings/address": Deed(
        f"{NORTH}/settings/address",
        {"address": "rtsp://10.0.4.12/1"},
        entry=("change a camera's address", "north"),
        at=f"{NORTH}/settings",
    ),
    "POST /cameras/{camera}/settings/remove": Deed(
        f"{NORTH}/settings/remove", WRITE, entry=("remove a camera", "north"), at=f"{NORTH}/settings"
    ),
    "POST /cameras/{camera}/edit/check": Deed(f"{NORTH}/edit/check", {"places": []}),
    "POST /cameras/{camera}/edit/save": Deed(
        f"{NORTH}/edit/save", {"places": [], "drop": True}, entry=("draw lines and zones", "north")
    ),
    "POST /cameras/{camera}/plate/collect": Deed(f"{NORTH}/plate/collect", entry=("collect picture", "north")),
    "POST /cameras/{camera}/plate/approve": Deed(
        f"{NORTH}/plate/approve", CHECKED, entry=("approve picture", "north")
    ),
    "POST /cameras/{camera}/plate/discard": Deed(f"{NORTH}/plate/discard", entry=("discard picture", "north")),
}


@pytest.fixture
def entrance(tmp_path: Path) -> Entrance:
    house = WrittenHouse(tmp_path / "site.toml", f'{STREET}\n[area.walls]\nlines = ["north.gate"]\n')
    house.plates["north"] = PlateNow("candidate", None, Picture(b"", 320, 180), "c1", 0.9)
    house.firing = [Alarm("north.full", "full", "north", "square", "firing", "warning")]
    entrance = Entrance(tmp_path / "state", house=house)
    entrance.account("vera", "viewer")
    return entrance


def test_every_route_that_changes_something_is_tried_here(entrance: Entrance) -> None:
    routes = [route for route in entrance.app.routes if isinstance(route, Route)]
    there = {f"{method} {route.path}" for route in routes for method in (route.methods or {"ANY"})}
    assert {name for name in there if not name.startswith(("GET", "HEAD", "OPTIONS"))} == set(DEEDS)


def typed(deed: Deed, guest: Guest, known: Mapping[str, str]) -> dict[str, Any]:
    """What is sent: what the page's form holds already, and what is typed into it."""
    held: dict[str, Any] = {}
    if deed.at:
        page = guest.get(deed.at).text
        held = dict(filled(page[page.index(f'action="{deed.path}"') :].partition("</form>")[0]))
    if "places" in deed.form:
        held = {"version": guest.get(f"{NORTH}/edit/scene.json").json()["version"]}
    return held | {key: known.get(str(value), value) for key, value in deed.form.items()}


@pytest.mark.parametrize("name", DEEDS)
def test_a_change_leaves_one_entry_that_says_who_did_what(entrance: Entrance, name: str) -> None:
    doors, deed = entrance.doors, DEEDS[name]
    session = doors.sessions.find(doors.sessions.begin("vera"))
    assert session is not None
    known = {
        "INVITATION": doors.accounts.add("ivy", "viewer", None),
        "KEY": doors.keys.add("old", "viewer", None, None)[0].id,
        "SESSION": session[0].id,
    }
    guest = entrance.visitor(deed.by)
    path, form = deed.path.replace("KEY", known["KEY"]), typed(deed, guest, known)
    if "places" in form:
        answer = guest.client.post(path, json=form, headers={"origin": URL, "x-csrf-token": guest.csrf()})
    else:
        answer = guest.post(path, form, csrf=None if deed.by else "")
    assert answer.status_code in (200, 303), answer.text
    by = deed.by or ("ivy" if name == "POST /first" else "root")
    assert entrance.records() == ([] if deed.entry is None else [(by, *deed.entry)])
    assert doors.audit.verify().ok
    written = doors.audit._path.read_text()
    assert not any(secret in written for secret in (PASSWORD, NEW["password"], *known.values()))
