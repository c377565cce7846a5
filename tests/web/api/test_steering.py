"""What admins who are signed in read of the service itself, and nobody else does."""

from __future__ import annotations

import pytest

from web.entrance import Entrance, Guest


def test_settings_are_those_of_the_configuration_without_an_address(entrance: Entrance, ada: Guest) -> None:
    answer = ada.get("/api/v1/settings")
    config = entrance.house.config
    said = answer.json()
    assert (said["k"], said["timezone"]) == (config.rule.k, config.site.timezone.key)
    assert [camera["name"] for camera in said["cameras"]] == list(config.cameras)
    assert "://" not in answer.text


def test_people_and_keys_are_told_without_what_opens_anything(entrance: Entrance, ada: Guest) -> None:
    invitation = entrance.doors.accounts.add("olga", "viewer", ["north"])
    _, secret = entrance.doors.keys.add("dashboard", "viewer", ["north"], None)
    people, keys = ada.get("/api/v1/people"), ada.get("/api/v1/keys")
    told = {p["name"]: (p["role"], p["cameras"], p["is_active"]) for p in people.json()["people"]}
    assert told["ada"] == ("admin", None, True)
    assert told["olga"] == ("viewer", ["north"], False)
    (key,) = keys.json()["keys"]
    assert (key["label"], key["cameras"], key["expires"], key["used"]) == ("dashboard", ["north"], None, None)
    assert invitation not in people.text
    assert secret not in keys.text


def test_the_audit_log_is_told_in_pages_the_newest_first(entrance: Entrance, ada: Guest) -> None:
    for number in range(5):
        entrance.doors.audit.record("ada", "approve plate", f"camera{number}")
    said = ada.get("/api/v1/audit?limit=2").json()
    assert said["is_whole"]
    assert [entry["about"] for entry in said["entries"]] == ["camera4", "camera3"]
    last = said["entries"][-1]["number"]
    assert ada.get(f"/api/v1/audit?before={last}").json()["entries"][0]["about"] == "camera2"
    assert ada.get("/api/v1/audit?befor=1").status_code == 422


def test_damage_of_the_audit_log_is_told(entrance: Entrance, ada: Guest) -> None:
    entrance.doors.audit.record("ada", "approve plate", "north")
    path = entrance.doors.audit._path
    path.write_bytes(path.read_bytes().replace(b"north", b"south"))
    assert ada.get("/api/v1/audit").json()["is_whole"] is False


@pytest.mark.parametrize("thing", ["settings", "people", "keys", "audit"])
def test_no_key_and_no_operator_reads_them(entrance: Entrance, thing: str) -> None:
    entrance.account("otto", "operator")
    assert entrance.visitor("otto").get(f"/api/v1/{thing}").status_code == 403
    _, secret = entrance.doors.keys.add("program", "operator", None, None)
    answer = entrance.visitor().get(f"/api/v1/{thing}", **{"X-API-Key": secret})
    assert answer.status_code in (401, 403)
