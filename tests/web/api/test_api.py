"""What programs may read: their cameras only, released rows whole, and nothing of this moment."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from passerby.outlets import Query
from passerby.records import Alert
from web.api.conftest import Client, ClosedHouse

ROWS = "/api/v1/rows?from=2026-05-28T00:00:00Z&to=2026-05-30T00:00:00Z"
THINGS = ["cameras", "cameras/north", "places", "areas", "alerts", "rules", "privacy", "rows"]


def error(client: TestClient, path: str) -> tuple[int, str]:
    answer = client.get(path)
    assert set(answer.json()["error"]) == {"code", "message", "hint"}
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.parametrize("thing", THINGS)
def test_everything_needs_a_key_or_a_session_and_is_kept_by_nobody(client: Client, thing: str) -> None:
    assert error(client(with_key=False), f"/api/v1/{thing}") == (401, "not-signed-in")
    answer = client().get(f"/api/v1/{thing}")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


def test_cameras_and_places_are_those_of_the_configuration(anyone: TestClient) -> None:
    north = {"name": "north", "state": "online", "reason": "", "live": "ghost", "places": ["gate", "square"]}
    assert anyone.get("/api/v1/cameras").json()["cameras"][0] == north
    assert anyone.get("/api/v1/cameras/north").json() == north
    gate, square = anyone.get("/api/v1/places?camera=north").json()["places"]
    assert (gate["kind"], gate["points"]) == ("line", [[0.1, 0.6], [0.9, 0.62]])
    assert (square["kind"], len(square["points"])) == ("zone", 4)


def test_a_key_for_some_cameras_learns_of_no_other(guest: TestClient, house: ClosedHouse) -> None:
    hour = datetime(2026, 6, 1, 10, tzinfo=UTC)
    about = [("north", "square"), ("south", "pitch"), ("", "fairground"), ("", "gone")]
    house.log = [Alert("full", camera, place, "firing", "warning", hour) for camera, place in about]
    try:
        texts = [guest.get(f"/api/v1/{thing}").text for thing in ("cameras", "places", "areas", "alerts")]
        assert [alert["place"] for alert in guest.get("/api/v1/alerts").json()["alerts"]] == ["pitch"]
    finally:
        house.log = []
    texts += [guest.get(path).text for path in (ROWS, f"{ROWS}&format=csv", "/api/v1/privacy", "/metrics")]
    assert not any("north" in text or "gate" in text for text in texts)
    assert "south" in guest.get(ROWS).text
    assert error(guest, "/api/v1/cameras/north") == (404, "not-found")
    assert error(guest, "/api/v1/rows?camera=north") == (404, "no-such-camera")
    assert error(guest, "/api/v1/rows?camera=none") == (404, "no-such-camera")


def test_areas_are_told_with_their_capacity_and_not_with_what_they_hold(anyone: TestClient) -> None:
    (area,) = anyone.get("/api/v1/areas").json()["areas"]
    assert (area["name"], area["capacity"]) == ("fairground", 80)
    assert area["zones"] == [
        {"camera": "north", "place": "square", "sign": 1},
        {"camera": "south", "place": "pitch", "sign": 1},
    ]
    assert "inside" not in area


def test_rows_are_the_rows_of_the_store(anyone: TestClient, house: ClosedHouse) -> None:
    rows = anyone.get(f"{ROWS}&camera=north&place=gate&limit=10000").json()["rows"]
    query = Query(("north",), ("gate",), (), datetime(2026, 5, 28, tzinfo=UTC), datetime(2026, 5, 30, tzinfo=UTC))
    kept = house.store.read(query)
    told = {(datetime.fromisoformat(r["start"]), r["cut"], tuple(r["part"]), r["count"]) for r in rows}
    assert len(told) == len(rows) > 100
    assert told == {(row.start, row.cut, row.part, row.count) for row in kept}


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_follow_each_other_without_a_row_lost_or_told_twice(anyone: TestClient, limit: int) -> None:
    wanted = f"{ROWS}&quantity=passes&cut=mode&cut=class"
    whole = anyone.get(f"{wanted}&limit=10000").json()
    found: list[Any] = []
    path: str | None = f"{wanted}&limit={limit}"
    while path is not None:
        answer = anyone.get(path)
        page = answer.json()
        assert 0 < len(page["rows"]) <= limit
        found += page["rows"]
        path = answer.links["next"]["url"] if page["next"] else None
        if len(found) > 60:
            break
    assert whole["next"] is None
    assert found == whole["rows"][: len(found)]


def test_csv_is_asked_for_by_name_or_by_what_is_accepted(anyone: TestClient) -> None:
    named = anyone.get(f"{ROWS}&format=csv&cut=all")
    accepted = anyone.get(f"{ROWS}&cut=all", headers={"Accept": "text/csv"})
    assert named.text == accepted.text
    assert named.headers["content-type"] == "text/csv; charset=utf-8"
    table = list(csv.DictReader(io.StringIO(named.text)))
    told = anyone.get(f"{ROWS}&cut=all").json()["rows"]
    assert [(row["start"], row["count"]) for row in table] == [
        (row["start"], "" if row["count"] is None else str(row["count"])) for row in told
    ]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("from=yesterday", (422, "wrong-parameter")),
        ("from=2026-05-28", (422, "wrong-parameter")),
        ("limit=0", (422, "wrong-parameter")),
        ("cut=person", (422, "wrong-parameter")),
        ("camra=north", (422, "wrong-parameter")),
        ("cursor=bm8", (404, "no-such-page")),
        ("cursor=%C3%A9", (404, "no-such-page")),
    ],
)
def test_what_is_wrong_is_said(anyone: TestClient, asked: str, answer: tuple[int, str]) -> None:
    assert error(anyone, f"/api/v1/rows?{asked}") == answer


@pytest.mark.parametrize(
    "span",
    [
        "from=2026-05-30T00:00:00Z&to=2026-05-28T00:00:00Z",
        "from=0001-01-01T00:00:00%2B14:00&to=9999-12-31T23:59:59-14:00",
    ],
)
def test_any_span_of_time_has_an_answer(anyone: TestClient, span: str) -> None:
    assert anyone.get(f"/api/v1/rows?{span}").status_code == 200


def test_without_a_store_and_with_a_broken_one(anyone: TestClient, house: ClosedHouse) -> None:
    house.stores = False
    try:
        assert error(anyone, "/api/v1/rows") == (404, "no-store")
        house.stores, house.broken_store = True, "the store is damaged."
        assert error(anyone, "/api/v1/rows") == (503, "store")
    finally:
        house.stores, house.broken_store = True, ""


def test_privacy_says_the_rule(anyone: TestClient) -> None:
    said = anyone.get("/api/v1/privacy").json()
    assert (said["k"], said["grain_s"], said["timezone"]) == (20, 900.0, "Europe/Lisbon")
    assert any("Faces are not recognised" in sentence for sentence in said["never"])


def test_the_description_is_of_the_api_alone(anyone: TestClient, client: Client) -> None:
    described = anyone.get("/api/openapi.json").json()
    assert {path.split("/")[1] for path in described["paths"]} == {"api"}
    assert all(
        "description" in field for field in described["components"]["schemas"]["Problem"]["properties"].values()
    )
    assert client(with_key=False).get("/api/openapi.json").status_code == 401


def test_the_next_page_is_named_without_a_host_which_is_for_a_proxy_to_know(anyone: TestClient) -> None:
    assert anyone.get(f"{ROWS}&limit=1").links["next"]["url"].startswith("/api/v1/rows?")
