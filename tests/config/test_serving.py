"""``[web]`` and ``state``: what is safe is taken, what is not is refused with its line."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest

from passerby.config import Web
from passerby.config.reading import parse
from passerby.config.serving import state
from passerby.errors import ConfigError


def web(text: str, path: Path = Path("street.toml")) -> Web | None:
    return parse(f"\n[web]\n{text}\n", path).web


def test_pages_are_on_loopback_unless_it_says_otherwise() -> None:
    assert parse("", Path("street.toml")).web == Web("127.0.0.1", 8440)
    assert web('listen = "off"') is None
    assert web('listen = "localhost:9000"') == Web("127.0.0.1", 9000)
    found = web('listen = "[::1]:9000"')
    assert found == Web("::1", 9000)
    assert found.is_loopback


@pytest.mark.parametrize("listen", ["0.0.0.0:8440", "[::]:8440", "192.168.1.5:8440"])
def test_beyond_loopback_it_needs_tls_or_a_named_proxy(listen: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        web(f'listen = "{listen}"')
    assert refused.value.exit_code == 78
    assert "street.toml:3" in refused.value.message
    behind = web(f'listen = "{listen}"\ntrusted_proxy = "10.0.0.2"')
    assert behind is not None
    assert behind.trusted_proxy == ipaddress.ip_network("10.0.0.2/32")
    for name in ("site.pem", "site.key"):
        (tmp_path / name).write_text("")
    tls = web(f'listen = "{listen}"\ncertificate = "site.pem"\nkey = "site.key"', tmp_path / "street.toml")
    assert tls is not None
    assert (tls.certificate, tls.key) == (tmp_path / "site.pem", tmp_path / "site.key")
    assert tls.has_tls


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ('listen = "8440"', 3, "not an address"),
        ('listen = "example.org:80"', 3, "not an address"),
        ('listen = "127.0.0.1:70000"', 3, "not an address"),
        ('listen = "127.0.0.1:"', 3, "not an address"),
        ('certificate = "street.toml"', 3, "needs its key"),
        ('listen = "127.0.0.1:1"\nkey = "street.toml"', 4, "needs its certificate"),
        ('certificate = "no.pem"\nkey = "no.key"', 3, "there is no file"),
        ('trusted_proxy = "caddy"', 3, "no address of a proxy"),
        ('trusted_proxy = "0.0.0.0/0"', 3, "trusts everybody"),
        ('prefix = "passerby"', 3, "begins with /"),
        ('prefix = "/a/../b"', 3, "begins with /"),
        ('prefix = "/a b"', 3, "begins with /"),
        ('prefix = "//a"', 3, "begins with /"),
        ('hosts = ["https://example.org"]', 3, "no name of a host"),
        ('hosts = ["*"]', 3, "no name of a host"),
        ("port = 1", 3, "not a key here"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(written: str, line: int, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        web(written)
    assert f"street.toml:{line}" in refused.value.message


def test_names_and_prefix_are_brought_into_one_form() -> None:
    found = web('prefix = "/town/passerby/"\nhosts = ["Passerby.Example.ORG", "[2001:db8::1]"]')
    assert found is not None
    assert found.prefix == "/town/passerby"
    assert found.hosts == {"passerby.example.org", "2001:db8::1"}


def test_the_state_lies_where_it_says_or_where_systemd_says_or_beside_the_file() -> None:
    path = Path("/etc/passerby/street.toml")
    assert state("/var/lib/x", path, {"STATE_DIRECTORY": "/var/lib/passerby"}) == Path("/var/lib/x")
    assert state("x", path, {}) == Path("/etc/passerby/x")
    assert state(None, path, {"STATE_DIRECTORY": "/var/lib/passerby:/var/lib/other"}) == Path("/var/lib/passerby")
    assert state(None, path, {}) == Path("/etc/passerby/street.state")
    assert parse('state = "kept"', path).state == Path("/etc/passerby/kept")
