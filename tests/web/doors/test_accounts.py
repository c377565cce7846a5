"""Accounts: who they are of, what passwords they take, and that an admin always remains."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher
from web.entrance import PASSWORD, Hands

from passerby.errors import StoreError, UsageError
from passerby.web.doors.accounts import INVITED
from passerby.web.doors.database import Database
from passerby.web.doors.doors import Doors
from passerby.web.doors.passwords import Passwords


def kept(tmp_path: Path, name: str) -> str:
    with sqlite3.connect(tmp_path / "state" / "accounts.db") as file:
        return str(file.execute("SELECT password FROM account WHERE name = ?", (name,)).fetchone()[0])


@pytest.fixture
def admin(doors: Doors) -> str:
    return doors.accounts.add_first("ada", PASSWORD).name


def joined(doors: Doors, name: str, password: str = PASSWORD) -> str:
    """Let an invited one in."""
    doors.accounts.set_password(name, password)
    return name


def test_the_first_is_an_admin_and_only_one_is_first(doors: Doors) -> None:
    first = doors.first
    assert doors.is_first(first)
    assert not doors.is_first("")
    assert not doors.is_first(first[:-1])
    assert doors.accounts.add_first(" Ada ", PASSWORD).role == "admin"
    assert not doors.is_first(first)
    assert doors.first == ""
    with pytest.raises(UsageError):
        doors.accounts.add_first("eve", PASSWORD)


def test_only_the_right_name_and_password_belong_together(doors: Doors, admin: str) -> None:
    found = doors.accounts.check("ADA ", PASSWORD)
    assert found is not None
    assert found.name == "ada"
    for name, password in [
        ("ada", "wrong horse battery"),
        ("eve", PASSWORD),
        ("ada", ""),
        ("", ""),
        ("ada", "x" * 300),
    ]:
        assert doors.accounts.check(name, password) is None


def test_a_name_that_is_not_there_costs_as_much_as_a_wrong_password(doors: Doors, admin: str) -> None:
    compared: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - as it is named there
            compared.append(str(hash).rpartition("$")[0].rpartition("$")[0])
            return super().verify(hash, password)

    doors.accounts._passwords = Passwords(Counting(1, 8, 1))
    doors.accounts.check("ada", "wrong horse battery")
    doors.accounts.check("nobody", "wrong horse battery")
    doors.accounts.add("invited", "viewer", None)  # and so does one without a password
    doors.accounts.check("invited", "wrong horse battery")
    assert len(compared) == 3
    assert len(set(compared)) == 1  # with the same parameters


def test_a_password_is_kept_as_argon2_and_anew_when_the_parameters_rise(
    doors: Doors, admin: str, tmp_path: Path
) -> None:
    before = kept(tmp_path, "ada")
    assert before.startswith("$argon2id$")
    assert PASSWORD not in before
    doors.accounts._passwords = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert doors.accounts.check("ada", "wrong horse battery") is None
    assert kept(tmp_path, "ada") == before
    assert doors.accounts.check("ada", PASSWORD) is not None
    assert "m=16,t=2" in kept(tmp_path, "ada")
    assert doors.accounts.check("ada", PASSWORD) is not None


@pytest.mark.parametrize(
    "password", ["", "short", "elevenchars", "a" * 40, "ababababababab", "x" * 257, "ada.lovelace12"]
)
def test_passwords_that_are_easy_to_guess_are_not_taken(doors: Doors, password: str) -> None:
    with pytest.raises(UsageError):
        doors.accounts.add_first("ada.lovelace", password)
    assert not doors.accounts.has_any()


NAMES = ["", " ", "a b", "<b>", "a/b", "ä", "x" * 65, "-a", "a\nb", "a'--", "Nobody", "passerby"]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_plain(doors: Doors, name: str) -> None:
    with pytest.raises(UsageError):
        doors.accounts.add_first(name, PASSWORD)


def test_an_invitation_is_used_once_and_not_for_ever(doors: Doors, admin: str, hands: Hands) -> None:
    token = doors.accounts.add("vera", "viewer", ["north"])
    assert doors.accounts.check("vera", "") is None
    invited = doors.accounts.invited(token)
    assert invited is not None
    assert (invited.name, invited.has_password) == ("vera", False)
    assert invited.cameras == frozenset({"north"})
    hands.pass_(INVITED + timedelta(seconds=1))
    assert doors.accounts.invited(token) is None
    token = doors.accounts.invite("vera")
    doors.accounts.set_password("vera", PASSWORD)
    assert doors.accounts.invited(token) is None
    assert doors.accounts.check("vera", PASSWORD) is not None
    doors.accounts.invite("vera")
    assert doors.accounts.check("vera", PASSWORD) is None


def test_only_viewers_have_chosen_cameras(doors: Doors, admin: str) -> None:
    doors.accounts.add("olga", "operator", ["north"])
    assert doors.accounts.get("olga").cameras is None
    doors.accounts.change("olga", "viewer", [])
    assert doors.accounts.get("olga").cameras == frozenset()
    with pytest.raises(UsageError):
        doors.accounts.change("olga", "root", None)  # type: ignore[arg-type]


def test_the_last_admin_stays(doors: Doors, admin: str) -> None:
    doors.accounts.add("eve", "admin", None)  # invited, and cannot sign in yet
    for act in (
        lambda: doors.accounts.remove("ada"),
        lambda: doors.accounts.change("ada", "operator", None),
        lambda: doors.accounts.invite("ada"),
    ):
        with pytest.raises(UsageError, match="last admin"):
            act()
    assert doors.accounts.check("ada", PASSWORD) is not None
    joined(doors, "eve")
    doors.accounts.remove("ada")
    with pytest.raises(UsageError, match="last admin"):
        doors.accounts.remove("eve")
    with pytest.raises(KeyError):
        doors.accounts.remove("ada")


def test_only_its_owner_reads_the_file(doors: Doors, tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert state.stat().st_mode & 0o777 == 0o700
    assert (state / "accounts.db").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "accounts.db").write_text("not a database, but long enough to be read as one" * 30)
    with pytest.raises(StoreError, match=r"accounts\.db"):
        Database(tmp_path / "accounts.db")


def test_what_fails_half_way_changes_nothing(doors: Doors, admin: str) -> None:
    with pytest.raises(UsageError):
        doors.accounts.add("ada", "viewer", None)
    assert [account.role for account in doors.accounts.all()] == ["admin"]
