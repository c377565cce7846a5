"""A browser, a picture, and a way to ask a served page as the browser would."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import httpx
import numpy as np
import pytest
from jinja2 import Environment, FileSystemBytecodeCache

from passerby.records import Picture
from passerby.web.pages import rendering
from web.entrance import Entrance, Guest

try:
    from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
except ModuleNotFoundError:  # the browser tests are skipped by name
    sync_playwright = None  # type: ignore[assignment]

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session", autouse=True)
def _compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have templates compiled once, and not for every application that a test makes."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    make = rendering._environment

    def cached(zone: Callable[[], ZoneInfo]) -> Environment:
        environment = make(zone)
        environment.bytecode_cache = cache
        return environment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "_environment", cached)
        yield


@pytest.fixture
def entrance(tmp_path: Path) -> Entrance:
    """An application that ada is an admin of."""
    entrance = Entrance(tmp_path / "state")
    entrance.account("ada", "admin")
    return entrance


@pytest.fixture
def ada(entrance: Entrance) -> Guest:
    """The admin, signed in."""
    return entrance.visitor("ada")


@pytest.fixture(scope="session")
def picture() -> Picture:
    """A drawn place that nobody is in."""
    image = np.full((180, 320, 3), 190, np.uint8)
    cv2.rectangle(image, (0, 70), (320, 150), (110, 110, 110), -1)
    cv2.line(image, (0, 110), (320, 110), (230, 230, 230), 2)
    return Picture(cv2.imencode(".png", image)[1].tobytes(), 320, 180)


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    """A client that goes straight to the address, whatever proxy the machine has."""
    with httpx.Client(trust_env=False, timeout=10) as client:
        yield client


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; skips by name where it or Playwright is absent."""
    chromium = os.environ.get("PASSERBY_CHROMIUM") or shutil.which("chromium")
    if sync_playwright is None:
        pytest.skip("no browser: playwright is not installed")
    if chromium is None or not Path(chromium).exists():
        pytest.skip("no browser: chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window without movement, and without what another test kept, or did to its clock."""
    with browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce") as window:
        yield window


@pytest.fixture
def tab(window: BrowserContext) -> Iterator[Page]:
    """A page of the browser; an error in it, or anything that the policy refused, fails the test."""
    tab, wrong = window.new_page(), list[str]()
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
    yield tab
    assert wrong == []
