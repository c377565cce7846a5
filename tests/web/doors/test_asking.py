"""Who asks: what a proxy says counts only if it is the one that is named, and only our names are answered."""

from __future__ import annotations

import ipaddress

import pytest

from passerby.config import Web
from passerby.web.doors.asking import Asking, asking

PROXY = Web(
    host="0.0.0.0", trusted_proxy=ipaddress.ip_network("10.0.0.2"), hosts=frozenset({"passerby.example.org"})
)


def ask(web: Web, *, client: str = "127.0.0.1", server: str = "127.0.0.1", **headers: str) -> Asking:
    given = {"host": "127.0.0.1:8440", **headers}
    return asking(
        {
            "type": "http",
            "scheme": "https" if web.has_tls else "http",
            "client": (client, 1),
            "server": (server, 8440),
            "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items()],
        },
        web,
    )


def test_without_a_proxy_nothing_of_it_is_believed() -> None:
    how = ask(Web(), client="127.0.0.1", x_forwarded_for="1.2.3.4", x_forwarded_proto="https")
    assert (how.address, how.is_secure, how.is_local) == ("127.0.0.1", False, False)
    assert ask(Web()).is_local


def test_the_named_proxy_is_believed_and_no_other() -> None:
    said = {"x_forwarded_for": "6.6.6.6, 1.2.3.4", "x_forwarded_proto": "https", "host": "passerby.example.org"}
    how = ask(PROXY, client="10.0.0.2", **said)
    assert (how.address, how.is_secure, how.is_welcome, how.is_ours) == ("1.2.3.4", True, True, True)
    assert how.origin == "https://passerby.example.org"
    other = ask(PROXY, client="10.0.0.3", **said)
    assert (other.address, other.is_secure, other.is_welcome) == ("10.0.0.3", False, False)
    mapped = ask(PROXY, client="::ffff:10.0.0.2", **said)
    assert mapped.address == "1.2.3.4"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("1.2.3.4, 10.0.0.2", "1.2.3.4"),  # its own hop
        ("10.0.0.2", "10.0.0.2"),
        ("1.2.3.4, rubbish", "10.0.0.2"),
        ("", "10.0.0.2"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_what_a_visitor_wrote_into_the_header_is_not_taken(written: str, address: str) -> None:
    assert ask(PROXY, client="10.0.0.2", x_forwarded_for=written).address == address


def test_nobody_behind_a_proxy_is_local() -> None:
    web = Web(trusted_proxy=ipaddress.ip_network("127.0.0.1"), hosts=frozenset({"passerby.example.org"}))
    assert not ask(web).is_local
    assert not ask(web, x_forwarded_for="127.0.0.1").is_local


@pytest.mark.parametrize(
    ("web", "server", "host", "is_ours"),
    [
        (Web(), "127.0.0.1", "127.0.0.1:8440", True),
        (Web(), "127.0.0.1", "localhost:8440", True),
        (Web(), "127.0.0.1", "LOCALHOST", True),
        (Web(), "::1", "[::1]:8440", True),
        (Web(), "127.0.0.1", "evil.example", False),  # whose address somebody had point to this machine
        (Web(), "127.0.0.1", "127.0.0.1.evil.example:8440", False),
        (Web(), "127.0.0.1", "localhost@evil.example", False),
        (Web(), "127.0.0.1", "", False),
        (PROXY, "192.168.1.5", "192.168.1.5:8440", True),
        (PROXY, "192.168.1.5", "192.168.1.6:8440", False),
        (PROXY, "192.168.1.5", "localhost", False),
        (PROXY, "192.168.1.5", "Passerby.Example.org:444", True),
    ],
)
def test_only_our_names_are_answered(web: Web, server: str, host: str, is_ours: bool) -> None:
    assert ask(web, server=server, host=host).is_ours is is_ours
