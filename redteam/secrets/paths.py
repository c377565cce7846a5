"""Every way by which words leave passerby, called as the product calls it, with cameras that all fail."""

from __future__ import annotations

import io
import json
import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from unittest import mock

import av
from pydantic import SecretStr
from starlette.testclient import TestClient
from web.entrance import PASSWORD, URL, Guest, Hands, open_doors

from passerby import config
from passerby.cli.check import check
from passerby.cli.privacy import privacy
from passerby.config import Edit, Web
from passerby.config.blanking import LEAST
from passerby.engine import Begun, Died, Ended, State
from passerby.engine.feed import Feed
from passerby.engine.lane import Lane
from passerby.engine.plan import CameraPlan
from passerby.records import Trial
from passerby.run import Journal, Service
from passerby.run.house import ServiceHouse
from passerby.run.site import load
from passerby.sinks.webhook import Webhook
from passerby.sources.address import Address
from passerby.sources.stream import Stream
from passerby.web.app import make_app
from passerby.web.house import Paths
from redteam.secrets.forms import PLACE, Form

NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
Said = Iterator[tuple[str, str]]  # where, and what
_HEAD: Final = 'site = {{ name = "Market", timezone = "Europe/Lisbon" }}\nstate = "{folder}/state"\n'
_PATIENCE_S: Final = 60.0  # all are refused at once, and on a busy machine none may be late
_CHANGED: Final = 4  # a page changes each so many-th of the files that are wrong, in turn; it reads them alike
_DETECTOR: Final = 'detector = { use = "motion" }\n'

# What somebody may get wrong beside an address, or with it; {url} is a TOML string.
WRONG: Final[Mapping[str, str]] = {
    "an unknown key": "[camera.a]\nsource = {{ use = 'stream', url = {url} }}\nsauce = 1\n",
    "an unknown option": "[camera.a]\nsource = {{ use = 'stream', url = {url}, sauce = 1 }}\n",
    "a list": "[camera.a]\nsource = {{ use = 'stream', url = [{url}] }}\n",
    "a table": "[camera.a]\nsource = {{ use = 'stream', url = {{ at = {url} }} }}\n",
    "no table": "[camera.a]\nsource = {url}\n",
    "another option": "[camera.a]\nsource = {{ use = 'stream', url = 'x', transport = {url} }}\n",
    "a number": "[camera.a]\nsource = {{ use = 'stream', url = 'x', read_timeout_s = {url} }}\n",
    "the plugin's name": "[camera.a]\nsource = {{ use = {url} }}\n",
    "what is shown": "[camera.a]\nlive = {url}\n",
    "a string that does not end": "[camera.a]\nsource = {{ use = 'stream', url = {cut}\n",
    "a string in two lines": "[camera.a]\nsource = {{ use = 'stream', url = {cut}\n@x' }}\n",
    "twice": "[camera.a]\nsource = {{ use = 'stream', url = {url} }}\nsource = {url}\n",
    "a model": "detector = {{ use = 'onnx', model = {url} }}\n[camera.a]\nsource = {{ use = 'synthetic' }}\n",
    "a store": "store = {url}\n[camera.a]\nsource = {{ use = 'synthetic' }}\n",
    "a store's kind": "store = {{ use = {url} }}\n[camera.a]\n",
    "a webhook": "[sink.a]\nuse = 'webhook'\nurl = {url}\nsauce = 1\n[camera.a]\n",
    "a place to listen": "[web]\nlisten = {url}\n[camera.a]\n",
    "a time zone": "site = {{ timezone = {url} }}\n[camera.a]\n",
    "a camera's name": "[camera.{url}]\nsauce = 1\n",
    "a key": "[camera.a]\nsource = {{ use = 'stream', {url} = 1 }}\n",
}

FAILURES: Final[Sequence[Callable[[str], Exception]]] = (
    *(
        lambda url, kind=kind: kind(1, "It failed", url, (16, "rtsp", f"{url} failed"))
        for kind in (
            av.error.HTTPUnauthorizedError,
            av.error.HTTPNotFoundError,
            av.error.HTTPServerError,
            av.error.InvalidDataError,
            av.error.ProtocolNotFoundError,
            av.error.ExitError,
            av.error.BugError,
        )
    ),
    lambda url: av.error.FFmpegError(5, "Input/output error", url),
)  # fmt: skip


