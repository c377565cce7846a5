"""Streams: films and folders of every kind, whole, cut, damaged and not there at all."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import av
import cv2
import numpy as np
import pytest
from films import picture, shade, shades, write_film

from passerby.errors import BrokenSource, SourceError
from passerby.sources.stream import Stream
from passerby.stages import Length
from passerby.testing import check_source

CLIPS = {  # pictures, time of the last one
    "vtest.avi": (795, 79.4),
    "car-detection.mp4": (377, 30.08),
    "opendatacam-junction.mp4": (499, 16.6),
    "intel-classroom.gif": (45, 2.93),
    "intel-person-bicycle-car-detection.gif": (41, 3.33),
    "intel-store-aisle-detection.gif": (67, 4.4),
}


def times(stream: Stream) -> list[float]:
    found = []
    for frame in stream.frames():
        with frame:
            found.append(frame.time_s)
    return found


def near(number: int) -> object:
    return pytest.approx(shade(number), abs=6)


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("film.mp4", "libx264", "yuv420p"),
        ("film.mkv", "ffv1", "yuv422p10le"),
        ("film.avi", "mjpeg", "yuvj420p"),
        ("film.ts", "libx264", "yuv420p"),
        ("film.gif", "gif", "rgb8"),
        ("film.mov", "prores_ks", "yuv422p10le"),
    ],
)
def test_a_film_is_read_whole_and_in_order(tmp_path: Path, name: str, codec: str, pixels: str) -> None:
    film = write_film(tmp_path / name, codec=codec, pixels=pixels)
    seen: list[int] = []
    shades(Stream(str(film)).frames(), seen)
    assert seen == [pytest.approx(shade(i), abs=30 if codec == "gif" else 6) for i in range(30)]
    assert times(Stream(str(film))) == pytest.approx([i / 10 for i in range(30)], abs=1e-3)


@pytest.mark.parametrize(
    ("decode", "given"),
    [("all", range(30)), ("referenced", range(30)), ("keyframes", range(0, 30, 5))],
)
def test_pictures_may_be_left_out_undecoded(
    tmp_path: Path, decode: Literal["all", "referenced", "keyframes"], given: range
) -> None:
    """The film has a key frame in five, and no picture that no other is made from."""
    film = write_film(tmp_path / "film.mp4")
    seen: list[int] = []
    shades(Stream(str(film), decode=decode).frames(), seen)
    assert seen == [near(number) for number in given]
    assert times(Stream(str(film), decode=decode)) == pytest.approx([number / 10 for number in given], abs=1e-3)


def test_pictures_that_no_other_is_made_from_may_be_left_out(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", bidirectional=2)
    every, referenced = times(Stream(str(film))), times(Stream(str(film), decode="referenced"))
    assert len(every) == 30
    assert 10 <= len(referenced) < 20
    assert set(referenced) < set(every)


def test_it_keeps_the_promises_of_a_source(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4")
    check_source(lambda: Stream(str(film), camera="gate"))


def test_times_are_the_films_own(tmp_path: Path) -> None:
    stamps = [1000, 1040, 1100, 1900, 9000, 9010]  # ms: uneven, beginning late, with a gap
    film = write_film(tmp_path / "film.mkv", count=6, stamps=stamps)
    assert times(Stream(str(film))) == pytest.approx([(s - 1000) / 1000 for s in stamps], abs=0.002)


def test_a_film_that_counts_anew_goes_on(tmp_path: Path) -> None:
    parts = [write_film(tmp_path / f"{i}.ts", count=40).read_bytes() for i in range(2)]
    (tmp_path / "both.ts").write_bytes(b"".join(parts))
    assert times(Stream(str(tmp_path / "both.ts"))) == pytest.approx([i / 10 for i in range(80)], abs=0.11)


def test_a_raw_stream_without_stamps_runs_evenly(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.h264", count=8)
    found = times(Stream(str(film)))
    assert len(found) == 8
    assert np.diff(found) == pytest.approx([found[1]] * 7)


def test_the_size_may_change_on_the_way(tmp_path: Path) -> None:
    parts = [write_film(tmp_path / f"{w}.ts", count=5, size=(w, 48)).read_bytes() for w in (64, 96)]
    (tmp_path / "both.ts").write_bytes(b"".join(parts))
    widths = []
    for frame in Stream(str(tmp_path / "both.ts")).frames():
        with frame:
            assert frame.bgr(frame.whole, (16, 12)).shape == (12, 16, 3)
            widths.append(frame.size.width)
    assert widths == [64] * 5 + [96] * 5


def test_frames_outlive_the_film_until_they_are_closed(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", count=12)
    kept = list(Stream(str(film)).frames())
    assert [int(f.luma((1, 1))[0, 0] > 0) for f in kept] == [1] * 12
    assert len({f.luma(f.size).tobytes() for f in kept[:9]}) == 9
    for frame in kept:
        frame.close()


def test_a_film_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", turned=90)
    (frame, *_) = Stream(str(film)).frames()
    assert frame.size == (48, 64)


def test_decoding_takes_one_thread(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", size=(640, 480))
    before = len(os.listdir("/proc/self/task"))
    frames = Stream(str(film)).frames()
    next(frames)
    assert len(os.listdir("/proc/self/task")) == before
    frames.close()  # type: ignore[attr-defined]


def test_length_is_what_the_header_says(tmp_path: Path) -> None:
    began = datetime(2024, 5, 1, 8, 30, tzinfo=UTC)
    film = write_film(tmp_path / "film.mp4", metadata={"creation_time": began.isoformat()})
    assert Stream(str(film)).length() == Length(30, 3.0, began)
    unset = write_film(tmp_path / "unset.mp4", metadata={"creation_time": "1970-01-01T00:00:00Z"})
    assert Stream(str(unset)).length().recorded_at is None


# --- folders of pictures


def folder(tmp_path: Path, *names: str) -> Path:
    for number, name in enumerate(names):
        cv2.imwrite(str(tmp_path / name), picture(number, (64 + 2 * number, 48)))
    return tmp_path


def test_a_folder_is_read_in_natural_order_whatever_the_sizes(tmp_path: Path) -> None:
    names = ["img1.png", "img2.jpg", "img9.bmp", "img10.png", "IMG11.PNG"]
    pictures = folder(tmp_path, *names)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / ".hidden.png").write_bytes(b"no picture")
    seen: list[int] = []
    shades(Stream(str(pictures)).frames(), seen)
    assert seen == [near(i) for i in range(5)]
    stream = Stream(str(pictures), rate=2)
    assert times(stream) == [0, 0.5, 1, 1.5, 2]
    assert stream.length() == Length(5, 2.5)
    assert [f.size.width for f in stream.frames()] == [64, 66, 68, 70, 72]


def test_a_picture_that_cannot_be_decoded_keeps_its_place(tmp_path: Path) -> None:
    folder(tmp_path, "1.png", "2.png", "3.png")
    (tmp_path / "2.png").write_bytes(b"no picture")
    assert [(f.index, f.time_s) for f in Stream(str(tmp_path), rate=1).frames()] == [(0, 0), (2, 2)]


def test_a_folder_whose_last_pictures_are_bad_is_broken(tmp_path: Path) -> None:
    folder(tmp_path, "1.png", "2.png", "3.png")
    (tmp_path / "3.png").write_bytes((tmp_path / "3.png").read_bytes()[:40])
    seen: list[int] = []
    with pytest.raises(BrokenSource, match="ends at picture 2 of 3"):
        shades(Stream(str(tmp_path)).frames(), seen)
    assert seen == [near(0), near(1)]


def test_a_name_is_only_a_name(tmp_path: Path) -> None:
    odd = tmp_path / "a: 100%d@home?.mp4"
    shutil.copy(write_film(tmp_path / "film.mp4"), odd)
    assert len(times(Stream(str(odd)))) == 30
    (tmp_path / "x%d").mkdir()
    assert len(times(Stream(str(folder(tmp_path / "x%d", "1%d.png"))))) == 1


# --- what is no film


def test_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("hello, this is no film\n" * 40)
    (tmp_path / "text.txt").write_text("hello, this is no film\n" * 40)
    (tmp_path / "folder").mkdir()
    said = {
        "missing.mp4": "does not exist",
        "empty.mp4": "is empty",
        "text.mp4": "is nothing that FFmpeg can read",
        "text.txt": "is text",
        "folder": "is a folder without pictures",
    }
    for name, words in said.items():
        for ask in (lambda s: list(s.frames()), lambda s: s.length()):
            with pytest.raises(SourceError, match=words) as caught:
                ask(Stream(str(tmp_path / name)))
            assert not isinstance(caught.value, BrokenSource)
            assert str(caught.value).startswith(str(tmp_path / name))


def test_a_film_without_pictures(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "sound.mp4"), "w") as out:
        sound = out.add_stream("aac", rate=8000)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        silence.sample_rate = 8000
        out.mux(sound.encode(silence))
        out.mux(sound.encode(None))
    with pytest.raises(SourceError, match="has no video"):
        list(Stream(str(tmp_path / "sound.mp4")).frames())
    header = write_film(tmp_path / "none.avi", codec="mjpeg", pixels="yuvj420p", count=0)
    with pytest.raises(SourceError, match=r"holds no picture|nothing that FFmpeg"):
        list(Stream(str(header)).frames())


@pytest.mark.parametrize("url", ["", "  ", "a\0b"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ValueError, match="needs a path or a url"):
        Stream(url)


# --- what breaks off


@pytest.mark.parametrize(
    ("name", "codec", "pixels"), [("film.mkv", "libx264", "yuv420p"), ("film.avi", "mjpeg", "yuvj420p")]
)
def test_a_film_cut_off_gives_what_it_has_and_says_so(tmp_path: Path, name: str, codec: str, pixels: str) -> None:
    film = write_film(tmp_path / name, codec=codec, pixels=pixels, count=100)
    cut = tmp_path / f"cut-{name}"
    cut.write_bytes(film.read_bytes()[: film.stat().st_size * 6 // 10])
    seen: list[int] = []
    with pytest.raises(BrokenSource, match=r"cut-film.* is cut off: it ends at [4-7]\.\d s of 10\.0 s") as caught:
        shades(Stream(str(cut)).frames(), seen)
    assert seen == [near(i) for i in range(len(seen))]
    assert 40 < len(seen) < 70
    assert caught.value.exit_code == 3


def spoil(film: Path, first: int, last: int) -> Path:
    """Overwrite all but the first bytes of some packets."""
    with av.open(str(film)) as container:
        packets = [(p.pos, p.size) for p in container.demux(video=0) if p.pos is not None]
    damaged = bytearray(film.read_bytes())
    for start, size in packets[first : last + 1]:
        damaged[start + 12 : start + size] = bytes(size - 12)
    film.write_bytes(damaged)
    return film


def test_a_damaged_packet_is_skipped_and_the_film_goes_on(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    film = write_film(tmp_path / "film.mkv", codec="mjpeg", pixels="yuvj420p", count=20)
    seen: list[int] = []
    shades(Stream(str(spoil(film, 7, 7))).frames(), seen)
    assert seen == [near(i) for i in range(20) if i != 7]
    assert capfd.readouterr() == ("", "")


def test_a_film_spoilt_up_to_its_end_is_broken(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mkv", codec="mjpeg", pixels="yuvj420p", count=40)
    seen: list[int] = []
    with pytest.raises(BrokenSource, match=r"ends at 2\.0 s of 4\.0 s"):
        shades(Stream(str(spoil(film, 20, 39))).frames(), seen)
    assert seen == [near(i) for i in range(20)]


@pytest.mark.clips
@pytest.mark.parametrize("name", CLIPS)
def test_real_films_are_whole(assets: Path, name: str) -> None:
    stream = Stream(str(assets / "clips" / name))
    count, last_s = CLIPS[name]
    found = times(stream)
    assert len(found) == count
    assert found[-1] == pytest.approx(last_s)
    length = stream.length()
    assert length.frames == count
    assert length.duration_s == pytest.approx(last_s, abs=0.12)


@pytest.mark.clips
@pytest.mark.parametrize(
    ("name", "share", "said", "least"),
    [
        ("vtest.avi", 0.1, r"ends at [678]\.\d s of 79\.5 s", 60),
        ("car-detection.mp4", 0.3, r"ends at [5-9]\.\d s of 30\.2 s", 60),
        ("intel-classroom.gif", 0.5, r"ends at 1\.\d s", 15),
    ],
)
def test_real_films_cut_off(assets: Path, tmp_path: Path, name: str, share: float, said: str, least: int) -> None:
    whole = assets / "clips" / name
    cut = tmp_path / name
    with whole.open("rb") as file:
        cut.write_bytes(file.read(int(whole.stat().st_size * share)))
    seen: list[int] = []
    with pytest.raises(BrokenSource, match=said):
        shades(Stream(str(cut)).frames(), seen)
    assert len(seen) >= least
    reference: list[int] = []
    frames = Stream(str(whole)).frames()
    shades((next(frames) for _ in seen), reference)
    assert seen == reference


@pytest.mark.clips
def test_an_mp4_without_its_index_is_one_sentence(assets: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mp4"
    cut.write_bytes((assets / "clips" / "opendatacam-junction.mp4").read_bytes()[:500_000])
    with pytest.raises(SourceError, match="its index is missing"):
        list(Stream(str(cut)).frames())
