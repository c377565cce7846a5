"""What pages see of a service, without its workers."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from passerby.alerts import Rule, condition
from passerby.classes import Class
from passerby.config import Edit
from passerby.engine import Anchored, Begun, Died, Message, Observed, Shown, Spent, Tick, Watched
from passerby.ghost import Glyph
from passerby.outlets import Query
from passerby.records import Pass, Sample
from passerby.run import Journal, Service
from passerby.run.counting import OFFICE
from passerby.run.house import PULSE_S, ServiceHouse, is_drawn
from passerby.testing import HandClock

SITE = """
site = {{ name = "Market", timezone = "Europe/Lisbon" }}
store = "{folder}/rows.db"
state = "{folder}/state"
detector = {{ use = "motion" }}
[camera.north]
source = {{ use = "synthetic" }}
live = "ghost"
[camera.north.place]
square = {{ zone = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]] }}
gate = {{ line = [[0.0, 0.5], [1.0, 0.5]] }}
[camera.north.alert]
full = {{ when = "square.inside > 30" }}
[camera.films]
[area.fair]
zones = ["north.square"]
capacity = 50
[area.town]
lines = ["north.gate"]
[alert]
packed = {{ when = "fair.inside > 20", severity = "critical" }}
"""


class Bench:
    """A service whose messages are said by hand."""

    def __init__(self, folder: Path) -> None:
        path = folder / "site.toml"
        path.write_text(SITE.format(folder=folder))
        self.clock, self.s = HandClock(datetime.now(UTC)), 100.0
        self.service = Service(path, journal=Journal(io.StringIO(), self.clock), clock=self.clock)
        self.service._open_all()
        self.house = ServiceHouse(self.service, clock_s=lambda: self.s)

    def say(self, *messages: Message) -> None:
        for message in messages:
            with self.service.lock:
                self.service._take(message)

    def watch(self, inside: float) -> None:
        """Another second of the camera."""
        self.clock.advance(1.0)
        self.s += 1.0
        frames = round(self.s)
        seen = Sample("square", self.s, "inside", Class.PERSON, inside)
        self.say(
            Observed("north", self.s, (seen,)),
            Shown("north", self.s, (Glyph("person", 0.5, 0.5),)),
            Watched("north", self.s, frames, frames, 0, 5.0, 5.0, "ok", width=640, height=480),
            Tick(),
        )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.say(Begun("engine 0", "motion"), Anchored("north", bench.s, bench.clock()))
    yield bench
    bench.service.engine.__exit__()
    bench.service.outlets.close()


def test_cameras_are_told_as_they_are(bench: Bench) -> None:
    north, films = bench.house.cameras()
    assert (north.state, north.aspect, north.rate, north.plate) == ("starting", None, None, "none")
    assert (films.state, films.reason) == ("disabled", "it has no source.")
    bench.service.states.stream("north", "online")
    bench.watch(3)
    north = bench.house.camera("north")
    assert (north.state, north.aspect, north.rate, north.live) == ("online", 640 / 480, 5.0, "ghost")
    assert bench.house.moment("north").glyphs == (Glyph("person", 0.5, 0.5),)
    assert bench.house.moment("films").condition == "silent"
    assert bench.house.plate("films").state == "none"
    assert (bench.house.detector, bench.house.has_store()) == ("motion", True)
    assert list(bench.house.read(Query())) == []
    for ask in (bench.house.camera, bench.house.moment, bench.house.plate):
        with pytest.raises(KeyError):
            ask("nobody")
    with pytest.raises(KeyError), bench.house.looking("nobody"):
        pass


def test_areas_add_up_and_are_set_by_hand(bench: Bench) -> None:
    assert bench.house.areas()["fair"].inside is None
    bench.watch(7)
    bench.say(Observed("north", bench.s, tuple(Pass("gate", bench.s, Class.PERSON, "in") for _ in range(3))))
    bench.watch(7)
    held = bench.house.areas()
    assert (held["fair"].inside, held["fair"].capacity, held["town"].inside) == (7.0, 50, 3.0)
    bench.house.set_area("town", 10, by="olga")
    bench.watch(7)
    assert (bench.house.areas()["town"].inside, bench.house.areas()["town"].passes) == (10.0, 0)
    with pytest.raises(KeyError):
        bench.house.set_area("nowhere", 1, by="olga")


def test_alarms_stand_until_they_are_over_and_somebody_may_take_care(bench: Bench) -> None:
    bench.watch(7)
    assert bench.house.alarms() == []
    bench.watch(35)
    packed, full = bench.house.alarms()  # the gravest first
    assert (packed.key, packed.camera, packed.place, packed.severity) == (".packed", "", "fair", "critical")
    assert (full.key, full.rule, full.state, full.acknowledged) == ("north.full", "full", "firing", "")
    bench.house.acknowledge("north.full", by="olga")
    assert [alarm.acknowledged for alarm in bench.house.alarms()] == ["", "olga"]
    with pytest.raises(KeyError):
        bench.house.acknowledge("north.empty", by="olga")
    bench.watch(7)
    assert bench.house.alarms() == []
    bench.watch(35)
    assert [alarm.acknowledged for alarm in bench.house.alarms()] == ["", ""]  # another time is another alarm
    for _ in range(20):
        bench.clock.advance(1.0)
        bench.say(Tick())
    assert {alarm.state for alarm in bench.house.alarms()} == {"unknown"}
    assert {alert.rule for alert in bench.house.alert_log()} == {"packed", "full"}


def test_counters_rise_though_workers_begin_anew(bench: Bench) -> None:
    bench.watch(3)
    before = bench.house.totals()
    bench.say(Spent("engine 0", 5.0), Died("engine 0", "it was killed"), Spent("engine 0", 1.5))
    bench.say(Watched("north", bench.s + 1, 10, 8, 2, 5.0, 5.0, "ok"))
    after = bench.house.totals()
    assert after.frames["north"] == before.frames["north"] + 10
    assert (after.analysed["north"], after.dropped["north"]) == (before.analysed["north"] + 8, 2)
    assert (after.cpu_s["engine 0"], after.restarts) == (6.5, {"engine 0": 1})
    assert after.cpu_s[OFFICE] > 0
    assert after.outlets == {"store": (0, 0)}


def test_it_is_ready_while_its_loop_comes_round(bench: Bench) -> None:
    assert not bench.house.ready().ok
    bench.watch(3)
    assert bench.house.ready().ok
    bench.s += PULSE_S + 1
    assert not bench.house.ready().ok
    bench.watch(3)
    assert bench.house.ready().ok
    bench.service.stop()
    assert "stopping" in bench.house.ready().reason


def test_pages_may_ask_from_many_threads_while_the_service_hears(bench: Bench) -> None:
    ended, failed = threading.Event(), []

    def ask() -> None:
        house = bench.house
        try:
            while not ended.is_set():
                with house.looking("north"):
                    house.cameras(), house.moment("north"), house.areas(), house.alarms(), house.totals()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told below
            failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for second in range(200):
        bench.watch(second % 40)
    ended.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert bench.service._shown == frozenset()


def test_keys_and_what_is_drawn() -> None:
    rule = Rule("full", "north", condition("square.inside > 5"), clear=5.0)
    assert rule.key == "north.full"
    assert is_drawn(Edit(("camera", "north", "place", "gate"), None))
    assert is_drawn(Edit(("camera", "north", "ground"), []))
    assert not is_drawn(Edit(("camera", "north", "fps"), 3))
    assert not is_drawn(Edit(("camera", "north"), None))