def wrong_configurations(forms: Sequence[Form], folder: Path) -> Said:
    """Every complaint about a configuration in which an address stands in the wrong place, or beside a mistake."""
    path = folder / "wrong.toml"
    for at, form in enumerate(forms):
        for number, (name, text) in enumerate(WRONG.items()):
            path.write_text(text.format(url=form.toml, cut=form.toml[:-1]))
            yield name, _tried(lambda: load(path))
            if (at + number) % _CHANGED == 0:
                yield name, _tried(lambda: config.change(path, [Edit(("camera", "b", "live"), "bands")]))


def sources(forms: Sequence[Form], _: Path) -> Said:
    """What a camera's thread says when libav, or anything else, fails with the url in its words."""
    for at, form in enumerate(forms):
        address = Address.parse(form.url)
        yield "names", f"{address!r} {address.shown} {Stream(form.url)!r}"
        fail = FAILURES[at % len(FAILURES)]
        said = list[State]()
        with mock.patch.object(av, "open", side_effect=fail(address.target)):
            plan, lane = CameraPlan("a", {"use": "stream", "url": form.url}), Lane(0)
            feed = Feed(plan, lane, live=False, tell=said.append)
            feed._run()
            yield "what a worker says", repr(said)
            lane.close()
            yield "opening", _tried(partial(_opened, form.url), whole=False)


def webhooks(forms: Sequence[Form], _: Path) -> Said:
    """A receiver whose address holds what opens it, and that does not answer."""
    for form in forms:
        for url in (f"http://{PLACE}/hook/{form.password}?token={form.password}", form.url):
            yield "webhook", _tried(partial(_posted, url, form.password))


def _opened(url: str) -> object:
    return next(Stream(url).frames())


def _posted(url: str, password: str) -> None:
    secret = SecretStr(password)
    hook = Webhook(SecretStr(url), secret=secret, token=secret, site="x")
    print(repr(hook), secret)
    hook.write([Trial(NOON)])


def _tried(what: Callable[[], object], *, whole: bool = True) -> str:
    """All that is said of it, and every error of it; `whole`: with the errors behind."""
    text = io.StringIO()
    with redirect_stdout(text), redirect_stderr(text):
        try:
            print(repr(what()))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what would be said
            print(error, repr(error), getattr(error, "hint", ""))
            if whole:
                traceback.print_exception(error)
    return text.getvalue()


def services(forms: Sequence[Form], folder: Path) -> Said:
    """A service whose cameras, workers and detector say the worst, its log, and each of its pages."""
    with _environment(forms, folder):
        path = _written(forms, folder)
        for as_json in (False, True):
            log = io.StringIO()
            journal = Journal(log, lambda: NOON, as_json=as_json)
            service = Service(path, journal=journal, clock=lambda: NOON, has_pages=True)
            try:
                _say_the_worst(service, forms, path)
                yield f"the log {'in JSON' if as_json else ''}", log.getvalue()
                yield "a repr", f"{service.site!r} {service.site.plan()!r}"
                if not as_json:
                    yield from _pages(service, forms, folder / "state")
            finally:
                service.outlets.close()
                service.engine.__exit__()  # it was never entered, and holds a bell
            yield "the log's end", log.getvalue()


def _say_the_worst(service: Service, forms: Sequence[Form], path: Path) -> None:
    service._open_all()
    text = path.read_text()
    for at, form in enumerate(forms):
        known = form.password if len(form.password) >= LEAST else ""  # what is shorter looks like words
        said = f"cannot open {form.url} ({known}, {form.toml})."
        _take(service, State(f"c{at}", ("offline", "degraded")[at % 2], said))
        if at % 7 == 0:
            _take(
                service,
                Died(f"decode {at}", said),
                Begun(f"engine {at}", said, (said,)),
                Ended(f"c{at}", 0.0, said),
            )
    service.on_read(None, service.site.config)
    for wrong in ("sauce = 1\n", f"store = {forms[0].toml}\nsauce = 1\n"):
        path.write_text(wrong + text)
        service._read_again()
    path.write_text(text)
    service._read_again()


def _take(service: Service, *messages: Any) -> None:
    for message in messages:
        with service.lock:
            service._take(message)


