"""Ways to phone home, to be planted into the product's processes: each is a ``sitecustomize.py``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_IN: Final = '"{module}" in open("/proc/self/cmdline").read()'
_NAMED: Final = (
    'import socket\ntry:\n    socket.getaddrinfo("telemetry.example", 443)\nexcept OSError:\n    pass\n'
)
_CALLED: Final = (
    "import socket\ntry:\n    with socket.create_connection(({address!r}, {port}), 1):\n        pass\n"
    "except OSError:\n    pass\n"
)
_SENT: Final = (
    "import socket\ntry:\n    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:\n"
    "        out.sendto(b'1', ({address!r}, {port}))\nexcept OSError:\n    pass\n"
)
_LATE: Final = "import atexit\n\ndef _home():\n{body}\natexit.register(_home)\n"


def _indented(code: str) -> str:
    return "".join(f"    {line}\n" for line in code.splitlines())


EVERYWHERE: Final[Mapping[str, str]] = {
    "a name is looked up": _NAMED,
    "a server is called": _CALLED.format(address="203.0.113.9", port=443),
    "a server is called over IPv6": _CALLED.format(address="2001:db8::7", port=443),
    "a datagram is sent": _SENT.format(address="198.51.100.7", port=8125),
    "neighbours are asked by multicast": _SENT.format(address="239.255.255.250", port=1900),
    "a port of this machine that nobody named is called": _CALLED.format(address="127.0.0.1", port=9411),
    "somebody is told at the end": _LATE.format(body=_indented(_CALLED.format(address="203.0.113.9", port=80))),
}


def within(module: str, code: str) -> str:
    """A plant that works only in processes that run this module."""
    return f"if {_IN.format(module=module)}:\n{_indented(code)}"


WORKERS: Final[Mapping[str, str]] = {
    "a decode worker calls a server": within("passerby.engine.decoding", EVERYWHERE["a server is called"]),
    "an engine worker looks a name up": within("passerby.engine.looking", _NAMED),
}
