"""What becomes of cameras when a configuration is read again, and when they end."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from passerby.alerts.readings import View
from passerby.office import Office, Sight
from passerby.run import Journal
from passerby.run.roster import Roster
from passerby.run.site import Site, load
from passerby.run.states import States
from passerby.testing import HandClock

HEAD = 'site = { name = "Market", timezone = "UTC" }\ndetector = { use = "motion" }\n'
CAMERA = '[camera.{}]\nsource = {{ use = "synthetic", seed = {} }}\n'


class Bench:
    """A roster beside an office, and what it said."""

    def __init__(self, folder: Path) -> None:
        clock = HandClock(datetime(2026, 6, 1, 8, tzinfo=UTC))
        self.said = io.StringIO()
        self.states = States(lambda _camera, _status: None)
        self.roster = Roster(self.states, Journal(self.said, clock))
        self._path = folder / "site.toml"
        self.office = Office(self.site(north=1).config.rule, clock=clock, outlets=())

    def site(self, *off: str, **seeds: int) -> Site:
        """A site of cameras with these seeds; those named are switched off."""
        cameras = (
            CAMERA.format(name, seed) + ("enabled = false\n" if name in off else "")
            for name, seed in seeds.items()
        )
        self._path.write_text(HEAD + "".join(cameras))
        return self.roster.viewed(load(self._path))

    def state(self, camera: str) -> str:
        """Its word."""
        return self.states.all[camera].state


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def open_site(bench: Bench) -> Callable[..., Site]:
    """A site that is watched."""

    def opened(*off: str, **seeds: int) -> Site:
        site = bench.site(*off, **seeds)
        bench.roster.open_all(site, bench.office)
        return site

    return opened


def test_all_that_is_watched_is_opened_and_the_rest_is_told(bench: Bench, open_site: Callable[..., Site]) -> None:
    open_site("south", north=1, south=1)
    assert "north" in bench.office.live
    assert "south" not in bench.office.live
    assert (bench.states.all["north"].state, bench.state("south")) == ("starting", "disabled")


def test_a_changed_camera_comes_again_when_its_old_self_has_ended(
    bench: Bench, open_site: Callable[..., Site]
) -> None:
    old = open_site(north=1, south=1)
    for camera in old.cameras:
        bench.states.stream(camera, "online")
    new = bench.site(north=2, south=1)
    bench.roster.change(old, new, bench.office)
    assert (bench.state("north"), bench.state("south")) == ("online", "online")
    assert not bench.roster.ended("north", new, bench.office)
    assert (bench.state("north"), bench.state("south")) == ("starting", "online")
    assert bench.roster.ended("north", new, bench.office), "its new self ended by itself"


def test_a_camera_that_is_taken_out_is_forgotten_when_it_has_ended(
    bench: Bench, open_site: Callable[..., Site]
) -> None:
    old = open_site(north=1, south=1)
    new = bench.site("south", south=1, east=1)
    bench.roster.change(old, new, bench.office)
    assert (bench.state("south"), bench.state("east")) == ("disabled", "starting")
    for camera in ("north", "south"):
        assert not bench.roster.ended(camera, new, bench.office)
        assert camera not in bench.office.live
    assert bench.states.all.keys() == {"south", "east"}
    assert "removed camera=north" in bench.said.getvalue()
    assert "removed camera=south" not in bench.said.getvalue()


def test_what_ended_by_itself_is_told_and_opened_by_the_next_change(
    bench: Bench, open_site: Callable[..., Site]
) -> None:
    site = open_site(north=1, south=1)
    bench.roster.end("north", "")
    bench.roster.end("south", "it is gone.")
    assert bench.roster.lost == {"south": "it is gone."}
    assert bench.states.all["north"].reason == "its film is over."
    bench.roster.change(site, site, bench.office)
    assert bench.roster.lost == {}
    assert (bench.state("north"), bench.state("south")) == ("starting", "starting")


def test_a_view_that_begins_anew_is_another_plan_also_after_a_reload(
    bench: Bench, open_site: Callable[..., Site]
) -> None:
    site = open_site(north=1, south=1)
    anew = bench.roster.view_anew("north", site, bench.office)
    assert anew.cameras["north"] != site.cameras["north"]
    assert anew.cameras["south"] == site.cameras["south"]
    assert bench.site(north=1, south=1).cameras == anew.cameras


def test_a_view_that_begins_anew_is_in_place_whatever_its_old_self_says_to_the_end(
    bench: Bench, open_site: Callable[..., Site]
) -> None:
    site, begin = open_site(north=1), datetime(2026, 3, 2, 12, tzinfo=UTC)

    def report(view: View, analysed: int) -> bool:
        bench.office.watched("north", Sight(float(analysed), view, 5.0, 5.0, analysed))
        return "north" in bench.office.moved

    bench.office.anchored("north", 0.0, begin)
    assert report("moved", 10)
    site = bench.roster.view_anew("north", site, bench.office)
    assert report("moved", 12)
    assert not bench.roster.ended("north", site, bench.office)
    assert not report("ok", 1)
