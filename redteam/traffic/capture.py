"""Sees every packet of a network namespace in which every address on earth is its own loopback."""

from __future__ import annotations

import ipaddress
import re
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

EVERYTHING: Final = 0x0003  # ETH_P_ALL
_OUTGOING: Final = 4  # PACKET_OUTGOING: on loopback each packet is seen twice, once so
_SOL_PACKET, _STATISTICS, _RCVBUFFORCE = 263, 6, 33  # linux/if_packet.h, asm-generic/socket.h
_HEAD: Final = 256  # bytes of a packet that are read
_V4, _V6 = 0x0800, 0x86DD
_NAMES: Final = {socket.IPPROTO_TCP: "tcp", socket.IPPROTO_UDP: "udp", socket.IPPROTO_ICMP: "icmp", 58: "icmp"}


@dataclass(frozen=True, slots=True, order=True)
class End:
    """One end of a packet."""

    protocol: str  # tcp, udp, icmp, or a number
    address: str
    port: int = 0

    def __str__(self) -> str:
        return f"{self.protocol} {self.address} {self.port}"


@dataclass(frozen=True, slots=True)
class Packet:
    """From where to where; of an error that the kernel sends back, what it is about."""

    source: End
    target: End


def parse(data: bytes, kind: int) -> Packet | None:
    """The ends of an IP packet, from its first bytes; None: it is no IP packet."""
    try:
        if kind == _V4:
            length, number = (data[0] & 15) * 4, data[9]
            source, target = (str(ipaddress.IPv4Address(data[at : at + 4])) for at in (12, 16))
        elif kind == _V6:
            length, number = 40, data[6]
            source, target = (str(ipaddress.IPv6Address(data[at : at + 16])) for at in (8, 24))
        else:
            return None
        inner, name = data[length:], _NAMES.get(number, str(number))
        if name == "icmp" and inner[0] in ((3, 11) if kind == _V4 else (1, 2, 3, 4)):
            return parse(inner[8:], kind)
        ports = struct.unpack("!HH", inner[:4]) if name in ("tcp", "udp") else (0, 0)
    except (IndexError, struct.error, ValueError):
        return None
    return Packet(End(name, source, ports[0]), End(name, target, ports[1]))


@dataclass
class Seen:
    """What was captured."""

    packets: list[Packet] = field(default_factory=list)
    others: int = 0  # that are no IP packets
    missed: int = 0  # that the kernel counted and nobody saw

    def strangers(self, named: frozenset[End]) -> list[Packet]:
        """Packets of which neither end is named."""
        return [packet for packet in self.packets if not {packet.source, packet.target} & named]


@contextmanager
def capturing() -> Iterator[Seen]:
    """See all packets of this namespace until the block is left."""
    seen, over = Seen(), threading.Event()
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(EVERYTHING)) as ear:
        with suppress(PermissionError):  # one's own namespace may not have as much as it likes
            ear.setsockopt(socket.SOL_SOCKET, _RCVBUFFORCE, 1 << 25)
        ear.settimeout(0.2)
        before = sent()
        thread = threading.Thread(target=_listen, args=(ear, seen, over))
        thread.start()
        try:
            yield seen
        finally:
            after = sent()  # and whatever was counted by now can be heard by now
            over.set()
            thread.join()
            seen.missed = struct.unpack("II", ear.getsockopt(_SOL_PACKET, _STATISTICS, 8))[1]
            seen.missed += max(0, after - before - len(seen.packets) - seen.others)


def _listen(ear: socket.socket, seen: Seen, over: threading.Event) -> None:
    """Hear packets until it is over, and what waits then; a camera may go on sending for ever."""
    is_over = False
    while True:
        if not is_over and over.is_set():
            is_over = True
            ear.setblocking(False)
        try:
            data, (_, kind, way, *_rest) = ear.recvfrom(_HEAD)
        except BlockingIOError:
            return
        except TimeoutError:
            continue
        if way == _OUTGOING:
            packet = parse(data, kind)
            if packet is None:
                seen.others += 1
            else:
                seen.packets.append(packet)


def sent() -> int:
    """Packets that all interfaces of this namespace have sent."""
    lines = Path("/proc/self/net/dev").read_text().splitlines()[2:]
    return sum(int(line.partition(":")[2].split()[9]) for line in lines)


def prepare() -> None:
    """Make every address, IPv4, IPv6 and multicast, lead to this namespace's own loopback, where it is seen."""
    for what in (
        "link set lo up",
        "link set lo multicast on",
        "route add local default dev lo",
        "route add 224.0.0.0/4 dev lo",
        "-6 route add local default dev lo",
    ):
        subprocess.run(["ip", *what.split()], check=True, capture_output=True)


# -- the second net: what processes ask of the kernel, whether it becomes a packet or not ------------------------

TRACED: Final = "connect,sendto,sendmsg,sendmmsg"
_ASKED: Final = re.compile(
    r'sin6?_port=htons\((?P<port>\d+)\).*?(?:inet_addr\("(?P<v4>[^"]+)"\)|inet_pton\(AF_INET6, "(?P<v6>[^"]+)")'
)


def asked(traced: str) -> Iterator[tuple[str, int]]:
    """Addresses and ports that stand in the lines of a trace by strace."""
    for match in _ASKED.finditer(traced):
        yield match["v4"] or str(ipaddress.IPv6Address(match["v6"])), int(match["port"])
