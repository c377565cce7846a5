"""Sessions: they open with their token only, end by themselves, and end with any change of the account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from web.entrance import PASSWORD, Hands

from passerby.web.doors.doors import Doors
from passerby.web.doors.policy import Visitor
from passerby.web.doors.sessions import IDLE, LONGEST


@pytest.fixture
def held(doors: Doors) -> str:
    """The token of a viewer's session."""
    doors.accounts.add_first("ada", PASSWORD)
    doors.accounts.add("vera", "viewer", ["north"])
    doors.accounts.set_password("vera", PASSWORD)
    return doors.sessions.begin("vera")


def test_a_token_opens_its_session_and_nothing_else_does(doors: Doors, held: str) -> None:
    assert len(held) == 43  # 256 bits
    found = doors.sessions.find(held)
    assert found is not None
    session, visitor = found
    assert visitor == Visitor("vera", "viewer", frozenset({"north"}), csrf=visitor.csrf)
    for wrong in ("", held[:-1], held + "A", session.id, visitor.csrf):
        assert doors.sessions.find(wrong) is None


def test_the_file_holds_no_token(doors: Doors, held: str, tmp_path: Path) -> None:
    files = b"".join(path.read_bytes() for path in (tmp_path / "state").iterdir())
    found = doors.sessions.find(held)
    assert found is not None
    assert held.encode() not in files
    assert found[1].csrf.encode() not in files
    assert PASSWORD.encode() not in files


def test_two_sessions_have_two_tokens_against_forged_forms(doors: Doors, held: str) -> None:
    other = doors.sessions.find(doors.sessions.begin("vera"))
    mine = doors.sessions.find(held)
    assert other is not None
    assert mine is not None
    assert other[1].csrf != mine[1].csrf


def test_an_idle_session_ends_and_one_in_use_ends_later(doors: Doors, held: str, hands: Hands) -> None:
    used = doors.sessions.begin("vera")
    step = IDLE - timedelta(minutes=1)
    for _ in range(LONGEST // step):
        hands.pass_(step)
        assert doors.sessions.find(used) is not None
    assert doors.sessions.find(held) is None
    hands.pass_(step)
    assert doors.sessions.find(used) is None
    assert doors.sessions.of("vera") == []


def test_looking_whether_it_lasts_is_no_use(doors: Doors, held: str, hands: Hands) -> None:
    (session,) = doors.sessions.of("vera")
    hands.pass_(IDLE - timedelta(seconds=1))
    assert doors.sessions.lasts(session.id)
    hands.pass_(timedelta(seconds=1))
    assert not doors.sessions.lasts(session.id)


CHANGES: dict[str, Callable[[Doors], object]] = {
    "password": lambda doors: doors.accounts.set_password("vera", "another horse battery"),
    "role": lambda doors: doors.accounts.change("vera", "operator", None),
    "cameras": lambda doors: doors.accounts.change("vera", "viewer", ["north", "south"]),
    "all cameras": lambda doors: doors.accounts.change("vera", "viewer", None),
    "reset": lambda doors: doors.accounts.invite("vera"),
    "removed": lambda doors: doors.accounts.remove("vera"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_the_account_ends_its_sessions(
    doors: Doors, held: str, change: Callable[[Doors], object]
) -> None:
    others = doors.sessions.begin("ada")
    (session,) = doors.sessions.of("vera")
    change(doors)
    assert doors.sessions.find(held) is None
    assert not doors.sessions.lasts(session.id)
    assert doors.sessions.find(others) is not None


def test_a_change_that_changes_nothing_ends_nothing(doors: Doors, held: str) -> None:
    doors.accounts.change("vera", "viewer", ["north"])
    assert doors.sessions.find(held) is not None


def test_a_session_is_ended_by_its_owner_only(doors: Doors, held: str) -> None:
    other = doors.sessions.begin("vera")
    first, second = (doors.sessions.find(token) for token in (held, other))
    assert first is not None
    assert second is not None
    assert not doors.sessions.end(first[0].id, "ada")
    assert not doors.sessions.end("no hex", "vera")
    assert doors.sessions.end(first[0].id, "vera")
    assert doors.sessions.find(held) is None
    assert doors.sessions.find(other) is not None
    doors.sessions.begin("vera")
    doors.sessions.end_others(second[0].id, "vera")
    assert [session.id for session in doors.sessions.of("vera")] == [second[0].id]


def test_an_account_has_some_sessions_and_not_any_number(doors: Doors, held: str, hands: Hands) -> None:
    for _ in range(40):
        hands.pass_(timedelta(seconds=1))
        newest = doors.sessions.begin("vera")
    assert len(doors.sessions.of("vera")) == 20
    assert doors.sessions.find(newest) is not None
    assert doors.sessions.find(held) is None
