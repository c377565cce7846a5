"""Serves an application from a thread beside the work that it shows, over TLS where it has a certificate."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from passerby.config import Web
from passerby.errors import ConfigError

_HERE: Final = {4: "127.0.0.1", 6: "::1"}
STOP_S: Final = 3.0  # longest wait for the thread; it usually takes a few tenths
_MESSAGE_BYTES: Final = 4096  # longest message that a page may send over its socket
_UNSENT_BYTES: Final = 16_384  # that the kernel takes of a connection, and that are not on their way yet
_AT_ONCE: Final = 512  # connections; what comes beyond is told to come again


@contextmanager
def served(app: ASGIApp, web: Web) -> Iterator[str]:
    """Serve an application until the block is left, which takes about half a second; its own address.

    The socket listens before this returns, so the address can be opened at once. Raises `ConfigError` for an
    address that is taken or is not this machine's, and for TLS files that are not what they should be.
    """
    tls = _tls(web)
    with _listening(web) as listening:
        host, port = listening.getsockname()[:2]
        address = ipaddress.ip_address(host)
        if address.is_unspecified:  # that is no address to open
            host = min(web.hosts) if tls and web.hosts else _HERE[address.version]
        name = f"[{host}]" if ":" in host else host
        with running(configuration(app, tls), listening):
            yield f"{'https' if tls else 'http'}://{name}:{port}{web.prefix}/"


@contextmanager
def running(config: uvicorn.Config, listening: socket.socket) -> Iterator[None]:
    """A server in a thread of its own until the block is left; open sockets are closed then."""
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), name="passerby-web", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(STOP_S)


def configuration(app: ASGIApp, tls: ssl.SSLContext | None = None) -> uvicorn.Config:
    """No logs (they would hold tokens and addresses of people), no hint of what serves, a quick end."""
    return uvicorn.Config(
        app,
        http="h11",
        loop="asyncio",
        ws=_Prompt,
        ws_max_size=_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,  # whose word is taken is decided behind this
        limit_concurrency=_AT_ONCE,
        timeout_graceful_shutdown=1,
        ssl_context_factory=None if tls is None else lambda *_: tls,
    )


class _Prompt(WebSocketsSansIOProtocol):
    """A socket on which sending waits until all that was sent before has left: nothing old queues here."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)


def _listening(web: Web) -> socket.socket:
    family = socket.AF_INET6 if ipaddress.ip_address(web.host).version == 6 else socket.AF_INET
    try:
        listening = socket.create_server((web.host, web.port), family=family)
        # its connections inherit it
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)
        return listening
    except OSError as error:
        raise ConfigError(
            f"cannot serve pages on {web.host}:{web.port}: {error.strerror}.",
            'Is it running already? Choose another address: [web] listen = "127.0.0.1:8441", or "off".',
        ) from None


def _tls(web: Web) -> ssl.SSLContext | None:
    if web.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(web.certificate, web.key, password="")
    except (ssl.SSLError, OSError) as error:
        said = f"cannot use the certificate {web.certificate} with the key {web.key}: {error.strerror or error}."
        hint = "Both are PEM files; the key has no password and belongs to the certificate."
        raise ConfigError(said, hint) from None
    return context
