"""The charts of a camera: released rows of its lines and zones over days, beside their tables, and as CSV."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
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
from passerby.web.charts.tables import PER_S, Table, offered
from passerby.web.charts.values import unit
from passerby.web.doors.policy import allow
from passerby.web.house import CameraNow, House
from passerby.web.pages.rendering import Pages, root_of

_TEMPLATE: Final = "site/charts.html"
_RECENT: Final = timedelta(days=8)  # in which a table must have rows to be offered, if not every place has it


def routes(pages: Pages) -> list[BaseRoute]:
    """``/cameras/{camera}/charts``, and ``charts.csv`` for exactly the rows that it shows."""
    house = pages.house

    @allow("viewer", camera="camera")
    def charts(request: Request) -> Response:
        camera = _camera(house, request)
        if not _has_rows(house, camera):
            return pages.render(request, _TEMPLATE, camera=camera, shown=None, problem=None)
        choice, wrong = _choice(house, camera, request)
        try:
            shown, tables = _figure(house, camera, choice), _tables(house, camera, choice)
        except StoreError as error:
            return pages.render(request, _TEMPLATE, status=503, camera=camera, shown=None, problem=error)
        around = _around(house, choice, tables)
        return pages.render(
            request, _TEMPLATE, camera=camera, problem=None, shown=shown, choice=choice, wrong=wrong, **around
        )

    @allow("viewer", camera="camera")
    def download(request: Request) -> Response:
        camera = _camera(house, request)
        if not _has_rows(house, camera):
            return RedirectResponse(f"{root_of(request)}/cameras/{camera.name}/charts", 303)
        choice, _ = _choice(house, camera, request)
        try:
            shown = _figure(house, camera, choice)
        except StoreError as error:
            raise HTTPException(503, error.message) from error
        out = io.StringIO()
        write_rows([bar.row for bar in (*shown.bars, *shown.compared)], CSV, out)
        headers = {"Content-Disposition": f'attachment; filename="{_file_name(camera, choice)}"'}
        return Response(out.getvalue(), media_type="text/csv", headers=headers)

    return [Route("/cameras/{camera}/charts", charts), Route("/cameras/{camera}/charts.csv", download)]


def _camera(house: House, request: Request) -> CameraNow:
    try:
        return house.camera(request.path_params["camera"])
    except KeyError as error:
        raise HTTPException(404) from error


def _has_rows(house: House, camera: CameraNow) -> bool:
    """Whether there can be any."""
    return bool(camera.places) and house.has_store()


def _choice(house: House, camera: CameraNow, request: Request) -> tuple[Choice, list[str]]:
    names = [place.name for place in camera.places]
    return choose(request.query_params, places=names, now=house.now(), zone=house.config.rule.zone)


def _figure(house: House, camera: CameraNow, choice: Choice) -> Figure:
    """What is drawn; raises `StoreError`."""

    def read(days: Choice) -> Sequence[Measurement]:
        query = Query((camera.name,), (days.place,), (days.table.cut,), days.start, days.end)
        return house.read(query)

    return figure(read(choice), read(choice.moved(-choice.back)) if choice.back else (), choice)


def _tables(house: House, camera: CameraNow, choice: Choice) -> list[Table]:
    """What can be chosen at this place: judged by the last of the days; raises `StoreError`."""
    place = next(place for place in camera.places if place.name == choice.place)
    start = max(choice.start, choice.end - _RECENT)
    found = offered(place, house.read(Query((camera.name,), (place.name,), (), start, choice.end)))
    return found if choice.table in found else [*found, choice.table]


def _file_name(camera: CameraNow, choice: Choice) -> str:
    named = f"{camera.name}-{choice.place}-{choice.table.key}-{choice.first}-{choice.last}.csv"
    return re.sub(r"[^A-Za-z0-9._-]+", "_", named)


def _around(house: House, choice: Choice, tables: Sequence[Table]) -> Mapping[str, Any]:
    """What the form, the links and the words around the charts need."""
    rule = house.config.rule
    today = house.now().astimezone(rule.zone).date()
    later = choice.moved(choice.days)
    earlier = choice.moved(-choice.back)
    return {
        "tables": [table.key for table in tables],
        "pers": list(PER_S),
        "compares": COMPARES,
        "lasting": {step: choice.lasting(days) for step, days in STEPS.items()},
        "earlier": choice.moved(-choice.days),
        "later": later if later.first <= today else None,
        "period": lambda start, end: period(start, end, rule.zone),
        "compared_period": period(earlier.start, earlier.end, rule.zone),
        "unit": unit,
        "k": rule.k,
        "passes": rule.passes,
        "grain": rule.grain,
    }
