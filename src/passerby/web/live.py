"""The sockets on which signed-in people see this moment: messages of one length at one rate, whatever there is.

::

    every tick ─► make the newest message ─► send ─► is it on its way? ─► next tick
                                               └ no: ticks go by, and nothing is kept for later

Whoever guards the routes closes a socket when its session ends.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from passerby.web.doors.policy import Visitor, allow
from passerby.web.house import House
from passerby.web.messages import EVERY_S, Messages

OVERVIEW_S: Final = 1.0  # between two messages about all cameras; those about one come every `EVERY_S`
MOST: Final = 16  # sockets of one session: some tabs, and no more
PATIENCE_S: Final = 30.0  # so long may one message take to be on its way
GONE: Final = 4404  # close code: the camera is not there any more
MANY: Final = 4429  # close code: this session has too many sockets open


class Live:
    """All live sockets of a service."""

    def __init__(self, house: House, *, overview_s: float = OVERVIEW_S, ghost_s: float = EVERY_S) -> None:
        self._house = house
        self._overview_s, self._ghost_s = overview_s, ghost_s
        self._open: Counter[str] = Counter()  # sockets by session

    def routes(self) -> list[BaseRoute]:
        """``/live`` and ``/cameras/{camera}/live``: for sessions only, never for a key."""

        @allow("viewer")
        async def overview(socket: WebSocket) -> None:
            await self._serve(socket, None, self._overview_s)

        @allow("viewer", camera="camera")
        async def ghost(socket: WebSocket) -> None:
            await self._serve(socket, socket.path_params["camera"], self._ghost_s)

        return [WebSocketRoute("/live", overview), WebSocketRoute("/cameras/{camera}/live", ghost)]

    async def _serve(self, socket: WebSocket, camera: str | None, every_s: float) -> None:
        visitor: Visitor = socket.state.visitor
        with ExitStack() as stack:
            try:
                stack.enter_context(self._counted(visitor))
                if camera is not None:
                    stack.enter_context(self._house.looking(camera))
            except (_TooMany, KeyError) as refused:
                await socket.accept()  # only an open socket can be told why
                await socket.close(MANY if isinstance(refused, _TooMany) else GONE)
                return
            await socket.accept()
            messages = Messages(visitor.cameras, ghost=camera)
            gone = asyncio.create_task(_until_gone(socket))
            try:
                await self._send(socket, messages, camera, every_s, gone)
            except (WebSocketDisconnect, TimeoutError):
                return  # it has gone away, or reads no more
            finally:
                gone.cancel()

    async def _send(
        self, socket: WebSocket, messages: Messages, camera: str | None, every_s: float, gone: asyncio.Task[None]
    ) -> None:
        now_s = asyncio.get_running_loop().time
        next_s = now_s()
        while not gone.done():
            if camera is not None and camera not in self._house.config.cameras:
                await socket.close(GONE)
                return
            text = await run_in_threadpool(messages.make, self._house)
            async with asyncio.timeout(PATIENCE_S):
                await socket.send_text(text)  # returns when what was sent before is on its way
            next_s += every_s * max(1, -(-(now_s() - next_s) // every_s))
            await asyncio.wait((gone,), timeout=next_s - now_s())

    @contextmanager
    def _counted(self, visitor: Visitor) -> Iterator[None]:
        session = visitor.csrf  # one of each session
        if self._open[session] >= MOST:
            raise _TooMany
        self._open[session] += 1
        try:
            yield
        finally:
            self._open[session] -= 1
            if not self._open[session]:
                del self._open[session]


class _TooMany(Exception):
    """The session has as many sockets as it may have."""


async def _until_gone(socket: WebSocket) -> None:
    """Until the other end closes; what it says meanwhile is no matter."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
