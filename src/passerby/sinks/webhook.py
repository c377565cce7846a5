"""Posts records to an address, one CloudEvent each."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import re
import secrets
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote, urlsplit

from pydantic import SecretStr

from passerby.errors import SinkError
from passerby.records import Alert, Bands, Measurement, Record, Trial

SIGNATURE: Final = "X-Passerby-Signature"
_TIMEOUT: Final = timedelta(seconds=5)
_ASCII: Final = "".join(map(chr, range(ord("!"), ord("~") + 1)))  # without the blank


def _utc() -> datetime:
    return datetime.now(UTC)


def _random() -> str:
    return secrets.token_hex(16)


class Webhook:
    """Posts each record as a CloudEvent 1.0 in JSON (structured mode) and expects an answer of 200 to 299.

    An event's source is ``/passerby/SITE/CAMERA``, its subject the place. The same measurement has the same source
    and id whenever it is sent, so a receiver that has it already can leave it. An alert that comes late has a type
    of its own, so that it wakes nobody. Redirections are not followed.

    `url`: where to post; http or https. It appears in messages without user, path and query; what its path and
        query hold beside ASCII is percent-encoded (RFC 3987).
    `secret`: signs each body: ``X-Passerby-Signature: sha256=`` and the HMAC-SHA-256 of its bytes in hex.
    `token`: sent as ``Authorization: Bearer``.
    `timeout`: how long the receiver may take to answer.
    """

    def __init__(
        self,
        url: SecretStr,
        *,
        secret: SecretStr | None = None,
        token: SecretStr | None = None,
        timeout: timedelta = _TIMEOUT,
        site: str = "",
        clock: Callable[[], datetime] = _utc,
        ids: Callable[[], str] = _random,
    ) -> None:
        self._make, self._label, self._target = _address(url.get_secret_value(), timeout.total_seconds())
        self._secret = None if secret is None else secret.get_secret_value().encode()
        if token is not None and not re.fullmatch(r"[!-~]*", token.get_secret_value()):
            raise ValueError("token holds a letter, blank or line break that no header can carry")
        self._token, self._site, self._clock, self._ids = token, site or "site", clock, ids
        self._offered: Sequence[Record] = ()  # what is being posted
        self._left: deque[bytes] = deque()  # events of it that were not taken yet

    def write(self, records: Sequence[Record]) -> None:
        """Post records in their order; raises `SinkError` at the first that is not taken.

        What is offered again after that goes on from there.
        """
        if records is not self._offered:
            self._offered, self._left = records, deque(map(self._event, records))
        failure = ""
        connection = self._make()
        try:
            while self._left and not failure:
                status = self._post(connection, self._left[0])
                if 200 <= status <= 299:
                    self._left.popleft()
                else:
                    failure = f"answers with {status}"
        except TimeoutError:
            failure = "did not answer in time"
        except (OSError, UnicodeError, http.client.HTTPException) as error:
            failure = f"cannot be reached ({type(error).__name__})"
        finally:
            connection.close()
        if failure:
            raise SinkError(f"{self._label} {failure}.", "Check the address, and what its log says.")

    def close(self) -> None:
        """Nothing is open between two writes."""

    def __repr__(self) -> str:
        return f"Webhook({self._label!r})"

    def _post(self, connection: http.client.HTTPConnection, body: bytes) -> int:
        headers = {"Content-Type": "application/cloudevents+json", "User-Agent": "passerby"}
        if self._secret is not None:
            headers[SIGNATURE] = f"sha256={hmac.new(self._secret, body, hashlib.sha256).hexdigest()}"
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token.get_secret_value()}"
        connection.request("POST", self._target, body, headers)
        with connection.getresponse() as answer:
            answer.read(1 << 16)
            return answer.status

    def _event(self, record: Record) -> bytes:
        """A record as a CloudEvent (CNCF, CloudEvents 1.0.2, JSON event format)."""
        camera, place = getattr(record, "camera", ""), getattr(record, "place", "")
        kind, at, name = self._named(record)
        event = {
            "specversion": "1.0",
            "id": name,
            "source": "/".join(["/passerby", quote(self._site, safe=""), quote(camera, safe="")]).rstrip("/"),
            "type": f"org.passerby.{kind}.v1",
            "time": _plain(at),
            "datacontenttype": "application/json",
            "data": {key: _plain(value) for key, value in asdict(record).items()},
        }
        if place:
            event["subject"] = place
        return json.dumps(event, separators=(",", ":")).encode()

    def _named(self, record: Record) -> tuple[str, datetime, str]:
        """The type of its event, the time, and the id: the same for the same measurement."""
        match record:
            case Measurement():
                row = (
                    record.place,
                    record.revision,
                    record.quantity,
                    record.cut,
                    record.part,
                    record.start.isoformat(),
                )
                return "measurement", record.end, _digest(row)
            case Alert(told="late", hour=hour):
                said = (record.rule, record.camera, record.place, record.state, hour.isoformat())
                return "alert.late", hour, _digest(said)
            case Alert(state=state):
                return f"alert.{state}", self._clock(), self._ids()
            case Bands(at=at):
                return "bands", at, self._ids()
            case Trial(at=at):
                return "alert.test", at, self._ids()


def _digest(said: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def _address(url: str, timeout_s: float) -> tuple[Callable[[], http.client.HTTPConnection], str, str]:
    """How to connect, what to call it in messages, and what to ask for; raises ValueError."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None  # what urllib says repeats the url
    if host is None or parts.scheme not in ("http", "https"):
        raise ValueError("url is no address that begins with http:// or https://")
    if parts.username is not None:
        raise ValueError("url holds a user and password: give the receiver a token, or a secret in its path")
    connection = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    target = quote(
        (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_ASCII, errors="surrogateescape"
    )
    shown = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    return lambda: connection(host, port, timeout=timeout_s), shown, target


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return dict(value) if isinstance(value, Mapping) else value
