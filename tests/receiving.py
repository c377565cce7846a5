"""A receiver of webhooks on loopback, which answers as it is told."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from films import serving

PATIENCE_S = 20.0


@dataclass
class Receiver:
    """What a server was sent, and what it is to answer next."""

    url: str = ""
    answers: list[int] = field(default_factory=list)  # the next ones, else `usual`; 0: it hangs up
    usual: int = 202
    events: list[dict[str, Any]] = field(default_factory=list)  # that it took
    sent: list[tuple[str, Message, bytes]] = field(default_factory=list)  # path, headers, body
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int) -> None:
        """Until it was sent so many requests."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.sent) >= count, PATIENCE_S)

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """The alerts that it took, as type, rule and how it was told."""
        alerts = [event for event in self.events if "rule" in event["data"]]
        return [(event["type"].split(".")[3], event["data"]["rule"], event["data"]["told"]) for event in alerts]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver until the block is left."""
    got = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = got.answers.pop(0) if got.answers else got.usual
            if status == 202:
                got.events.append(json.loads(body))
            with got.changed:
                got.sent.append((self.path, self.headers, body))
                got.changed.notify_all()
            if status == 0:
                return  # says nothing and hangs up
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's word
            pass

    with serving(Handler) as url:
        got.url = url
        yield got
