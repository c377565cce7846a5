"""A served page: who is let in, with what headers, and how it ends."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from passerby import web
from passerby.records import Picture
from passerby.web.watch import Page

PATHS = ["", "scene.json", "plate.png", "static/watch.js", "static/base.css", "no-such-thing"]


@pytest.fixture(scope="module")
def url(picture: Picture) -> Iterator[str]:
    with web.serve(Page("film.mp4", picture, 16 / 9, ())) as door:
        yield door.url


def test_the_address_is_loopback_and_cannot_be_guessed(url: str) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[A-Za-z0-9_-]{43}/", url)


def test_two_pages_have_two_tokens(picture: Picture, url: str) -> None:
    with web.serve(Page("film.mp4", picture, 16 / 9, ())) as other:
        assert urlsplit(other.url).path != urlsplit(url).path


def test_it_answers_at_once_and_as_what_it_is(client: httpx.Client, url: str, picture: Picture) -> None:
    assert client.get(url).headers["content-type"] == "text/html; charset=utf-8"
    assert client.get(f"{url}plate.png").content == picture.png
    assert client.get(f"{url}scene.json").json()["title"] == "film.mp4"
    assert "javascript" in client.get(f"{url}static/watch.js").headers["content-type"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_strict_headers(client: httpx.Client, url: str, path: str) -> None:
    headers = client.get(url + path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_there_without_the_token(client: httpx.Client, url: str, path: str) -> None:
    root = url.rsplit("/", 2)[0]
    wrong = [f"{root}/{path}", f"{url[:-2]}{'A' if url[-2] != 'A' else 'B'}/{path}", f"{root}/{'A' * 43}/{path}"]
    for address in wrong:
        answer = client.get(address)
        assert answer.status_code == 404
        assert url.rsplit("/", 2)[1] not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", ""])
@pytest.mark.parametrize("path", ["", "plate.png", "static/base.css"])
def test_another_host_name_is_refused(client: httpx.Client, url: str, path: str, host: str) -> None:
    assert client.get(url + path, headers={"Host": host}).status_code == 421


def test_files_outside_the_page_are_not_served(client: httpx.Client, url: str) -> None:
    for path in ("static/../watch.py", "static/%2e%2e/watch.py", "static//etc/passwd", "static/..%2fserver.py"):
        assert client.get(url + path).status_code == 404


def test_a_page_changes_nothing_by_get_and_takes_no_foreign_post(client: httpx.Client, url: str) -> None:
    assert client.post(url).status_code == 403
    assert client.post(url, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post(url, headers={"Origin": "null"}).status_code == 403


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "https://127.0.0.1"])
def test_a_socket_is_for_the_page_itself_only(url: str, origin: str | None) -> None:
    address = url.replace("http", "ws", 1) + "live"
    headers = {} if origin is None else {"Origin": origin}
    with pytest.raises(InvalidStatus), connect(address, additional_headers=headers, proxy=None):
        pass


def test_leaving_the_block_ends_thread_socket_and_port(picture: Picture) -> None:
    page = Page("film.mp4", picture, 16 / 9, ())
    before = set(threading.enumerate())
    with ExitStack() as looks:
        with web.serve(page) as door:
            where = urlsplit(door.url)
            address, origin = door.url.replace("http", "ws", 1) + "live", Origin(f"http://{where.netloc}")
            looking = looks.enter_context(connect(address, origin=origin, proxy=None))
            assert door.wait(10)
            assert json.loads(looking.recv())["live"] is None
        with pytest.raises(ConnectionClosed):
            looking.recv()
    assert page.wait_alone(10)
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((where.hostname or "", where.port or 0), timeout=5)


def test_a_page_can_be_left_before_it_was_opened(picture: Picture) -> None:
    before = set(threading.enumerate())
    with web.serve(Page("film.mp4", picture, 16 / 9, ())):
        pass
    assert set(threading.enumerate()) <= before


def test_documents_hold_no_script_or_style_of_their_own(client: httpx.Client, url: str) -> None:
    text = client.get(url).text
    assert not re.search(r"\son\w+\s*=|\sstyle\s*=|<style|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)
