"""Changes of configuration files: tried, written in one step, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from passerby.config import Edit, change, load
from passerby.errors import ConfigError

TEXT = (
    '# ours\n[camera.north]\nsource = { use = "stream", url = "rtsp://ada:hushhush@10.0.0.1/2" }\r\nlive = "off"\n'
)
LIVE = Edit(("camera", "north", "live"), "bands")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "site.toml"
    path.write_bytes(TEXT.encode())
    return path


def test_trying_changes_nothing_and_shows_no_secret(file: Path) -> None:
    tried = change(file, [LIVE])
    assert file.read_bytes() == TEXT.encode()
    assert tried.config.camera("north").live == "bands"
    assert '-live = "off"\n+live = "bands"' in tried.difference()
    assert "hush" not in tried.difference()
    assert "hush" not in repr(tried)


def test_writing_replaces_the_file(file: Path) -> None:
    change(file, [LIVE]).write()
    assert load(file).camera("north").live == "bands"
    assert file.read_text().startswith("# ours\n")
    assert list(file.parent.iterdir()) == [file]


def test_somebody_else_s_change_is_not_overwritten(file: Path) -> None:
    tried = change(file, [LIVE])
    file.write_text(TEXT + "fps = 2\n")
    with pytest.raises(ConfigError, match="just been changed by somebody else"):
        tried.write()
    with pytest.raises(ConfigError, match=r"(?s)was changed on disk.*\+fps = 2"):
        change(file, [LIVE], known=TEXT)
    assert load(file).camera("north").live == "off"


def test_what_was_read_is_known(file: Path) -> None:
    assert change(file, [LIVE], known=load(file).text).config.camera("north").live == "bands"


def test_what_would_not_be_valid_is_refused(file: Path) -> None:
    with pytest.raises(ConfigError, match="live"):
        change(file, [Edit(LIVE.path, "loud")])
    assert file.read_bytes() == TEXT.encode()


def test_a_file_that_may_only_be_read_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert change(file, [LIVE]).is_writable
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert not change(file, [LIVE]).is_writable


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    change(tmp_path / "new.toml", [LIVE]).write()
    assert load(tmp_path / "new.toml").camera("north").live == "bands"
