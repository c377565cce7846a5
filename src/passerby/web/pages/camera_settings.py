"""The page of one camera's settings: what is shown of it live, how it is watched, its address, and its removal."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, unquote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerby.config import Camera, Edit
from passerby.config.depending import without_camera
from passerby.errors import PasserbyError
from passerby.web import addresses, fields
from passerby.web.addresses import SCHEMES, Typed
from passerby.web.doors.policy import allow
from passerby.web.fields import Field
from passerby.web.house import House
from passerby.web.messages import moment_of
from passerby.web.pages.cameras_new import LIVES, sealed_source, secrets_of, told_address
from passerby.web.pages.changing import STALE, Notice, Wish, carry_out, is_stale, version
from passerby.web.pages.rendering import Pages, signed_in
from passerby.web.reasons import reason_key

_TYPE_AGAIN: Final = "Type the password again: the one that is kept is not told to another address."
_URL: Final = re.compile(r"([a-z]+)://(?:(.*)@)?([^@]*)", re.DOTALL)


def routes(pages: Pages) -> list[BaseRoute]:
    """``/cameras/{camera}/settings``, and what is sent from it."""

    @allow("admin", camera="camera")
    def show(request: Request) -> Response:
        return _page(pages, request)

    @allow("admin", camera="camera")
    async def change(request: Request) -> Response:
        camera = _camera(pages, request)
        return pages.missing(request) if camera is None else await _change(pages, request, camera)

    @allow("admin", camera="camera")
    async def move(request: Request) -> Response:
        camera = _camera(pages, request)
        return pages.missing(request) if camera is None else await _move(pages, request, camera)

    @allow("admin", camera="camera")
    async def remove(request: Request) -> Response:
        camera = _camera(pages, request)
        return pages.missing(request) if camera is None else await _remove(pages, request, camera)

    base = "/cameras/{camera}/settings"
    return [
        Route(base, show),
        Route(base, change, methods=["POST"]),
        Route(f"{base}/address", move, methods=["POST"]),
        Route(f"{base}/remove", remove, methods=["POST"]),
    ]


def _page(pages: Pages, request: Request, status: int = 200, **shown: Any) -> Response:
    camera, house = _camera(pages, request), pages.house
    if camera is None:
        return pages.missing(request)
    given: Mapping[str, Any] = {"wrong": {}, "typed": {}, "notice": None, **shown}
    state = house.camera(camera.name)
    return pages.render(
        request,
        "site/camera_settings.html",
        status=status,
        camera=camera,
        state=state,
        reason_key=reason_key(state.state, state.reason, moment_of(house, state).condition),
        version=version(house.config),
        fields={field.name: field for field in _fields(camera)},
        options=_options(camera),
        address=_known(camera),
        done=request.query_params.get("done", ""),
        **given,
    )


async def _change(pages: Pages, request: Request, camera: Camera) -> Response:
    """How it is watched and shown."""
    form = await request.form()
    edits, wrong = fields.read(form, [*_fields(camera), *_options(camera)])
    if wrong:
        return _page(pages, request, 422, wrong=wrong, typed=dict(form))
    if any("source" in edit.path for edit in edits) and camera.source and not _has_source(pages.house, camera):
        edits.insert(0, Edit(("camera", camera.name, "source"), dict(camera.source.options)))
    back = _address(camera.name)
    wish = Wish(edits, "change a camera's settings", camera.name, back, f"{back}?done=change")
    return await carry_out(pages, request, form, wish, lambda notice: _page(pages, request, 409, notice=notice))


async def _move(pages: Pages, request: Request, camera: Camera) -> Response:
    """Another address, user or password."""
    form, by = await request.form(), signed_in(request).name
    typed = {"user": str(form.get("user", ""))}
    address, said = await told_address(form)
    if address is None:
        return _page(pages, request, 422, wrong={"address": said}, typed=typed)

    def again(notice: Notice) -> Response:
        return _page(pages, request, 409, notice=notice, typed=typed)

    if is_stale(form, pages.house.config):
        return again(STALE)  # before a password is replaced
    known = _known(camera)
    if not address.password and known is not None and known.password and address.user:
        if address.server != known.server:
            return _page(pages, request, 422, wrong={"password": _TYPE_AGAIN}, typed=typed)
        source: dict[str, object] = {"use": "stream", "url": address.url(known.password)}
    else:
        try:
            source = await to_thread.run_sync(sealed_source, pages.house, camera.name, address, by)
        except PasserbyError as error:
            return again({"kind": "bad", "text": error.message, "hint": error.hint})
    edits, back = _replaced(pages.house, camera, source), _address(camera.name)
    done, has_sealed = f"{back}?done=address", address.is_secret
    wish = Wish(edits, "change a camera's address", camera.name, back, done, has_sealed=has_sealed)
    return await carry_out(pages, request, form, wish, again, at_once=True)


async def _remove(pages: Pages, request: Request, camera: Camera) -> Response:
    """It goes, and so do its part of areas and what was typed for it."""
    form, house = await request.form(), pages.house
    gone = without_camera(tomllib.loads(house.config.text), camera.name)
    wish = Wish(gone.edits, "remove a camera", camera.name, _address(camera.name), "/?done=remove", gone.gone)
    answer = await carry_out(pages, request, form, wish, lambda notice: _page(pages, request, 409, notice=notice))
    if camera.name not in house.config.cameras:
        for name in secrets_of(camera.name):
            if f"${{{name}}}" not in house.config.text:
                await to_thread.run_sync(house.keep_secret, name, "", signed_in(request).name)
    return answer


def _camera(pages: Pages, request: Request) -> Camera | None:
    return pages.house.config.cameras.get(request.path_params["camera"])


def _address(camera: str) -> str:
    return f"/cameras/{quote(camera, safe='')}/settings"


def _fields(camera: Camera) -> list[Field]:
    path = ("camera", camera.name)
    return [
        Field("live", (*path, "live"), "choice", camera.live, LIVES),
        Field("fps", (*path, "fps"), "number", camera.fps),
        Field("every_frame", (*path, "every_frame"), "check", camera.every_frame),
        Field("enabled", (*path, "enabled"), "check", camera.enabled),
    ]


def _options(camera: Camera) -> list[Field]:
    """Of a network camera's stream; anything else was written by hand, and is changed by hand."""
    if _known(camera) is None and not _is_sealed(camera):
        return []
    assert camera.source is not None
    found = fields.options("source", camera.source, ("camera", camera.name, "source"))
    return [field for field in found if field.name != "option-rate"]  # of folders of pictures


