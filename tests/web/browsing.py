"""A browser on an application without a server: the test answers its requests, and speaks on its sockets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.testclient import TestClient
from starlette.types import ASGIApp

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route, WebSocketRoute

URL = "http://localhost"  # nothing listens there; a browser trusts this name as it does https
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES_OF_COLOURS = ["color-contrast", "link-in-text-block"]


class Sockets:
    """All live sockets of a tab; what is told goes to those that are open."""

    def __init__(self, tab: Page) -> None:
        self.open: list[WebSocketRoute] = []
        self.paths: list[str] = []  # of all that were ever opened
        self._latest = ""
        tab.route_web_socket(lambda _: True, self._take)

    def _take(self, socket: WebSocketRoute) -> None:
        self.paths.append(urlsplit(socket.url).path)
        self.open.append(socket)
        socket.on_message(lambda _: None)
        if self._latest:
            socket.send(self._latest)

    def tell(self, message: str) -> None:
        """Send a message, also to sockets that are opened later."""
        self._latest = message
        for socket in self.open:
            socket.send(message)

    def close(self, code: int = 1001) -> None:
        """End all of them."""
        while self.open:
            self.open.pop().close(code=code)


def browse(tab: Page, app: ASGIApp) -> Sockets:
    """Let the tab see `app` at `URL`."""
    client = TestClient(app, base_url=URL, follow_redirects=False)

    def answer(route: Route) -> None:
        asked = route.request
        headers = {name: value for name, value in asked.headers.items() if not name.startswith(":")}
        told = client.request(asked.method, asked.url, content=asked.post_data_buffer, headers=headers)
        route.fulfill(status=told.status_code, headers=dict(told.headers), body=told.content)

    tab.route("**/*", answer)
    return Sockets(tab)


def violations(tab: Page, schemes: Sequence[str] = ("light", "dark")) -> list[str]:
    """What axe finds wrong, as "scheme: rule: element": everything in the first scheme, in others the colours."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - where it is missing, so is the browser

    found = []
    rules: dict[str, object] = {"type": "tag", "values": RULES}
    for scheme in schemes:
        tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        results = Axe().run(tab, options={"runOnly": rules, "resultTypes": ["violations"]}).response
        for rule in results["violations"]:
            found += [f"{scheme}: {rule['id']}: {node['html'][:160]}" for node in rule["nodes"]]
        rules = {"type": "rule", "values": RULES_OF_COLOURS}
    tab.emulate_media(color_scheme="no-preference")
    return found


def overflow(tab: Page) -> int:
    """By how many pixels a page is wider than the screen."""
    return int(tab.evaluate("document.documentElement.scrollWidth - innerWidth"))
