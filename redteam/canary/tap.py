"""A relay before a server on loopback that keeps every byte of both ways."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self


class Tap:
    """``with Tap(port) as tap``: what connects to `tap.port` is passed on to `port`, and kept."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self._kept: list[bytearray] = []  # a connection and way each
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self.port = int(self._server.getsockname()[1])

    def taken(self) -> bytes:
        """All that went through it so far, one connection and way after the other."""
        with self._lock:
            return b"\n".join(bytes(kept) for kept in self._kept)

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        with self._lock:
            ends = list(self._ends)
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(5.0)
        for end in ends:
            end.close()

    def _begin(self, target: object, *told: object) -> None:
        assert callable(target)
        thread = threading.Thread(target=target, args=told, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                ours, _ = self._server.accept()
            except OSError:
                return
            try:
                theirs = socket.create_connection(("127.0.0.1", self._to), 5.0)
            except OSError:
                ours.close()  # there is nobody now
                continue
            theirs.settimeout(None)
            with self._lock:
                there, back = bytearray(), bytearray()
                self._kept += [there, back]
                self._ends |= {ours, theirs}
            self._begin(self._pass, ours, theirs, there)
            self._begin(self._pass, theirs, ours, back)

    def _pass(self, one: socket.socket, other: socket.socket, kept: bytearray) -> None:
        with suppress(OSError):
            while data := one.recv(1 << 16):
                with self._lock:
                    kept += data
                other.sendall(data)
        with suppress(OSError):
            other.shutdown(socket.SHUT_WR)
