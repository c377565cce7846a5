"""Addresses of cameras that are typed in a browser: which may be, and how they stand in the configuration."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote

from passerby.config.differing import blanked

SCHEMES: Final = ("rtsp", "rtsps", "http", "https")
_URL: Final = re.compile(r"([a-zA-Z][\w+.-]*)://(.*)", re.DOTALL)
_HOST: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?")
_LONGEST: Final = 2000  # characters
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_CLOUDS: Final = tuple(map(ipaddress.ip_network, ("fd00:ec2::/32", "100.100.100.200/32", "168.63.129.16/32")))
# where clouds tell a machine its own credentials, besides link-local 169.254.169.254

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Typed:
    """A camera's address with what opens it; its password is in no repr."""

    scheme: str
    place: str  # host, port, path and query
    user: str  # as people type it
    password: str = field(repr=False)  # as people type it

    @property
    def host(self) -> str:
        """The host's name or address, without brackets."""
        return _host(self.place)[0]

    @property
    def server(self) -> tuple[str, str]:
        """What a password is told to: another one must not get it."""
        return self.scheme, re.split(r"[/?#]", self.place)[0].lower()

    @property
    def hides(self) -> bool:
        """Whether path or query hold something secret, as in ``/user=admin_password=…``."""
        plain = f"{self.scheme}://{self.place}"
        return blanked(plain) != plain

    @property
    def is_secret(self) -> bool:
        """Whether any of it must be kept apart."""
        return self.hides or bool(self.password)

    def url(self, password: str) -> str:
        """For the configuration, with this in the password's place: the name of a secret, or nothing."""
        return self._with(password, self.place.replace("$", "$$"))

    def whole(self) -> str:
        """The whole url with its password, to be sealed as one."""
        return self._with(quote(self.password, safe=""), self.place)

    def _with(self, password: str, place: str) -> str:
        user = quote(self.user, safe="")
        who = f"{user}:{password}@" if password else f"{user}@" if user else ""
        return f"{self.scheme}://{who}{place}"


def parse(url: str, user: str = "", password: str = "") -> Typed:
    """Read what was typed; user and password of their own go before those in the url.

    Raises ValueError in one sentence for what is no network address, or one where no camera is.
    """
    text = url.strip()
    if not text:
        raise ValueError("Type the camera's address.")
    if len(text) > _LONGEST or any(ord(c) < 33 or ord(c) == 127 for c in text):
        raise ValueError("An address has no blanks, and is not that long.")
    match = _URL.fullmatch(text) or _URL.fullmatch(f"rtsp://{text}")
    assert match is not None
    scheme = match[1].lower()
    if scheme not in SCHEMES:
        raise ValueError(
            "Use an address that begins with rtsp, rtsps, http or https. Files and devices of this machine are "
            "named in the configuration file only."
        )
    credentials, place = _parted(match[2])
    name, _, secret = credentials.partition(":")
    host, port = _host(place)
    shown = ("…", "…") if "@" in place else (host, port)  # else a part of the password may be taken for these
    if not host:
        raise ValueError("The address has no host, such as 10.0.4.12 or camera.example.")
    if port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise ValueError(f"'{shown[1]}' is no port.")
    found = Typed(scheme, place, user or unquote(name), password or unquote(secret))
    if ":" in found.user:
        raise ValueError("A user's name has no colon.")
    _refuse(_literal(host, shown[0]), shown[0])
    return found


def check_host(host: str, resolve: Callable[[str], Iterable[str]] | None = None) -> None:
    """Raise ValueError where a name stands for an address at which no camera is; may block for a while."""
    try:
        found = list((resolve or _resolved)(host))
    except (OSError, UnicodeError):
        return  # it may come up later; the camera's state will say so
    for address in found:
        _refuse(ipaddress.ip_address(address.partition("%")[0]), host)


def _resolved(host: str) -> Iterable[str]:
    return {str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}


def _parted(rest: str) -> tuple[str, str]:
    """User and password, and what follows; a password may hold @ : / ? #, where it cannot be a host and port."""
    authority = re.split(r"[/?#]", rest)[0]
    before, at, _ = authority.rpartition("@")
    place = rest[len(before) + len(at) :]
    host, port = _host(place)
    is_host = not host or bool(_HOST.fullmatch(host)) or place.startswith("[")
    if "@" in place and not (is_host and (not port or port.isdecimal())):
        before, _, place = rest.rpartition("@")
    return before, place


def _host(place: str) -> tuple[str, str]:
    authority = re.split(r"[/?#]", place)[0]
    if authority.startswith("["):
        host, _, port = authority[1:].partition("]")
        return host, port.removeprefix(":")
    host, _, port = authority.partition(":")
    return host, port


def _literal(host: str, shown: str) -> Ip | None:
    """Raises ValueError, in which the host is written as `shown`, for what is neither a name nor an address."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    if ":" in host or not _HOST.fullmatch(host):
        raise ValueError(f"'{shown}' is no host.")
    if re.fullmatch(r"(0x[0-9a-f]*|\d*)(\.(0x[0-9a-f]*|\d*))*", host, re.IGNORECASE):
        raise ValueError(f"'{shown}' is no address: write it as 10.0.4.12.")
    return None


def _refuse(ip: Ip | None, shown: str) -> None:
    """Loopback stays allowed: a relay of camera streams often runs on the machine itself."""
    if ip is None:
        return
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            _refuse(inner, shown)
            return
    is_reserved = ip.is_reserved and not ip.is_loopback
    is_cloud = any(ip in network for network in _CLOUDS)
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or is_reserved or is_cloud:
        raise ValueError(f"'{shown}' is an address at which no camera is: link-local, multicast or reserved.")
