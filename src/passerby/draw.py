"""Lets somebody draw lines and zones on the empty place of a film, and writes them into a configuration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from passerby import config
from passerby.count import Wish, prepare
from passerby.geometry import Place
from passerby.pipeline import Series, empty
from passerby.web.draw import Editor


def editor(film: str, target: Path, camera: str, *, model: str | None = None, detector: str = "auto") -> Editor:
    """An editor on the film's empty place; saving makes its places those of the camera in the target file.

    The places that the file already has are shown. Raises `SourceError` and `ModelError` where the film or the
    model cannot be opened, `ConfigError` where the file is there and wrong.
    """
    places = _places(target, camera)
    job = prepare(Wish([film], detector=detector, model=model))
    plate, size = empty(Series(job.series.films), job.detector)
    picture = None if plate is None else plate.picture()
    title = job.series.films[0].name.rpartition("/")[2]
    return Editor(picture, size.width / size.height, places, saver(film, target, camera), title=title)


def _places(target: Path, camera: str) -> Sequence[Place]:
    if not target.exists():
        return ()
    read = config.load(target)
    return read.cameras[camera].places if camera in read.cameras else ()


def saver(film: str, target: Path, camera: str) -> Callable[[Sequence[Place]], str]:
    """What writes drawn places into the target file, and says so; raises `ConfigError` where it cannot."""

    def save(places: Sequence[Place]) -> str:
        config.write_places(target, camera, places)
        return f"Written to {target}. Count with: passerby count {film} --config {target} --camera {camera}"

    return save
