"""Reads whatever FFmpeg reads: films, folders of pictures, cameras on the network and on this machine."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import Any, Final, Literal

import av
from av.container import InputContainer

from passerby.errors import BrokenSource, SourceError
from passerby.frame import Frame
from passerby.sources import gif
from passerby.sources.address import Address
from passerby.sources.failure import why
from passerby.sources.film import Decode, Film
from passerby.sources.planes import PlaneReader
from passerby.sources.timeline import Timeline
from passerby.stages import Length

_PICTURES: Final = frozenset(
    (".avif", ".bmp", ".jfif", ".jp2", ".jpeg", ".jpg", ".pgm", ".png", ".pnm", ".ppm", ".tif", ".tiff", ".webp")
)
_INDEX_AT_THE_END: Final = frozenset((".mp4", ".m4v", ".mov"))
_GOOD_SO_FAR: Final = "Everything before was read."


class Stream:
    """One film, folder or camera, decoded by one thread, in the stream's own time.

    `url`: a file, a folder of pictures (in natural order), or a url: rtsp, rtsps, http, https (MJPEG or HLS),
        v4l2:///dev/video0 and whatever else FFmpeg reads.
    `transport`: how RTSP is carried; tcp loses nothing, udp survives less but is what some cameras want.
    `decode`: which pictures; referenced leaves out those that no other is made from, keyframes gives only those
        that are made from no other: one in some seconds, at a fraction of the cost.
    `rate`: pictures a second of a folder of pictures, which says nothing of it itself.
    `open_timeout_s`: seconds that a camera may take to answer.
    `read_timeout_s`: seconds without a picture after which a camera has failed.

    Time is the presentation time stamp less that of the first picture, repaired by `Timeline`; a film without
    time stamps runs at its average rate, pictures that are just sent one after the other (MJPEG over HTTP) at the
    time of their arrival. A password in the url appears in no message and no repr.
    """

    def __init__(
        self,
        url: str | Path,
        *,
        camera: str = "film",
        transport: Literal["tcp", "udp"] = "tcp",
        decode: Decode = "all",
        rate: float = 25.0,
        open_timeout_s: float = 10.0,
        read_timeout_s: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        url = str(url)
        if not url.strip() or "\0" in url:
            raise ValueError("a stream needs a path or a url")
        if not rate > 0:
            raise ValueError(f"rate must be more than 0 pictures a second, not {rate}")
        self._address = Address.parse(url)
        self._camera = camera
        self._transport = transport
        self._decode: Decode = decode
        self._rate = rate
        self._timeouts_s = (open_timeout_s, read_timeout_s)
        self._clock = clock

    @property
    def label(self) -> str:
        """The address without user, password and query: fit for a message."""
        return self._address.shown

    @property
    def finite(self) -> bool:
        """Whether it is a film or folder on this machine, and so ends by itself; no device, no network."""
        return self._address.is_finite

    def __repr__(self) -> str:
        return f"Stream({self.label!r})"

    def length(self) -> Length:
        """What is known of a finite source's length before it is read; nothing of any other, which is not opened.

        Raises `SourceError` if it cannot be opened.
        """
        if not self.finite:
            return Length()
        if self._address.path.is_dir():
            count = len(self._pictures())
            return Length(count, count / self._rate)
        with self._opened(self._address.target) as container:
            return Film(container, self.label).length()

    def frames(self) -> Iterator[Frame]:
        """Frames in the order of their time; each call opens the source anew.

        Raises `SourceError` if it cannot be opened or holds no picture, `BrokenSource` where it breaks off after
        good ones: a film cut off in the middle, a camera that stops answering.
        """
        is_folder = self._address.kind == "local" and self._address.path.is_dir()
        return self._read_folder() if is_folder else self._read_film()

    def _read_film(self) -> Iterator[Frame]:
        reader = PlaneReader()
        index, time_s = 0, 0.0
        with self._opened(self._address.target) as container:
            patience_s = self._timeouts_s[1] if self._address.kind == "network" else inf
            film = Film(container, self.label, self._decode, patience_s=patience_s)
            timeline = Timeline(film.step_s)
            by_arrival = film.is_timeless and self._address.kind == "network"
            for picture, stamp_s in film.pictures():
                time_s = timeline.place(self._clock() if by_arrival else stamp_s)
                yield Frame(reader.planes(picture), camera=self._camera, index=index, time_s=time_s)
                index += 1
            self._judge(film, index, time_s)

    def _judge(self, film: Film, count: int, last_s: float) -> None:
        """Say what was wrong with a film, if anything was, once it has been read."""
        if film.failure is not None:
            said, hint = why(film.failure, self._timeouts_s[1])
            if count == 0:
                raise SourceError(f"{self.label} {said}.", hint)
            if not self.finite:
                raise BrokenSource(f"{self.label} broke off after {last_s:.1f} s: it {said}.", hint)
        if count == 0:
            raise SourceError(f"{self.label} holds no picture that can be decoded.")
        missing = film.missing()
        if missing is None and self.finite and film.is_gif and not gif.is_whole(self._address.path):
            missing = (film.good_s, film.good_s)
        if missing is not None:
            end, stated = missing
            of = f" of {stated:.1f} s" if stated - end >= 0.05 else ""
            raise BrokenSource(f"{self.label} is cut off: it ends at {end:.1f} s{of}.", _GOOD_SO_FAR)

    def _read_folder(self) -> Iterator[Frame]:
        reader = PlaneReader()
        paths = self._pictures()
        last_good = -1
        for index, path in enumerate(paths):
            picture = self._picture(path)
            if picture is not None:
                last_good = index
                time_s = index / self._rate
                yield Frame(reader.planes(picture), camera=self._camera, index=index, time_s=time_s)
        if last_good < 0:
            raise SourceError(f"{self.label} holds no picture that can be decoded.")
        if last_good < len(paths) - 1:
            raise BrokenSource(
                f"{self.label} ends at picture {last_good + 1} of {len(paths)}: the others cannot be decoded.",
                _GOOD_SO_FAR,
            )

    def _pictures(self) -> list[Path]:
        try:
            paths = [p for p in self._address.path.iterdir() if p.suffix.lower() in _PICTURES and p.is_file()]
        except OSError as error:
            raise SourceError(f"{self.label} cannot be read: {(error.strerror or 'unknown').lower()}.") from error
        if not paths:
            raise SourceError(
                f"{self.label} is a folder without pictures.",
                f"Pictures are files {', '.join(sorted(_PICTURES))}.",
            )
        return sorted((p for p in paths if not p.name.startswith(".")), key=_natural)

    def _picture(self, path: Path) -> av.VideoFrame | None:
        """The picture of a file; None if it cannot be decoded."""
        try:
            with self._opened(str(path)) as container:
                return next((picture for picture, _ in Film(container, path.name).pictures()), None)
        except SourceError:
            return None

    def _opening(self, target: str) -> dict[str, Any]:
        """How libav must be asked to open this."""
        if self._address.kind == "local":
            return {"file": f"file:{target}"}  # a name with a colon or a % is a name
        if self._address.kind == "device":
            return {"file": target, "format": "v4l2"}
        wanted = {"rtsp_transport": self._transport, "allowed_media_types": "video"}
        is_rtsp = self._address.scheme in ("rtsp", "rtsps")
        return {"file": target, "timeout": self._timeouts_s, "options": wanted if is_rtsp else {}}

    @contextmanager
    def _opened(self, target: str) -> Iterator[InputContainer]:
        failure: SourceError | None = None
        asked_at = time.monotonic()
        try:
            container = av.open(**self._opening(target))
        except (av.FFmpegError, ValueError) as error:
            failure = self._unopened(error, target, time.monotonic() - asked_at)
        if failure is not None:  # outside of the except clause: libav's own error names the password
            raise failure
        with container:
            yield container

    def _unopened(self, error: Exception, target: str, waited_s: float) -> SourceError:
        patience_s = self._timeouts_s[0]
        if self._address.kind == "network" and waited_s >= patience_s:
            error = TimeoutError()  # libav's RTSP says "invalid data" when it was told to wait no longer
        said, hint = why(error, patience_s)
        if self._address.kind == "local" and isinstance(error, av.error.InvalidDataError):
            said, hint = _damage(Path(target), said)
        return SourceError(f"{self.label} {said}.", hint)


def _natural(path: Path) -> list[tuple[int, str]]:
    """Sorts img9 before img10."""
    return [(int(part or 0), text) for text, part in re.findall(r"(\D*)(\d*)", path.name.lower())]


def _damage(path: Path, said: str) -> tuple[str, str]:
    """What may be wrong with a file that is no film."""
    if path.stat().st_size == 0:
        return "is empty", ""
    if path.suffix.lower() in _INDEX_AT_THE_END:
        return said, "If its recording was cut off, its index is missing; a repair tool may bring it back."
    return said, ""
