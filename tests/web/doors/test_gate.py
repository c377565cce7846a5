"""The gate: who gets through it to an endpoint, and what those see who do not."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from web.entrance import HOST, PASSWORD, URL, Entrance, Guest

from passerby.config import Web
from passerby.web.doors.policy import allow
from passerby.web.doors.sessions import IDLE

SOCKET = f"ws://{HOST}/planted"


@allow("viewer", key=True)
async def read(request: Request) -> Response:
    return PlainTextResponse("reached")


@allow("viewer", key=True)
async def write(request: Request) -> Response:
    form = await request.form()
    return JSONResponse({key: str(value) for key, value in form.items()})


@allow("viewer")
async def fail(request: Request) -> Response:
    raise RuntimeError(f"a secret: {request.query_params}")


@allow("viewer")
async def talk(socket: WebSocket) -> None:
    await socket.accept()
    while True:
        await socket.send_text(await socket.receive_text())


async def undeclared(request: Request) -> Response:
    return PlainTextResponse("reached")


async def undeclared_socket(socket: WebSocket) -> None:
    await socket.accept()


PLANTED = [
    Route("/planted", read),
    Route("/planted", write, methods=["POST"]),
    Route("/planted/fails", fail),
    WebSocketRoute("/planted", talk),
    Route("/undeclared", undeclared, methods=["GET", "POST"]),
    WebSocketRoute("/undeclared", undeclared_socket),
    Mount("/undeclared-mount", routes=[Route("/read", read)]),
]


@pytest.fixture
def enter(tmp_path: Path) -> Callable[..., Entrance]:
    def made(web: Web = Web()) -> Entrance:  # noqa: B008
        entrance = Entrance(tmp_path / "state", web)
        entrance.app.routes[0:0] = PLANTED  # type: ignore[index]
        entrance.account("vera", "viewer", frozenset({"north"}))
        return entrance

    return made


@pytest.fixture
def entrance(enter: Callable[..., Entrance]) -> Entrance:
    return enter()


@pytest.fixture
def vera(entrance: Entrance) -> Guest:
    return entrance.visitor("vera")


def test_what_does_not_say_who_may_use_it_is_not_there(entrance: Entrance) -> None:
    admin = entrance.visitor("root")
    for path in ("/undeclared", "/undeclared-mount/read", "/undeclared-mount/"):
        assert admin.get(path).status_code == 404
        assert "reached" not in admin.get(path).text
    assert admin.post("/undeclared").status_code == 404
    with (
        pytest.raises(WebSocketDisconnect),
        admin.client.websocket_connect(f"ws://{HOST}/undeclared", headers={"origin": URL}),
    ):
        pass


def test_every_answer_has_the_strict_headers(entrance: Entrance, vera: Guest) -> None:
    for path in ("/planted", "/sign-in", "/nothing", "/api/nothing", "/planted/fails", "/static/base.css"):
        headers = vera.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8440", "127.0.0.1.evil.example", ""])
def test_another_name_is_refused_and_learns_nothing(entrance: Entrance, vera: Guest, host: str) -> None:
    for path in ("/planted", "/sign-in", "/static/base.css", "/livez"):
        answer = vera.get(path, host=host)
        assert answer.status_code == 421
        assert "Market" not in answer.text
    assert vera.post("/planted", csrf="x", host=host, origin=f"http://{host}").status_code == 421


@pytest.mark.parametrize(
    "origin", ["", "null", "http://evil.example", f"https://{HOST}", "http://127.0.0.1", URL + "1"]
)
def test_what_changes_something_must_come_from_a_page_of_ours(
    entrance: Entrance, vera: Guest, origin: str
) -> None:
    csrf = vera.csrf()
    assert vera.post("/planted", csrf=csrf).status_code == 200
    assert vera.post("/planted", csrf=csrf, origin=origin).status_code == 403
    form = {"name": "vera", "password": PASSWORD}
    assert entrance.visitor().post("/sign-in", form, csrf="", origin=origin).status_code == 403
    with pytest.raises(WebSocketDisconnect), vera.client.websocket_connect(SOCKET, headers={"origin": origin}):
        pass
    without = vera.client.post("/planted", data={"csrf": csrf})
    assert without.status_code == 403


def test_a_form_must_hold_the_token_of_its_session(entrance: Entrance, vera: Guest) -> None:
    other = entrance.visitor("vera").csrf()
    assert vera.csrf() != other
    for wrong in ("", other, vera.csrf()[:-1], "ä"):
        assert vera.post("/planted", {"a": "b"}, csrf=wrong).status_code == 403
    good = {"origin": URL, "x-csrf-token": vera.csrf()}
    assert vera.client.post("/planted", headers=good).status_code == 200
    assert vera.client.post("/planted", json={"csrf": vera.csrf()}, headers={"origin": URL}).status_code == 403
    files = {"csrf": (None, vera.csrf()), "a": (None, "b")}
    assert vera.client.post("/planted", files=files, headers={"origin": URL}).json()["a"] == "b"


def test_the_endpoint_gets_all_that_was_sent(vera: Guest) -> None:
    assert vera.post("/planted", {"a": "x" * 100_000}).json()["a"] == "x" * 100_000


def test_what_is_too_long_is_refused(vera: Guest) -> None:
    assert vera.post("/planted", {"a": "x" * (1 << 20)}).status_code == 413


def test_a_broken_form_is_refused(vera: Guest) -> None:
    headers = {"origin": URL, "content-type": "multipart/form-data; boundary=x"}
    assert vera.client.post("/planted", content=b"rubbish", headers=headers).status_code == 403


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(entrance: Entrance) -> None:
    nobody = entrance.visitor()
    assert nobody.get("/planted?a=b&c=d").headers["location"] == "/sign-in?next=/planted%3Fa%3Db%26c%3Dd"
    assert nobody.get("/").headers["location"] == "/sign-in"
    assert nobody.post("/planted", csrf="").headers["location"] == "/sign-in"
    program = nobody.client.get("/api/v1/cameras")
    assert (program.status_code, program.json()["error"]["code"]) == (401, "not-signed-in")
    part = nobody.get("/planted", **{"hx-request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/sign-in")


def test_a_link_from_elsewhere_is_asked_again_from_here(entrance: Entrance, vera: Guest) -> None:
    """Cookies that are strict do not come along with it, though somebody may be signed in."""
    answer = entrance.visitor().get('/planted?a="><script>', **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert 'content="0; url=/planted?' in answer.text
    assert "<script>" not in answer.text
    assert vera.get("/planted", **{"sec-fetch-site": "same-origin"}).text == "reached"


def test_a_rubbish_cookie_is_nobody(entrance: Entrance) -> None:
    for cookie in ("passerby-8440=x", "passerby-8440=", "passerby-8440=\x7f", "=;=", "passerby-8440"):
        assert entrance.visitor().get("/planted", cookie=cookie).status_code == 303


def test_a_failure_tells_nothing_and_the_log_where_it_was(entrance: Entrance, vera: Guest) -> None:
    answer = vera.get("/planted/fails?password=hunter2")
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text
    (said,) = entrance.said
    assert "RuntimeError in fail" in said
    assert "hunter2" not in said


def test_accounts_that_cannot_be_read_are_a_failure_and_let_nobody_in(entrance: Entrance, vera: Guest) -> None:
    entrance.doors.close()
    assert vera.get("/planted").status_code == 500
    assert vera.get("/static/base.css").status_code == 500
    with pytest.raises(WebSocketDisconnect), vera.client.websocket_connect(SOCKET, headers={"origin": URL}):
        pass


# -- API keys --------------------------------------------------------------------------------------------------


@pytest.fixture
def text(entrance: Entrance) -> str:
    return entrance.doors.keys.add("city", "viewer", None, timedelta(days=1))[1]


def test_a_key_opens_what_says_so(entrance: Entrance, text: str) -> None:
    program = entrance.visitor(key=text)
    assert program.get("/planted").text == "reached"
    assert program.client.post("/planted", data={"a": "b"}).json() == {"a": "b"}  # no browser sends keys by itself
    bearer = entrance.visitor()
    assert bearer.get("/planted", authorization=f"Bearer {text}").text == "reached"
    assert bearer.get("/planted", authorization="Basic eDp5").status_code == 303


def test_a_key_opens_no_page_and_no_socket(entrance: Entrance, text: str) -> None:
    program = entrance.visitor(key=text)
    assert program.get("/account").status_code == 403
    for path in ("/planted", "/live", "/cameras/north/live"):
        with (
            pytest.raises(WebSocketDisconnect),
            program.client.websocket_connect(f"ws://{HOST}{path}", headers={"origin": URL}),
        ):
            pass


def test_a_wrong_key_is_refused_even_beside_a_session(entrance: Entrance, vera: Guest) -> None:
    assert vera.get("/planted", **{"x-api-key": "passerby_1.2"}).status_code == 401
    for _ in range(30):
        answer = entrance.visitor(key="passerby_1.2").get("/planted")
    assert answer.status_code == 429
    entrance.hands.pass_(timedelta(seconds=float(answer.headers["retry-after"])))
    assert entrance.visitor(key="passerby_1.2").get("/planted").status_code == 401


def test_a_key_asks_so_often_and_no_more(entrance: Entrance, text: str) -> None:
    program = entrance.visitor(key=text)
    assert {program.get("/planted").status_code for _ in range(100)} == {200}
    answer = program.client.get("/planted")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert answer.json()["error"]["code"] == "too-many"
    entrance.hands.pass_(timedelta(seconds=1))
    assert program.get("/planted").status_code == 200


# -- sockets ---------------------------------------------------------------------------------------------------


ENDS: dict[str, Callable[[Entrance], object]] = {
    "signed out": lambda e: e.doors.sessions.end(e.doors.sessions.of("vera")[0].id, "vera"),
    "password": lambda e: e.doors.accounts.set_password("vera", "another horse battery"),
    "cameras": lambda e: e.doors.accounts.change("vera", "viewer", ["south"]),
    "removed": lambda e: e.doors.accounts.remove("vera"),
    "idle": lambda e: e.hands.pass_(IDLE),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_socket_ends_with_its_session(
    entrance: Entrance, vera: Guest, end: Callable[[Entrance], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance.app.asgi, "_look_s", 0.01)
    with vera.client.websocket_connect(SOCKET, headers={"origin": URL}) as socket:
        socket.send_text("a")
        assert socket.receive_text() == "a"
        end(entrance)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
    assert closed.value.code == 4401


def test_a_socket_is_for_those_who_are_signed_in(entrance: Entrance) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        entrance.visitor().client.websocket_connect(SOCKET, headers={"origin": URL}),
    ):
        pass


# -- elsewhere -------------------------------------------------------------------------------------------------


def test_a_prefix_is_before_every_path(enter: Callable[..., Entrance]) -> None:
    entrance = enter(replace(Web(), prefix="/town/passerby"))
    vera, nobody = entrance.visitor("vera"), entrance.visitor()
    assert vera.get("/town/passerby/planted").text == "reached"
    for path in ("/planted", "/town/passerbyplanted", "/", "/sign-in", "/static/base.css"):
        assert vera.get(path).status_code == 404
    assert nobody.get("/town/passerby").headers["location"] == "/town/passerby/"
    sent = nobody.get("/town/passerby/planted").headers["location"]
    assert sent == "/town/passerby/sign-in?next=/planted"
    form = {"name": "vera", "password": PASSWORD, "next": "/planted"}
    entered = nobody.post("/town/passerby/sign-in", form, csrf="")
    assert entered.headers["location"] == "/town/passerby/planted"
    assert "Path=/town/passerby;" in entered.headers["set-cookie"]
    assert 'src="/town/passerby/static/' in entrance.visitor().get("/town/passerby/sign-in").text
    assert nobody.get("/town/passerby/static/base.css").status_code == 200


BEHIND = replace(
    Web(),
    host="0.0.0.0",
    trusted_proxy=ipaddress.ip_network("10.0.0.2"),
    hosts=frozenset({"passerby.example.org"}),
)


def test_behind_a_proxy_only_the_proxy_is_answered(enter: Callable[..., Entrance]) -> None:
    entrance = enter(BEHIND)
    url = "http://passerby.example.org"
    through = {"x-forwarded-for": "1.2.3.4", "x-forwarded-proto": "https"}
    past = entrance.visitor(url=url, address="10.0.0.3").get("/sign-in", **through)
    assert (past.status_code, "Market" in past.text) == (403, False)
    guest = entrance.visitor(url=url, address="10.0.0.2", origin="https://passerby.example.org")
    entered = guest.post("/sign-in", {"name": "vera", "password": PASSWORD}, csrf="", **through)
    assert entered.status_code == 303
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith("__Host-passerby-8440=")
    assert {"HttpOnly", "SameSite=strict", "Secure", "Path=/"} <= set(cookie.split("; "))
    plain = guest.post(
        "/sign-in", {"name": "vera", "password": PASSWORD}, csrf="", **{"x-forwarded-proto": "http"}
    )
    assert plain.status_code == 403  # its page would have said https
