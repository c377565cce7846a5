"""Secrets that were typed in a browser: sealed, and found where plugins are built."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rtsp import RtspCamera

from passerby.config.keyring import CREDENTIAL, Keyring
from passerby.config.reading import parse
from passerby.errors import ConfigError
from passerby.stages import Source

PASSWORD = "p@s:s/w?o#r%d&+ é"


def kept(ring: Keyring, name: str) -> str:
    secret = ring.unsealed(name)
    assert secret is not None
    return secret.get_secret_value()


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "state", {})


def test_what_is_kept_can_be_used_replaced_and_forgotten(ring: Keyring) -> None:
    assert ring.names() == ()
    assert ring.unsealed("a") is None
    ring.keep("camera-north-password", PASSWORD)
    ring.keep("b", "other")
    assert ring.names() == ("b", "camera-north-password")
    assert kept(ring, "camera-north-password") == PASSWORD
    ring.keep("b", "another")
    assert kept(ring, "b") == "another"
    ring.forget("b")
    ring.forget("b")
    assert ring.names() == ("camera-north-password",)


@settings(max_examples=20)
@given(value=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_secret_comes_back(value: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    ring = Keyring(tmp_path_factory.mktemp("state"), {})
    ring.keep("it", value)
    assert kept(ring, "it") == value


def test_only_the_owner_reads_and_nothing_stands_in_plain_text(ring: Keyring, tmp_path: Path) -> None:
    ring.keep("a", PASSWORD)
    state = tmp_path / "state"
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in state.iterdir()} == {
        "secrets": 0o600,
        "secrets.key": 0o600,
    }
    assert not any(b"p@s" in path.read_bytes() for path in state.iterdir())
    assert PASSWORD not in repr(ring.unsealed("a"))


def test_the_key_may_come_from_systemd(tmp_path: Path) -> None:
    (tmp_path / CREDENTIAL).write_bytes(b"0123456789abcdef0123456789abcdef")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    Keyring(tmp_path / "state", environ).keep("a", "x")
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["secrets"]
    assert kept(Keyring(tmp_path / "state", environ), "a") == "x"
    (tmp_path / CREDENTIAL).write_bytes(b"another key, of another machine!")
    with pytest.raises(ConfigError, match="sealed with another key"):
        Keyring(tmp_path / "state", environ).unsealed("a")
    (tmp_path / CREDENTIAL).write_bytes(b"short")
    with pytest.raises(ConfigError, match="too short"):
        Keyring(tmp_path / "state", environ).unsealed("a")


def test_a_sealed_secret_cannot_take_another_s_name(ring: Keyring, tmp_path: Path) -> None:
    ring.keep("a", "x")
    path = tmp_path / "state" / "secrets"
    document = json.loads(path.read_text())
    document["sealed"]["b"] = document["sealed"]["a"]
    path.write_text(json.dumps(document))
    with pytest.raises(ConfigError, match="the secret b"):
        ring.unsealed("b")


def test_a_file_that_others_read_is_refused(ring: Keyring, tmp_path: Path) -> None:
    ring.keep("a", "x")
    (tmp_path / "state" / "secrets").chmod(0o640)
    with pytest.raises(ConfigError, match="can be read by others"):
        ring.unsealed("a")


@pytest.mark.parametrize("name", ["", "../x", "a b", "a}", "a" * 129])
def test_names_are_checked(ring: Keyring, name: str) -> None:
    with pytest.raises(ConfigError, match="no name of a secret"):
        ring.keep(name, "x")


@pytest.mark.parametrize("value", ["", "a\0b", "x" * 5000])
def test_secrets_have_a_length(ring: Keyring, value: str) -> None:
    with pytest.raises(ConfigError, match="1 to 4096"):
        ring.keep("a", value)


@pytest.mark.parametrize("digest", [False, True], ids=["basic", "digest"])
def test_a_camera_takes_any_password_that_was_typed(tmp_path: Path, digest: bool) -> None:
    Keyring(tmp_path / "site.state").keep("camera-a-password", quote(PASSWORD, safe=""))
    with RtspCamera(credentials=f"ada:{PASSWORD}", digest=digest) as camera:
        url = f"rtsp://ada:${{camera-a-password}}@{camera.place}"
        text = f'[camera.a]\nsource = {{ use = "stream", url = "{url}" }}\n'
        use = parse(text, tmp_path / "site.toml").camera("a").source
        assert use is not None
        source = use.build(Source, camera="a")
        frames = source.frames()
        with next(frames) as frame:
            assert frame.size == camera.size
        frames.close()  # type: ignore[attr-defined]
    assert PASSWORD not in repr(source) + repr(use)


def test_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Keyring(tmp_path / "site.state").keep("PIN", "typed")
    use = parse('[detector]\nuse = "auto"\nx = "${PIN}"\n', tmp_path / "site.toml").detector
    assert str(use.table()["x"]) == "**********"
    assert use.table()["x"].get_secret_value() == "typed"  # type: ignore[attr-defined]
    monkeypatch.setenv("PIN", "given")
    assert use.table()["x"].get_secret_value() == "given"  # type: ignore[attr-defined]
