"""Leaks to plant, each in its own way and place: a search that misses one proves nothing."""

from __future__ import annotations

import base64
import io
import json
import mmap
import os
import pickle
import resource
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import av
import cv2
import httpx
import numpy as np

from redteam import texture
from redteam.canary.tap import Tap
from redteam.interference.receiver import Receiver

_AT_S: Final = 8.0  # when somebody is in the middle of the place
Leak = Callable[[Path], bytes]  # into a folder of a device, or what somebody else got of it


def _jpeg() -> bytes:
    return cv2.imencode(".jpg", texture.bgr(_AT_S), [cv2.IMWRITE_JPEG_QUALITY, 60])[1].tobytes()


def _png() -> bytes:
    return cv2.imencode(".png", texture.bgr(_AT_S))[1].tobytes()


def _kept(name: str, data: bytes) -> Leak:
    def leak(folder: Path) -> bytes:
        (folder / name).write_bytes(data)
        return b""

    return leak


def _deleted(folder: Path) -> bytes:
    path = folder / "for-an-instant.jpg"
    with path.open("wb") as file:
        file.write(_jpeg())
        os.fsync(file.fileno())
    path.unlink()
    return b""


def _mapped(folder: Path) -> bytes:
    pixels = texture.i420(_AT_S).tobytes()
    with (folder / "mapped").open("w+b") as file:
        file.truncate(len(pixels))
        with mmap.mmap(file.fileno(), len(pixels)) as memory:
            memory[:] = pixels
    return b""


def _traceback(_folder: Path) -> bytes:
    worn = cv2.resize(texture.person(), (24, 36), interpolation=cv2.INTER_AREA)
    return f"Traceback (most recent call last):\n  frame = {worn!r}\nValueError: no\n".encode()


def _shared(_folder: Path) -> bytes:
    with tempfile.NamedTemporaryFile(dir="/dev/shm", prefix="canary-") as file:
        file.write(texture.bgr(_AT_S).tobytes())
        file.flush()
        return Path(file.name).read_bytes()


def _nameless(_folder: Path) -> bytes:
    with open(os.memfd_create("canary"), "w+b") as file:
        file.write(texture.i420(_AT_S).tobytes())
        file.flush()
        return Path(f"/proc/self/fd/{file.fileno()}").read_bytes()


def _socket(_folder: Path) -> bytes:
    with socket.create_server(("127.0.0.1", 0)) as server, Tap(server.getsockname()[1]) as tap:
        with socket.create_connection(("127.0.0.1", tap.port)) as sender:
            taker, _ = server.accept()
            with taker:
                sender.sendall(b'{"cameras": {}}' + _jpeg() + b'{"cameras": {}}')
                sender.shutdown(socket.SHUT_WR)
                while taker.recv(1 << 16):
                    pass
        return tap.taken()


def _webhook(_folder: Path) -> bytes:
    with Receiver() as receiver, httpx.Client(trust_env=False) as client:
        body = json.dumps({"data": {"picture": base64.b64encode(_png()).decode()}}).encode()
        client.post(receiver.url, content=_png())
        client.post(receiver.url, content=body)
        return receiver.taken().partition(b"\nPOST")[0]


def _clip(codec: str, name: str) -> Leak:
    def leak(folder: Path) -> bytes:
        with av.open(str(folder / name), "w") as film:
            stream = film.add_stream(codec, rate=10)
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height, stream.pix_fmt = texture.WIDTH, texture.HEIGHT, "yuv420p"
            for number in range(20):
                frame = av.VideoFrame.from_ndarray(texture.i420(_AT_S + number / 10), format="yuv420p")
                film.mux(stream.encode(frame))
            film.mux(stream.encode(None))
        return b""

    return leak


_DUMPS: Final = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE)[::-1][:1] * 2)
from redteam import texture
pixels = texture.i420(8.0)
os.chdir(sys.argv[1])
os.abort()
"""


def _core(folder: Path) -> bytes:
    """A real core where the machine writes them into the folder, else memory as it would be in one."""
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    if resource.getrlimit(resource.RLIMIT_CORE)[1] and not pattern.startswith(("|", "/")):
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        subprocess.run([sys.executable, "-c", _DUMPS, str(folder)], env=env, check=False)
        return b""
    rng = np.random.default_rng(3)
    junk = rng.integers(0, 256, 1 << 18, np.uint8).tobytes()
    (folder / "core").write_bytes(b"\x7fELF" + junk + texture.i420(_AT_S).tobytes() + junk)
    return b""


def _array(folder: Path) -> bytes:
    np.save(
        folder / "tensor.npy", (texture.bgr(_AT_S).transpose(2, 0, 1)[None].astype(np.float32) / 255 - 0.45) / 0.22
    )
    return b""


def _packed(folder: Path) -> bytes:
    np.savez_compressed(folder / "frames.npz", frame=texture.bgr(_AT_S))
    return b""


def _faint() -> bytes:
    empty = np.asarray(texture.bgr(_AT_S * 2 + 2), np.float32)
    mixed = (0.95 * empty + 0.05 * texture.bgr(_AT_S)).round().astype(np.uint8)
    return cv2.imencode(".png", mixed)[1].tobytes()


def _small() -> bytes:
    size = (texture.WIDTH // 2, texture.HEIGHT // 2)
    thumbnail = cv2.resize(texture.bgr(_AT_S), size, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".webp", thumbnail, [cv2.IMWRITE_WEBP_QUALITY, 50])[1].tobytes()


def _nv12() -> bytes:
    planes = texture.i420(_AT_S)
    h = texture.HEIGHT
    u, v = planes[h : h + h // 4].ravel(), planes[h + h // 4 :].ravel()
    return planes[:h].tobytes() + np.stack([u, v], axis=-1).tobytes()


def _gif() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="gif") as film:
        stream = film.add_stream("gif", rate=5)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = texture.WIDTH, texture.HEIGHT, "gray"
        film.mux(stream.encode(av.VideoFrame.from_ndarray(texture.i420(_AT_S)[: texture.HEIGHT], format="gray")))
        film.mux(stream.encode(None))
    return out.getvalue()


LEAKS: Final[Mapping[str, Leak]] = {
    "a JPEG saved for an instant and deleted": _deleted,
    "a frame in a file that is mapped into memory": _mapped,
    "an array printed in a traceback": _traceback,
    "a frame in /dev/shm": _shared,
    "a frame in memory without a name": _nameless,
    "a JPEG between two messages of a socket": _socket,
    "a PNG in the body of a webhook": _webhook,
    "a PNG as base64 in JSON": _kept("row.json", json.dumps({"x": base64.b64encode(_png()).decode()}).encode()),
    "planes (I420) in a temporary file": _kept("tmp-frame", texture.i420(_AT_S).tobytes()),
    "planes (NV12) in a cache": _kept("data_1", b"cache" + _nv12()),
    "a detector's input as float32 in .npy": _array,
    "a compressed .npz": _packed,
    "a pickled frame": _kept("frame.pickle", pickle.dumps({"bgr": texture.bgr(_AT_S)})),
    "bytes of a frame in a log": _kept("passerby.log", repr(texture.i420(_AT_S).tobytes()).encode()),
    "a thumbnail of 160x90 as WebP": _kept("thumbnail.webp", _small()),
    "a plate with 5 % of a person in it": _kept("plate.png", _faint()),
    "a process's memory in a core file": _core,
    "a clip in H.264": _clip("libx264", "clip.mp4"),
    "a clip in MPEG-4": _clip("mpeg4", "clip.avi"),
    "a GIF": _kept("alert.gif", _gif()),
}
