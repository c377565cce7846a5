"""The films that speed is measured on: parts of the clips, made by ffmpeg into a temporary folder."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from timing import Command, Way

CAMERA_FPS = 10
CAMERA_S = 10.0  # of a clip, which a camera shows forwards, backwards and forwards again, without a jump
BEGUN_S = 10.0  # of these, in which it gets to know its place: that is not what it costs all day
# Clip and second of it at which a camera of the wall begins; four in a row are one of each clip.
CAMERAS: tuple[tuple[str, float], ...] = (
    ("vtest.avi", 0),
    ("one-by-one-person-detection.mp4", 0),
    ("car-detection.mp4", 0),
    ("opendatacam-junction.mp4", 0),
    ("vtest.avi", 20),
    ("one-by-one-person-detection.mp4", 40),
    ("car-detection.mp4", 10),
    ("opendatacam-junction.mp4", 6),
    ("vtest.avi", 40),
    ("one-by-one-person-detection.mp4", 80),
    ("car-detection.mp4", 18),
    ("opendatacam-junction.mp4", 3),
    ("vtest.avi", 60),
    ("one-by-one-person-detection.mp4", 120),
    ("car-detection.mp4", 5),
    ("opendatacam-junction.mp4", 5),
)
_TO_AND_FRO = "split=3[a][b][c];[b]reverse[r];[a][r][c]concat=n=3"


@dataclass(frozen=True, slots=True)
class Part:
    """A film, and the beginning of it that is not measured."""

    name: str
    film: Path
    begun: Path
    frames: int  # of the film, but for its beginning


def part(clip: Path, folder: Path, frames: int, begun: int = 1) -> Part:
    """The first frames of a clip as its bytes are, not encoded again."""
    film, beginning = (folder / f"{clip.stem}-{n}{clip.suffix}" for n in (frames, begun))
    for path, count in ((film, frames), (beginning, begun)):
        _ffmpeg("-i", str(clip), "-an", "-c", "copy", "-frames:v", str(count), str(path))
    return Part(clip.name, film, beginning, _count(film) - begun)


def way(name: str, command: Callable[[Sequence[Path]], Command], parts: Sequence[Part], per: float = 1) -> Way:
    """This way of doing these films; a unit is so many frames."""
    units = sum(part.frames for part in parts) / per
    return Way(name, command, [part.film for part in parts], [part.begun for part in parts], units)


def cameras(clips: Path, folder: Path, count: int) -> list[Part]:
    """So many cameras of 640x360 with H.264 as cameras send it; from the seventeenth on, films come again."""
    made = []
    for number, (clip, start_s) in enumerate(CAMERAS[:count]):
        film = folder / f"camera-{number:02d}.mp4"
        _ffmpeg(
            *("-ss", str(start_s), "-t", str(CAMERA_S), "-i", str(clips / clip), "-an"),
            *("-vf", f"scale=640:360,fps={CAMERA_FPS},{_TO_AND_FRO}", "-c:v", "libx264", "-preset", "veryfast"),
            *("-g", "50", "-bf", "0", "-pix_fmt", "yuv420p", str(film)),
        )
        made.append(part(film, folder, round(3 * CAMERA_S * CAMERA_FPS), round(BEGUN_S * CAMERA_FPS)))
    return list(islice(cycle(made), count))


def _ffmpeg(*words: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *words], check=True)


def _count(film: Path) -> int:
    words: Sequence[str] = ("-select_streams", "v:0", "-count_frames", "-show_entries", "stream=nb_read_frames")
    done = subprocess.run(
        ["ffprobe", "-v", "error", *words, "-of", "csv=p=0", str(film)], check=True, capture_output=True, text=True
    )
    return int(done.stdout.strip().strip(","))