def _written(camera: Camera) -> str:
    return str(camera.source.options.get("url", "")) if camera.source is not None else ""


def _is_sealed(camera: Camera) -> bool:
    return _written(camera) == f"${{camera-{camera.name}-url}}"


def _known(camera: Camera) -> Typed | None:
    """The address that the file has, with its password as it is written there.

    None: it is no network address, or one with a secret in its path or query. An @ after a slash or question mark
    may be one of these, and what comes after it a part of the secret.
    """
    match = _URL.fullmatch(_written(camera))
    if match is None or match[1] not in SCHEMES or "$" in match[3].replace("$$", ""):
        return None
    if re.search(r"[/?#]", match[2] or ""):
        return None
    user, _, password = (match[2] or "").partition(":")
    if "$" in user.replace("$$", ""):
        return None
    try:
        place = addresses.parse(f"{match[1]}://{match[3].replace('$$', '$')}")
    except ValueError:
        return None
    known = Typed(place.scheme, place.place, unquote(user.replace("$$", "$")), password)
    return None if known.hides else known


def _has_source(house: House, camera: Camera) -> bool:
    """Whether its own table says what it plays, and not that of all cameras."""
    return "source" in tomllib.loads(house.config.text)["camera"][camera.name]


def _replaced(house: House, camera: Camera, source: Mapping[str, object]) -> list[Edit]:
    """Only the url, where the rest of the source stays as it is."""
    path = ("camera", camera.name, "source")
    if camera.source is not None and camera.source.name == source["use"] and _has_source(house, camera):
        return [Edit((*path, "url"), source["url"])]
    return [Edit(path, source)]
