"""Draws the pictures of the docs: the drawn street on passerby's own pages, in headless Chromium.

.venv/bin/python docs/img/make.py [PICTURE...]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from playwright.sync_api import Page, sync_playwright

from passerby.cli import watch
from passerby.count import Tally
from passerby.demo import Minute
from passerby.pipeline import Played, Series, empty
from passerby.sources.synthetic import Drawn, Synthetic
from passerby.web import Door, serve
from passerby.web.draw import Editor

HERE: Final = Path(__file__).parent
SEED: Final = 7
WEST: Final = [[0.779, 0.864], [0.406, 0.730], [0.521, 0.638], [0.841, 0.726]]
EAST: Final = [[0.956, 0.468], [0.764, 0.442], [0.871, 0.357], [1.000, 0.368]]
MEASURED: Final = {
    "speed": [[[0.890, 0.616], [0.619, 0.559]]],
    "movements": [WEST, EAST],
    "occupancy": [[[0.852, 0.673], [0.711, 0.638], [0.776, 0.559], [0.895, 0.583]]],
    "queue": [[[0.490, 0.574], [0.337, 0.537], [0.542, 0.441], [0.665, 0.460]]],
    "density": [[[0.146, 0.671], [0.854, 0.671], [0.740, 0.466], [0.260, 0.466]]],
}
FILMS: Final = {"density": {"seed": 4, "crowd": 3.5, "duration": 24.0}}
FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main(wanted: list[str]) -> None:
    """Draw all pictures, or those named."""
    pictures: dict[str, Callable[[Page, Minute], None]] = {"watch": watched, "draw": drawn, "street": street}
    pictures |= {f"measure-{name}": partial(measured, name) for name in MEASURED}
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
    del page
    picture = Drawn(minute.street, size=(960, 600)).still(20.0)
    cv2.imwrite(str(HERE / "street.png"), picture)


def measured(name: str, page: Page, minute: Minute) -> None:
    """The street of `measures.md`, or the square of `crowd.md`, with the places of one measure."""
    del page, minute
    film = Synthetic(**FILMS.get(name, {"seed": 3, "duration": 45.0}))
    picture = film.still(20.0)
    for place in MEASURED[name]:
        points = (np.array(place) * film.size).round().astype(np.int32)
        cv2.polylines(picture, [points], len(place) > 2, (255, 120, 30), 3, cv2.LINE_AA)
        cv2.circle(picture, tuple(int(v) for v in points[0]), 6, (255, 120, 30), -1, cv2.LINE_AA)
    small = cv2.resize(picture, (512, 384), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(HERE / f"measure-{name}.jpg"), small, [cv2.IMWRITE_JPEG_QUALITY, 80])


def _shoot(page: Page, door: Door, name: str) -> None:
    page.goto(door.url)
    page.wait_for_timeout(1000)
    page.screenshot(path=HERE / name)


if __name__ == "__main__":
    main(sys.argv[1:])