def _pages(service: Service, forms: Sequence[Form], state: Path) -> Said:
    """All that an admin sees, and all that is answered where an address is typed."""
    hands, house = Hands(), ServiceHouse(service, clock_s=lambda: 0.0)
    doors, log = open_doors(state, hands), list[str]()
    try:
        app = make_app(house, Paths(state), Web(), doors=doors, say=log.append)
        doors.accounts.add_first("ada", PASSWORD)
        client = TestClient(app.asgi, base_url=URL, client=("127.0.0.1", 1234), raise_server_exceptions=False)
        guest = Guest(client, URL)
        guest.take(doors.sessions.begin("ada"), Web())
        csrf = guest.csrf()
        for page in ("/", "/metrics", "/api/v1/cameras", "/settings", "/privacy", "/areas", "/alerts"):
            yield page, _without_version(guest.get(page).text)
        for at, form in enumerate(forms):
            for page in ("", "/settings")[: 2 if at % 4 == 0 else 1]:
                yield f"a camera's page{page}", _without_version(guest.get(f"/cameras/c{at}{page}").text)
            if at % 15 == 5 and form.style != "token":  # which a page takes for a user's name
                yield from _typed(guest, csrf, form, at)
        yield "the log of pages", "\n".join(log)
        yield "the audit log", (state / "audit.jsonl").read_text()
    finally:
        doors.close()


def _typed(guest: Guest, csrf: str, form: Form, at: int) -> Said:
    """An address is typed where a camera is added, changed, and where it does not belong."""

    def sent(path: str, typed: dict[str, str]) -> tuple[str, str]:
        return path, _without_version(guest.post(path, typed, csrf=csrf).text)

    known = guest.get("/cameras/new").text.partition('name="version" value="')[2].partition('"')[0]
    new = {"name": f"new{at}", "address": form.url, "user": "", "password": "", "version": known}
    apart = {**new, "address": f"http://{PLACE}/live", "user": form.user, "password": form.password}
    with mock.patch.object(ServiceHouse, "_read_again"):  # the loop does not turn
        for form_sent in (new, {**new, "version": "old"}, {**new, "name": "?"}, apart):
            yield sent("/cameras/new", form_sent)
        moved = {"address": form.url, "user": form.user, "password": form.password, "version": known}
        yield sent(f"/cameras/c{at}/settings/address", moved)


def _without_version(text: str) -> str:
    """A page without what it says of the whole file, which is a hash, and another one in each file."""
    return re.sub(r'(name="version" value=")\w+', r"\1", text)


def verbs(forms: Sequence[Form], folder: Path) -> Said:
    """`check`, which opens each of them, and `privacy`; as text and as JSON."""
    with _environment(forms, folder):
        path = _written(forms, folder)
        for as_json in (False, True):
            yield "privacy", _tried(partial(privacy, path, as_json=as_json))
            text = _tried(partial(check, path, _PATIENCE_S, offline=False, as_json=as_json))
            yield "check", "\n".join(line for line in text.splitlines() if "opened_s" not in line)


def _written(forms: Sequence[Form], folder: Path) -> Path:
    """A configuration in which each of them is a camera."""
    path = folder / "site.toml"
    lines = [_HEAD.format(folder=folder), _DETECTOR, f"store = '{folder}/rows.db'\n"]
    lines += ["[sink.hook]\nuse = 'webhook'\nurl = '${HOOK}'\ntoken = '${TOKEN}'\n"]
    for at, form in enumerate(forms):
        value = {
            "literal": form.toml,
            "variable": json.dumps(f"${{CAMERA_{at}}}"),
            "file": f'{{ file = "{folder}/secret-{at}" }}',
        }[form.written]
        (folder / f"secret-{at}").write_text(form.url)
        lines.append(
            f"[camera.c{at}]\nsource = {{ use = 'stream', url = {value}, open_timeout_s = {_PATIENCE_S} }}\n"
        )
    path.write_text("".join(lines))
    return path


@contextmanager
def _environment(forms: Sequence[Form], folder: Path) -> Iterator[None]:
    named = {f"CAMERA_{at}": form.url for at, form in enumerate(forms)}
    named |= {"HOOK": f"http://{PLACE}/hook/{forms[0].password}", "TOKEN": forms[0].password.encode().hex()}
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict("os.environ", named))
        (folder / "state").mkdir(mode=0o700, exist_ok=True)
        yield


PATHS: Final[Mapping[str, Callable[[Sequence[Form], Path], Said]]] = {
    "wrong configurations": wrong_configurations,
    "sources": sources,
    "webhooks": webhooks,
    "services": services,
    "verbs": verbs,
}
