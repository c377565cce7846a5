"""A camera on loopback that sends pictures over HTTP, and can be lost, frozen and broken."""

from __future__ import annotations

import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self

import cv2
import numpy as np

from redteam import texture

_RATE: Final = 8.0


class South:
    """``with South() as camera``; `mode`: fine, lost, frozen, corrupt or garbage."""

    def __init__(self) -> None:
        self.mode = "fine"
        self.sent = threading.Event()  # set with each picture that was sent in this mode
        camera, rng = self, np.random.default_rng(5)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200 if camera.mode != "lost" else 503)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                for index in range(1 << 30):
                    if camera.mode == "lost":
                        return
                    if camera.mode != "frozen":
                        picture = bytearray(cv2.imencode(".jpg", texture.bgr(index / _RATE))[1].tobytes())
                        if camera.mode == "corrupt":
                            for at in rng.integers(200, len(picture), 60):
                                picture[at] = rng.integers(0, 256)
                        if camera.mode == "garbage":
                            picture = bytearray(rng.integers(0, 256, 5000, np.uint8).tobytes())
                        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
                        try:
                            self.wfile.write(head.encode() + bytes(picture) + b"\r\n")
                        except OSError:
                            return
                    camera.sent.set()
                    time.sleep(1 / _RATE)  # it films in real time

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.port = int(self._server.server_address[1])

    def be(self, mode: str) -> None:
        """Go on like this, and return once something was sent so."""
        self.mode = mode
        self.sent.clear()
        if mode != "lost":
            self.sent.wait(5.0)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.mode = "lost"
        self._server.shutdown()
        socketserver.TCPServer.server_close(self._server)
        self._thread.join()
