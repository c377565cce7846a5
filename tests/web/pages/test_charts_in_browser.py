"""Charts in a real browser: as wide as their time, as high as their rate, and the same as their tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from web.browsing import URL, browse, overflow, violations
from web.houses import FakeHouse
from web.visits import VIEWER, site

from passerby.records import Measurement, Statistics
from passerby.web.pages import charts

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

expect = pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed").expect
pytest.importorskip("axe_playwright_python", reason="no browser tests: axe-playwright-python is not installed")

MIDNIGHT = datetime(2026, 5, 28, 23, tzinfo=UTC)  # of 29 May in Lisbon
HOUR = timedelta(hours=1)
DAY = "from=2026-05-29&to=2026-05-29"

# Of one line or column of pixels of a chart: where so many in a row are of the colour of bars, as [from, length].
RUNS = """(canvas, [along, share]) => {
  const { width, height } = canvas;
  const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const { color } = getComputedStyle(document.querySelector(".probe .bar"));
  const wanted = color.match(/\\d+/g).slice(0, 3).map(Number);
  const isBar = (x, y) => wanted.every((part, n) => Math.abs(data[(y * width + x) * 4 + n] - part) < 3);
  const at = Math.round(share * (along === "row" ? height : width));
  const runs = [];
  for (let n = 0, start = -1; n <= (along === "row" ? width : height); n += 1) {
    const inside = n < (along === "row" ? width : height) && (along === "row" ? isBar(n, at) : isBar(at, n));
    if (inside && start < 0) start = n;
    if (!inside && start >= 0) { runs.push([start, n - start]); start = -1; }
  }
  return runs;
}"""


def row(start: float, hours: float, count: int | None, **more: Any) -> Measurement:
    begin = MIDNIGHT + start * HOUR
    end = begin + hours * HOUR
    return replace(
        Measurement("north", "gate", "r1", "passes", "all", (), False, begin, end, 1.0, count),
        **more,
    )


ROWS = [row(0, 6, 60), row(6, 3, 60), row(9, 1, 60), row(11, 2, 80), row(14, 4, 80, observed=0.5)]
DAYS_BEFORE = [row(-24 + start, 1, 40) for start in (6, 7, 8)]


@pytest.fixture
def house() -> FakeHouse:
    house = FakeHouse()
    house.rows = [*ROWS, *DAYS_BEFORE]
    return house


def show(tab: Tab, house: FakeHouse, query: str = DAY) -> None:
    browse(tab, site(house, charts.routes, VIEWER))
    tab.goto(f"{URL}/cameras/north/charts?{query}")
    tab.wait_for_selector('html[data-charts="ready"]')
    tab.wait_for_function("document.querySelector('canvas').width > 100")


def runs(tab: Tab, along: str, share: float, figure: int = 0) -> list[tuple[int, int]]:
    found: Sequence[Sequence[int]] = tab.locator("canvas").nth(figure).evaluate(RUNS, [along, share])
    return [(start, length) for start, length in found]


def base(tab: Tab) -> float:
    """Where the bars stand, as a share of the canvas' height."""
    canvas, over = tab.locator("canvas").first.bounding_box(), tab.locator(".u-over").first.bounding_box()
    assert canvas is not None
    assert over is not None
    return (over["y"] + over["height"] - 4 - canvas["y"]) / canvas["height"]


def test_a_bar_is_as_wide_as_its_time_and_as_high_as_its_rate(tab: Tab, house: FakeHouse) -> None:
    show(tab, house)
    bars = runs(tab, "row", base(tab))[:4]  # what was half seen is hatched and comes in pieces
    hour = bars[2][1] + 1  # and the gap of a pixel after it
    assert [length + 1 for _, length in bars] == [pytest.approx(n * hour, abs=2.5) for n in (6, 3, 1, 2)]
    nobody_told = bars[3][0] - (bars[2][0] + bars[2][1])
    assert nobody_told == pytest.approx(hour, abs=2.5)  # 10 to 11: a gap, and no zero
    width = tab.locator("canvas").evaluate("canvas => canvas.width")
    heights = [runs(tab, "column", (start + length / 2) / width)[-1][1] for start, length in bars]
    by_hour = heights[2] / 60
    assert heights == [pytest.approx(rate * by_hour, abs=2.5) for rate in (10, 20, 60, 40)]


