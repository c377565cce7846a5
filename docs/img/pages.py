"""Draws the pages of the service on the drawn street and a drawn square, in headless Chromium.

.venv/bin/python docs/img/pages.py              # the pictures of the docs
.venv/bin/python docs/img/pages.py sheets [NAME…]  # those of docs/gallery.md: pages in light, dark and phone size
.venv/bin/python docs/img/pages.py FOLDER       # the same one by one and at full length, to be looked at
"""

from __future__ import annotations

import io
import struct
import sys
import tempfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, sync_playwright

from passerby.demo import STREET, Site, gate, month
from passerby.run import Front, Journal, Service

HERE: Final = Path(__file__).parent
ZONE: Final = ZoneInfo("Europe/Lisbon")
SEED: Final = 7
WORDS: Final = "a drawn street"
FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PATIENCE_MS: Final = 120_000
DESK: Final = (1200, 820)
PHONE: Final = (390, 780)
WAYS: Final = (("light", DESK, "light"), ("dark", DESK, "dark"), ("phone", PHONE, "light"))
WEEK: Final = "/cameras/street/charts?place=gate&from=2026-05-11&to=2026-05-17"
DAY: Final = "/cameras/street/charts?place=gate&table=mode&from=2026-05-13&to=2026-05-14&compare=week"
SHEETS: Final = HERE / "pages"
SCALE: Final = 0.75  # of a page on a sheet
GAP: Final = 12  # px between two,
GREY: Final = 160  # and their colour
PAGES: Final[dict[str, tuple[str, str]]] = {  # where, and what is there once it can be seen
    "sign-in": ("/sign-in", "main form"),
    "overview": ("/", "#alarms li:has-text('filling'):has-text('firing')"),
    "camera": ("/cameras/street", "#marks-rows td.n"),
    "square": ("/cameras/square", "#values .value"),
    "charts": (WEEK, ".uplot canvas"),
    "charts-mode": (DAY, ".uplot canvas"),
    "editor": ("/cameras/street/edit", "[data-ready] .handle"),
    "plate": ("/cameras/street/plate", "#plate img"),
    "camera-settings": ("/cameras/street/settings", "main form"),
    "camera-new": ("/cameras/new", "main form"),
    "areas": ("/areas", "[data-held=amount]:not(.no-data)"),
    "steward-pick": ("/steward", ".pick"),
    "steward": ("/steward/square/stage", "#density:not([hidden])"),
    "alerts": ("/alerts", ".alarm[data-rule=filling]:not([hidden])"),
    "privacy": ("/privacy", "h1"),
    "sign": ("/privacy/sign", "h1"),
    "assessment": ("/privacy/assessment", "h1"),
    "settings": ("/settings", "main form"),
    "people": ("/people", "main form[action$='/people']"),
    "keys": ("/keys", "main form"),
    "audit": ("/audit", "h1"),
    "account": ("/account", "h1"),
}
DOCS: Final = (  # name of the file, page, size, colours
    ("overview", "overview", DESK, "light"),
    ("camera", "camera", DESK, "light"),
    ("camera-dark", "camera", DESK, "dark"),
    ("charts", "charts-mode", DESK, "light"),
    ("editor", "editor", DESK, "light"),
    ("steward", "steward", PHONE, "dark"),
    ("alerts", "alerts", DESK, "light"),
)


def main(folder: str = "", *names: str) -> None:
    """Serve the drawn street, and take pictures of its pages."""
    with served() as front, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        state, url = signed_in(browser, front), front.url.rstrip("/")
        if folder == "sheets":
            for name in names or PAGES:
                shots = [shoot(browser, url, state, name, size, colours) for _, size, colours in WAYS]
                sheet(shots, SHEETS / f"{name}.webp")
        elif folder:
            for name in PAGES:
                for kind, size, colours in WAYS:
                    picture = shoot(browser, url, state, name, size, colours, whole=True)
                    written(Path(folder) / f"{name}-{kind}.png", picture)
        else:
            for name, page, size, colours in DOCS:
                written(HERE / f"page-{name}.png", small(shoot(browser, url, state, page, size, colours)))
        browser.close()


