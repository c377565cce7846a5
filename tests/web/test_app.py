"""The whole application: every route against every kind of visitor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from passerby.web.doors.gate import access_of
from passerby.web.doors.policy import RANK, Role
from web.entrance import HOST, URL, Entrance, Guest

# Every route there is, and who may use it: a new one is written down here, or this test fails.
# "-": everybody; "@": only for a camera that the visitor may see; "+key": also with an API key.
POLICIES: Final = """
GET  /sign-in                       -
POST /sign-in                       -
POST /sign-out                      viewer
GET  /first                         -
POST /first                         -
GET  /account                       viewer
POST /account/password              viewer
POST /account/sessions/end          viewer
POST /account/sessions/end-others   viewer
GET  /people                        admin
POST /people                        admin
POST /people/{name}                 admin
POST /people/{name}/reset           admin
POST /people/{name}/remove          admin
GET  /keys                          admin
POST /keys                          admin
POST /keys/{key}/remove             admin
GET  /audit                         admin
GET  /audit.csv                     admin
GET  /                              viewer
GET  /areas                         viewer
POST /areas/{area}                  operator
GET  /alerts                        viewer
GET  /alerts.csv                    viewer
POST /alerts/test                   admin
POST /alerts/{key}/acknowledge      operator
GET  /steward                       viewer
GET  /steward/{camera}/{place}      viewer @
GET  /cameras/{camera}              viewer @
GET  /cameras/{camera}/charts       viewer @
GET  /cameras/{camera}/charts.csv   viewer @
GET  /cameras/new                   admin
POST /cameras/new                   admin
GET  /cameras/{camera}/settings     admin @
POST /cameras/{camera}/settings     admin @
POST /cameras/{camera}/settings/address  admin @
POST /cameras/{camera}/settings/remove   admin @
GET  /cameras/{camera}/plate        admin @
POST /cameras/{camera}/plate/collect  admin @
POST /cameras/{camera}/plate/approve  admin @
POST /cameras/{camera}/plate/discard  admin @
GET  /cameras/{camera}/plate.png    viewer @
GET  /cameras/{camera}/candidate.png  admin @
GET  /privacy                       viewer
GET  /privacy/sign                  viewer
GET  /privacy/assessment            operator
GET  /privacy/assessment.md         operator
GET  /settings                      admin
POST /settings                      admin
GET  /cameras/{camera}/edit         operator @
GET  /cameras/{camera}/edit/scene.json  operator @
POST /cameras/{camera}/edit/check   operator @
POST /cameras/{camera}/edit/save    operator @
GET  /api/v1/cameras                viewer +key
GET  /api/v1/cameras/{camera}       viewer @ +key
GET  /api/v1/places                 viewer +key
GET  /api/v1/areas                  viewer +key
GET  /api/v1/alerts                 viewer +key
GET  /api/v1/privacy                viewer +key
GET  /api/v1/rows                   viewer +key
GET  /api/v1/rules                  viewer +key
GET  /api/v1/settings               admin
GET  /api/v1/people                 admin
GET  /api/v1/keys                   admin
GET  /api/v1/audit                  admin
GET  /api/openapi.json              viewer +key
GET  /livez                         -
GET  /readyz                        -
GET  /metrics                       viewer +key
WS   /live                          viewer
WS   /cameras/{camera}/live         viewer @
GET  /static                        -
"""

IN: Final = 299  # an endpoint was reached


@dataclass(frozen=True)
class Policy:
    least: Role | None
    by_camera: bool
    by_key: bool


def policies() -> dict[str, Policy]:
    found = {}
    for line in POLICIES.strip().splitlines():
        kind, path, role, *more = line.split()
        found[f"{kind} {path}"] = Policy(None if role == "-" else role, "@" in more, "+key" in more)  # type: ignore[arg-type]
    return found


def names(route: BaseRoute) -> list[str]:
    """A route as it is written above."""
    if isinstance(route, WebSocketRoute):
        return [f"WS {route.path}"]
    if isinstance(route, Mount):
        return [f"GET {route.path}"]
    assert isinstance(route, Route), f"{route!r}: say here how this kind is to be tried"
    return [f"{method} {route.path}" for method in sorted(route.methods or ()) if method != "HEAD"]


async def reached(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for every endpoint."""
    if scope["type"] == "http":
        await PlainTextResponse("in", IN)(scope, receive, send)
    else:
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        await socket.close()


@dataclass(frozen=True)
class Who:
    role: Role | None
    cameras: frozenset[str] | None = None
    by_key: bool = False


WHO: Final = {
    "nobody": Who(None),
    "viewer of north": Who("viewer", frozenset({"north"})),
    "viewer of all": Who("viewer"),
    "viewer of none": Who("viewer", frozenset()),
    "operator": Who("operator"),
    "admin": Who("admin"),
    "key for north": Who("viewer", frozenset({"north"}), by_key=True),
    "operator's key": Who("operator", by_key=True),
}


