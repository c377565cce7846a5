"""The page on a film: what its socket tells, how often, and what it listens to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from passerby import web
from passerby.geometry import Line, Zone
from passerby.ghost import Glyph
from passerby.records import Picture
from passerby.web.watch import Live, Page

PLACES = (Line("gate", (0.1, 0.6), (0.9, 0.6)), Zone("square", ((0.1, 0.1), (0.9, 0.1), (0.5, 0.5))))


def live(clock_s: float, **changed: Any) -> Live:
    counts = {"gate": {"in": {"person": int(clock_s)}, "out": {}}}
    return Live(**{"clock_s": clock_s, "clock": "", "duration_s": 60.0, "glyphs": (), "counts": counts, **changed})


@pytest.fixture
def page() -> Page:
    return Page("film.mp4", None, 16 / 9, PLACES, "A note.")


@pytest.fixture
def url(page: Page) -> Iterator[str]:
    with web.serve(page) as door:
        yield door.url


@contextmanager
def looking(url: str) -> Iterator[ClientConnection]:
    origin = Origin(f"http://{urlsplit(url).netloc}")
    with connect(f"{url.replace('http', 'ws', 1)}live", origin=origin, proxy=None) as socket:
        yield socket


def heard(socket: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(socket.recv(timeout=10))
    return message


def test_the_scene_says_what_to_draw(client: httpx.Client, url: str) -> None:
    assert client.get(f"{url}scene.json").json() == {
        "title": "film.mp4",
        "aspect": 16 / 9,
        "note": "A note.",
        "places": [
            {"name": "gate", "kind": "line", "points": [[0.1, 0.6], [0.9, 0.6]]},
            {"name": "square", "kind": "zone", "points": [[0.1, 0.1], [0.9, 0.1], [0.5, 0.5]]},
        ],
    }


def test_before_the_first_picture_there_is_no_data(url: str) -> None:
    with looking(url) as socket:
        assert heard(socket) == {"live": None, "plate": 0, "pace": None}


def test_who_comes_late_gets_the_newest(page: Page, url: str) -> None:
    page.publish(live(1))
    page.publish(live(2, glyphs=(Glyph("person", 0.5, 0.25),), done=True, note="It broke off."))
    with looking(url) as socket:
        assert heard(socket)["live"] == {
            "clock_s": 2,
            "clock": "",
            "duration_s": 60.0,
            "glyphs": [["person", 0.5, 0.25]],
            "counts": {"gate": {"in": {"person": 2}, "out": {}}},
            "inside": {},
            "done": True,
            "rate": None,
            "note": "It broke off.",
        }


def test_what_comes_faster_than_twice_a_second_is_dropped(page: Page, url: str) -> None:
    with looking(url) as socket:
        heard(socket)
        for t in range(1000):
            page.publish(live(t))
        told = [heard(socket)["live"]["clock_s"]]
        page.publish(live(2000))
        told.append(heard(socket)["live"]["clock_s"])
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0.7)  # nothing is queued
    assert told == [999, 2000]


def test_numbers_that_json_does_not_have_are_left_out(page: Page, url: str) -> None:
    page.publish(live(1, rate=float("inf"), duration_s=float("nan")))
    with looking(url) as socket:
        told = heard(socket)["live"]
    assert (told["rate"], told["duration_s"]) == (None, None)


def test_who_looks_is_counted(page: Page, url: str) -> None:
    assert page.watchers == 0
    assert not page.wait(0)
    with looking(url), looking(url):
        assert page.wait(10)
        assert not page.wait_alone(0)
    assert page.wait_alone(10)
    assert page.watchers == 0


@pytest.mark.parametrize(("wish", "pace"), [("1", 1.0), ("4", 4.0), ("max", None)])
def test_a_viewer_may_choose_the_pace(page: Page, url: str, wish: str, pace: float | None) -> None:
    page.pace = 2.0
    with looking(url) as socket:
        assert heard(socket)["pace"] == 2.0
        socket.send(wish)
        assert heard(socket)["pace"] == pace
    assert page.pace == pace


@settings(max_examples=40)
@given(text=st.text(max_size=200) | st.sampled_from(["16", "1.0", "null", '{"pace":1}', "[" * 4000, "-1", "nan"]))
def test_anything_else_is_not_understood(text: str) -> None:
    page = Page("film.mp4", None, 1.0, (), pace=4.0)
    page._hear(text)
    assert page.pace == {"1": 1.0, "max": None}.get(text, 4.0)


def test_bytes_and_long_messages_do_no_harm(page: Page, url: str) -> None:
    with looking(url) as socket:
        heard(socket)
        socket.send(b"\x00\xff")
        page.publish(live(3))
        assert heard(socket)["live"]["clock_s"] == 3
        socket.send("1" * 100_000)
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)
    with looking(url) as socket:
        assert heard(socket)["live"]["clock_s"] == 3


def test_a_picture_that_comes_later_gets_a_number_of_its_own(
    client: httpx.Client, page: Page, url: str, picture: Picture
) -> None:
    with looking(url) as socket:
        assert heard(socket)["plate"] == 0
        assert client.get(f"{url}plate.png").status_code == 404
        page.show(picture)
        assert heard(socket)["plate"] == 1
        assert client.get(f"{url}plate.png").content == picture.png
        page.show(picture)
        assert heard(socket)["plate"] == 2


@pytest.mark.parametrize(
    "title", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "\x00"]
)
def test_a_hostile_title_is_only_text(client: httpx.Client, title: str) -> None:
    with web.serve(Page(title, None, 1.0, ())) as door:
        document = client.get(door.url).text
        assert client.get(f"{door.url}scene.json").json()["title"] == title
    assert "<script>" not in document
    assert "<img" not in document
    assert "49" not in re.findall(r"<title>(.*?)</title>", document)[0]
