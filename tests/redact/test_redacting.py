"""Whole films: what is hidden, what is dropped, and what is left when something fails."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from films import write_film

from passerby.classes import Class
from passerby.detections import Detections
from passerby.errors import OutletError, Refused, SourceError, UsageError
from passerby.frame import Bgr, Size
from passerby.redact import Redacted, redact
from passerby.stages import Crop

SIZE = (320, 240)


def place(seed: int = 0) -> Bgr:
    """A textured place (h, w, 3) in which nothing moves."""
    rng = np.random.default_rng(seed)
    return np.kron(rng.integers(90, 170, (12, 16, 3)), np.ones((20, 20, 1))).astype(np.uint8)


def written(path: Path, pictures: Sequence[Bgr], *, rate: int = 10, title: str = "") -> Path:
    """A film of these pictures, nearly without loss."""
    with av.open(str(path), "w") as out:
        if title:
            out.metadata["title"] = title
            out.metadata["location"] = "+38.7223-009.1393/"
        stream = out.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "crf": "4"})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = pictures[0].shape[1], pictures[0].shape[0], "yuv420p"
        for number, picture in enumerate(pictures):
            shown = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(format="yuv420p")
            shown.pts, shown.time_base = number, Fraction(1, rate)
            out.mux(stream.encode(shown))
        out.mux(stream.encode(None))
    return path


def read(path: Path) -> list[Bgr]:
    with av.open(str(path)) as film:
        return [np.asarray(picture.to_ndarray(format="bgr24"), np.uint8) for picture in film.decode(video=0)]


def walker(count: int, *, top: int = 90, colour: tuple[int, int, int] = (20, 20, 220)) -> list[Bgr]:
    """Somebody of 20 x 60 px walks through the place."""
    pictures = []
    for number in range(count):
        picture = place()
        left = 4 * number
        picture[top : top + 60, left : left + 20] = colour
        pictures.append(picture)
    return pictures


def reddish(picture: Bgr) -> int:
    """How many px are of the walker's colour."""
    blue, green, red = (picture[..., i].astype(int) for i in range(3))
    return int(((red - blue > 90) & (red - green > 90)).sum())


class Told:
    """A detector that finds the same boxes in every look."""

    name = "told"
    input: Size | None = Size(320, 256)

    def __init__(self, *boxes: tuple[float, float, float, float], fails_at: int = -1) -> None:
        self._boxes = np.array(boxes, np.float32).reshape(-1, 4)
        self._fails_at = fails_at
        self.looks = 0

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        self.looks += 1
        if self.looks == self._fails_at:
            raise RuntimeError("the detector fell over")
        n = len(self._boxes)
        found = Detections(self._boxes, np.full(n, 0.9, np.float32), np.full(n, Class.PERSON, np.uint8))
        return [found for _ in crops]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return written(tmp_path / "in.mp4", walker(60), title="Anna at the market")


def left_over(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.name not in {"in.mp4", "out.mp4"})


def motion_only(film: Path | str, out: Path, **more: object) -> Redacted:
    return redact(film, out, detector="motion", **more)  # type: ignore[arg-type]


def test_who_walks_is_hidden_in_every_frame_and_the_place_is_not(film: Path, tmp_path: Path) -> None:
    before, out = read(film), tmp_path / "out.mp4"
    done = motion_only(film, out)
    after = read(out)
    assert done.frames == len(after) == 60
    assert done.label == "obscured"
    assert done.blank_frames == 0
    assert min(map(reddish, before)) > 1000
    assert max(map(reddish, after)) == 0
    assert 0.03 < done.covered < 0.5
    for old, new in zip(before, after, strict=True):
        assert np.abs(old[:50].astype(int) - new[:50]).mean() < 8


def test_who_stands_from_the_first_frame_to_the_last_is_hidden_where_a_detector_finds_them(
    tmp_path: Path,
) -> None:
    still = place()
    still[90:150, 100:120] = (20, 20, 220)
    film = written(tmp_path / "in.mp4", [still] * 30)
    redact(film, tmp_path / "out.mp4", detector=Told((100, 90, 120, 150)))
    assert max(map(reddish, read(tmp_path / "out.mp4"))) == 0


