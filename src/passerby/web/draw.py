"""The page on which lines and zones are drawn over the picture of an empty place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from passerby.errors import PasserbyError
from passerby.geometry import Place
from passerby.records import Picture
from passerby.web import places as drawn
from passerby.web import site

_LONGEST_BODY: Final = 256 * 1024  # bytes


class Editor:
    """A page that draws places.

    `save` gets all places, in order, each time the viewer presses Save, on a thread of the server; it returns
    the sentence that the page then shows, e.g. "Wrote 2 places to street.toml.". Where it raises a
    `PasserbyError` the page shows that and nothing is lost. Only good drawings reach it: names of small
    letters, digits, - and _ without doubles, coordinates from 0 to 1, lines with a length, zones whose sides
    do not cross.
    """

    def __init__(
        self,
        picture: Picture | None,
        aspect: float,
        places: Sequence[Place],
        save: Callable[[Sequence[Place]], str],
        *,
        title: str = "",
    ) -> None:
        self._picture = picture
        self._aspect = aspect
        self._places = tuple(places)
        self._save_places = save
        self._title = title
        self._done = threading.Event()
        self._saving = threading.Lock()

    @property
    def places(self) -> tuple[Place, ...]:
        """As they were given or last saved."""
        return self._places

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the viewer presses Done; False if the time (s) ran out."""
        return self._done.wait(timeout)

    def routes(self) -> Sequence[BaseRoute]:
        """What `serve` serves."""
        pages = site.routes("draw.html", title=self._title, scene=self._scene, picture=lambda: self._picture)
        return [
            *pages,
            Route("/check", self._check, methods=["POST"]),
            Route("/save", self._save, methods=["POST"]),
            Route("/done", self._finish, methods=["POST"]),
        ]

    def _scene(self) -> dict[str, Any]:
        return {
            "title": self._title,
            "aspect": self._aspect,
            "plate": self._picture is not None,
            "places": site.drawing(self._places),
        }

    async def _check(self, request: Request) -> Response:
        """What is wrong with a drawing, while it is drawn."""
        _, problems = await self._read(request)
        return JSONResponse({"problems": [asdict(p) for p in problems]})

    async def _save(self, request: Request) -> Response:
        places, problems = await self._read(request)
        if problems:
            return JSONResponse({"problems": [asdict(p) for p in problems]}, 422)
        try:
            said = await run_in_threadpool(self._write, places)
        except PasserbyError as error:
            return JSONResponse({"error": str(error)}, 409)
        return JSONResponse({"saved": said})

    def _write(self, places: Sequence[Place]) -> str:
        with self._saving:  # two pages may be open
            said = self._save_places(places)
            self._places = tuple(places)
        return said

    async def _finish(self, _: Request) -> Response:
        self._done.set()
        return Response(status_code=204)

    async def _read(self, request: Request) -> tuple[list[Place], list[drawn.Problem]]:
        if request.headers.get("content-type") != "application/json":
            raise HTTPException(415, "A drawing comes as application/json.")
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LONGEST_BODY:
                raise HTTPException(413, "A drawing is not that long.")
        try:
            return drawn.read(bytes(body), known=[place.name for place in self._places])
        except ValueError as error:
            raise HTTPException(400, "This is not a drawing.") from error
