"""A plate's way through the processes: asked for at the office, made in an engine worker, sent once."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
from plate.lapse import SIZE, place

from passerby.engine import CameraPlan, Collected, Collecting, Engine, Message, Plan, PlateWish


def write_empty_street(path: Path, *, count: int = 360, apart_ms: int = 1900) -> Path:
    """A film of a place in which nothing happens for eleven minutes."""
    picture = av.VideoFrame.from_ndarray(place(), format="bgr24").reformat(format="yuv420p")
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=1, options={"preset": "ultrafast"})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for number in range(count):
            picture.pts, picture.time_base = number * apart_ms, Fraction(1, 1000)
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return path


def said(plan: Plan, wishes: dict[str, PlateWish]) -> list[Message]:
    with Engine(plan) as engine:
        engine.collect(wishes)
        return list(engine.messages())


def test_it_comes_once_and_only_of_the_camera_that_was_asked_for(tmp_path: Path) -> None:
    film, boxes = write_empty_street(tmp_path / "street.mp4"), tmp_path / "boxes.jsonl"
    boxes.write_text("")
    cameras = tuple(CameraPlan(name, {"use": "stream", "url": str(film)}, fps=None) for name in ("asked", "other"))
    plan = Plan(cameras, {"use": "replay", "path": str(boxes)}, live=False)
    told = said(plan, {"asked": PlateWish("w")})
    (made,) = [message for message in told if isinstance(message, Collected)]
    assert (made.camera, made.id, made.reason) == ("asked", "w", "")
    assert made.coverage > 0.98
    picture = made.picture()
    assert (picture.width, picture.height) == SIZE
    assert {message.camera for message in told if isinstance(message, Collecting)} <= {"asked"}


def test_nothing_comes_that_nobody_asked_for(tmp_path: Path) -> None:
    film, boxes = write_empty_street(tmp_path / "street.mp4", count=20), tmp_path / "boxes.jsonl"
    boxes.write_text("")
    plan = Plan((CameraPlan("c", {"use": "stream", "url": str(film)}, fps=None),),
                {"use": "replay", "path": str(boxes)}, live=False)  # fmt: skip
    told = said(plan, {"another": PlateWish("w")})
    assert not any(isinstance(message, Collected | Collecting) for message in told)
