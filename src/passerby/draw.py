"""Lets somebody draw lines, zones and ground points on the empty place of a film, and writes them down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from passerby import config
from passerby.config.drawing import Drawing, GroundPoints, ground_points
from passerby.count import Wish, prepare
from passerby.geometry import Place
from passerby.pipeline import Series, empty
from passerby.web.draw import Editor


def editor(film: str, target: Path, camera: str, *, model: str | None = None, detector: str = "auto") -> Editor:
    """An editor on the film's empty place; saving makes its drawing that of the camera in the target file.

    What the file already has is shown. Raises `SourceError` and `ModelError` where the film or the model cannot be
    opened, `ConfigError` where the file is there and wrong.
    """
    places, ground = _there(target, camera)
    job = prepare(Wish([film], detector=detector, model=model))
    plate, size = empty(Series(job.series.films), job.detector)
    picture = None if plate is None else plate.picture()
    title = job.series.films[0].name.rpartition("/")[2]
    aspect = size.width / size.height
    return Editor(picture, aspect, places, saver(film, target, camera), ground=ground, title=title)


def _there(target: Path, camera: str) -> tuple[Sequence[Place], GroundPoints]:
    if not target.exists():
        return (), GroundPoints()
    read = config.load(target)
    places = read.cameras[camera].places if camera in read.cameras else ()
    return places, ground_points(read.text, camera)


def saver(film: str, target: Path, camera: str) -> Callable[[Drawing], str]:
    """What writes a drawing into the target file, and says so; raises `ConfigError` where it cannot."""

    def save(drawing: Drawing) -> str:
        config.write_drawing(target, camera, drawing)
        return f"Written to {target}. Count with: passerby count {film} --config {target} --camera {camera}"

    return save
