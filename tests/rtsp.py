"""A camera on loopback for tests: one H.264 stream over RTSP, by TCP or UDP, with a password, failing on demand.

Only what a client needs to play is spoken (RFC 2326: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN). libav makes the
RTP packets and sends them to a socket of ours, which relays them to whoever is playing.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import math
import re
import socket
import socketserver
import threading
from collections.abc import Callable
from fractions import Fraction
from typing import Self

import av
import numpy as np
from numpy.typing import NDArray

Send = Callable[[bytes], object]
Size = tuple[int, int]  # width, height

RTP_HZ = 90_000  # ticks a second of the clock of video

_SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=street\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:video\r\n"
)


def bar(number: int, size: Size) -> NDArray[np.uint8]:
    """A bar that moves by 8 px a picture (h, w, 3)."""
    picture = np.full((size[1], size[0], 3), 60, np.uint8)
    picture[:, 8 * (number % 40) :][:, :8] = 200
    return picture


class RtspCamera:
    """``with RtspCamera() as camera: read(camera.url)``; `credentials` is ``user:password`` as people type it.

    They are asked for in plain text (Basic), or with `digest` as most cameras do (RFC 2069). `picture` is what it
    films: pictures (h, w, 3) by their number and size; another one may be set while it films.
    """

    def __init__(
        self,
        *,
        credentials: str = "",
        digest: bool = False,
        rate: int = 25,
        port: int = 0,
        size: Size = (320, 240),
        picture: Callable[[int, Size], NDArray[np.uint8]] = bar,
    ) -> None:
        self.size, self.picture = size, picture
        self.rate = rate
        self.credentials = credentials
        self.digest = digest
        self.players: dict[object, Send] = {}
        self._stopped = threading.Event()
        self._frozen = threading.Event()
        self._garbled = threading.Event()
        self._bytes_s = math.inf
        self._jumped = 0  # ticks of its clock
        self.connections: set[socket.socket] = set()
        self._rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._rtp.bind(("127.0.0.1", 0))
        self._rtp.settimeout(0.1)
        self._server = _Server(("127.0.0.1", port), _handler(self))
        targets = (self._film, self._relay, lambda: self._server.serve_forever(poll_interval=0.02))
        self._threads = [threading.Thread(target=target, daemon=True) for target in targets]

    @property
    def place(self) -> str:
        """Host, port and path."""
        return f"127.0.0.1:{self._server.server_address[1]}/street"

    @property
    def url(self) -> str:
        """The url without a password."""
        return f"rtsp://{self.place}"

    def freeze(self) -> None:
        """Stop sending pictures, and keep the connection."""
        self._frozen.set()

    def thaw(self) -> None:
        """Go on sending, as fast as it films."""
        self._frozen.clear()
        self._garbled.clear()
        self._bytes_s = math.inf

    def garble(self) -> None:
        """Send what no decoder can read."""
        self._garbled.set()

    def crawl(self, bytes_s: float) -> None:
        """Send over a network that carries so much in a second: pictures come ever later, and in pieces."""
        self._bytes_s = bytes_s

    def jump(self, seconds: float) -> None:
        """Set its clock, forwards or back, while it films on."""
        self._jumped += round(seconds * RTP_HZ)

    def resize(self, size: tuple[int, int]) -> None:
        """Film in another size; its clock begins anew, too."""
        self.size = size

    @property
    def port(self) -> int:
        """For another camera to come back at."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._server.shutdown()
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._server.server_close()
        self._rtp.close()

    def _film(self) -> None:
        while not self._stopped.is_set():
            self._film_one_size(self.size)

    def _film_one_size(self, size: tuple[int, int]) -> None:
        """Encode pictures, in real time."""
        port = self._rtp.getsockname()[1]
        with av.open(f"rtp://127.0.0.1:{port}?pkt_size=1200", "w", format="rtp") as out:
            stream = out.add_stream(
                "libx264",
                rate=self.rate,
                options={"preset": "ultrafast", "tune": "zerolatency", "x264-params": "repeat-headers=1:keyint=5"},
            )
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            stream.codec_context.thread_count = 1
            count = 0
            while not self._stopped.wait(1 / self.rate) and size == self.size:
                if self._frozen.is_set():
                    continue
                shown = self.picture(count, size)
                picture = av.VideoFrame.from_ndarray(shown, format="bgr24").reformat(format="yuv420p")
                picture.pts, picture.time_base = count, Fraction(1, self.rate)
                out.mux(stream.encode(picture))
                count += 1

    def _relay(self) -> None:
        while not self._stopped.is_set():
            try:
                packet = self._rtp.recv(2048)
            except TimeoutError:
                continue
            if self._garbled.is_set():
                packet = packet[:12] + bytes(len(packet) - 12)
            if not 192 <= packet[1] <= 223:  # RTCP is not relayed
                ticks = (int.from_bytes(packet[4:8], "big") + self._jumped) % 2**32
                packet = packet[:4] + ticks.to_bytes(4, "big") + packet[8:]
                self._stopped.wait(len(packet) / self._bytes_s)
                for send in list(self.players.values()):
                    with contextlib.suppress(OSError):  # that player has just gone
                        send(packet)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _handler(camera: RtspCamera) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        """One client's conversation."""

        send: Send | None = None
        out: socket.socket | None = None  # for UDP

        def handle(self) -> None:
            camera.connections.add(self.request)
            try:
                while (request := self._request()) and self._answer(*request):
                    pass
            except OSError:
                pass  # the client is gone
            finally:
                camera.players.pop(self, None)
                camera.connections.discard(self.request)
                if self.out is not None:
                    self.out.close()

        def _request(self) -> tuple[str, dict[str, str]] | None:
            while (first := self.rfile.read(1)) == b"$":  # RTCP from the client, in its channel
                self.rfile.read(int.from_bytes(self.rfile.read(3)[1:], "big"))
            line = (first + self.rfile.readline()).decode(errors="replace")
            headers: dict[str, str] = {}
            while text := self.rfile.readline().decode(errors="replace").strip():
                name, _, value = text.partition(":")
                headers[name.lower()] = value.strip()
            return (line.split()[0], headers) if line.strip() else None

        def _answer(self, method: str, headers: dict[str, str]) -> bool:
            said = {"CSeq": headers.get("cseq", "0"), "Session": "1"}
            status, body = "200 OK", ""
            if camera.credentials and method != "OPTIONS" and not self._may(method, headers):
                asked = 'Digest realm="street", nonce="n1"' if camera.digest else 'Basic realm="street"'
                status, said["WWW-Authenticate"] = "401 Unauthorized", asked
            elif method == "OPTIONS":
                said["Public"] = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"
            elif method == "DESCRIBE":
                body, said["Content-Type"] = _SDP, "application/sdp"
                said["Content-Base"] = f"{camera.url}/"
            elif method == "SETUP":
                said["Transport"] = self._set_up(headers["transport"])
            said["Content-Length"] = str(len(body))
            head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
            self.wfile.write(f"RTSP/1.0 {status}\r\n{head}\r\n{body}".encode())
            if method == "PLAY" and self.send is not None:
                camera.players[self] = self.send
            return method != "TEARDOWN"

        def _may(self, method: str, headers: dict[str, str]) -> bool:
            given = headers.get("authorization", "")
            if not camera.digest:
                return given == "Basic " + base64.b64encode(camera.credentials.encode()).decode()
            said = dict(re.findall(r'(\w+)="([^"]*)"', given))
            user, _, password = camera.credentials.partition(":")
            who, what = _md5(f"{user}:street:{password}"), _md5(f"{method}:{said.get('uri')}")
            return said.get("username") == user and said.get("response") == _md5(f"{who}:n1:{what}")

        def _set_up(self, wanted: str) -> str:
            if "TCP" in wanted:
                self.send = lambda packet: self.request.sendall(b"$\0" + len(packet).to_bytes(2, "big") + packet)
                return "RTP/AVP/TCP;unicast;interleaved=0-1"
            match = re.search(r"client_port=(\d+)", wanted)
            assert match is not None
            self.out = out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            out.bind(("127.0.0.1", 0))
            to = (self.client_address[0], int(match[1]))
            self.send = lambda packet: out.sendto(packet, to)
            ports = f"client_port={to[1]}-{to[1] + 1};server_port={out.getsockname()[1]}-{out.getsockname()[1]}"
            return f"RTP/AVP;unicast;{ports}"

    return Handler
