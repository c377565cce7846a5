"""Secrets, filled in where they are used."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from passerby.config.secrets import fill
from passerby.errors import ConfigError

ENVIRON = {"CAM_USER": "ada", "CAM_PASSWORD": "$h{u}sh"}


def secret(value: object) -> str:
    assert isinstance(value, SecretStr)
    assert "hush" not in repr(value)
    return value.get_secret_value()


def test_variables_become_secrets() -> None:
    url = fill("rtsp://${CAM_USER}:${CAM_PASSWORD}@host/2", ENVIRON, "here")
    assert secret(url) == "rtsp://ada:$h{u}sh@host/2"


def test_a_password_that_is_written_out_is_a_secret_too() -> None:
    assert secret(fill("rtsp://ada:hush@host/2", {}, "here")) == "rtsp://ada:hush@host/2"
    assert fill("rtsp://host/2@x", {}, "here") == "rtsp://host/2@x"


def test_a_dollar_is_two_dollars() -> None:
    assert fill("costs 3 $$ or $${NAME}", {}, "here") == "costs 3 $ or ${NAME}"
    assert fill("costs $3", {}, "here") == "costs $3"


def test_a_file_holds_a_secret_without_its_line_break(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("hu sh\r\n")
    assert secret(fill({"file": str(path)}, {}, "here")) == "hu sh"
    assert secret(fill({"file": "password"}, {}, "here", folder=tmp_path)) == "hu sh"
    assert fill({"file": str(path), "other": 1}, {}, "here") == {"file": str(path), "other": 1}


def test_secrets_are_found_at_any_depth() -> None:
    filled = fill({"a": [1, {"b": "${CAM_USER}"}], "c": 2.5}, ENVIRON, "here")
    assert filled == {"a": [1, {"b": SecretStr("ada")}], "c": 2.5}


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="here: the environment has no variable CAM_PIN"):
        fill("${CAM_PIN}", ENVIRON, "here")
    with pytest.raises(ConfigError, match=r"here: cannot read the secret in .*: No such file"):
        fill({"file": str(tmp_path / "none")}, {}, "here")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="it is not text"):
        fill({"file": str(tmp_path / "binary")}, {}, "here")


@given(st.text())
def test_text_without_a_dollar_or_an_address_is_itself(text: str) -> None:
    if "$" not in text and "://" not in text:
        assert fill(text, {}, "here") == text


def test_what_the_environment_does_not_have_may_be_a_credential_of_systemd(tmp_path: Path) -> None:
    (tmp_path / "CAM_PASSWORD").write_text("from systemd\n")
    (tmp_path / "cam.south").write_text("hush")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert secret(fill("${CAM_PASSWORD}", environ, "here")) == "from systemd"
    assert secret(fill("rtsp://ada:${cam.south}@host", environ, "here")) == "rtsp://ada:hush@host"
    assert secret(fill("${CAM_PASSWORD}", {**environ, "CAM_PASSWORD": "set"}, "here")) == "set"
    for name in ("OTHER", "../secret", "/etc/hostname", ""):
        with pytest.raises(ConfigError, match="systemd gave no credential of this name"):
            fill(f"${{{name}}}", environ, "here")