def test_the_tooltip_says_what_the_table_says(tab: Tab, house: FakeHouse) -> None:
    show(tab, house, f"{DAY}&compare=before")
    box = tab.locator(".u-over").bounding_box()
    assert box is not None
    tip = tab.locator(".tip")
    for hour, at in ((7.5, 1), (16, 4)):
        tab.mouse.move(box["x"] + box["width"] * hour / 24, box["y"] + 10)
        cells = tab.locator("#rows tbody tr").nth(at).locator("th, td").all_text_contents()
        for cell in cells:
            expect(tip).to_contain_text(cell.strip())
    expect(tip).to_contain_text("50 %")
    tab.mouse.move(box["x"] + box["width"] * 7.5 / 24, box["y"] + 10)
    expect(tip).to_contain_text("Compared")
    expect(tip).to_contain_text("Thu 28 May 2026, 07:00 – 08:00")
    tab.mouse.move(box["x"] + box["width"] * 10.5 / 24, box["y"] + 10)
    expect(tip).to_be_empty()


def test_the_keyboard_goes_from_row_to_row(tab: Tab, house: FakeHouse) -> None:
    show(tab, house)
    tab.locator(".plot").focus()
    tip = tab.locator(".tip")
    for key, said in (("ArrowRight", "00:00 – 06:00"), ("ArrowRight", "06:00 – 09:00"), ("End", "14:00 – 18:00")):
        tab.keyboard.press(key)
        expect(tip).to_contain_text(said)
    tab.keyboard.press("Escape")
    expect(tip).to_be_empty()


def test_several_together_have_a_chart_of_their_own(tab: Tab, house: FakeHouse) -> None:
    several = ("car in", "bus in", "truck in")
    house.rows = [
        row(0, 24, 300, cut="class", part=("person in",)),
        row(-24, 24, 280, cut="class", part=("person in",)),
        row(-24, 24, 400, cut="class", part=("car in",)),
        row(0, 24, 500, cut="class", part=several, rest=True),
    ]
    show(tab, house, "table=class&from=2026-05-28&to=2026-05-29")
    assert tab.locator("figure figcaption").all_text_contents() == [
        "person in", "car in", "Several together, not told apart",
    ]  # fmt: skip
    people, cars = (sum(length for _, length in runs(tab, "row", base(tab), figure)) for figure in (0, 1))
    assert people == pytest.approx(2 * cars, abs=8)  # on the second day cars share a row
    tab.locator(".plot").nth(1).focus()
    tab.keyboard.press("End")
    expect(tab.locator("figure").nth(1).locator(".tip")).to_contain_text(
        "car in, bus in, truck in together: not told apart"
    )


def test_values_and_samples_are_charted_too(tab: Tab, house: FakeHouse) -> None:
    speeds = Statistics(9.0, 9.5, 11.0, histogram=((0.0, 8.0, 20), (8.0, 10.0, 30), (10.0, 1e5, 10)), n=60)
    house.rows = [row(0, 24, 80, cut="class", part=("car in",), values={"speed_mps": speeds})]
    show(tab, house, f"{DAY}&table=class")
    expect(tab.locator("canvas")).to_have_count(3)
    expect(tab.locator("#histogram-speed_mps-1 tbody th")).to_have_text(
        ["0.0 – 28.8", "28.8 – 36.0", "36.0 or more"]
    )
    house.rows = [
        row(
            8,
            1,
            None,
            quantity="inside",
            mean=30.0,
            p95=42.0,
            place="square",
            bands={"20-39": 50.0, "40-59": 10.0},
        )
    ]
    show(tab, house, f"{DAY}&place=square&table=inside")
    expect(tab.locator("#rows tbody td").nth(1)).to_have_text("30.00")
    assert len(runs(tab, "row", base(tab))) == 1


@pytest.mark.parametrize("query", [f"{DAY}&compare=before", f"{DAY}&table=mode", "from=2020-01-01&to=2020-01-01"])
def test_everybody_can_use_them(tab: Tab, house: FakeHouse, query: str) -> None:
    house.rows += [row(0, 24, 90, cut="mode", part=("foot in", "foot out"), rest=True, observed=0.7)]
    browse(tab, site(house, charts.routes, VIEWER))
    tab.goto(f"{URL}/cameras/north/charts?{query}")
    tab.wait_for_selector('html[data-charts="ready"]')
    tab.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert violations(tab) == []
    size = tab.viewport_size
    tab.set_viewport_size({"width": 360, "height": 800})
    assert overflow(tab) <= 0
    if size is not None:
        tab.set_viewport_size(size)


def test_without_scripts_there_is_the_table_and_the_form(browser: Browser, house: FakeHouse) -> None:
    with browser.new_context(java_script_enabled=False) as window:
        tab = window.new_page()
        browse(tab, site(house, charts.routes, VIEWER))
        tab.goto(f"{URL}/cameras/north/charts?{DAY}")
        expect(tab.locator("#rows tbody tr").first).to_be_visible()
        tab.get_by_label("Compare with").select_option("before")
        tab.get_by_role("button", name="Show").click()
        expect(tab.locator("#compared tbody tr")).to_have_count(3)
