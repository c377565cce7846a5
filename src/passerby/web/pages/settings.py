"""The page of what holds for the whole site: name, zone, how finely rows are released, detector and machine."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import available_timezones

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerby import plugins
from passerby.config import Config, Edit
from passerby.web import fields
from passerby.web.doors.policy import allow
from passerby.web.fields import Field
from passerby.web.pages.changing import Notice, Wish, carry_out, version
from passerby.web.pages.rendering import Pages

_GRAINS: Final = ("5min", "10min", "15min", "20min", "30min", "1h")  # all that the release rule takes, and round


def routes(pages: Pages) -> list[BaseRoute]:
    """``/settings``."""

    def page(request: Request, status: int = 200, **shown: Any) -> Response:
        config = pages.house.config
        has_keep = config.store is not None and _has_keep(config)
        given: Mapping[str, Any] = {"wrong": {}, "typed": {}, "notice": None, **shown}
        return pages.render(
            request,
            "site/settings.html",
            status=status,
            config=config,
            version=version(config),
            fields={field.name: field for field in _fields(config)},
            options=fields.options("detector", config.detector, ("detector",)),
            has_keep=has_keep,
            zones=sorted(available_timezones()),
            done=request.query_params.get("done", ""),
            **given,
        )

    @allow("admin")
    def show(request: Request) -> Response:
        return page(request)

    @allow("admin")
    async def change(request: Request) -> Response:
        form, config = await request.form(), pages.house.config
        edits, wrong = fields.read(form, _asked(config, form))
        if wrong:
            return page(request, 422, wrong=wrong, typed=dict(form))

        def again(notice: Notice) -> Response:
            return page(request, 409, notice=notice, typed=dict(form) if notice["kind"] != "bad" else {})

        wish = Wish(_whole_tables(config, edits), "change settings", "", "/settings", "/settings?done=change")
        return await carry_out(pages, request, form, wish, again)

    return [Route("/settings", show), Route("/settings", change, methods=["POST"])]


def _fields(config: Config) -> list[Field]:
    rule, site, engine = config.rule, config.site, config.engine
    found = [
        Field("name", ("site", "name"), "text", site.name),
        Field("timezone", ("site", "timezone"), "text", site.timezone.key),
        Field("grain", ("privacy", "grain"), "choice", fields.length(rule.grain), _grains(config)),
        Field("k", ("privacy", "k"), "whole", rule.k),
        Field("live_outputs", ("privacy", "live_outputs"), "check", config.live_outputs),
        Field("detector", ("detector", "use"), "choice", config.detector.name, plugins.names("detector")),
        Field("share", ("engine", "share"), "number", engine.share),
        Field("workers", ("engine", "workers"), "whole", engine.workers),
    ]
    if config.store is not None and _has_keep(config):
        found.append(Field("keep", ("store", "keep"), "length", config.store.options.get("keep")))
    return found


def _grains(config: Config) -> tuple[str, ...]:
    now = fields.length(config.rule.grain)
    return _GRAINS if now in _GRAINS else (*_GRAINS, now)


def _has_keep(config: Config) -> bool:
    store = config.store
    return store is not None and any(option.name == "keep" for option in plugins.options("store", store.name))


def _asked(config: Config, form: Mapping[str, object]) -> list[Field]:
    """The fields that this form has: a detector's options only where the detector stays."""
    asked = _fields(config)
    if form.get("detector") == config.detector.name:
        asked += fields.options("detector", config.detector, ("detector",))
    return asked


def _whole_tables(config: Config, edits: Sequence[Edit]) -> list[Edit]:
    """Another detector begins without the options of the old one; a store that is only a path becomes a table."""
    data = tomllib.loads(config.text)
    written = data.get("store")
    found: list[Edit] = []
    if "detector" not in data and any(edit.path[0] == "detector" for edit in edits):
        found.append(Edit(("detector", "use"), config.detector.name))
    for edit in edits:
        if edit.path == ("detector", "use"):
            found.append(Edit(("detector",), {"use": edit.value}))
        elif edit.path == ("store", "keep") and isinstance(written, str) and edit.value is not None:
            found.append(Edit(("store",), {"use": "sqlite", "path": written, "keep": edit.value}))
        else:
            found.append(edit)
    return found
