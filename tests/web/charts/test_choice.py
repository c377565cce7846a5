"""Days of the site's calendar, asked for in an address that anybody may have mistyped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.web.charts.choice import Choice, choose
from passerby.web.charts.tables import TABLES

LISBON = ZoneInfo("Europe/Lisbon")
NOW = datetime(2026, 6, 1, 11, tzinfo=UTC)


def chosen(**asked: str) -> Choice:
    choice, wrong = choose(asked, places=["gate", "square"], now=NOW, zone=LISBON)
    assert wrong == []
    return choice


def test_usually_the_last_week_with_today() -> None:
    choice = chosen()
    assert (choice.place, choice.table.key, choice.per, choice.compare) == ("gate", "all", "1h", "")
    assert (choice.first, choice.last, choice.days) == (date(2026, 5, 26), date(2026, 6, 1), 7)
    assert choice.start == datetime(2026, 5, 25, 23, tzinfo=UTC)  # midnight of the site


def test_days_are_23_or_25_hours_where_clocks_are_changed() -> None:
    spring, autumn = (
        chosen(**{"from": "2026-03-29", "to": "2026-03-29"}),
        chosen(**{"from": "2026-10-25", "to": "2026-10-25"}),
    )
    assert spring.end - spring.start == timedelta(hours=23)
    assert autumn.end - autumn.start == timedelta(hours=25)


def test_compared_rows_are_laid_over_by_the_wall_clock() -> None:
    choice = chosen(**{"from": "2026-03-30", "to": "2026-03-30", "compare": "week"})
    noon_before = datetime(2026, 3, 23, 12, tzinfo=LISBON)  # in winter time
    assert choice.shifted(noon_before) == datetime(2026, 3, 30, 12, tzinfo=LISBON)
    assert choice.moved(-choice.back).start == datetime(2026, 3, 23, tzinfo=LISBON)


def test_the_period_before_is_as_long() -> None:
    choice = chosen(**{"from": "2026-05-20", "to": "2026-05-22", "compare": "before"})
    assert choice.moved(-choice.back).first == date(2026, 5, 17)
    assert choice.moved(choice.days).first == date(2026, 5, 23)
    assert choice.lasting(7).first == date(2026, 5, 16)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"place": "gone"}, ["place"]),
        ({"table": "minute"}, ["table"]),
        ({"from": "2026-13-01"}, ["from"]),
        ({"to": "x"}, ["to"]),
        ({"from": "2026-05-03", "to": "2026-05-01"}, ["from"]),
        ({"from": "2025-01-01", "to": "2026-05-01"}, ["days"]),
        ({"from": "2025-05-01", "to": "2026-05-01", "table": "class"}, []),
    ],
)
def test_what_cannot_be_followed_is_named(asked: dict[str, str], wrong: list[str]) -> None:
    choice, said = choose(asked, places=["gate"], now=NOW, zone=LISBON)
    assert said == wrong
    assert choice.first <= choice.last
    assert choice.days <= choice.table.days


texts = st.text(max_size=12) | st.dates().map(str)


FIELDS = ("place", "table", "from", "to", "per", "compare")
PLACES = ["gate", "market & more"]


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, texts)))
def test_every_address_leads_somewhere_and_is_found_again(asked: dict[str, str]) -> None:
    choice, _ = choose(asked, places=PLACES, now=NOW, zone=LISBON)
    assert choice.start < choice.end
    for other in (choice, choice.moved(-choice.days), choice.moved(choice.days), choice.lasting(28)):
        again, wrong = choose(dict(parse_qsl(other.address())), places=PLACES, now=NOW, zone=LISBON)
        assert (again, wrong) == (other, []) or other.days > other.table.days
    assert choice.table in TABLES.values()
