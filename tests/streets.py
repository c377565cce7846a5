"""Drawn streets as perfect tracks on their true ground, for measures that speak of metres."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from passerby.detections import Tracks
from passerby.geometry import Line, Zone
from passerby.ground import Ground
from passerby.records import Observation
from passerby.scene import Mover, Pinhole, Street, Truth
from passerby.scene import scripted as scripted_street
from passerby.stages import Measure, Scene

SIZE = (768, 576)
WHOLE = np.array([[0, 0, 1, 1]], np.float32)
CAMERA = Pinhole(height_m=9.0, tilt_deg=35.0, pan_deg=0.0, focal=1.0)
# Metres right of and ahead of the mast, all of them in the picture.
CORNERS = np.array([(-3.0, 8.0), (3.0, 8.0), (6.0, 20.0), (-6.0, 20.0), (0.5, 13.0)])


def scripted(*movers: Mover, duration_s: float | None = None) -> Street:
    """A street seen from straight above its middle."""
    return scripted_street(movers, duration_s=duration_s, camera=CAMERA)


def ground(camera: Pinhole = CAMERA) -> Ground:
    """The ground as somebody would calibrate it: five points whose metres are known."""
    spots = camera.picture(np.column_stack([CORNERS, np.zeros(len(CORNERS))]))
    return Ground.fit(np.hstack([spots, CORNERS]).tolist())


def spot(x: float, y: float, camera: Pinhole = CAMERA) -> tuple[float, float]:
    """Where a point of the ground (m) is in the picture."""
    across, down = camera.picture((x, y, 0.0)).tolist()
    return across, down


def line(name: str, a: tuple[float, float], b: tuple[float, float]) -> Line:
    """A line between two points of the ground."""
    return Line(name, spot(*a), spot(*b))


def zone(name: str, *corners: tuple[float, float]) -> Zone:
    """A zone between points of the ground."""
    return Zone(name, tuple(spot(*corner) for corner in corners))


def scenes(
    street: Street, plane: Ground | None, fps: float = 10.0, *, noise: float = 0.0, seed: int = 1
) -> Iterator[Scene]:
    """The truth as tracks, the feet with `noise` (heights of the picture), then an end."""
    random = np.random.default_rng(seed)
    times = np.arange(round(street.duration_s * fps)) / fps
    for time_s in times:
        found = tracks(street.truth(float(time_s)))
        foot = found.foot + random.normal(0, noise, found.foot.shape)
        found = Tracks(**{name: getattr(found, name) for name in Tracks.__slots__} | {"foot": foot})
        where = None if plane is None else plane.metres(foot)
        yield Scene(float(time_s), street.camera.aspect, found, WHOLE, ground=where)
    yield Scene(float(times[-1]), 1.0, Tracks.empty(), WHOLE[:0], ground=np.empty((0, 2)), over=True)


def tracks(truth: Truth) -> Tracks:
    """What a perfect tracker would say of a moment."""
    n = len(truth)
    return Tracks(
        ids=truth.ids.astype(np.uint64),
        xyxy=truth.xyxy(SIZE),
        foot=truth.foot,
        velocity=np.zeros((n, 2)),
        class_id=truth.class_id,
        confirmed=np.ones(n, np.bool_),
        lost_s=np.zeros(n),
        height=truth.box[:, 3] - truth.box[:, 1],
    )


def seen(measure: Measure, street: Street, plane: Ground | None = None, **how: float) -> list[Observation]:
    """All that a measure says of a street."""
    return [o for scene in scenes(street, plane or ground(street.camera), **how) for o in measure.update(scene)]  # type: ignore[arg-type]
