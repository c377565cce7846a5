"""A listed model of a few bytes, and a server that has it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from passerby.models.manifest import Model

BODY = bytes(range(256)) * 1000


def listed(url: str = "http://127.0.0.1:9/tiny.onnx", *, name: str = "tiny", ap: float = 10.0) -> Model:
    body = BODY + name.encode()
    return Model(
        name=name,
        url=url,
        bytes=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        licence="Apache-2.0",
        contract="yolox",
        input=(32, 32),
        ap=ap,
    )


def body(model: Model) -> bytes:
    return BODY + model.name.encode()


@contextmanager
def serving(content: bytes, *, status: int = 200, announced: int | None = None) -> Iterator[str]:
    """The url of a server that answers every request with this body, and perhaps announces another length."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content) if announced is None else announced))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's word
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/model.onnx"
        finally:
            server.shutdown()
            thread.join()