@contextmanager
def served() -> Iterator[Front]:
    """The pages; the store holds May 2026, which is what charts are opened at."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "month.db"
        month(rows, SEED, zone=ZONE, start=date(2026, 5, 4), length=21, camera=STREET, gate=gate())
        config = Site(Path(folder), SEED, ZONE.key).lay_out(rows, datetime.now(ZONE).date())
        service = Service(config, journal=Journal(io.StringIO(), lambda: datetime.now(UTC)), has_pages=True)
        with Front(service, io.StringIO()) as front:
            thread = threading.Thread(target=service.run)
            thread.start()
            try:
                yield front
            finally:
                service.stop()
                thread.join()


def signed_in(browser: Browser, front: Front) -> Any:
    """Cookies of an admin; by then the square is full, and its alert fires."""
    with browser.new_context(viewport={"width": 1200, "height": 900}) as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(front.first)
        page.get_by_label("Name").fill("ada")
        page.get_by_label("Password", exact=True).fill(WORDS)
        page.get_by_label("The same password again").fill(WORDS)
        page.get_by_role("button", name="Make account").click()
        page.goto(f"{front.url}people")
        page.locator("form[action$='/people'] [name=name]").fill("j.silva")
        page.get_by_role("button", name="Make a link").click()
        page.goto(front.url)
        page.locator(PAGES["overview"][1]).wait_for()
        return context.storage_state()


def shoot(
    browser: Browser, url: str, state: Any, name: str, size: tuple[int, int], colours: Any, *, whole: bool = False
) -> bytes:
    """A PNG of a page as it is seen at first, or of the whole of it where all are looked at."""
    at, there = PAGES[name]
    with browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        storage_state=None if name == "sign-in" else state,
        color_scheme=colours,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id=ZONE.key,
    ) as context:
        page: Page = context.new_page()
        page.goto(url + at)
        try:
            page.wait_for_timeout(2000)  # so that live values are there, too
            page.locator(there).first.wait_for(timeout=PATIENCE_MS)
        except Exception as error:  # noqa: BLE001 - the picture shows what is missing
            sys.stderr.write(f"{name}: {error}\n")
        return page.screenshot(full_page=whole)


def written(path: Path, data: bytes) -> None:
    """A file, in a folder that is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def sheet(shots: list[bytes], path: Path) -> None:
    """Several pictures of a page beside each other in one file."""
    scaled = [cv2.resize(read(s), None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_AREA) for s in shots]
    height, width = max(len(s) for s in scaled), sum(s.shape[1] + GAP for s in scaled) - GAP
    whole, left = np.full((height, width, 3), GREY, np.uint8), 0
    for picture in scaled:
        whole[: len(picture), left : left + picture.shape[1]] = picture
        left += picture.shape[1] + GAP
    _, data = cv2.imencode(".webp", whole, [cv2.IMWRITE_WEBP_QUALITY, 80])
    written(path, data.tobytes())


def read(png: bytes) -> NDArray[np.uint8]:
    """A picture (h, w, 3) in BGR."""
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def small(png: bytes) -> bytes:
    """A picture again with a palette of 128 colours, the nearest ones of all that it has."""
    picture = read(png)
    colours, where, counts = np.unique(picture.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    most = colours[np.argsort(-counts)]
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    cv2.setRNGSeed(1)
    _, nearest, middles = cv2.kmeans(
        colours.astype(np.float32),
        112,
        None,
        criteria,
        1,
        cv2.KMEANS_PP_CENTERS,  # type: ignore[call-overload]
    )
    exact = most[:16]  # paper, ink and the like stay what they are
    palette = np.concatenate([exact, middles.round().astype(np.uint8)])
    index = nearest.ravel() + len(exact)
    for number, colour in enumerate(exact):
        index[(colours == colour).all(axis=1)] = number
    indices = index[where.ravel()].astype(np.uint8).reshape(picture.shape[:2])
    return indexed(indices, palette[:, ::-1])


def indexed(indices: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    """A PNG of indices (h, w) into colours (n, 3)."""
    height, width = indices.shape
    rows = np.pad(indices, ((0, 0), (1, 0))).tobytes()
    header = struct.pack(">2I5B", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


if __name__ == "__main__":
    main(*sys.argv[1:])