@pytest.fixture(scope="module")
def entrance(tmp_path_factory: pytest.TempPathFactory) -> Entrance:
    return Entrance(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="module")
def guests(entrance: Entrance) -> dict[str, tuple[Guest, str]]:
    """Visitors, and the token of the session of each; all endpoints are stood for by `reached`."""
    found: dict[str, tuple[Guest, str]] = {}
    for number, (name, who) in enumerate(WHO.items()):
        if who.role is None:
            found[name] = entrance.visitor(), ""
        elif who.by_key:
            found[name] = entrance.visitor(key=entrance.doors.keys.add(name, who.role, who.cameras, None)[1]), ""
        else:
            account = entrance.account(f"person{number}", who.role, who.cameras)
            session = entrance.doors.sessions.begin(account)
            known = entrance.doors.sessions.find(session)
            assert known is not None
            guest = entrance.visitor()
            guest.take(session, entrance.web)
            found[name] = guest, known[1].csrf
    for route in entrance.app.routes:
        if not isinstance(route, Mount):
            route.app = reached  # type: ignore[attr-defined]
    return found


def outcome(guest: Guest, csrf: str, kind: str, path: str) -> int:
    """What came of it: `IN`, or the status of a refusal (401 for being sent to sign in; sockets only say 403)."""
    if kind == "WS":
        try:
            with guest.client.websocket_connect(f"ws://{HOST}{path}", headers={"origin": URL}):
                return IN
        except WebSocketDisconnect:
            return 403
    answer = guest.get(path) if kind == "GET" else guest.post(path, csrf=csrf)
    if answer.status_code == 303 and answer.headers["location"].startswith("/sign-in"):
        return 401
    return int(answer.status_code)


def expected(policy: Policy, who: Who, kind: str, camera: str) -> int:
    if policy.least is None:
        return IN
    if who.role is None:
        wanted = 401
    elif (who.by_key and not policy.by_key) or RANK[who.role] < RANK[policy.least]:
        wanted = 403
    elif policy.by_camera and (camera == "absent" or (who.cameras is not None and camera not in who.cameras)):
        wanted = 404
    else:
        return IN
    return 403 if kind == "WS" else wanted


def test_every_route_says_who_may_use_it_and_stands_in_the_table(entrance: Entrance) -> None:
    there = {name for route in entrance.app.routes for name in names(route)}
    assert set(policies()) <= there, "what is not there any more stands in no table"
    for route in entrance.app.routes:
        access = access_of(route)
        for name in names(route):
            assert name in policies(), f"{name}: write into the table of this test who may use it"
            assert access is not None, f"{name}: has no @allow"
            policy = policies()[name]
            assert Policy(access.least, bool(access.camera), access.key) == policy
            assert ("{camera}" in name) == policy.by_camera, f"{name}: a camera in an address is one to be seen"
            assert not (policy.by_key and name.startswith("WS"))


@pytest.mark.parametrize("who", WHO)
def test_each_visitor_reaches_what_is_for_it_and_nothing_else(
    entrance: Entrance, guests: dict[str, tuple[Guest, str]], who: str
) -> None:
    guest, csrf = guests[who]
    wrong = []
    for route in entrance.app.routes:
        for name in names(route):
            kind, path = name.split()
            for camera in ("north", "south", "absent") if "{camera}" in path else ("",):
                asked = path.format(camera=camera, place="gate", name="x", area="fairground", key="k")
                if isinstance(route, Mount):
                    assert guest.get("/static/base.css").status_code == 200
                    assert guest.get("/static/../app.py").status_code == 404
                    continue
                came = outcome(guest, csrf, kind, asked)
                wanted = expected(policies()[name], WHO[who], kind, camera)
                if came != wanted:
                    wrong.append(f"{name} ({camera}): {came}, not {wanted}")
                entrance.hands.s += 60  # so that no limit on keys is met
    assert wrong == []


def test_a_camera_that_may_not_be_seen_looks_like_one_that_is_not_there(
    guests: dict[str, tuple[Guest, str]],
) -> None:
    guest, _ = guests["viewer of north"]
    for path in ("/cameras/{}", "/api/v1/cameras/{}", "/cameras/{}/charts"):
        hidden, absent = (guest.get(path.format(camera)) for camera in ("south", "souths"[1:]))
        assert hidden.status_code == 404
        assert (hidden.text, hidden.headers) == (absent.text, absent.headers)


ASTRAY = """
//people /people/ /./people /PEOPLE /people%2f /static/../people /docs /redoc /openapi.json /cameras/north/live
/api/v1/cameras/ /static /static/ /%70eople /people;x /people%00
"""


def test_no_path_leads_around_the_gate(guests: dict[str, tuple[Guest, str]]) -> None:
    nobody, _ = guests["nobody"]
    for path in ASTRAY.split():
        assert nobody.get(path).status_code in (303, 404), path
