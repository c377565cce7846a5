"""The charts page without a browser: its table is the rows, its CSV the same, and it says why nothing is there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from web.houses import STREET, FakeHouse
from web.released import LISBON, KeptHouse, street
from web.visits import GUEST, OPERATOR, VIEWER, visit

from passerby.outlets import Query
from passerby.web.pages import charts

DAYS = (date(2026, 5, 28), date(2026, 5, 29))
SPAN = "from=2026-05-28&to=2026-05-29"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptHouse]:
    house = KeptHouse(tmp_path_factory.mktemp("store") / "rows.db", (), STREET)
    blind = (datetime(2026, 5, 29, 10, tzinfo=LISBON), datetime(2026, 5, 29, 15, 20, tzinfo=LISBON))
    gate, square = house.camera("north").places
    house.store.write([*street(gate, DAYS, blind=blind), *street(square, DAYS[1:])])
    yield house
    house.store.close()


@pytest.fixture(scope="module")
def viewer(house: KeptHouse) -> TestClient:
    return visit(house, charts.routes, VIEWER)


def text(client: TestClient, query: str = "", status: int = 200) -> str:
    answer = client.get(f"/cameras/north/charts?{query}")
    assert answer.status_code == status
    return str(answer.text)


def table(page: str, name: str = "rows") -> list[dict[str, str]]:
    found = re.search(rf'<table[^>]* id="{name}">(.*?)</table>', page, re.DOTALL)
    if found is None:
        return []
    heads = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", found[1], re.DOTALL)
    rows = re.findall(r"<tr data-start[^>]*>(.*?)</tr>", found[1], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [dict(zip(heads, map(plain, row), strict=True)) for row in cells]


def plain(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def test_the_table_is_the_rows_of_the_store(viewer: TestClient, house: KeptHouse) -> None:
    rows = list(
        house.store.read(
            Query(
                ("north",),
                ("gate",),
                ("all",),
                datetime(2026, 5, 27, 23, tzinfo=UTC),
                datetime(2026, 5, 29, 23, tzinfo=UTC),
            )
        )
    )
    shown = table(text(viewer, SPAN))
    assert len(shown) == len(rows) > 50
    assert [line["Passes"] for line in shown] == [str(row.count) for row in rows]
    blind = next(line for line in shown if line["Watched"] != "100 %")
    assert (blind["Lasts"], blind["From – to"]) == ("6 h", "Fri 29 May 2026, 10:00 – 16:00")
    assert float(blind["Per hour"]) == pytest.approx(int(blind["Passes"]) / 6, abs=0.05)


def test_rows_of_several_are_named_and_not_told_apart(viewer: TestClient) -> None:
    shown = table(text(viewer, f"{SPAN}&table=mode"))
    several = [line["Counted"] for line in shown if "not told apart" in line["Counted"]]
    assert several
    assert all("together" in words for words in several)
    assert {"motor in", "foot in"} <= {line["Counted"] for line in shown}


@pytest.mark.parametrize(
    "query",
    [
        SPAN,
        f"{SPAN}&table=mode&compare=before",
        f"{SPAN}&table=class",
        "place=square&table=inside&from=2026-05-29&to=2026-05-29",
    ],
)
def test_the_csv_is_what_is_seen(viewer: TestClient, query: str) -> None:
    page = text(viewer, query)
    answer = viewer.get(f"/cameras/north/charts.csv?{query}")
    assert answer.headers["content-type"].startswith("text/csv")
    assert re.fullmatch(r'attachment; filename="north-[\w.-]+\.csv"', answer.headers["content-disposition"])
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(lines) == len(table(page)) + len(table(page, "compared")) > 0
    told = [line["count"] or line["mean"] for line in lines]
    column = "Passes" if "inside" not in query else "Mean"
    assert [float(number) for number in told] == pytest.approx(
        [float(line[column].replace("\u202f", "")) for line in (*table(page), *table(page, "compared"))], abs=0.01
    )


def test_a_name_that_is_a_formula_stays_text(tmp_path: Path) -> None:
    house = FakeHouse()
    (gate, *_) = house.known["north"].places
    named = replace(gate, name="=1+1")
    house.known["north"] = replace(house.known["north"], places=(named,))
    house.rows = [row for row in street(named, DAYS[:1]) if row.cut == "all"]
    answer = visit(house, charts.routes, VIEWER).get(f"/cameras/north/charts.csv?{SPAN}")
    assert "'=1+1" in answer.text
    assert ",=1+1" not in answer.text


def test_the_form_holds_what_is_shown_and_works_without_scripts(viewer: TestClient) -> None:
    page = text(viewer, f"{SPAN}&table=mode&compare=week&per=15min")
    assert '<form class="card padded filters" method="get" action="/cameras/north/charts">' in page
    for chosen in (
        'value="mode" selected',
        'value="week" selected',
        'value="15min" selected',
        'value="2026-05-28"',
    ):
        assert chosen in page
    assert (
        'rel="prev" href="/cameras/north/charts?place=gate&amp;table=mode&amp;from=2026-05-26&amp;to=2026-05-27'
        in page
    )
    assert "<details open" in page
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", page)


def test_the_week_is_that_of_the_site_and_ends_today(house: KeptHouse, viewer: TestClient) -> None:
    page = text(viewer)
    assert "Tue 26 May 2026 – Mon 1 Jun 2026 · Europe/Lisbon" in page
    assert 'rel="next"' not in page


def test_where_nothing_is_there_it_says_why(viewer: TestClient) -> None:
    assert "A row needs 40 passes" in text(viewer, "from=2026-01-01&to=2026-01-02")
    assert "ends with a day" in text(viewer, "from=2026-01-01&to=2026-01-02&table=class")
    assert "20 people inside in the mean" in text(
        viewer, "from=2026-01-01&to=2026-01-02&table=inside&place=square"
    )


def test_without_places_store_or_a_store_that_can_be_read() -> None:
    house = FakeHouse()
    house.broken_store = "the store rows.db is damaged."
    assert "the store rows.db is damaged." in text(visit(house, charts.routes, VIEWER), status=503)
    house.stores = False
    client = visit(house, charts.routes, VIEWER)
    assert "No rows are kept" in text(client)
    assert client.get("/cameras/north/charts.csv").status_code == 303
    house.known["north"] = replace(house.known["north"], places=())
    assert "/cameras/north/edit" not in plain(text(visit(house, charts.routes, VIEWER)))
    assert 'href="/cameras/north/edit">Draw a line' in text(visit(house, charts.routes, OPERATOR))


def test_fields_that_cannot_be_read_are_named(viewer: TestClient) -> None:
    assert "The field “from”" in text(viewer, "from=soon")
    assert "last 35 days" in text(viewer, "from=2025-01-01&to=2026-05-29")


def test_a_guest_of_another_camera_sees_none_of_it(house: KeptHouse) -> None:
    guest = visit(house, charts.routes, GUEST)
    assert guest.get("/cameras/north/charts").status_code == 404
    assert guest.get("/cameras/north/charts.csv").status_code == 404
    assert guest.get("/cameras/south/charts").status_code == 200
    assert visit(house, charts.routes, VIEWER).get("/cameras/none/charts").status_code == 404
