"""The page on which a camera is added by its address; a password that is typed there is sealed at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerby.config import Edit
from passerby.config.blanking import PARAMETER
from passerby.config.places import check_name
from passerby.errors import PasserbyError
from passerby.ghost import Live
from passerby.web import addresses, fields
from passerby.web.addresses import Typed
from passerby.web.doors.policy import allow
from passerby.web.fields import Field
from passerby.web.house import House
from passerby.web.pages.changing import STALE, Notice, Wish, carry_out, is_stale, version
from passerby.web.pages.rendering import Pages, signed_in

LIVES: Final[tuple[str, ...]] = get_args(Live)
_TAKEN: Final = frozenset({"new"})  # names that are addresses of pages


def routes(pages: Pages) -> list[BaseRoute]:
    """``/cameras/new``."""
    house = pages.house

    def page(request: Request, status: int = 200, **shown: Any) -> Response:
        given: Mapping[str, Any] = {"wrong": {}, "typed": {}, "notice": None, **shown}
        return pages.render(
            request,
            "site/camera_new.html",
            status=status,
            version=version(house.config),
            lives=LIVES,
            **given,
        )

    @allow("admin")
    def show(request: Request) -> Response:
        return page(request)

    @allow("admin")
    async def add(request: Request) -> Response:
        form = await request.form()
        typed = {name: str(value) for name, value in form.items() if name != "password"}
        name = typed.get("name", "").strip()
        options, wrong = fields.read(form, _fields(name))
        wrong |= _wrong_name(name, house)
        address, said = await told_address(form)
        if address is None or wrong:
            return page(request, 422, wrong=wrong | ({"address": said} if said else {}), typed=_unsealed(typed))

        def again(notice: Notice) -> Response:
            return page(request, 409, notice=notice, typed=_unsealed(typed))

        if is_stale(form, house.config):
            return again(STALE)
        try:
            source = await to_thread.run_sync(sealed_source, house, name, address, signed_in(request).name)
        except PasserbyError as error:
            return again({"kind": "bad", "text": error.message, "hint": error.hint})
        wish = Wish(
            [Edit(("camera", name, "source"), source), *options],
            "add a camera",
            name,
            "/cameras/new",
            f"/cameras/{quote(name, safe='')}?done=add",
            has_sealed=address.is_secret,
        )
        return await carry_out(pages, request, form, wish, again, at_once=True)

    return [Route("/cameras/new", show), Route("/cameras/new", add, methods=["POST"])]


async def told_address(form: Mapping[str, object]) -> tuple[Typed | None, str]:
    """The address that a form has, or what is wrong with it."""
    try:
        given = (str(form.get(key, "")) for key in ("address", "user", "password"))
        address = addresses.parse(*given)
        await to_thread.run_sync(addresses.check_host, address.host)
    except ValueError as error:
        return None, str(error)
    return address, ""


def secrets_of(camera: str) -> tuple[str, str]:
    """What is kept for a camera is called so: its password, and its whole address where that hides one."""
    return f"camera-{camera}-password", f"camera-{camera}-url"


def sealed_source(house: House, camera: str, address: Typed, by: str) -> dict[str, object]:
    """The source of an address, for the configuration; what is secret in it is kept apart and named there.

    Raises `ConfigError` where it cannot be kept.
    """
    if not address.is_secret:
        return {"use": "stream", "url": address.url("")}
    password, url = secrets_of(camera)
    if address.hides:  # cameras that want the password in the path: then no part of the address is told
        name, secret = url, address.whole()
    else:
        name, secret = password, quote(address.password, safe="")  # as it stands in the url
    house.keep_secret(name, secret, by)
    return {"use": "stream", "url": f"${{{name}}}" if address.hides else address.url(f"${{{name}}}")}


def _fields(name: str) -> list[Field]:
    return [
        Field("live", ("camera", name, "live"), "choice", "bands", LIVES),
        Field("fps", ("camera", name, "fps"), "number", 5.0),
    ]


def _wrong_name(name: str, house: House) -> dict[str, str]:
    if not name:
        return {"name": "Give it a name."}
    if name in house.config.cameras or name in _TAKEN:
        return {"name": f"There is a camera '{name}' already." if name not in _TAKEN else "Take another name."}
    try:
        check_name(name)
    except ValueError as error:
        text = str(error)
        return {"name": f"{text[:1].upper()}{text[1:]}."}
    return {}


def _unsealed(typed: Mapping[str, str]) -> dict[str, str]:
    """What may stand in the form again: no password that was typed into the address."""
    text = typed.get("address", "")
    try:
        address = addresses.parse(text)
    except ValueError:
        return {**typed, "address": "" if PARAMETER.search(text) else text.rpartition("@")[2]}
    if address.hides:
        return {**typed, "address": ""}
    place = f"{address.scheme}://{address.place}"
    return {**typed, "address": place, "user": typed.get("user", "") or address.user}
