"""Files that are whole or not there, and nobody else's."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from passerby import files


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("mode", [0o640, 0o600, 0o664])
def test_a_file_keeps_its_rights_when_it_is_replaced(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "site.toml"
    path.write_text("old")
    path.chmod(mode)
    files.replace(path, b"new")
    assert (path.read_bytes(), rights(path)) == (b"new", mode)
    assert list(tmp_path.iterdir()) == [path]


def test_a_private_file_is_its_owner_s_only_and_so_is_its_new_folder(tmp_path: Path) -> None:
    path = tmp_path / "state" / "log"
    files.replace_private(path, b"one\n")
    path.chmod(0o644)
    files.replace_private(path, b"two\n")
    files.append_private(path, b"three\n")
    assert path.read_bytes() == b"two\nthree\n"
    assert (rights(path), rights(path.parent)) == (0o600, 0o700)


def test_a_file_is_made_private_and_keeps_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "db"
    files.make_private(path)
    assert (path.read_bytes(), rights(path)) == (b"", 0o600)
    path.write_bytes(b"kept")
    path.chmod(0o666)
    files.make_private(path)
    assert (path.read_bytes(), rights(path)) == (b"kept", 0o600)


@pytest.mark.parametrize("write", [files.replace, files.replace_private])
def test_a_disk_that_fails_leaves_the_old_file_and_no_half_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, bytes], None]
) -> None:
    path = tmp_path / "site.toml"
    path.write_text("old")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write(path, b"new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
