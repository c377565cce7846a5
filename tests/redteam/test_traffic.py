"""Packets are read rightly, and what nobody named is told from what somebody did."""

from __future__ import annotations

import ipaddress
import struct
from typing import Any

import pytest

from redteam.traffic import judged, plants
from redteam.traffic.capture import End, Packet, Seen, asked, parse

V4, V6 = 0x0800, 0x86DD


def packet(protocol: int, source: str, target: str, ports: tuple[int, int], body: bytes = b"") -> bytes:
    """An IP packet's first bytes."""
    one, other = ipaddress.ip_address(source), ipaddress.ip_address(target)
    inner = struct.pack("!HH", *ports) + body
    if one.version == 4:
        return bytes([0x45]) + bytes(8) + bytes([protocol]) + bytes(2) + one.packed + other.packed + inner
    return bytes([0x60]) + bytes(5) + bytes([protocol, 64]) + one.packed + other.packed + inner


@pytest.mark.parametrize(
    ("data", "kind", "wanted"),
    [
        (packet(6, "127.0.0.1", "203.0.113.9", (4, 443)), V4, End("tcp", "203.0.113.9", 443)),
        (packet(17, "127.0.0.1", "10.255.255.53", (4, 53)), V4, End("udp", "10.255.255.53", 53)),
        (packet(6, "::1", "2001:db8::7", (4, 443)), V6, End("tcp", "2001:db8::7", 443)),
    ],
)
def test_where_a_packet_goes(data: bytes, kind: int, wanted: End) -> None:
    found = parse(data, kind)
    assert found is not None
    assert found.target == wanted


def test_an_error_of_the_kernel_is_about_the_packet_in_it() -> None:
    inner = packet(17, "127.0.0.1", "192.0.2.1", (5, 53))
    error = packet(1, "192.0.2.1", "127.0.0.1", (0x0303, 0), bytes(4) + inner)
    found = parse(error, V4)
    assert found is not None
    assert found.target == End("udp", "192.0.2.1", 53)


@pytest.mark.parametrize("data", [b"", b"\x45", bytes(20)[:9]])
def test_what_is_cut_off_is_no_packet(data: bytes) -> None:
    assert parse(data, V4) is None
    assert parse(bytes(60), 0x0806) is None


def test_one_named_end_is_enough_and_none_is_a_stranger() -> None:
    camera, own, home = (End("tcp", a, p) for a, p in (("127.0.0.1", 554), ("127.0.0.1", 9), ("203.0.113.9", 443)))
    seen = Seen([Packet(own, camera), Packet(camera, own), Packet(own, home)])
    assert seen.strangers(frozenset({camera})) == [Packet(own, home)]


def test_calls_are_read_from_a_trace() -> None:
    lines = (
        '7 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.1")}, 16) = 0\n'
        "7 connect(3, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), "
        'inet_pton(AF_INET6, "2001:db8::7", &sin6_addr), sin6_scope_id=0}, 28) = 0\n'
        '7 connect(3, {sa_family=AF_UNIX, sun_path="/dev/log"}, 110) = 0\n'
    )
    assert list(asked(lines)) == [("10.0.0.1", 53), ("2001:db8::7", 443)]


def run(name: str, strangers: list[str], *, planted: bool = False, missed: int = 0) -> dict[str, Any]:
    return {"name": name, "packets": 3, "strangers": strangers, "missed": missed, "planted": planted}


def test_a_verdict_needs_silence_whole_hearing_and_every_plant() -> None:
    good = [run("count", []), run("home", ["a call"], planted=True)]
    assert judged(good).held is True
    assert judged([*good, run("demo", ["a packet"])]).held is False
    assert judged([*good, run("demo", [], missed=1)]).held is False
    assert judged([*good, run("deaf", [], planted=True)]).held is False


@pytest.mark.parametrize("code", [*plants.EVERYWHERE.values(), *plants.WORKERS.values()])
def test_plants_are_python(code: str) -> None:
    compile(code, "sitecustomize.py", "exec")
