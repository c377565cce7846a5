"""The charts of a camera: released rows of its lines and zones over days, beside their tables, and as CSV."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerby.errors import StoreError
from passerby.export import CSV, write_rows
from passerby.outlets import Query
from passerby.records import Measurement
from passerby.web.charts.choice import COMPARES, STEPS, Choice, choose
from passerby.web.charts.figure import Figure, figure
from passerby.web.charts.periods import period
from passerby.web.charts.tables import PER_S, offered
from passerby.web.charts.values import unit
from passerby.web.doors.policy import allow
from passerby.web.house import CameraNow, House
from passerby.web.pages.rendering import Pages, root_of

_RECENT: Final = timedelta(days=8)  # in which a table must have rows to be offered, if not every place has it


def routes(pages: Pages) -> list[BaseRoute]:
    """``/cameras/{camera}/charts``, and ``.csv`` for exactly the rows that it shows."""

    @allow("viewer", camera="camera")
    def charts(request: Request) -> Response:
        camera = _camera(pages.house, request)
        shown = _Shown(pages.house, camera)
        if not camera.places or not pages.house.has_store():
            return pages.render(request, "site/charts.html", camera=camera, shown=None, problem=None)
        choice, wrong = shown.choice(request)
        try:
            drawn, tables = shown.figure(choice), offered(shown.place(choice), shown.recent(choice))
        except StoreError as error:
            return pages.render(request, "site/charts.html", status=503, camera=camera, shown=None, problem=error)
        return pages.render(
            request,
            "site/charts.html",
            camera=camera,
            problem=None,
            shown=drawn,
            choice=choice,
            wrong=wrong,
            **_around(pages.house, choice, [table.key for table in tables]),
        )

    @allow("viewer", camera="camera")
    def table(request: Request) -> Response:
        camera = _camera(pages.house, request)
        shown = _Shown(pages.house, camera)
        if not camera.places or not pages.house.has_store():
            return RedirectResponse(f"{root_of(request)}/cameras/{camera.name}/charts", 303)
        choice, _ = shown.choice(request)
        try:
            drawn = shown.figure(choice)
        except StoreError as error:
            raise HTTPException(503, error.message) from error
        out = io.StringIO()
        write_rows([bar.row for bar in (*drawn.bars, *drawn.compared)], CSV, out)
        named = re.sub(
            r"[^A-Za-z0-9._-]+",
            "_",
            f"{camera.name}-{choice.place}-{choice.table.key}-{choice.first}-{choice.last}.csv",
        )
        return Response(
            out.getvalue(),
            media_type="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{named}"'},
        )

    return [Route("/cameras/{camera}/charts", charts), Route("/cameras/{camera}/charts.csv", table)]


@dataclass(frozen=True, slots=True)
class _Shown:
    house: House
    camera: CameraNow

    def choice(self, request: Request) -> tuple[Choice, list[str]]:
        """What is asked for."""
        names = [place.name for place in self.camera.places]
        return choose(request.query_params, places=names, now=self.house.now(), zone=self.house.config.rule.zone)

    def place(self, choice: Choice) -> Any:
        """The line or zone that is charted."""
        return next(place for place in self.camera.places if place.name == choice.place)

    def figure(self, choice: Choice) -> Figure:
        """What is drawn; raises `StoreError`."""
        earlier = choice.moved(-choice.back)
        return figure(self._read(choice), self._read(earlier) if choice.back else (), choice)

    def recent(self, choice: Choice) -> Sequence[Measurement]:
        """Rows of all tables of the last of the days; raises `StoreError`."""
        start = max(choice.start, choice.end - _RECENT)
        return self.house.read(Query((self.camera.name,), (choice.place,), (), start, choice.end))

    def _read(self, choice: Choice) -> Sequence[Measurement]:
        cuts = (choice.table.cut,)
        return self.house.read(Query((self.camera.name,), (choice.place,), cuts, choice.start, choice.end))


def _camera(house: House, request: Request) -> CameraNow:
    try:
        return house.camera(request.path_params["camera"])
    except KeyError as error:
        raise HTTPException(404) from error


def _around(house: House, choice: Choice, tables: Sequence[str]) -> Mapping[str, Any]:
    """What the form, the links and the words around the charts need."""
    rule = house.config.rule
    today = house.now().astimezone(rule.zone).date()
    later = choice.moved(choice.days)
    return {
        "tables": tables if choice.table.key in tables else [*tables, choice.table.key],
        "pers": list(PER_S),
        "compares": COMPARES,
        "lasting": {step: choice.lasting(days) for step, days in STEPS.items()},
        "earlier": choice.moved(-choice.days),
        "later": later if later.first <= today else None,
        "period": lambda start, end: period(start, end, rule.zone),
        "back": timedelta(days=choice.back),
        "unit": unit,
        "k": rule.k,
        "grain": rule.grain,
    }
