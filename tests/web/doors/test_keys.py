"""API keys: shown once, and good for what they were made for."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from web.entrance import Hands

from passerby.errors import UsageError
from passerby.web.doors.doors import Doors
from passerby.web.doors.policy import Visitor


def test_a_key_opens_what_it_was_made_for(doors: Doors) -> None:
    key, text = doors.keys.add(" city dashboard ", "viewer", ["north"], timedelta(days=30))
    assert text.startswith("passerby_")
    found = doors.keys.check(text)
    assert found is not None
    assert found[0].label == key.label == "city dashboard"
    assert found[1] == Visitor("key city dashboard", "viewer", frozenset({"north"}), by_key=True)
    assert doors.keys.check(text.removeprefix("passerby_")) is not None


def test_nothing_else_does(doors: Doors) -> None:
    key, text = doors.keys.add("a", "viewer", None, None)
    _, other = doors.keys.add("b", "viewer", None, None)
    mixed = f"passerby_{key.id}.{other.partition('.')[2]}"
    for wrong in (
        "",
        ".",
        key.id,
        f"passerby_{key.id}.",
        text[:-1],
        text + "A",
        mixed,
        "passerby_x.y",
        "\x00.\x00",
    ):
        assert doors.keys.check(wrong) is None


def test_it_is_over_when_it_said_and_when_it_is_removed(doors: Doors, hands: Hands) -> None:
    _, ends = doors.keys.add("a", "viewer", None, timedelta(days=30))
    key, stays = doors.keys.add("b", "operator", None, None)
    hands.pass_(timedelta(days=30))
    assert doors.keys.check(ends) is None
    assert doors.keys.check(stays) is not None
    assert doors.keys.remove(key.id).label == "b"
    assert doors.keys.check(stays) is None
    with pytest.raises(KeyError):
        doors.keys.remove(key.id)


def test_only_the_day_of_the_last_use_is_known_and_no_text(doors: Doors, tmp_path: Path) -> None:
    _, text = doors.keys.add("a", "viewer", None, None)
    assert doors.keys.all()[0].used is None
    doors.keys.check(text)
    assert doors.keys.all()[0].used == date(2026, 6, 1)
    assert text.partition(".")[2].encode() not in (tmp_path / "state" / "accounts.db").read_bytes()


@pytest.mark.parametrize(
    ("label", "role"), [("", "viewer"), ("x" * 65, "viewer"), ("a\nb", "viewer"), ("a", "admin")]
)
def test_what_no_key_may_be(doors: Doors, label: str, role: str) -> None:
    with pytest.raises(UsageError):
        doors.keys.add(label, role, None, None)  # type: ignore[arg-type]
    assert doors.keys.all() == []
