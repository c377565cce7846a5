"""An admin who signs in, looks at every page and answer there is, and leaves sockets open."""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
from starlette.routing import Route
from web.houses import FakeHouse
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Origin

from passerby.config import Web
from passerby.web.app import make_app
from passerby.web.house import Paths

_WORD: Final = "a canary is in the cage"
_NAMES: Final = {"camera": "plaza", "place": "square", "area": "market"}
_CSRF: Final = re.compile(r'name="csrf" value="([^"]+)"')


def addresses() -> list[str]:
    """Every address that answers to GET, as the application that is served lists them."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(FakeHouse(), Paths(Path(folder)), Web())
        try:
            names = defaultdict(lambda: "0", _NAMES)
            paths = [r.path for r in app.routes if isinstance(r, Route) and "GET" in (r.methods or ())]
            return [path.format_map(names) for path in dict.fromkeys(paths) if path != "/sign-out"]
        finally:
            app.doors.close()


class Visitor:
    """Asks through a relay at a port."""

    def __init__(self, port: int, state: Path) -> None:
        self._base, self._state = f"http://127.0.0.1:{port}", state
        self._client = httpx.Client(
            base_url=self._base, trust_env=False, timeout=20, headers={"Origin": self._base}, follow_redirects=True
        )
        self._threads: list[threading.Thread] = []
        self._ended = threading.Event()
        self.messages = 0
        self.heard = threading.Event()  # set with each message of a socket
        self.answers: defaultdict[int, int] = defaultdict(int)

    def sign_in(self) -> None:
        """Make the first account, or use it."""
        link = self._state / "first-admin-link"
        who = {"name": "ada", "password": _WORD}
        if link.exists():
            token = parse_qs(urlsplit(link.read_text().strip()).query)["token"][0]
            self._client.post("/first", data={"token": token, **who, "again": _WORD}).raise_for_status()
        else:
            self._client.post("/sign-in", data=who).raise_for_status()

    @property
    def cookies(self) -> dict[str, str]:
        """Of the session."""
        return dict(self._client.cookies)

    def look(self) -> None:
        """Ask for everything."""
        for path in addresses():
            with suppress(httpx.HTTPError):
                self.answers[self._client.get(path).status_code] += 1

    def post(self, page: str, path: str, **fields: str) -> int:
        """Send a form of a page; the status, 0 where nobody answers."""
        try:
            csrf = _CSRF.search(self._client.get(page).text)
            form = {"csrf": csrf[1] if csrf else "", **fields}
            return self._client.post(path, data=form).status_code
        except httpx.HTTPError:
            return 0

    def page(self, path: str) -> str:
        """The text of a page; empty where nobody answers."""
        try:
            return self._client.get(path).text
        except httpx.HTTPError:
            return ""

    def listen(self) -> None:
        """Open the sockets of the overview and of a camera, and read them in threads until they are closed."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        for path in ("/live", "/cameras/plaza/live", "/cameras/north/live"):
            thread = threading.Thread(target=self._hear, args=(path, cookie), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _hear(self, path: str, cookie: str) -> None:
        how: dict[str, Any] = {"origin": Origin(self._base), "proxy": None, "compression": None}
        with suppress(OSError, WebSocketException, TimeoutError):
            where = self._base.replace("http", "ws", 1) + path
            with connect(where, additional_headers={"Cookie": cookie}, **how) as live:
                while not self._ended.is_set():
                    with suppress(TimeoutError):
                        live.recv(timeout=0.5)
                        self.messages += 1
                        self.heard.set()

    def browse(self, profile: Path) -> str:
        """Look at some pages with a browser that keeps its cache; why not, where there is none."""
        chromium = shutil.which("chromium")
        if chromium is None:
            return "the cache of a browser (no chromium)"
        try:
            from playwright.sync_api import sync_playwright  # noqa: PLC0415
        except ModuleNotFoundError:
            return "the cache of a browser (no playwright)"
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        with sync_playwright() as playwright:
            window = playwright.chromium.launch_persistent_context(
                str(profile), executable_path=chromium, args=flags, headless=True
            )
            window.add_cookies([{"name": n, "value": v, "url": self._base} for n, v in self.cookies.items()])
            tab = window.new_page()
            for path in ("/", "/cameras/plaza", "/cameras/north", "/cameras/plaza/plate", "/cameras/plaza/edit"):
                with suppress(Exception):
                    tab.goto(self._base + path, wait_until="load", timeout=15_000)
            window.close()
        return ""

    def close(self) -> None:
        """Look no more."""
        self._ended.set()
        for thread in self._threads:
            thread.join(5.0)
        self._client.close()
