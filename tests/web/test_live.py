"""Live sockets: one length, the newest only, work only while somebody looks, and not too many."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send
from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.uri import parse_uri

from passerby.config import Web
from passerby.ghost import Glyph, Moment, Value
from passerby.web.doors.policy import Visitor
from passerby.web.house import Alarm
from passerby.web.live import GONE, MANY, MOST, Live
from passerby.web.serving import served
from web.houses import EMPTY, FakeHouse
from web.visits import GUEST, VIEWER

GHOST = "/cameras/north/live"
EVERY_S = 0.001


class Wire:
    """The other end of one socket, as a server would hold it: it may be slow, and it may go away."""

    def __init__(self, app: Starlette, path: str, visitor: Visitor = VIEWER) -> None:
        self._scope = {
            "type": "websocket", "path": path, "raw_path": path.encode(), "root_path": "", "headers": [],
            "query_string": b"", "scheme": "ws", "subprotocols": [], "state": {"visitor": visitor},
        }  # fmt: skip
        self._app = app
        self.heard: asyncio.Queue[Message] = asyncio.Queue()
        self.is_free = asyncio.Event()  # False: what is sent stays in the buffer
        self.is_free.set()
        self.waits = asyncio.Event()  # a message is in the buffer
        self._said: asyncio.Queue[Message] = asyncio.Queue()
        self._said.put_nowait({"type": "websocket.connect"})

    async def serve(self) -> None:
        await self._app(self._scope, self._said.get, self._send)

    async def _send(self, message: Message) -> None:
        self.waits.set()
        await self.is_free.wait()
        self.waits.clear()
        self.heard.put_nowait(message)

    def go_away(self) -> None:
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1001})

    async def text(self) -> str:
        while True:
            message = await self.heard.get()
            if message["type"] == "websocket.send":
                return str(message["text"])
            assert message["type"] == "websocket.accept", message

    async def closed(self) -> int:
        while (message := await self.heard.get())["type"] != "websocket.close":
            pass
        return int(message["code"])


@asynccontextmanager
async def opened(app: Starlette, path: str, visitor: Visitor = VIEWER) -> AsyncIterator[Wire]:
    wire = Wire(app, path, visitor)
    serving = asyncio.create_task(wire.serve())
    try:
        yield wire
    finally:
        wire.go_away()
        wire.is_free.set()
        await serving


def application(house: FakeHouse) -> Starlette:
    return Starlette(routes=Live(house, overview_s=EVERY_S, ghost_s=EVERY_S).routes())


def crowd(count: int) -> Moment:
    glyphs = tuple(Glyph("person", (n % 64 + 0.5) / 64, (n // 64 + 0.5) / 36) for n in range(count))
    values = (Value("square", "inside", f"{count}-{count + 4}" if count else "none", float(count)),)
    return Moment("north", "ghost", "ok", values, glyphs)


ALARM = Alarm("north.full", "full", "north", "square", "firing", "critical")
SCENES: list[Callable[[FakeHouse], None]] = [
    lambda house: house.moments.update(north=crowd(0)),
    lambda house: house.moments.update(north=crowd(100)),
    lambda house: house.moments.update(north=crowd(500)),
    lambda house: house.moments.update(north=Moment("north", "ghost", "moved")),
    lambda house: house.firing.append(ALARM),
]


@pytest.mark.parametrize("path", ["/live", GHOST])
def test_every_message_of_a_socket_is_as_long_as_the_others(path: str) -> None:
    async def watch() -> list[str]:
        house = FakeHouse()
        async with opened(application(house), path) as wire:
            texts = [await wire.text()]
            for scene in SCENES:
                scene(house)
                before = json.loads(texts[-1])
                while json.loads(text := await wire.text()) == before:
                    texts.append(text)
                texts.append(text)
        return texts

    texts = asyncio.run(watch())
    assert len({len(text) for text in texts}) == 1
    assert json.loads(texts[-1])["alarms"][0]["key"] == "north.full"
    shown = [json.loads(text)["cameras"]["north"]["glyphs"] for text in texts]
    assert any(shown) is (path == GHOST)  # glyphs are told of the camera that is looked at, and of no other


class Asked(FakeHouse):
    """Counts how often it is asked about this moment."""

    asked = 0

    def moment(self, camera: str) -> Moment:
        self.asked += 1
        return super().moment(camera)


def test_a_slow_reader_gets_the_newest_and_nothing_queues() -> None:
    async def watch() -> list[int]:
        house = Asked()
        house.moments["north"] = crowd(1)
        async with opened(application(house), GHOST) as wire:
            await wire.text()
            wire.is_free.clear()
            wire.waits.clear()
            await wire.waits.wait()  # one message is on its way, and does not get through
            asked = house.asked
            for count in range(2, 50):
                house.moments["north"] = crowd(count)
                await asyncio.sleep(0)
            assert house.asked == asked
            while not wire.heard.empty():
                wire.heard.get_nowait()
            wire.is_free.set()
            return [len(json.loads(await wire.text())["cameras"]["north"]["glyphs"]) for _ in range(2)]

    stuck, newest = asyncio.run(watch())
    assert (stuck, newest) == (1, 49)


def test_glyphs_are_asked_for_only_while_somebody_looks() -> None:
    async def watch() -> list[list[str]]:
        house, found = FakeHouse(), []
        app = application(house)
        async with opened(app, "/live") as overview:
            await overview.text()
            found.append(list(house.watched))
            async with opened(app, GHOST) as one, opened(app, GHOST) as two:
                await one.text()
                await two.text()
                found.append(list(house.watched))
            found.append(list(house.watched))
        return found

    assert asyncio.run(watch()) == [[], ["north", "north"], []]


def test_a_camera_that_is_not_there_or_is_taken_away_is_told() -> None:
    async def watch() -> tuple[int, int]:
        house = FakeHouse()
        app = application(house)
        async with opened(app, "/cameras/east/live") as wire:
            never = await wire.closed()
        async with opened(app, GHOST) as wire:
            await wire.text()
            house.config = FakeHouse(EMPTY).config
            gone = await wire.closed()
        assert house.watched == []
        return never, gone

    assert asyncio.run(watch()) == (GONE, GONE)


def test_a_session_has_so_many_sockets_and_others_have_theirs() -> None:
    other = Visitor("olga", "operator", None, csrf="another session")

    async def watch() -> None:
        app = application(FakeHouse())
        first = [Wire(app, "/live") for _ in range(MOST)]
        tasks = [asyncio.create_task(wire.serve()) for wire in first]
        for wire in first:
            await wire.text()
        async with opened(app, "/live") as wire:
            assert await wire.closed() == MANY
        async with opened(app, "/live", other) as wire:
            await wire.text()
        first[0].go_away()
        await tasks[0]
        async with opened(app, "/live") as wire:
            await wire.text()
        for wire in first[1:]:
            wire.go_away()
        await asyncio.gather(*tasks)

    asyncio.run(watch())


def test_a_socket_tells_of_the_cameras_that_its_visitor_may_see() -> None:
    async def watch() -> Any:
        async with opened(application(FakeHouse()), "/live", GUEST) as wire:
            return json.loads(await wire.text())

    told = asyncio.run(watch())
    assert list(told["cameras"]) == ["south"]
    assert told["areas"] == {}


def test_looking_is_withdrawn_also_where_the_reader_is_stuck_when_it_goes() -> None:
    async def watch() -> list[str]:
        house = FakeHouse()
        async with opened(application(house), GHOST) as wire:
            await wire.text()
            wire.is_free.clear()
            wire.waits.clear()
            await wire.waits.wait()
        return house.watched

    assert asyncio.run(watch()) == []


class Counting(FakeHouse):
    """Tells in a band how often it was asked."""

    asked = 0

    def moment(self, camera: str) -> Moment:
        self.asked += camera == "north"
        return Moment("north", "ghost", "ok", (Value("square", "inside", str(self.asked), None),), ())


def test_over_a_real_connection_little_waits_for_a_reader_that_stands_still() -> None:
    """What is not read stays in the buffers of both ends; what would not fit is never made."""
    house = Counting()
    stops = threading.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = {"visitor": VIEWER}
        await application(house)(scope, receive, send)
        stops.set()

    with served(app, Web(port=0)) as url, socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(20.0)
        host, port = urlsplit(url).netloc.split(":")
        client.connect((host, int(port)))
        protocol = ClientProtocol(parse_uri(f"ws://{host}:{port}{GHOST}"), max_size=None)
        protocol.send_request(protocol.connect())
        client.sendall(b"".join(protocol.data_to_send()))
        before = -1
        while house.asked != before or not before:  # until no more are made
            before = house.asked
            assert not stops.wait(0.2)
        told: list[int] = []
        while not told or told[-1] < before + 5:
            protocol.receive_data(client.recv(65536))
            frames = [event for event in protocol.events_received() if isinstance(event, Frame)]
            told += [int(json.loads(bytes(f.data))["cameras"]["north"]["values"][0][2]) for f in frames]
        assert told == list(range(1, told[-1] + 1))  # none is skipped that was made
        assert before <= 32  # as many as lay in the buffers: about 0.1 MB
