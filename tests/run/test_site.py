"""Configurations made ready."""

from __future__ import annotations

from pathlib import Path

import pytest

from passerby.classes import Class
from passerby.errors import ConfigError, PluginError
from passerby.run.site import load

CONFIG = """
site = { name = "Market", timezone = "Europe/Lisbon" }
store = { use = "sqlite", path = "rows.db", keep = "400d" }
engine = { workers = 2, share = 0.5 }
[detector]
use = "motion"
[sink.control]
use = "webhook"
url = "${HOOK}"
[defaults.camera]
fps = 4
[camera.north]
source = { use = "stream", url = "rtsp://ada:${PASSWORD}@10.0.0.1/2" }
ground = [[0.12, 0.91, 0, 0], [0.88, 0.93, 6, 0], [0.71, 0.40, 6, 20], [0.30, 0.39, 0, 20]]
live = "ghost"
[camera.north.place]
gate = { line = [[0.1, 0.6], [0.9, 0.6]] }
east = { line = [[0.9, 0.1], [0.9, 0.6]] }
[camera.north.measure]
turns = { use = "movements", at = ["gate", "east"], classes = ["car"] }
[camera.trial]
source = { use = "synthetic", duration = 5.0 }
loop = true
[camera.off]
enabled = false
source = { use = "synthetic" }
[camera.films]
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PASSWORD", "s3cret-canary")
    monkeypatch.setenv("HOOK", "http://127.0.0.1:9/hook-canary")
    path = tmp_path / "street.toml"
    path.write_text(CONFIG)
    return path


def test_a_configuration_becomes_a_plan_and_desks(path: Path) -> None:
    site = load(path)
    plan = site.plan()
    assert (plan.live, plan.engines, plan.share, plan.detector) == (True, 2, 0.5, {"use": "motion"})
    assert [(camera.name, camera.fps, camera.loop) for camera in plan.cameras] == [
        ("north", 4.0, False),
        ("trial", 4.0, True),
    ]
    assert set(site.disabled) == {"off", "films"}
    north = site.desks["north"]
    assert north.live == "ghost"
    assert {kept.place.name: kept.classes for kept in north.places} == {"gate": (Class.CAR,), "east": (Class.CAR,)}
    assert north.places[0].movements
    assert "canary" not in repr(site)
    assert any("s3cret-canary" in secret for secret in site.secrets)
    assert "http://127.0.0.1:9/hook-canary" in site.secrets


def test_reading_it_again_gives_the_same(path: Path) -> None:
    one, other = load(path), load(path)
    assert one.plan() == other.plan()
    assert (one.desks, one.sinks, one.store) == (other.desks, other.sinks, other.store)
    path.write_text(CONFIG.replace("0.30, 0.39", "0.31, 0.39"))
    assert load(path).cameras["north"] != one.cameras["north"]
    assert load(path).cameras["trial"] == one.cameras["trial"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('use = "movements"', 'use = "movement"', "no measure is called 'movement'"),
        ("duration = 5.0", "durations = 5.0", "'durations' is not an option"),
        ("${PASSWORD}", "${PASSWORT}", "no variable PASSWORT"),
        ('keep = "400d"', 'keep = "long"', "not a length of time"),
        ('"${HOOK}"', "3", "'url'"),
        ("share = 0.5", "share = 2", "less than or equal to 1"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_opened(path: Path, old: str, new: str, said: str) -> None:
    path.write_text(CONFIG.replace(old, new))
    with pytest.raises((ConfigError, PluginError)) as caught:
        load(path)
    assert said in str(caught.value)
    assert "street.toml:" in str(caught.value)
    assert "canary" not in str(caught.value)
