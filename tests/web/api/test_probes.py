"""Probes for everybody, metrics for who has a key: health, and counters that grow by released rows."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from passerby.web.api.metrics import series
from passerby.web.house import Ready
from web.api.conftest import Client, ClosedHouse

Samples = dict[tuple[str, frozenset[str]], float]


def samples(client: TestClient) -> Samples:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {(s.name, frozenset(s.labels.values())): s.value for family in families for s in family.samples}


def test_probes_need_no_key_and_give_no_reason(client: Client, house: ClosedHouse) -> None:
    stranger = client(with_key=False)
    assert stranger.get("/livez").text == "ok\n"
    assert stranger.get("/readyz").status_code == 200
    house.readiness = Ready(ok=False, reason="the store on /secret is full")
    try:
        answer = stranger.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "not ready\n")
        assert stranger.get("/livez").status_code == 200
    finally:
        house.readiness = Ready(ok=True)
    assert stranger.get("/metrics").status_code == 401


def test_passes_are_those_of_released_rows(anyone: TestClient) -> None:
    found = samples(anyone)
    assert found["passerby_passes_total", frozenset({"north", "gate", "motor", "in"})] == 60
    assert found["passerby_passes_total", frozenset({"north", "gate", "together", ""})] == 41


def test_health_is_told_of_cameras_and_to_those_who_see_all_of_the_house(
    anyone: TestClient, guest: TestClient
) -> None:
    found = samples(anyone)
    assert found["passerby_camera_up", frozenset({"north"})] == 1
    assert found["passerby_camera_state", frozenset({"north", "offline"})] == 0
    assert found["passerby_camera_frames_total", frozenset({"north"})] == 5000
    assert found["passerby_camera_frames_dropped_total", frozenset({"north"})] == 300
    assert found["passerby_sink_queue_items", frozenset({"control"})] == 10  # of 17: one alert does not show
    assert found["passerby_worker_restarts_total", frozenset({"engine-0"})] == 1
    assert all("south" in labels for _, labels in samples(guest))


def test_nothing_rises_with_who_is_there_now(anyone: TestClient) -> None:
    names = {name for name, _ in samples(anyone)}
    assert not any(word in name for name in names for word in ("analysed", "cpu", "alert", "inside", "objects"))


@pytest.mark.parametrize(
    ("part", "labels"),
    [
        ("foot in", ("foot", "in")),
        ("motor out", ("motor", "out")),
        ("together", ("together", "")),
        ("foot in;foot out", ("together", "")),
    ],
)
def test_several_together_are_never_one_series(part: str, labels: tuple[str, str]) -> None:
    assert series(part) == labels
