"""The routes that every page has: its document, its files, its picture and its scene as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from passerby.classes import LABELS
from passerby.geometry import Line, Place
from passerby.records import Picture

_HERE: Final = Path(__file__).parent


def routes(
    template: str, *, title: str, scene: Callable[[], Mapping[str, Any]], picture: Callable[[], Picture | None]
) -> list[BaseRoute]:
    """``./``, ``static/``, ``plate.png`` (404 while there is none) and ``scene.json``.

    `scene` and `picture` are asked anew at every request.
    """
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    document = environment.get_template(template).render(title=title, labels=LABELS)

    async def show(_: Request) -> Response:
        return HTMLResponse(document)

    async def plate(_: Request) -> Response:
        shown = picture()
        if shown is None:
            return PlainTextResponse("There is no picture of the empty place yet.\n", 404)
        return Response(shown.png, media_type="image/png")

    async def scene_json(_: Request) -> Response:
        return JSONResponse(scene())

    return [
        Route("/", show),
        Route("/plate.png", plate),
        Route("/scene.json", scene_json),
        Mount("/static", StaticFiles(directory=_HERE / "static")),
    ]


def drawing(places: Sequence[Place]) -> list[dict[str, Any]]:
    """Places as a page reads and writes them: ``{"name", "kind": "line" | "zone", "points": [[x, y], ...]}``."""
    return [
        {
            "name": place.name,
            "kind": "line" if isinstance(place, Line) else "zone",
            "points": [list(point) for point in place.points],
        }
        for place in places
    ]
