"""The audit log: whatever is done to its file is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web.entrance import Hands

from passerby.web.doors.audit import CUT, DAMAGED, KEPT, Audit

Lines = list[bytes]


def opened(path: Path, hands: Hands, credentials: Path | None = None) -> Audit:
    environ = {} if credentials is None else {"CREDENTIALS_DIRECTORY": str(credentials)}
    return Audit(path, clock=lambda: hands.now, randomness=hands.random.randbytes, environ=environ)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "audit.jsonl"


@pytest.fixture
def audit(path: Path, hands: Hands) -> Audit:
    audit = opened(path, hands)
    for name in ("north", "south", "west", "east"):
        audit.record("ada", "approve plate", name)
        hands.pass_(timedelta(hours=1))
    return audit


def rewrite(path: Path, change: Callable[[Lines], Lines]) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(change(lines)))


def test_what_is_recorded_can_be_read_and_is_whole(audit: Audit) -> None:
    assert next((e.number, e.by, e.what, e.about) for e in audit.entries()) == (1, "ada", "approve plate", "north")
    assert audit.verify().ok
    assert audit.verify().entries == 4


def test_an_empty_log_is_whole(path: Path, hands: Hands) -> None:
    assert opened(path, hands).verify().ok
    assert opened(path, hands).verify().ok


CHANGES: dict[str, Callable[[Lines], Lines]] = {
    "a letter": lambda lines: [lines[0], lines[1].replace(b"south", b"sauth"), *lines[2:]],
    "deleted": lambda lines: [lines[0], *lines[2:]],
    "first deleted": lambda lines: lines[1:],
    "order": lambda lines: [lines[1], lines[0], *lines[2:]],
    "doubled": lambda lines: [lines[0], lines[0], *lines[1:]],
    "cut off": lambda lines: lines[:-1],
    "all cut off": lambda lines: [],
    "last is rubbish": lambda lines: [*lines[:-1], b"rubbish\n"],
    "not an object": lambda lines: [b"[]\n", *lines[1:]],
    "invented": lambda lines: [*lines, lines[-1].replace(b'"n":4', b'"n":5')],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_done_to_the_file_is_found(
    audit: Audit, path: Path, hands: Hands, change: Callable[[Lines], Lines]
) -> None:
    rewrite(path, change)
    assert not audit.verify().ok
    again = opened(path, hands)  # after a start that goes on writing, still
    assert not again.verify().ok
    again.record("ada", "sign in")
    assert not again.verify().ok
    assert again.entries()[-1].what == "sign in"
    told = [sum(entry.what == DAMAGED for entry in opened(path, hands).entries()) for _ in range(4)]
    assert 1 <= told[0] <= told[1] == told[2] == told[3] <= 2  # each thing that is found is said once


def test_a_log_cut_off_together_with_its_head_is_found(audit: Audit, path: Path, hands: Hands) -> None:
    rewrite(path, lambda lines: lines[:2])
    path.with_suffix(".head").unlink()
    assert not opened(path, hands).verify().ok
    assert not opened(path, hands).verify().ok


def test_a_log_thrown_away_is_found(audit: Audit, path: Path, hands: Hands) -> None:
    path.unlink()
    path.with_suffix(".head").unlink()
    assert not opened(path, hands).verify().ok


def test_a_forged_head_is_found(audit: Audit, path: Path) -> None:
    rewrite(path, lambda lines: lines[:2])
    head = path.with_suffix(".head")
    head.write_text(json.dumps({**json.loads(head.read_bytes()), "n": 2}))
    assert not audit.verify().ok


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_any_flipped_byte_is_found(tmp_path_factory: pytest.TempPathFactory, at: int, flip: int) -> None:
    hands, path = Hands(), tmp_path_factory.mktemp("log") / "audit.jsonl"
    audit = opened(path, hands)
    for what in ("one", "two", "three"):
        audit.record("ada", what)
    text = bytearray(path.read_bytes())
    text[at % len(text)] ^= flip
    path.write_bytes(text)
    assert not audit.verify().ok


def test_a_machine_that_went_down_damages_nothing(audit: Audit, path: Path, hands: Hands) -> None:
    head = path.with_suffix(".head").read_bytes()
    audit.record("ada", "set area", "fair")
    path.with_suffix(".head").write_bytes(head)  # the line was written, its head was not
    assert opened(path, hands).verify().ok
    with path.open("ab") as file:
        file.write(b'{"n":6,"at"')  # half a line
    again = opened(path, hands)
    assert again.verify().ok
    again.record("ada", "sign out")
    assert [entry.number for entry in again.entries()] == [1, 2, 3, 4, 5, 6]
    assert again.verify().ok


def test_entries_of_more_than_a_year_go_and_the_chain_holds(audit: Audit, path: Path, hands: Hands) -> None:
    hands.pass_(KEPT - timedelta(hours=2))
    audit.record("ada", "sign in")
    assert [entry.what for entry in audit.entries()] == [CUT, "approve plate", "approve plate", "sign in"]
    assert audit.verify().ok
    assert opened(path, hands).verify().ok
    hands.pass_(KEPT + timedelta(days=1))
    again = opened(path, hands)
    assert [entry.what for entry in again.entries()] == [CUT]
    again.record("ada", "sign out")
    assert [entry.what for entry in again.entries()] == [CUT, "sign out"]
    assert again.verify().ok
    rewrite(path, lambda lines: lines[1:])
    assert not again.verify().ok


def test_nothing_of_an_entry_can_look_like_another(path: Path, hands: Hands) -> None:
    audit = opened(path, hands)
    audit.record('a"\n{"n":2', "x\u2028\x00y", "z" * 5000)
    (entry,) = audit.entries()
    assert "\n" not in entry.by
    assert len(entry.about) == 200
    assert path.read_bytes().count(b"\n") == 1
    assert audit.verify().ok


def test_only_its_owner_reads_it(audit: Audit, path: Path) -> None:
    for file in (path, path.with_suffix(".head"), path.with_suffix(".key")):
        assert file.stat().st_mode & 0o777 == 0o600
    assert len(path.with_suffix(".key").read_bytes()) == 32


def test_systemd_may_hold_the_key(path: Path, hands: Hands, tmp_path: Path) -> None:
    (tmp_path / "passerby-audit-key").write_bytes(b"k" * 32)
    audit = opened(path, hands, tmp_path)
    audit.record("ada", "sign in")
    assert not path.with_suffix(".key").exists()
    assert opened(path, hands, tmp_path).verify().ok
    (tmp_path / "passerby-audit-key").write_bytes(b"K" * 32)
    assert not opened(path, hands, tmp_path).verify().ok
