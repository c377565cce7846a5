"""Writes the documents of the service's pages from their templates, with what every template may use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from passerby.privacy import translated
from passerby.web.doors.policy import Visitor
from passerby.web.house import House, Paths

_TEMPLATES: Final = Path(__file__).parents[1] / "templates"
_NONE: Final = "–"  # where there is no number


class Audit(Protocol):
    """Writes down who changed what."""

    def record(self, by: str, what: str, about: str = "") -> None:
        """Write one entry."""
        ...


class Pages:
    """What every page needs: the service, where its own files lie, the audit log, and the templates.

    A template finds: ``root`` (what every address on it begins with), ``path`` (this page's address without the
    root), ``visitor`` (None: nobody is signed in), ``csrf`` (the hidden field of its forms), ``site``, ``now``
    (UTC), ``notice`` (what was done, to be told once; or None), and what `render` was given.
    """

    def __init__(self, house: House, paths: Paths, audit: Audit) -> None:
        self.house = house
        self.paths = paths
        self.audit = audit
        self._templates = _environment(lambda: self.house.config.site.timezone)

    def render(self, request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
        """The document, e.g. of ``"site/overview.html"``."""
        given = {**self._always(request), "notice": None, **context}
        return HTMLResponse(self._templates.get_template(template).render(given), status)

    def missing(self, request: Request) -> Response:
        """The document that says that there is nothing here (404)."""
        return self.render(request, "site/missing.html", status=404)

    def _always(self, request: Request) -> Mapping[str, Any]:
        visitor = visitor_of(request)
        return {
            "root": root_of(request),
            "path": request.url.path.removeprefix(root_of(request)) or "/",
            "visitor": visitor,
            "csrf": visitor.csrf if visitor else getattr(request.state, "csrf", ""),
            "site": self.house.config.site,
            "now": self.house.now(),
        }


def visitor_of(request: Request) -> Visitor | None:
    """Who asks; None: nobody is signed in."""
    found = getattr(request.state, "visitor", None)
    return found if isinstance(found, Visitor) else None


def signed_in(request: Request) -> Visitor:
    """Who asks, on a route that only those may use who are signed in."""
    visitor = visitor_of(request)
    if visitor is None:
        raise PermissionError("A route for signed-in people was asked by nobody.")
    return visitor


def root_of(request: Request) -> str:
    """The prefix under which the service is reached: empty, or e.g. ``/passerby``."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def _environment(zone: Callable[[], ZoneInfo]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(
        clock=lambda at: at.astimezone(zone()).strftime("%H:%M"),
        day=lambda at: _day(at.astimezone(zone())),
        when=lambda at: f"{_day(at.astimezone(zone()))}, {at.astimezone(zone()):%H:%M}",
        iso=lambda at: at.astimezone(zone()).isoformat(timespec="seconds"),
        said=_said,
        span=span,
        number=number,
        percent=lambda share: _NONE if share is None else f"{share:.0%}".replace("%", "\u202f%"),
    )
    return environment


@pass_context
def _said(context: Context, text: str) -> str:
    """A sentence that was made in Python, in the reader's language."""
    gettext: Any = context.environment.globals["gettext"]
    return translated(text, lambda pattern: str(gettext(context, pattern)))


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"


def number(value: float | None, digits: int = 0) -> str:
    """A number for a reader: thin spaces between thousands, a dash where there is none."""
    if value is None:
        return _NONE
    return f"{value:,.{digits}f}".replace(",", "\u202f").replace("-", "\u2212")


def span(value: timedelta) -> str:
    """How long, in its two largest units: ``45 s``, ``2 h 5 min``, ``3 d 4 h``."""
    seconds = max(0, round(value.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"
