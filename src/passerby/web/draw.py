"""The page on which lines, zones and ground points are drawn over the picture of an empty place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from passerby.config import Drawing
from passerby.config.drawing import GroundPoints
from passerby.errors import PasserbyError
from passerby.geometry import Place
from passerby.records import Picture
from passerby.web import sheet, site


class Editor:
    """A page that draws places and ground points.

    `save` gets the whole drawing each time the viewer presses Save, on a thread of the server; it returns the
    sentence that the page then shows, e.g. "Wrote 2 places to street.toml.". Where it raises a `PasserbyError` the
    page shows that and nothing is lost. Only good drawings reach it: names that a configuration takes, without
    doubles, coordinates from 0 to 1, lines with a length, zones whose sides do not cross, a ground that is flat.
    """

    def __init__(
        self,
        picture: Picture | None,
        aspect: float,
        places: Sequence[Place],
        save: Callable[[Drawing], str],
        *,
        ground: GroundPoints | None = None,
        title: str = "",
    ) -> None:
        self._picture = picture
        self._aspect = aspect
        self._drawing = Drawing(tuple(places))
        self._ground = ground or GroundPoints()
        self._save_drawing = save
        self._title = title
        self._done = threading.Event()
        self._saving = threading.Lock()

    @property
    def places(self) -> tuple[Place, ...]:
        """As they were given or last saved."""
        return self._drawing.places

    @property
    def drawing(self) -> Drawing:
        """As it was given or last saved."""
        return self._drawing

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
        places, has_plate = self._drawing.places, self._picture is not None
        return sheet.scene(self._title, self._aspect, places, self._ground, plate=has_plate)

    async def _check(self, request: Request) -> Response:
        """What is wrong with a drawing, while it is drawn."""
        _, drawing, problems = await sheet.read(request, self._ground.lens)
        return JSONResponse(sheet.judged(drawing, problems, self._aspect, self._ground.lens))

    async def _save(self, request: Request) -> Response:
        _, drawing, problems = await sheet.read(request, self._ground.lens)
        if problems:
            return JSONResponse({"problems": [sheet.told(problem) for problem in problems]}, 422)
        try:
            said = await run_in_threadpool(self._write, drawing)
        except PasserbyError as error:
            return JSONResponse({"error": str(error)}, 409)
        return JSONResponse({"saved": said})

    def _write(self, drawing: Drawing) -> str:
        with self._saving:  # two pages may be open
            said = self._save_drawing(drawing)
            self._drawing = drawing
            if drawing.ground is not None and (drawing.ground or not self._ground.other):
                self._ground = GroundPoints(drawing.ground, self._ground.lens)
        return said

    async def _finish(self, _: Request) -> Response:
        self._done.set()
        return Response(status_code=204)
