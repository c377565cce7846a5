"""What ``[web]`` says: at which address the pages are, and who may stand before them."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from passerby.config.schema import WebTable
from passerby.errors import ConfigError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_PREFIX: Final = re.compile(r"(/[A-Za-z0-9._~-]+)+")
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[?[0-9A-Fa-f:]+\]?")


@dataclass(frozen=True, slots=True)
class Web:
    """Where pages are served."""

    host: str = "127.0.0.1"  # an address, without brackets
    port: int = 8440  # 0: any that is free
    certificate: Path | None = None  # PEM, with the chain; None: no TLS here
    key: Path | None = None
    trusted_proxy: Network | None = None  # whose word on a visitor's address and scheme is taken
    prefix: str = ""  # of every path, e.g. "/passerby"
    hosts: frozenset[str] = frozenset()  # names under which it answers besides its address; lower case

    @property
    def has_tls(self) -> bool:
        """Whether it speaks TLS itself."""
        return self.certificate is not None

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return ipaddress.ip_address(self.host).is_loopback


def web(table: WebTable, folder: Path, where: Callable[[str], str]) -> Web | None:
    """The address of a table, None where pages are off; raises `ConfigError` for one that is not safe.

    `folder`: what relative paths start from. `where`: file and line of a key.
    """
    if table.listen == "off":
        return None
    host, port = _address(table.listen, where("listen"))
    if (table.certificate is None) != (table.key is None):
        given, missing = ("certificate", "key") if table.key is None else ("key", "certificate")
        raise ConfigError(f"{where(given)}: a {given} needs its {missing}.", f'Write {missing} = "FILE.pem" too.')
    found = Web(
        host=host,
        port=port,
        certificate=_file(table.certificate, folder, where("certificate")),
        key=_file(table.key, folder, where("key")),
        trusted_proxy=_network(table.trusted_proxy, where("trusted_proxy")),
        prefix=_prefix(table.prefix, where("prefix")),
        hosts=frozenset(_name(name, where("hosts")) for name in table.hosts),
    )
    if not found.is_loopback and not found.has_tls and found.trusted_proxy is None:
        raise ConfigError(
            f"{where('listen')}: beyond this machine the pages are served only with TLS, so that nobody on the "
            "way reads a password.",
            "Give certificate and key, or name the proxy before them that speaks TLS: trusted_proxy = "
            '"10.0.0.2"; or listen on 127.0.0.1.',
        )
    return found


def state(written: str | None, path: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder in which a service keeps what is its own: as written, else systemd's, else beside the file."""
    if written is not None:
        return path.parent / written
    given = environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return Path(given) if given else path.with_suffix(".state")


def _address(listen: str, where: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    host = "127.0.0.1" if host == "localhost" else host
    try:
        ipaddress.ip_address(host)
        number = int(port)
    except ValueError:
        number = -1
    if not 0 <= number <= 65535 or not port.isascii():
        raise ConfigError(
            f"{where}: '{listen}' is not an address and a port.", 'Such as "127.0.0.1:8440", "[::]:443" or "off".'
        )
    return host, number


def _file(written: str | None, folder: Path, where: str) -> Path | None:
    if written is None:
        return None
    path = folder / written
    if not path.is_file():
        raise ConfigError(f"{where}: there is no file {path}.")
    return path


def _network(written: str | None, where: str) -> Network | None:
    if written is None:
        return None
    try:
        network = ipaddress.ip_network(written)
    except ValueError:
        said = f"'{written}' is no address of a proxy."
        raise ConfigError(f"{where}: {said}", 'Such as "10.0.0.2", or "172.18.0.0/16" for a network.') from None
    if network.prefixlen == 0:
        raise ConfigError(f"{where}: '{written}' trusts everybody.", "Name the proxy's own address.")
    return network


def _prefix(written: str, where: str) -> str:
    prefix = written.rstrip("/")
    if prefix and (not _PREFIX.fullmatch(prefix) or {".", ".."} & set(prefix.split("/"))):
        raise ConfigError(f"{where}: '{written}' is no path that begins with /.", 'Such as "/passerby".')
    return prefix


def _name(written: str, where: str) -> str:
    if not _HOST.fullmatch(written):
        raise ConfigError(
            f"{where}: '{written}' is no name of a host.", 'The name alone, such as "passerby.example.org".'
        )
    return written.lower().removeprefix("[").removesuffix("]")