def test_sound_title_place_date_and_encoder_are_dropped(film: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    motion_only(film, out)
    data = out.read_bytes()
    for trace in (b"Anna", b"38.7223", b"Lav", b"x264", str(tmp_path).encode()):
        assert trace not in data
    with av.open(str(out)) as film_out:
        assert [stream.type for stream in film_out.streams] == ["video"]
        assert "creation_time" not in {*film_out.metadata, *film_out.streams[0].metadata}


def test_times_are_kept(tmp_path: Path) -> None:
    stamps = [0, 40, 100, 900, 950, 3000]
    film = write_film(tmp_path / "in.mkv", count=6, stamps=stamps)
    motion_only(film, tmp_path / "out.mkv")
    with av.open(str(tmp_path / "out.mkv")) as out:
        assert [round(float(p.time or 0) * 1000) for p in out.decode(video=0)] == stamps


@pytest.mark.parametrize("ending", [".mp4", ".mov", ".mkv", ".webm"])
@pytest.mark.parametrize("size", [(320, 240), (321, 241), (18, 34)])
def test_every_ending_and_odd_sizes(ending: str, size: tuple[int, int], tmp_path: Path) -> None:
    film = write_film(tmp_path / "in.mkv", count=5, size=size, codec="ffv1")
    done = motion_only(film, tmp_path / f"out{ending}")
    shown = read(tmp_path / f"out{ending}")
    assert done.frames == len(shown) == 5
    assert shown[0].shape == (size[1], size[0], 3)


def test_a_light_that_jumps_and_a_lens_that_is_covered_make_blank_frames(tmp_path: Path) -> None:
    other = [place(7)] * 5
    film = written(tmp_path / "in.mp4", [*walker(30), *other, *walker(30)])
    done = motion_only(film, tmp_path / "out.mp4")
    after = read(tmp_path / "out.mp4")
    assert done.blank_frames == 5
    assert all(picture.std() < 1 for picture in after[30:35])


def test_nothing_is_left_and_what_was_there_stands_when_something_fails(film: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    out.write_bytes(b"precious")
    with pytest.raises(RuntimeError, match="fell over"):
        redact(film, out, detector=Told(fails_at=3), force=True)

    def stop(stage: str, time_s: float) -> None:
        if stage == "writing" and time_s > 2:
            assert [oct(stat.S_IMODE(p.stat().st_mode)) for p in tmp_path.glob(".out*")] == ["0o600"]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        motion_only(film, out, force=True, watch=stop)
    assert left_over(tmp_path) == []
    assert out.read_bytes() == b"precious"
    motion_only(film, out, force=True)
    assert out.read_bytes() != b"precious"
    mask = os.umask(0o077)
    os.umask(mask)
    assert stat.S_IMODE(out.stat().st_mode) == 0o666 & ~mask


def test_a_film_that_is_changed_while_it_is_read_is_not_written(film: Path, tmp_path: Path) -> None:
    def meddle(stage: str, time_s: float) -> None:
        if stage == "writing" and time_s == pytest.approx(2):
            os.utime(film, (1, 1))

    with pytest.raises(SourceError, match="changed"):
        motion_only(film, tmp_path / "out.mp4", watch=meddle)
    assert left_over(tmp_path) == []
    assert not (tmp_path / "out.mp4").exists()


def test_a_film_is_never_written_over_itself_or_over_another_without_being_told(
    film: Path, tmp_path: Path
) -> None:
    before = film.read_bytes()
    (tmp_path / "link.mp4").symlink_to(film)
    for same in (film, tmp_path / "link.mp4", tmp_path / ".." / tmp_path.name / "in.mp4"):
        with pytest.raises(Refused):
            motion_only(film, same, force=True)
    (tmp_path / "out.mp4").write_bytes(b"precious")
    with pytest.raises(UsageError, match="there already"):
        motion_only(film, tmp_path / "out.mp4")
    with pytest.raises(UsageError):
        motion_only(film, tmp_path / "out.avi")
    with pytest.raises(OutletError):
        motion_only(film, tmp_path / "absent" / "out.mp4")
    assert film.read_bytes() == before
    assert (tmp_path / "out.mp4").read_bytes() == b"precious"


@pytest.mark.parametrize("live", ["rtsp://127.0.0.1:1/camera", "v4l2:///dev/video0", "http://127.0.0.1:1/mjpeg"])
def test_a_live_source_is_refused(live: str, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        motion_only(live, tmp_path / "out.mp4")


def test_a_film_that_breaks_off_is_written_as_far_as_it_goes(tmp_path: Path) -> None:
    cut = write_film(tmp_path / "cut.avi", count=60)
    cut.write_bytes(cut.read_bytes()[:-1500])
    done = motion_only(cut, tmp_path / "out.mp4")
    assert not done.complete
    assert done.frames == len(read(tmp_path / "out.mp4")) < 60
    assert "cut off" in done.notes[-1]


def test_pixelated_and_blurred_pictures_are_coarse_only_where_somebody_is(film: Path, tmp_path: Path) -> None:
    for style in ("pixelate", "blur"):
        done = motion_only(film, tmp_path / "out.mp4", style=style, force=True)
        after = read(tmp_path / "out.mp4")
        assert done.style == style
        assert max(map(reddish, after)) > 0
        assert np.abs(read(film)[30][:50].astype(int) - after[30][:50]).mean() < 8


def test_looks_are_spaced_in_the_time_of_the_film(film: Path, tmp_path: Path) -> None:
    told = Told()
    redact(film, tmp_path / "out.mp4", detector=told)
    assert told.looks == 6  # in 6 s
