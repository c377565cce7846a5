"""An opened container, read once from front to back, which then knows whether it was whole."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from math import inf
from typing import Any, Final, Literal

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from passerby.errors import SourceError
from passerby.sources.failure import NoPicture
from passerby.stages import Length

Decode = Literal["all", "referenced", "keyframes"]
_SkipType = Literal["DEFAULT", "NONREF", "NONKEY"]

# Containers whose header states a length that can be held against what was read.
_STATE_LENGTH: Final = frozenset({"mov", "matroska", "avi", "flv", "asf"})
_TRIES: Final = 16  # reads in a row that may fail before a stream is given up
_FINAL: Final = (av.error.ExitError, av.error.EOFError, ConnectionError, TimeoutError)
_RATES: Final = (1e-3, 240.0)  # pictures a second that are believed
_DEFAULT_RATE: Final = 25.0
_SKIPPED: Final[Mapping[Decode, _SkipType]] = {"all": "DEFAULT", "referenced": "NONREF", "keyframes": "NONKEY"}
_OLDEST: Final = 1990  # years before it are clocks that were never set


class Film:
    """The pictures of an opened container's video stream.

    A packet that cannot be decoded is skipped, and so is a picture that libav marks as corrupt; the film goes on.
    With `patience_s` it fails when no good picture has come for so long, whatever else has.
    """

    def __init__(
        self, container: InputContainer, shown: str, decode: Decode = "all", *, patience_s: float = inf
    ) -> None:
        """Raises `SourceError` where the container has no video."""
        self._patience_s = patience_s
        self._good_at_s = time.monotonic()
        self._container = container
        self._stream = _video(container, shown)
        self._stream.codec_context.thread_count = 1
        self._stream.codec_context.skip_frame = _SKIPPED[decode]
        self.good_s = 0.0  # end of the last good picture
        self._reached_s = 0.0  # end of the last packet, of sound too
        self._spoilt = 0  # packets since the last good picture that could not be decoded
        self._is_cut = False  # the last packet was not all there
        self.failure: Exception | None = None  # why reading stopped before the end

    @property
    def is_timeless(self) -> bool:
        """Whether its time stamps are only counted out, not recorded: pictures sent one after the other."""
        name = self._container.format.name
        return name in ("mpjpeg", "mjpeg") or name.endswith("_pipe")

    @property
    def is_gif(self) -> bool:
        """Whether it is a GIF."""
        return self._container.format.name == "gif"

    @cached_property
    def step_s(self) -> float:
        """Seconds between two pictures, on average."""
        for rate in (self._stream.average_rate, self._stream.guessed_rate):
            if rate and _RATES[0] <= rate <= _RATES[1]:
                return float(1 / rate)
        return 1 / _DEFAULT_RATE

    def length(self) -> Length:
        """What the header says."""
        duration = self._container.duration
        return Length(
            frames=self._stream.frames if self._stream.frames > 0 else None,
            duration_s=duration / av.time_base if duration and duration > 0 else None,
            recorded_at=_recorded_at({**self._stream.metadata, **self._container.metadata}),
        )

    def pictures(self) -> Iterator[tuple[av.VideoFrame, float | None]]:
        """Each good picture with its time stamp in seconds, in the order of showing."""
        for packet in self._packets():
            self._note(packet)
            if packet.stream.index == self._stream.index and (packet.size or packet.pts is None):
                yield from self._decoded(packet)
            if time.monotonic() - self._good_at_s > self._patience_s:
                self.failure = NoPicture()
                return
        if self.failure is not None:
            yield from self._decoded(None)

    def missing(self) -> tuple[float, float] | None:
        """After reading: where the good pictures end and where they should, in s; None if nothing is missing."""
        stated = self._stated_s()
        slack = max(0.5, 2 * self.step_s, min(0.02 * (stated or 0.0), 3.0))  # headers are often a little off
        start = (self._container.start_time or 0) / av.time_base
        reached, good = (max(t, t - start) for t in (self._reached_s, self.good_s))
        is_short = stated is not None and stated - reached > slack
        is_spoilt = self._spoilt * self.step_s > slack
        if is_short or is_spoilt or self._is_cut or self.failure is not None:
            return good, max(stated or 0.0, reached)
        return None

    def _stated_s(self) -> float | None:
        family = self._container.format.name.split(",")[0]
        if family not in _STATE_LENGTH:
            return None
        if family == "avi":  # libav shortens its duration to the bytes that are there, but not its frames
            return self._stream.frames * self.step_s or None
        return self.length().duration_s

    def _packets(self) -> Iterator[av.Packet[Any]]:
        """All packets of all streams; what fails is tried again, for libav goes on behind the damage."""
        failed = 0
        packets = self._container.demux()
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.FFmpegError as error:
                failed += 1
                if failed > _TRIES or isinstance(error, _FINAL):
                    self.failure = error
                    return
                packets = self._container.demux()
            else:
                failed = 0
                yield packet

    def _note(self, packet: av.Packet[Any]) -> None:
        if packet.pts is not None:
            base = packet.time_base
            end_s = (packet.pts + (packet.duration or 0)) * base.numerator / base.denominator
            self._reached_s = max(self._reached_s, end_s)
        if packet.size:
            self._is_cut = packet.is_corrupt

    def _decoded(self, packet: av.Packet[Any] | None) -> Iterator[tuple[av.VideoFrame, float | None]]:
        try:
            pictures = self._stream.codec_context.decode(packet)
        except av.FFmpegError:
            self._spoilt += 1
            return
        time_base = self._stream.time_base or Fraction(1)
        for picture in pictures:
            if picture.is_corrupt:
                continue
            base = picture.time_base or time_base
            stamp = None if picture.pts is None else picture.pts * base.numerator / base.denominator
            self.good_s = (self.good_s if stamp is None else stamp) + self.step_s
            if packet is not None and packet.size:  # what a decoder held back until the end proves nothing
                self._spoilt = 0
            yield picture, stamp
            self._good_at_s = time.monotonic()


def _video(container: InputContainer, shown: str) -> VideoStream:
    """The first video stream that is a film, and not the picture on the cover of a song."""
    if container.format.name == "tty":  # libav would draw the letters of any .txt
        raise SourceError(f"{shown} is text, no film.")
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            return stream
    raise SourceError(f"{shown} has no video in it.")


def _recorded_at(metadata: Mapping[str, str]) -> datetime | None:
    """When the recording began, if its header says so with a zone and the clock had been set."""
    for key in ("com.apple.quicktime.creationdate", "creation_time"):
        try:
            at = datetime.fromisoformat(metadata.get(key, ""))
        except ValueError:
            continue
        if at.tzinfo is not None and at.year >= _OLDEST:
            return at
    return None
