"""The audit log: who changed what and when, whether the log is whole, and all of it as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerby.web.doors.audit import Audit, Entry
from passerby.web.doors.policy import allow
from passerby.web.pages.rendering import Pages
from passerby.web.tables import cell

_SHOWN: Final = 100  # entries of one page


def routes(pages: Pages, audit: Audit) -> list[BaseRoute]:
    """``/audit`` and ``/audit.csv``."""

    @allow("admin")
    def show(request: Request) -> Response:
        entries, verdict = audit.entries(), audit.verify()
        found = chosen(entries, request)
        before = _number(request.query_params.get("before", ""))
        rest = [entry for entry in found if before is None or entry.number < before]
        return pages.render(
            request,
            "site/audit.html",
            entries=rest[:_SHOWN],
            older=rest[_SHOWN - 1].number if len(rest) > _SHOWN else None,
            is_filtered=len(found) < len(entries),
            verdict=verdict,
            people=sorted({entry.by for entry in entries}),
            deeds=sorted({entry.what for entry in entries}),
            by=request.query_params.get("by", ""),
            what=request.query_params.get("what", ""),
        )

    @allow("admin")
    def table(request: Request) -> Response:
        written = io.StringIO()
        rows = csv.writer(written)
        rows.writerow(["number", "at", "by", "what", "about"])
        for e in chosen(audit.entries(), request):
            rows.writerow([e.number, e.at.isoformat(), *map(cell, (e.by, e.what, e.about))])
        name = {"Content-Disposition": 'attachment; filename="audit.csv"'}
        return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=name)

    return [Route("/audit", show), Route("/audit.csv", table)]


def chosen(entries: Sequence[Entry], request: Request) -> list[Entry]:
    """Those that the address asks for, the newest first."""
    by, what = (request.query_params.get(key, "") for key in ("by", "what"))
    return [e for e in reversed(entries) if (not by or e.by == by) and (not what or e.what == what)]


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 12 else None
