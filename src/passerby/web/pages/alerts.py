"""The page of alerts: what fires now and what to do, who takes care of it, and what fired in 72 hours."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerby.records import Alert
from passerby.web.doors.policy import Visitor, allow
from passerby.web.house import Alarm, House
from passerby.web.pages.rendering import Pages, root_of, signed_in
from passerby.web.rules import may_hear, watched
from passerby.web.tables import cell


def routes(pages: Pages) -> list[BaseRoute]:
    """``/alerts`` and its table, ``/alerts/test``, and ``/alerts/{key}/acknowledge``."""

    @allow("viewer")
    def show(request: Request) -> Response:
        return _page(pages, request)

    @allow("viewer")
    def table(request: Request) -> Response:
        written = io.StringIO()
        rows = csv.writer(written)
        rows.writerow(["hour", "camera", "place", "rule", "state", "severity"])
        zone = pages.house.config.site.timezone
        for a in _log(pages.house, signed_in(request)):
            hour = a.hour.astimezone(zone).isoformat()
            rows.writerow([hour, *map(cell, (a.camera, a.place, a.rule, a.state, a.severity))])
        name = {"Content-Disposition": 'attachment; filename="alerts.csv"'}
        return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=name)

    @allow("operator")
    async def acknowledge(request: Request) -> Response:
        visitor, key = signed_in(request), request.path_params["key"]
        try:
            if key not in {alarm.key for alarm in _alarms(pages.house, visitor)}:
                raise KeyError(key)
            await anyio.to_thread.run_sync(pages.house.acknowledge, key, visitor.name)
        except KeyError:
            return _page(pages, request, status=404, done="over")
        pages.audit.record(visitor.name, "acknowledge alarm")  # not which: of alerts no more than the hour is kept
        return RedirectResponse(f"{root_of(request)}/alerts?done=taken", 303)

    @allow("admin")
    async def test(request: Request) -> Response:
        visitor = signed_in(request)
        await anyio.to_thread.run_sync(pages.house.try_alert, visitor.name)
        pages.audit.record(visitor.name, "try alerts")
        return RedirectResponse(f"{root_of(request)}/alerts?done=tried", 303)

    return [
        Route("/alerts", show),
        Route("/alerts.csv", table),
        Route("/alerts/test", test, methods=["POST"]),
        Route("/alerts/{key}/acknowledge", acknowledge, methods=["POST"]),
    ]


def _page(pages: Pages, request: Request, *, status: int = 200, done: str = "") -> Response:
    visitor, house = signed_in(request), pages.house
    standing = {alarm.key: alarm for alarm in _alarms(house, visitor)}
    rules = watched(house.config, visitor.sees)
    rank = {key: number for number, key in enumerate(standing)}
    context: Mapping[str, Any] = {
        "rules": rules,
        "rows": sorted(rules, key=lambda rule: rank.get(rule.key, len(rank))),
        "standing": standing,
        "log": _log(house, visitor),
        "sinks": list(house.config.sinks),
        "done": done or request.query_params.get("done", ""),
    }
    return pages.render(request, "site/alerts.html", status=status, **context)


def _alarms(house: House, visitor: Visitor) -> list[Alarm]:
    return [alarm for alarm in house.alarms() if may_hear(house.config, visitor.sees, alarm.camera, alarm.place)]


def _log(house: House, visitor: Visitor) -> list[Alert]:
    """What is kept, the newest hour first."""
    seen = [a for a in house.alert_log() if may_hear(house.config, visitor.sees, a.camera, a.place)]
    return sorted(seen, key=lambda a: a.hour, reverse=True)
