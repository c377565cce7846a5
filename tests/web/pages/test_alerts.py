"""The page of alerts as a document: who hears of what, and what they may do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from web.houses import EMPTY, NOON, STREET, FakeHouse
from web.visits import ADMIN, GUEST, OPERATOR, VIEWER, Notes, visit

from passerby.records import Alert
from passerby.web.house import Alarm
from passerby.web.pages import alerts

RULES = (
    STREET.replace("[camera.south]", 'dark = { when = "camera.blind", severity = "critical" }\n[camera.south]')
    + '[sink.control]\nuse = "webhook"\nurl = "http://127.0.0.1:1/"\n'
    + '[alert]\nbusy = { when = "fairground.inside > 60", escalate = "2min", escalate_to = ["control"] }\n'
)
FULL = Alarm("north.full", "full", "north", "square", "firing", "warning")
BUSY = Alarm(".busy", "busy", "", "fairground", "unknown", "warning", escalated=True)


@pytest.fixture
def house() -> FakeHouse:
    house = FakeHouse(RULES)
    house.firing = [FULL, BUSY]
    hours = [NOON.replace(minute=0) - timedelta(hours=n) for n in (5, 0)]
    house.log = [Alert("full", "north", "square", "firing", "warning", hour) for hour in hours]
    return house


def test_what_fires_says_where_and_what_to_do(house: FakeHouse) -> None:
    page = visit(house, alerts.routes, VIEWER).get("/alerts").text
    shown = page[page.index('<ul id="now">') : page.index("</ul>", page.index('<ul id="now">'))]
    rows = shown.split("<li ")[1:]
    assert ["hidden>" in row.split("\n")[0] for row in rows] == [False, False, True]
    assert "north · square" in rows[0]
    assert "do what your plan says" in rows[0]
    assert "escalated" in rows[1]
    assert "cannot be evaluated" in rows[1]
    assert "inside above 60" in page
    assert "told again after 2 min: control" in page
    assert 'acknowledge"' not in page  # a viewer looks only


def test_a_guest_hears_of_nothing_that_is_not_theirs(house: FakeHouse) -> None:
    client = visit(house, alerts.routes, GUEST)
    page = client.get("/alerts").text
    assert "There is no rule yet" in page
    for word in ("north", "gate", "fairground"):
        assert word not in page
    assert client.get("/alerts.csv").text.splitlines() == ["hour,camera,place,rule,state,severity"]
    operator = visit(house, alerts.routes, OPERATOR)
    assert operator.post("/alerts/south.full/acknowledge").status_code == 404


def test_an_operator_takes_care_and_that_is_written_down_without_saying_of_what(house: FakeHouse) -> None:
    notes = Notes()
    client = visit(house, alerts.routes, OPERATOR, audit=notes)
    answer = client.post("/alerts/north.full/acknowledge")
    assert (answer.status_code, answer.headers["location"]) == (303, "/alerts?done=taken")
    assert house.calls == [("acknowledge", "north.full", "olga")]
    assert notes.entries == [("olga", "acknowledge alarm", "")]
    assert '<strong data-part="by">olga</strong>' in client.get("/alerts?done=taken").text
    over = client.post("/alerts/north.dark/acknowledge")
    assert over.status_code == 404
    assert "over already" in over.text
    assert len(notes.entries) == 1
    assert visit(house, alerts.routes, VIEWER).post("/alerts/.busy/acknowledge").status_code == 403


def test_an_admin_tries_whether_it_reaches_somebody(house: FakeHouse) -> None:
    notes = Notes()
    client = visit(house, alerts.routes, ADMIN, audit=notes)
    assert client.post("/alerts/test").headers["location"] == "/alerts?done=tried"
    assert (house.calls, notes.entries) == ([("try_alert", "ada")], [("ada", "try alerts", "")])
    assert "on its way to control" in client.get("/alerts?done=tried").text
    assert visit(house, alerts.routes, OPERATOR).post("/alerts/test").status_code == 403
    assert "no sink" in visit(FakeHouse(), alerts.routes, ADMIN).get("/alerts?done=tried").text


def test_the_log_is_a_table_too_and_a_name_is_no_formula(house: FakeHouse) -> None:
    house.log.append(Alert("-rule", "north", "", "unknown", "critical", NOON.replace(minute=0)))
    told = visit(house, alerts.routes, VIEWER).get("/alerts.csv")
    assert told.headers["content-type"].startswith("text/csv")
    assert told.text.splitlines()[1:] == [
        "2026-06-01T12:00:00+01:00,north,square,full,firing,warning",
        "2026-06-01T12:00:00+01:00,north,,'-rule,unknown,critical",
        "2026-06-01T07:00:00+01:00,north,square,full,firing,warning",
    ]


def test_before_there_is_a_rule_the_page_says_what_one_is() -> None:
    page = visit(FakeHouse(EMPTY), alerts.routes, ADMIN).get("/alerts").text
    assert "There is no rule yet" in page
    assert "No alert in 72 hours" in page
    assert '<script type="module"' not in page
