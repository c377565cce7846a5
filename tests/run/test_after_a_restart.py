"""What outlives a service: the alert log, and what a receiver has not taken; with a real webhook."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from receiving import Receiver, receiving

from passerby.alerts import Log
from passerby.classes import Class
from passerby.engine import Anchored, Observed, Tick, Watched
from passerby.office import Rules
from passerby.records import Alert, Sample
from passerby.run import Journal, Service, outlets
from passerby.run.alert_file import AlertFile
from passerby.run.house import ServiceHouse
from passerby.run.spool import SpoolFile
from passerby.testing import HandClock, rows

SITE = """
site = {{ name = "Market", timezone = "Europe/Lisbon" }}
state = "{folder}/state"
detector = {{ use = "motion" }}
[sink.control]
use = "webhook"
url = "{url}/in"
[sink.chief]
use = "webhook"
url = "{url}/chief"
[camera.north]
source = {{ use = "synthetic" }}
[camera.north.place]
square = {{ zone = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]] }}
[camera.north.alert]
full = {{ when = "square.inside > 30", escalate = "2min", escalate_to = ["chief"] }}
"""


class Run:
    """A service from its start to its end, whose messages are said by hand."""

    def __init__(self, folder: Path, url: str, clock: HandClock) -> None:
        path = folder / "site.toml"
        path.write_text(SITE.format(folder=folder, url=url))
        self.clock, self.said, self.s = clock, io.StringIO(), 100.0
        self.service = Service(path, journal=Journal(self.said, clock), clock=clock)
        self.service._open_all()
        self.house = ServiceHouse(self.service)
        self.service._take(Anchored("north", self.s, clock()))

    def watch(self, inside: float, seconds: float = 1.0, view: Literal["ok", "moved"] = "ok") -> None:
        """Another second of the camera, this much later."""
        self.clock.advance(seconds)
        self.s += seconds
        frames = round(self.s)
        self.service._take(Observed("north", self.s, (Sample("square", self.s, "inside", Class.PERSON, inside),)))
        self.service._take(Watched("north", self.s, frames, frames, 0, 5.0, 5.0, view))
        self.service._take(Tick())

    def end(self) -> None:
        """As when it is told to stop."""
        self.service.stop()
        self.service.run()
        self.service.engine.__exit__()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as got:
        yield got


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2026, 6, 1, 8, 30, tzinfo=UTC))


def test_an_alarm_reaches_somebody_and_the_next_one_where_nobody_cares(
    tmp_path: Path, receiver: Receiver, clock: HandClock
) -> None:
    run = Run(tmp_path, receiver.url, clock)
    run.watch(40)
    receiver.wait_for(2)
    for _ in range(25):
        run.watch(40, 4.0)
    assert not run.house.alarms()[0].escalated
    for _ in range(10):
        run.watch(40, 4.0)
    assert run.house.alarms()[0].escalated
    receiver.wait_for(3)
    assert run.house.try_alert("ada") == ("control", "chief")
    receiver.wait_for(5)
    run.end()
    assert sorted(receiver.told) == [
        ("firing", "full", "escalated"),
        ("firing", "full", "new"),
        ("firing", "full", "new"),
    ]
    escalated = [(path, json.loads(body)) for path, _, body in receiver.sent if b'"escalated"' in body]
    assert [(path, event["data"]["state"]) for path, event in escalated] == [("/chief", "firing")]
    assert [event["type"] for event in receiver.events].count("org.passerby.alert.test.v1") == 2
    assert not (tmp_path / "state" / "outbox").exists()  # all was taken at once


def test_what_is_acknowledged_is_told_to_nobody_else(tmp_path: Path, receiver: Receiver, clock: HandClock) -> None:
    run = Run(tmp_path, receiver.url, clock)
    run.watch(40)
    run.house.acknowledge("north.full", by="olga")
    for _ in range(60):
        run.watch(40, 4.0)
    run.end()
    assert [told for *_, told in receiver.told] == ["new", "new"]


def test_what_waits_and_what_is_kept_of_alerts_outlives_a_restart(
    tmp_path: Path, receiver: Receiver, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlets, "PATIENCE_S", 20.0)
    receiver.usual = 503
    first = Run(tmp_path, receiver.url, clock)
    first.watch(40)
    first.watch(10)
    first.watch(40)
    first.watch(10)
    receiver.wait_for(2)
    with monkeypatch.context() as hurried:
        hurried.setattr(outlets, "PATIENCE_S", 0.1)
        first.end()
    state = tmp_path / "state"
    kept = [state / "alerts.json", state / "outbox" / "control", state / "outbox" / "chief"]
    for path in kept:
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.read_text().count('"full"') == 1  # several within the hour are one
        assert "2026-06-01T08:00:00Z" in path.read_text()
        assert "resolved" not in path.read_text()
    assert "lost" not in first.said.getvalue()

    receiver.usual = 202
    clock.advance(600)
    second = Run(tmp_path, receiver.url, clock)
    assert [alert.rule for alert in second.house.alert_log()] == ["full"]
    second.end()
    assert receiver.told == [("late", "full", "late")] * 2
    assert {event["time"] for event in receiver.events} == {"2026-06-01T08:00:00Z"}
    assert len({event["id"] for event in receiver.events}) == 1
    assert list((state / "outbox").iterdir()) == []


def test_who_takes_care_of_an_alarm_is_not_asked_again_after_a_restart(
    tmp_path: Path, receiver: Receiver, clock: HandClock
) -> None:
    first = Run(tmp_path, receiver.url, clock)
    first.watch(40)
    first.house.acknowledge("north.full", by="olga")
    first.watch(40)
    first.end()
    kept = (tmp_path / "state" / "alerts.json").read_text()
    assert '"acknowledged":[{"rule":"north.full","has_fired":true,"hour":"2026-06-01T08:00:00Z"}]' in kept
    assert "olga" not in kept
    clock.advance(60)
    second = Run(tmp_path, receiver.url, clock)
    for _ in range(40):
        second.watch(40, 4.0)
    assert [(alarm.acknowledged, alarm.escalated) for alarm in second.house.alarms()] == [("*", False)]
    second.end()


def test_a_camera_that_was_moved_is_so_after_a_restart(
    tmp_path: Path, receiver: Receiver, clock: HandClock
) -> None:
    first = Run(tmp_path, receiver.url, clock)
    first.watch(10, view="moved")
    first.watch(10, 30.0, view="moved")
    assert not (tmp_path / "state" / "moved.json").exists()  # somebody may stand before the lens
    first.watch(10, 30.0, view="moved")
    first.end()
    path = tmp_path / "state" / "moved.json"
    assert (path.read_text(), path.stat().st_mode & 0o777) == ('["north"]', 0o600)
    second = Run(tmp_path, receiver.url, clock)
    second.watch(10)  # its worker knows no other view
    assert second.house.moment("north").condition == "moved"
    second.service._view_anew("north")
    second.watch(10)
    assert second.house.moment("north").condition == "ok"
    assert path.read_text() == "[]"
    second.end()


def test_after_three_days_nothing_is_left_of_an_alert(
    tmp_path: Path, receiver: Receiver, clock: HandClock
) -> None:
    first = Run(tmp_path, receiver.url, clock)
    first.watch(40)
    first.end()
    clock.advance(timedelta(hours=71).total_seconds())
    second = Run(tmp_path, receiver.url, clock)
    assert len(second.house.alert_log()) == 1
    second.end()
    clock.advance(timedelta(hours=1).total_seconds())
    last = Run(tmp_path, receiver.url, clock)
    assert last.house.alert_log() == ()
    last.watch(10)
    assert (tmp_path / "state" / "alerts.json").read_text() == '{"alerts":[],"acknowledged":[]}'
    last.end()


def test_the_time_of_the_file_says_nothing_of_an_alert(tmp_path: Path) -> None:
    told: list[str] = []
    path, clock = tmp_path / "alerts.json", HandClock()
    file = AlertFile(path, told.append)
    log, acknowledged = file.load(clock())
    rules = Rules(log=log, acknowledged=acknowledged)
    file.tick(rules, clock())
    assert not path.exists()
    log.keep([Alert("full", "north", "square", "firing", "warning", clock())])
    file.tick(rules, clock.advance(59))
    assert not path.exists()
    written = []
    for _ in range(120):
        file.tick(rules, clock.advance(1))
        written.append(path.stat().st_ino if path.exists() else 0)
    assert len(set(written)) == 2  # each minute another file, though nothing changed
    assert file.load(clock())[0].entries() == log.entries()
    path.write_text("{")
    assert file.load(clock())[0].entries() == ()
    assert told == ["the alert log cannot be read; it begins anew."]


def test_a_log_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    told: list[str] = []
    file, log = AlertFile(tmp_path / "state" / "alerts.json", told.append), Log()
    (tmp_path / "state").write_text("in the way")
    log.keep([Alert("full", "north", "square", "firing", "warning", HandClock()())])
    file.write(Rules(log=log))
    file.write(Rules(log=log))
    assert told == ["the alert log cannot be kept on the disk (File exists)."]


def test_rows_come_back_from_their_file_as_they_were(tmp_path: Path) -> None:
    clock = HandClock()
    file = SpoolFile(tmp_path / "outbox" / "control", clock)
    assert file.load() == ()
    file.save(rows(8))
    assert file.load() == rows(8)
    (tmp_path / "outbox" / "control").write_text("[]")
    assert file.load() == ()
    file.save(())
    assert not (tmp_path / "outbox" / "control").exists()


def test_what_waited_for_a_sink_that_is_gone_is_deleted(
    tmp_path: Path, receiver: Receiver, clock: HandClock
) -> None:
    folder = tmp_path / "state" / "outbox"
    SpoolFile(folder / "old", clock).save(rows(2))
    (folder / ".old.half").write_text("cut off")
    run = Run(tmp_path, receiver.url, clock)
    assert list(folder.iterdir()) == []
    assert "outlet=old" in run.said.getvalue()
    assert "half" not in run.said.getvalue()
    run.end()
