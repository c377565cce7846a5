"""Both passes over a film: decide what must be hidden, then write it without that."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from passerby import plugins
from passerby.errors import BrokenSource, OutletError, Refused, SourceError, UsageError
from passerby.frame import Frame
from passerby.redact import faces, fill, writing
from passerby.redact.faces import Faces
from passerby.redact.fill import Style
from passerby.redact.grid import Grid
from passerby.redact.plan import Plan
from passerby.redact.planning import Eyes, Watch, plan
from passerby.stages import Chosen, Detector, Finite, Source, Tracker

_GAP_S = 6.0  # s for which a track waits for somebody whom the detector does not find: looks are rare


@dataclass(frozen=True, slots=True)
class Redacted:
    """What came of a film."""

    film: str
    out: str
    label: str  # what may be said of it: "obscured", never more
    style: Style
    complete: bool  # False: the film broke off; what was there is written
    frames: int
    blank_frames: int  # hidden as a whole, because nothing could be said of them
    covered: float  # 0-1: share of all pixels that is hidden, blank frames included
    detector: str
    faces: str | None  # what found faces; None: nothing looked for them
    cpu_s: float
    wall_s: float
    notes: tuple[str, ...] = field(default=())

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


@dataclass(slots=True)
class _Written:
    frames: int = 0
    blank: int = 0
    hidden: float = 0.0  # pixels, in whole frames

    @property
    def covered(self) -> float:
        """Share of all pixels that is hidden."""
        return self.hidden / max(self.frames, 1)


def redact(
    film: str | Path,
    out: str | Path,
    *,
    detector: str | Detector = "auto",
    model: str | Path | None = None,
    faces_model: str | Path | None = None,
    style: Style = "solid",
    force: bool = False,
    watch: Watch | None = None,
) -> Redacted:
    """Write a film in which people and vehicles are obscured; the same as ``passerby redact``.

    Args:
        film: path of a film or a directory of pictures; never a live source.
        out: path of the film to be written: .mp4, .mov, .mkv or .webm.
        detector: ``"auto"``, ``"onnx"``, ``"motion"``, or an object that keeps `stages.Detector`.
        model: name or path of an ONNX model.
        faces_model: name or path of a YuNet model; default: one in the folder of models, if there is one.
        style: ``"solid"`` hides; ``"pixelate"`` and ``"blur"`` leave something to be recognised by.
        force: whether a file of that name may be replaced.
        watch: told of the stage (looking, writing) and the film's time in s.

    Raises:
        UsageError, ModelError: what was asked for is wrong or not there.
        SourceError: the film cannot be opened, or shows nothing.
        Refused: not a film on this machine, or written over itself.
        OutletError: `out` cannot be written.
    """
    began_s = time.monotonic()
    _check(Path(film), Path(out), force)
    source, name = _source(film)
    notes: list[str] = []
    eyes = _eyes(detector, model, faces_model, notes)
    before, frames = _state(Path(film)), _Frames(source)
    known = plan(frames.read(), eyes, watch or _nobody)
    with writing.whole_or_nothing(Path(out)) as partial:
        written = _write(_Frames(source).read(), known, partial, Path(out), style, watch or _nobody)
        if _state(Path(film)) != before or written.frames != len(known.frames):
            raise SourceError(f"{name} was changed while it was read.", "Nothing was written. Try again.")
        if Path(out).exists() and not force:
            raise _there(Path(out))
    if frames.broken is not None:
        notes.append(f"{frames.broken} The film that was written ends there.")
    return Redacted(
        film=name,
        out=str(out),
        label="obscured",
        style=style,
        complete=frames.broken is None,
        frames=written.frames,
        blank_frames=written.blank,
        covered=written.covered,
        detector=eyes.detector.name,
        faces=None if eyes.faces is None else eyes.faces.name,
        cpu_s=_cpu_s(),
        wall_s=time.monotonic() - began_s,
        notes=tuple(notes),
    )


def _check(film: Path, out: Path, force: bool) -> None:
    writing.check(out)
    if out.exists() and film.exists() and out.samefile(film):
        raise Refused(f"{out} is the film itself: a film is never written over.", "Give OUT another name.")
    if film.is_dir() and out.parent.resolve() == film.resolve():
        raise Refused(f"{out} would lie among the pictures that are read.", "Give OUT another folder.")
    if out.is_dir():
        raise UsageError(f"{out} is a folder.", "Give the name of a film.")
    if out.exists() and not force:
        raise _there(out)
    if not out.parent.is_dir():
        raise OutletError(f"{out} cannot be written: there is no folder {out.parent}.")


def _there(out: Path) -> UsageError:
    return UsageError(f"{out} is there already.", "Give another name, or --force to replace it.")


def _source(film: str | Path) -> tuple[Source, str]:
    """The film and what it may be called; refuses what is live."""
    source = plugins.build("source", {"use": "stream", "url": str(film)}, Source, camera="film")
    name = str(getattr(source, "label", film))  # without user and password
    if not isinstance(source, Finite) or not source.finite:
        raise Refused(
            f"{name} is no film on this machine: pictures of a live camera are never written.",
            "Give a file or a directory of pictures.",
        )
    source.length()  # opens it: what is missing fails now
    return source, name


def _eyes(
    detector: str | Detector, model: str | Path | None, faces_model: str | Path | None, notes: list[str]
) -> Eyes:
    if isinstance(detector, str):
        if detector == "motion" and model is not None:
            raise UsageError("--detector motion uses no model.", "Leave out --model, or take --detector onnx.")
        table = {"use": detector} | ({} if model is None else {"model": str(model)})
        detector = plugins.build("detector", table, Detector)
    if isinstance(detector, Chosen) and model is None:
        notes.append(detector.why)
    if detector.input is None:
        notes.append(
            "No model looked at the film: who is there and does not move from the first frame to the last is "
            "not obscured."
        )
    tracker = plugins.build("tracker", {"use": "passer", "gap_s": _GAP_S}, Tracker)
    chosen = faces_model or faces.lying_about()
    return Eyes(detector, tracker, None if chosen is None else Faces(chosen))


class _Frames:
    """One reading of a film; where it breaks off, it ends, and `broken` says why."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.broken: BrokenSource | None = None

    def read(self) -> Iterator[Frame]:
        try:
            yield from self._source.frames()
        except BrokenSource as error:
            self.broken = error


def _write(frames: Iterator[Frame], known: Plan, partial: Path, out: Path, style: Style, watch: Watch) -> _Written:
    """The second pass: every frame again, without what is hidden in it."""
    written, size = _Written(), known.frames[0].size
    grid = Grid(size)
    with writing.Writer(partial, out, size) as writer:
        for index, frame in enumerate(frames):
            with frame:
                cells = known.of(index, frame.time_s, frame.size)
                picture, planes = writer.picture()
                if cells is None or frame.size != size:
                    fill.blank(planes)
                    written.blank += 1
                    written.hidden += 1
                else:
                    frame.copy_to(planes)
                    fill.hide(planes, cells, grid, style)
                    written.hidden += int(np.count_nonzero(cells)) / cells.size
                writer.write(picture, frame.time_s)
                written.frames += 1
                watch("writing", frame.time_s)
    return written


def _state(film: Path) -> tuple[int, int] | None:
    """What changes when a file does; a folder's pictures are held to their number and times by the plan."""
    if not film.is_file():
        return None
    stat = os.stat(film)
    return stat.st_mtime_ns, stat.st_size


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _nobody(_stage: str, _time_s: float) -> None:
    pass
