"""Where records go, over reloads: real stores, and sinks that are there or not."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from passerby.outlets import Query
from passerby.records import Measurement
from passerby.run import Journal
from passerby.run.outlets import Outlets
from passerby.run.site import load
from passerby.testing import HandClock, rows

SITE = """
site = {{ name = "Market" }}
state = "{folder}/state"
detector = {{ use = "motion" }}
store = {{ use = "sqlite", path = "{folder}/{store}" }}
{sinks}
[camera.north]
source = {{ use = "synthetic" }}
"""
SINK = '[sink.control]\nuse = "webhook"\nurl = "http://127.0.0.1:9/in"\n'

Make = Callable[..., Outlets]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    clock = HandClock()
    with ExitStack() as opened:

        def make(before: Outlets | None = None, *, sinks: str = "", store: str = "rows.db") -> Outlets:
            path = tmp_path / "site.toml"
            path.write_text(SITE.format(folder=tmp_path, store=store, sinks=sinks))
            made = Outlets(load(path), clock, Journal(io.StringIO(), clock), before)
            opened.callback(made.close)
            return made

        yield make


def offer(outlets: Outlets, *records: Measurement) -> None:
    """Give them to all, the store first."""
    for box in outlets.all:
        box.offer(records)


def hour(*quarters: Measurement) -> Measurement:
    """A row of a coarser table over these."""
    return replace(quarters[0], cut="class", part=("person in",), end=quarters[-1].end)


def test_a_store_stays_open_while_sinks_come_and_go_and_its_run_goes_on(make: Make) -> None:
    quarters = [replace(row, cut="all", part=()) for row in rows(3)]
    first = make()
    offer(first, *quarters)
    second = make(first, sinks=SINK)
    assert second.all[0] is first.all[0]
    first.close(second)
    offer(second, hour(*quarters))
    second.close()
    assert {row.cut for row in make().read(Query())} == {"all", "class"}


def test_another_store_is_opened_anew_and_the_old_one_closed(make: Make) -> None:
    quarters = [replace(row, cut="all", part=()) for row in rows(3)]
    first = make()
    offer(first, *quarters[:2])
    second = make(first, store="others.db")
    first.close(second)
    offer(second, quarters[2])
    second.close()
    assert [row.start for row in make().read(Query())] == [row.start for row in quarters[:2]]
    assert [row.start for row in make(store="others.db").read(Query())] == [quarters[2].start]


def test_after_a_restart_no_row_is_added_to_what_was_told(make: Make) -> None:
    quarters = [replace(row, cut="all", part=()) for row in rows(3)]
    killed = make()
    offer(killed, *quarters)
    killed.close()
    again = make()
    assert again.until("scripted", "gate") == quarters[-1].end
    later = replace(hour(*quarters), start=quarters[-1].end, end=quarters[-1].end + timedelta(hours=1))
    offer(again, hour(*quarters), later)
    again.close()
    assert [row.start for row in make().read(Query(cuts=("class",)))] == [later.start]


def test_without_a_store_nothing_is_kept(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "bare.toml"
    path.write_text(SITE.format(folder=tmp_path, store="x", sinks="").replace("store =", "# store ="))
    outlets = Outlets(load(path), HandClock(), Journal(io.StringIO(), HandClock()))
    assert (outlets.has_store, outlets.all, outlets.read(Query())) == (False, (), [])
    assert outlets.until("north", "gate") is None
    outlets.close()
