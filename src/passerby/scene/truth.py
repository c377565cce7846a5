"""What is really there at one instant: boxes, classes, ground positions, speeds, and how much of each one sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.scene import shapes
from passerby.scene.actors import Actor, Pole, Thing
from passerby.scene.optics import Pinhole

Floats = NDArray[np.float64]

# An outline is kept as the range it fills along four directions of the picture, an octagon around it
# (an 8-DOP: Klosowski et al., 1998); points and octagons are then compared with two subtractions.
_DIRECTIONS = np.array([(1, 0), (0, 1), (1, 1), (1, -1)], np.float64).T
_GRID = np.stack(np.meshgrid((np.arange(6) + 0.5) / 6, (np.arange(12) + 0.5) / 12), axis=-1).reshape(-1, 2)
_PIECES = 8  # of a pole
_PERSON = np.array([(0.3, 0), (0.7, 0), (1, 0.25), (1, 0.6), (0.8, 1), (0.2, 1), (0, 0.6), (0, 0.25)])


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """All road users in the picture at one instant, as columns, in order of birth."""

    time_s: float
    ids: NDArray[np.int64]  # (n,) of the truth
    class_id: NDArray[np.uint8]  # (n,) values of classes.Class
    box: Floats  # (n, 4) shares of the picture; whole (amodal): hidden and outside parts count
    visible: Floats  # (n,) 0-1: share of the outline that is in the picture and not hidden
    ground: Floats  # (n, 2) m: where it stands
    velocity: Floats  # (n, 2) m/s on the ground

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def foot(self) -> Floats:
        """Bottom centres of the boxes (n, 2) in shares: the points that are counted."""
        return shapes.feet(self.box)

    @property
    def speed(self) -> Floats:
        """Speeds on the ground (n,) m/s."""
        speed: Floats = np.hypot(self.velocity[:, 0], self.velocity[:, 1])
        return speed

    def xyxy(self, size: tuple[int, int]) -> NDArray[np.float32]:
        """Boxes (n, 4) in pixels of a picture of (width, height)."""
        return (self.box * (size * 2)).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """How everyone whose box touches the picture stands and moves at one instant, in order of birth."""

    actors: tuple[Actor, ...]
    position: Floats  # (n, 2) m
    heading: Floats  # (n,) rad
    walked: Floats  # (n,) m since the start of its path
    velocity: Floats  # (n, 2) m/s
    box: Floats  # (n, 4) shares

    @property
    def ground(self) -> Floats:
        """Positions (n, 3) m with z = 0."""
        return np.concatenate([self.position, np.zeros((len(self.position), 1))], axis=1)


def poses(camera: Pinhole, actors: Sequence[Actor], time_s: float) -> Poses:
    """The poses at `time_s` of all actors whose box touches the picture."""
    here = [a for a in actors if a.path.times[0] <= time_s <= a.path.times[-1]]
    state = np.array([a.path.state(time_s) for a in here]).reshape(-1, 6)
    position, heading, velocity = state[:, :2], state[:, 2], state[:, 4:]
    box = np.empty((len(here), 4))
    walks = np.array([a.class_ is Class.PERSON for a in here], np.bool_)
    if walks.any():
        tall = np.array([a.size[2] for a in here])[walks]
        speed = np.hypot(*velocity[walks].T)
        box[walks] = shapes.figure_boxes(camera, position[walks], heading[walks], speed, tall)
    for row in np.flatnonzero(~walks):
        box[row] = shapes.body_boxes(camera, shapes.stand(here[row].outline, position[row], heading[row]))
    seen = np.asarray((box[:, 2:] > 0).all(axis=1) & (box[:, :2] < 1).all(axis=1))
    chosen = tuple(a for a, s in zip(here, seen, strict=True) if s)
    return Poses(chosen, position[seen], heading[seen], state[seen, 3], velocity[seen], box[seen])


def truth(camera: Pinhole, actors: Sequence[Actor], screens: tuple[Floats, Floats], time_s: float) -> Truth:
    """The truth at `time_s` about everyone whose box touches the picture; `screens` are what `standing` gives."""
    now = poses(camera, actors, time_s)
    octagons = np.array([_octagon_of(camera, now, row) for row in range(len(now.actors))]).reshape(-1, 4, 2)
    return Truth(
        time_s=time_s,
        ids=np.array([a.id for a in now.actors], np.int64),
        class_id=np.array([a.class_ for a in now.actors], np.uint8),
        box=now.box,
        visible=visible(now.box, octagons, camera.depth(now.ground), *screens),
        ground=now.position,
        velocity=now.velocity,
    )


def visible(box: Floats, octagons: Floats, depth: Floats, others: Floats, beyond: Floats) -> Floats:
    """Share (n,) of each outline that lies in the picture and behind no nearer one.

    `box` (n, 4) in shares, `octagons` (n, 4, 2), `depth` (n,) m; `others` (k, 4, 2) and `beyond` (k,) are the
    outlines and depths of what stands there.
    """
    if not len(box):
        return np.empty(0)
    points = box[:, None, :2] + _GRID * (box[:, 2:] - box[:, :2])[:, None]  # (n, s, 2)
    own = _in(points, octagons[:, None])
    within = (points >= 0) & (points <= 1)
    free: NDArray[np.bool_] = own & within[..., 0] & within[..., 1]
    screens, depths = np.concatenate([octagons, others]), np.concatenate([depth, beyond])
    for screen, at in zip(screens, depths, strict=True):
        (left, right), (top, bottom) = screen[0], screen[1]
        behind: NDArray[np.bool_] = (
            (depth > at) & (box[:, 0] < right) & (box[:, 2] > left) & (box[:, 1] < bottom) & (box[:, 3] > top)
        )
        if behind.any():
            free[behind] &= ~_in(points[behind], screen)
    share: Floats = free.sum(axis=1) / np.maximum(own.sum(axis=1), 1)
    return share


def _in(points: Floats, octagons: Floats) -> NDArray[np.bool_]:
    """Which points (..., 2) lie in octagons (..., 4, 2)."""
    along = points @ _DIRECTIONS
    within = (along >= octagons[..., 0]) & (along <= octagons[..., 1])
    return np.asarray(within.all(axis=-1), np.bool_)


def octagon(points: Floats) -> Floats:
    """The octagon (..., 4, 2) around points (..., k, 2)."""
    along = points @ _DIRECTIONS
    return np.stack([along.min(axis=-2), along.max(axis=-2)], axis=-1)


def _octagon_of(camera: Pinhole, poses: Poses, row: int) -> Floats:
    actor, box = poses.actors[row], poses.box[row]
    if actor.class_ is Class.PERSON:
        return octagon(box[:2] + _PERSON * (box[2:] - box[:2]))
    body = shapes.stand(actor.outline, poses.position[row], float(poses.heading[row]))
    return octagon(camera.picture(body))


def standing(camera: Pinhole, things: Sequence[Thing]) -> tuple[Floats, Floats]:
    """Octagons (k, 4, 2) and depths (k,) of what stands in the street; leaning poles in pieces."""
    edges, depths = [np.empty((0, 4, 2))], []
    for thing in things:
        half = thing.width / 2 if isinstance(thing, Pole) else 0.22
        joints = np.linspace(0, thing.height, _PIECES + 1)
        spine = camera.picture(np.stack([np.full_like(joints, thing.x), np.full_like(joints, thing.y), joints], 1))
        base = np.array([thing.x, thing.y, 0.0])
        side = np.array([half * float(camera.scale(base)) / camera.aspect, 0.0])
        corners = np.stack([spine[:-1] - side, spine[:-1] + side, spine[1:] - side, spine[1:] + side], axis=1)
        edges.append(octagon(corners))
        depths.extend([float(camera.depth(base))] * _PIECES)
    return np.concatenate(edges), np.array(depths)
