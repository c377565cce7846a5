"""Streams that do not end by themselves: RTSP, MJPEG and HLS over HTTP, devices; and how they fail."""

from __future__ import annotations

import http.server
import socket
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Literal

import cv2
import pytest
from films import picture, serving, shade, shades, write_film
from rtsp import RtspCamera

from passerby.errors import BrokenSource, SourceError
from passerby.sources.stream import Stream
from passerby.stages import Length

PASSWORD = "pä%s/w:rd #1?"  # as people make them
ENCODED = "p%C3%A4%25s%2Fw:rd%20%231%3F"


def first(stream: Stream, number: int) -> list[float]:
    found = []
    frames = stream.frames()
    for frame in islice(frames, number):
        with frame:
            found.append(frame.time_s)
    frames.close()  # type: ignore[attr-defined]
    return found


# --- RTSP


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_rtsp_is_read_in_its_own_time(transport: Literal["tcp", "udp"]) -> None:
    with RtspCamera(rate=50) as camera:
        stream = Stream(camera.url, transport=transport)
        assert not stream.finite
        assert stream.length() == Length()
        found = first(stream, 10)
    assert found[0] == 0
    assert found == pytest.approx([i / 50 for i in range(10)], abs=0.001)


def test_rtsp_with_a_password_of_odd_characters() -> None:
    with RtspCamera(credentials=f"admin:{PASSWORD}", rate=50) as camera:
        stream = Stream(f"rtsp://admin:{ENCODED}@{camera.place}")
        assert len(first(stream, 3)) == 3
        assert repr(stream) == f"Stream('{camera.url}')"


@pytest.mark.parametrize("credentials", ["", "admin:wrong-secret@"])
def test_rtsp_with_the_wrong_password(credentials: str) -> None:
    with RtspCamera(credentials=f"admin:{PASSWORD}") as camera:
        stream = Stream(f"rtsp://{credentials}{camera.place}")
        with pytest.raises(SourceError, match="refuses the user or the password") as caught:
            next(stream.frames())
    error: BaseException | None = caught.value
    while error is not None:
        assert "wrong-secret" not in str(error)
        error = error.__cause__ or error.__context__


def test_rtsp_that_freezes_breaks_off() -> None:
    with RtspCamera(rate=50) as camera:
        frames = Stream(camera.url, read_timeout_s=0.3).frames()
        for frame in islice(frames, 5):
            frame.close()
        camera.freeze()
        with pytest.raises(BrokenSource, match=r"broke off after \d\.\d s: it did not answer for 0.3 s"):
            shades(frames, [])


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"rtsp://user:secret@127.0.0.1:{silent.getsockname()[1]}/1"
        with pytest.raises(SourceError, match=r"^rtsp://127.0.0.1:\d+/1 did not answer for 0.2 s") as caught:
            next(Stream(url, open_timeout_s=0.2).frames())
        assert not isinstance(caught.value, BrokenSource)


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_closed_port_refuses(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(SourceError, match=f"^{scheme}://127.0.0.1:{port}/1 refuses the connection"):
        next(Stream(f"{scheme}://user:secret@127.0.0.1:{port}/1").frames())


def test_an_unknown_protocol() -> None:
    with pytest.raises(SourceError, match="of a kind that FFmpeg does not know"):
        next(Stream("nonsense://10.0.0.1/1").frames())


@pytest.mark.parametrize("url", ["/dev/video99", "v4l2:///dev/video99"])
def test_a_device_that_is_not_there(url: str) -> None:
    stream = Stream(url)
    assert not stream.finite
    with pytest.raises(SourceError, match="does not exist"):
        next(stream.frames())


# --- HTTP


class Jpegs(http.server.BaseHTTPRequestHandler):
    """A camera's MJPEG: one part a picture, without time stamps; hangs up after the tenth."""

    def do_GET(self) -> None:
        if not self.path.startswith("/video"):
            self.send_error(401 if self.path == "/locked" else 404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        for number in range(10):
            jpeg = cv2.imencode(".jpg", picture(number))[1].tobytes()
            self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\n")
            self.wfile.write(f"Content-Length: {len(jpeg)}\r\n\r\n".encode() + jpeg + b"\r\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's word
        pass


@pytest.fixture(scope="module")
def jpegs() -> Iterator[str]:
    with serving(Jpegs) as url:
        yield url


def test_mjpeg_over_http_is_timed_by_its_arrival(jpegs: str) -> None:
    clock = count(100.0, 0.25)
    stream = Stream(f"{jpegs}/video?user=admin&pwd=secret", clock=lambda: next(clock))
    assert stream.label == f"{jpegs}/video"
    assert first(stream, 5) == [0, 0.25, 0.5, 0.75, 1.0]
    seen: list[int] = []
    with pytest.raises(BrokenSource, match=r"/video broke off after .* stopped sending"):
        shades(Stream(f"{jpegs}/video").frames(), seen)
    assert seen == [pytest.approx(shade(i), abs=6) for i in range(10)]


@pytest.mark.parametrize(("path", "said"), [("locked", "refuses the user"), ("nowhere", "no such stream")])
def test_what_http_answers_is_told(jpegs: str, path: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        next(Stream(f"{jpegs}/{path}").frames())


def hls(folder: Path) -> Path:
    """A playlist of two segments."""
    for number in range(2):
        write_film(folder / f"{number}.ts", count=10)
    (folder / "live.m3u8").write_text(
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1.0,\n0.ts\n"
        "#EXT-X-DISCONTINUITY\n#EXTINF:1.0,\n1.ts\n#EXT-X-ENDLIST\n"
    )
    return folder / "live.m3u8"


def test_hls_over_http(tmp_path: Path) -> None:
    hls(tmp_path)

    class Files(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(tmp_path))  # type: ignore[arg-type]

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's word
            pass

    with serving(Files) as url:
        stream = Stream(f"{url}/live.m3u8")
        assert not stream.finite
        found = first(stream, 100)
    assert found == pytest.approx([i / 10 for i in range(20)], abs=0.11)


def test_hls_on_this_machine_is_read_but_may_be_live(tmp_path: Path) -> None:
    stream = Stream(str(hls(tmp_path)))
    assert not stream.finite
    assert len(first(stream, 100)) == 20
