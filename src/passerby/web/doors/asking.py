"""Who asks, under which name, and over what: as told by the connection, or by a proxy that is trusted."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from passerby.config import Web

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SECURE: Final = ("https", "wss")


@dataclass(frozen=True, slots=True)
class Asking:
    """How a request came. Used at once, and kept nowhere."""

    address: str  # of the visitor; "?" where there is none
    is_local: bool  # from this machine, and not through a proxy
    is_secure: bool  # over TLS, as far as the visitor's browser sees
    host: str  # the header: a name, and mostly a port
    is_welcome: bool  # False: it came past the proxy without TLS, or asks for a name that is not ours
    is_ours: bool

    @property
    def origin(self) -> str:
        """What a browser says of a page of ours."""
        return f"{'https' if self.is_secure else 'http'}://{self.host}"


def asking(scope: Scope, web: Web) -> Asking:
    """How a request came to a server that is set up like this."""
    headers = Headers(scope=scope)
    peer = _address((scope.get("client") or ("", 0))[0])
    through_proxy = peer is not None and web.trusted_proxy is not None and peer in web.trusted_proxy
    is_secure = scope.get("scheme") in _SECURE
    address = peer
    if through_proxy:
        address = _forwarded(headers, web) or peer
        told = headers.getlist("x-forwarded-proto")
        is_secure = bool(told) and told[-1].rpartition(",")[2].strip().lower() in _SECURE
    is_local = peer is not None and peer.is_loopback and not through_proxy and "x-forwarded-for" not in headers
    host = headers.get("host", "").lower()
    server = str((scope.get("server") or ("", 0))[0])
    return Asking(
        address=str(address or "?"),
        is_local=is_local,
        is_secure=is_secure,
        host=host,
        is_welcome=web.has_tls or web.is_loopback or through_proxy or (peer is not None and peer.is_loopback),
        is_ours=len(headers.getlist("host")) == 1 and _name(host) in _names(web, server),
    )


def _names(web: Web, server: str) -> frozenset[str]:
    """Names that are ours: the address that was asked, those of the configuration, and this machine's own."""
    own = _LOOPBACK if web.is_loopback else frozenset({web.host, *([server] if _address(server) else [])})
    return web.hosts | own


def _name(host: str) -> str:
    """The name of a Host header, without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if host.count(":") == 1 else host


def _forwarded(headers: Headers, web: Web) -> Address | None:
    """The last address that the trusted proxy did not put there for itself."""
    listed = ",".join(headers.getlist("x-forwarded-for")).split(",")
    for written in reversed(listed):
        address = _address(written.strip())
        if address is None or web.trusted_proxy is None or address not in web.trusted_proxy:
            return address
    return None


def _address(written: str) -> Address | None:
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
