"""A served application: its address, its certificate, and how it ends."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from passerby.config import Web
from passerby.errors import ConfigError
from passerby.web.serving import served


async def how(request: Request) -> Response:
    return PlainTextResponse(request.url.scheme)


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    while True:
        await socket.receive_text()


APP = Router([Route("/", how), WebSocketRoute("/live", talk)])
FREE = Web(port=0)


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return certificate(tmp_path, "site")


def test_it_answers_at_once_under_its_address(client: httpx.Client) -> None:
    with served(APP, Web(port=0, prefix="/town")) as url:
        assert url.endswith("/town/")
        answer = client.get(url.removesuffix("town/"))
        assert answer.text == "http"
        assert "server" not in answer.headers


def test_it_speaks_tls_with_its_certificate(pair: tuple[Path, Path]) -> None:
    with served(APP, Web(port=0, certificate=pair[0], key=pair[1])) as url:
        assert url.startswith("https://127.0.0.1:")
        trusted = ssl.create_default_context(cafile=str(pair[0]))
        with httpx.Client(verify=trusted, trust_env=False) as client:
            assert client.get(url).text == "https"
        with httpx.Client(trust_env=False) as client, pytest.raises(httpx.ConnectError):
            client.get(url)


def test_a_certificate_and_a_key_belong_together(pair: tuple[Path, Path], tmp_path: Path) -> None:
    other = certificate(tmp_path, "other")
    for wrong in (other[1], pair[0]):
        with (
            pytest.raises(ConfigError, match="cannot use the certificate") as refused,
            served(APP, Web(port=0, certificate=pair[0], key=wrong)),
        ):
            pass
        assert refused.value.exit_code == 78


def test_a_port_that_is_taken_is_said() -> None:
    with served(APP, FREE) as url:
        port = int(url.rpartition(":")[2].strip("/"))
        with pytest.raises(ConfigError, match=f"127.0.0.1:{port}") as refused, served(APP, Web(port=port)):
            pass
        assert "running already" in refused.value.hint


def test_an_address_of_another_machine_is_said() -> None:
    with pytest.raises(ConfigError, match=r"192\.0\.2\.1"), served(APP, Web(host="192.0.2.1", port=0)):
        pass


def test_what_listens_everywhere_names_an_address_that_opens(client: httpx.Client) -> None:
    with served(APP, Web(host="0.0.0.0", port=0)) as url:
        assert url.startswith("http://127.0.0.1:")
        assert client.get(url).text == "http"


def test_its_end_ends_sockets_thread_and_port() -> None:
    before = set(threading.enumerate())
    with ExitStack() as open_:
        with served(APP, FREE) as url:
            talking = open_.enter_context(connect(url.replace("http", "ws", 1) + "live", proxy=None))
            talking.send("here")
        with pytest.raises(ConnectionClosed):
            talking.recv(5)
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2].strip("/"))), timeout=5)
