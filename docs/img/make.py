"""Draws the pictures of the docs: the drawn street on passerby's own pages, in headless Chromium.

.venv/bin/python docs/img/make.py [PICTURE...]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from passerby.cli import watch
from passerby.count import Tally
from passerby.demo import Minute
from passerby.pipeline import Played, Series, empty
from passerby.web import Door, serve
from passerby.web.draw import Editor

HERE: Final = Path(__file__).parent
SEED: Final = 7
FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main(wanted: list[str]) -> None:
    """Draw all pictures, or those named."""
    pictures: dict[str, Callable[[Page, Minute], None]] = {"watch": watched, "draw": drawn, "street": street}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for name in wanted or list(pictures):
            page = browser.new_page(viewport={"width": 1280, "height": 780}, device_scale_factor=1)
            pictures[name](page, Minute(SEED, 40.0, width=960, height=600))
        browser.close()


def watched(page: Page, minute: Minute) -> None:
    """The page of `count --watch`, half a minute into the street."""
    with watch.page(minute.job) as show:

        def at_half(played: Played, tally: Tally) -> None:
            show(played, tally)
            if abs(played.time_s - 30.0) < 0.04:
                page.goto(show.url)
                page.wait_for_timeout(2000)
                page.screenshot(path=HERE / "watch.png")
                page.goto("about:blank")

        minute.count(at_half)


def drawn(page: Page, minute: Minute) -> None:
    """The editor of `draw`."""
    plate, size = empty(Series(minute.job.series.films), minute.job.detector)
    editor = Editor(
        plate.picture() if plate else None,
        size.width / size.height,
        minute.places,
        lambda _: "",
        title="street.mp4",
    )
    with serve(editor) as door:
        _shoot(page, door, "draw.png")


def street(page: Page, minute: Minute) -> None:
    """The drawn street itself: everyone in it is drawn."""
    import cv2  # noqa: PLC0415

    from passerby.sources.synthetic import Drawn  # noqa: PLC0415

    del page
    picture = Drawn(minute.street, size=(960, 600)).still(20.0)
    cv2.imwrite(str(HERE / "street.png"), picture)


def _shoot(page: Page, door: Door, name: str) -> None:
    page.goto(door.url)
    page.wait_for_timeout(1000)
    page.screenshot(path=HERE / name)


if __name__ == "__main__":
    main(sys.argv[1:])
