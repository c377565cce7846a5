"""People as flat figures with walking limbs and coloured clothes; nobody in particular, and without a face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from passerby.scene import Pinhole, Poses, shapes
from passerby.sources.synthetic.canvas import CIRCLE, Colour, Fixed, Floats, Shape, fixed, hexa, shade

TOPS: Final = tuple(
    map(
        hexa,
        (
            "#c8453b",
            "#2f5d8c",
            "#b97f16",
            "#3f7d5a",
            "#f1ede4",
            "#2e3440",
            "#8d5a97",
            "#d9793b",
            "#3f8fa3",
            "#b04a6f",
        ),
    )
)
_LEGS: Final = tuple(map(hexa, ("#2b3648", "#3d4f6b", "#4a4038", "#6b6f76", "#8a7a62", "#23262b")))
SKINS: Final = tuple(map(hexa, ("#f0c9a8", "#d9a57c", "#b27a52", "#8a5a3c", "#5f3d2a")))
_HAIRS: Final = tuple(map(hexa, ("#2a211c", "#4a3323", "#7a5230", "#b98b4e", "#8c8c8c", "#1d1b1f")))
_SHOES: Final = tuple(map(hexa, ("#22201e", "#f2efe9", "#5a3b2a")))

_STRIDE: Final = 0.82  # m for two steps, for each metre of height
_THIGH, _SHIN, _SOLE = 0.245, 0.245, 0.035  # parts of the height, as all lengths below
_TURN: Final = np.linspace(np.pi / 2, 3 * np.pi / 2, 5)


class _Clothes(NamedTuple):
    """What one figure wears, by its variant."""

    top: Colour
    legs: Colour
    skin: Colour
    hair: Colour
    shoes: Colour
    bare_arms: bool
    skirt: bool
    coat: bool
    bag: bool

    @classmethod
    def of(cls, variant: int) -> _Clothes:
        pick = np.random.default_rng(variant).integers(0, 2**16, 9)
        skirt, coat = pick[6] % 5 == 0, pick[6] % 5 == 1
        return cls(
            TOPS[pick[0] % len(TOPS)],
            _LEGS[pick[1] % len(_LEGS)],
            SKINS[pick[2] % len(SKINS)],
            _HAIRS[pick[3] % len(_HAIRS)],
            _SHOES[pick[4] % len(_SHOES)],
            bool(pick[5] % 3 == 0) and not coat,
            bool(skirt),
            bool(coat),
            bool(pick[7] % 4 == 0),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Frames:
    """Turns lengths in parts of a body into pixels, for n figures at once."""

    foot: Floats  # (n, 2) px
    right: Floats  # (n,) px for one height across the view
    up: Floats  # (n,) px for one height upwards
    side: Floats  # (n,) -1..1: share of the walking direction that is seen to the right
    away: Floats  # (n,) -1..1: 1 walks away from the camera

    def px(self, ahead: Floats, left: Floats, up: Floats) -> Floats:
        """Pixels (n, ..., 2) of points given ahead, to the left and up, each (n, ...)."""
        grow = (slice(None),) + (None,) * (np.ndim(ahead) - 1)
        u = ahead * self.side[grow] - left * self.away[grow]
        return np.stack(
            [self.foot[:, 0][grow] + u * self.right[grow], self.foot[:, 1][grow] - up * self.up[grow]], axis=-1
        )


def capsules(a: Floats, b: Floats, ra: Floats, rb: Floats) -> Floats:
    """Convex polygons (..., 10, 2) around the lines from `a` to `b` (..., 2) with round ends of those radii."""
    turn = np.arctan2(*np.moveaxis(b - a, -1, 0)[::-1])[..., None] + _TURN
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    return np.concatenate(
        [a[..., None, :] + ra[..., None, None] * ring, b[..., None, :] - rb[..., None, None] * ring], axis=-2
    )


class Figures:
    """Figures of people, each a list of shapes; their clothes are chosen once."""

    def __init__(self, camera: Pinhole, size: tuple[int, int]) -> None:
        self._camera, self._size = camera, np.array(size, np.float64)
        self._clothes: dict[int, _Clothes] = {}

    def shapes(self, poses: Poses, rows: NDArray[np.intp]) -> list[list[Shape]]:
        """What to draw for the people in `rows` of the poses, each in the order of drawing."""
        if not len(rows):
            return []
        actors = [poses.actors[row] for row in rows]
        tall = np.array([a.size[2] for a in actors])
        swing = np.minimum(np.hypot(*poses.velocity[rows].T) / 1.2, 1.0)
        frames = self._frames(poses, rows, tall)
        curves, hip = _limbs(frames, poses.walked[rows] / (_STRIDE * tall) * 2 * np.pi, swing)
        limbs, body = fixed(curves), [fixed(part) for part in _bodies(frames, hip)]
        for actor in actors:
            if actor.variant not in self._clothes:
                self._clothes[actor.variant] = _Clothes.of(actor.variant)
        return [
            _dressed(self._clothes[a.variant], limbs[i], [part[i] for part in body], float(frames.side[i]))
            for i, a in enumerate(actors)
        ]

    def _frames(self, poses: Poses, rows: NDArray[np.intp], tall: Floats) -> _Frames:
        box, position, heading = poses.box[rows], poses.position[rows], poses.heading[rows]
        to = np.arctan2(position[:, 1], position[:, 0])
        return _Frames(
            foot=shapes.feet(box) * self._size - 0.5,
            right=self._camera.scale(poses.ground[rows]) * self._size[1] * tall,
            up=(box[:, 3] - box[:, 1]) * self._size[1],
            side=np.sin(to - heading),
            away=np.cos(to - heading),
        )


def _limbs(frames: _Frames, phase: Floats, swing: Floats) -> tuple[Floats, Floats]:
    """Capsules (n, 2 sides, 5, 10, 2) px: thigh, shin, shoe, upper arm, forearm; the hips' height (n,)."""
    beat = phase[:, None] + (0.0, np.pi)
    thigh = 0.37 * swing[:, None] * np.sin(beat)
    bend = swing[:, None] * (0.10 + 0.75 * np.maximum(np.cos(beat), 0))
    shin = thigh - bend
    hip = (_THIGH * np.cos(thigh) + _SHIN * np.cos(shin)).max(axis=1) + _SOLE
    left = np.broadcast_to((0.042, -0.042), beat.shape)
    knee = _THIGH * np.sin(thigh), hip[:, None] - _THIGH * np.cos(thigh)
    ankle = knee[0] + _SHIN * np.sin(shin), knee[1] - _SHIN * np.cos(shin)
    lift = np.maximum(ankle[1] - _SOLE, 0)
    arm = -0.45 * swing[:, None] * np.sin(beat)
    fore = arm + 0.15 + 0.25 * swing[:, None]
    top = np.broadcast_to(hip[:, None] + 0.265, beat.shape)
    out = np.broadcast_to((0.108, -0.108), beat.shape)
    elbow = 0.155 * np.sin(arm), top - 0.155 * np.cos(arm)
    hand = elbow[0] + 0.14 * np.sin(fore), elbow[1] - 0.14 * np.cos(fore)
    none = np.zeros_like(beat)
    px = frames.px
    joints = [
        (px(none, left, none + hip[:, None]), px(knee[0], left, knee[1]), 0.052, 0.040),
        (px(knee[0], left, knee[1]), px(ankle[0], left, ankle[1]), 0.040, 0.028),
        (px(ankle[0] - 0.015, left, lift + 0.021), px(ankle[0] + 0.062, left, lift + 0.019), 0.021, 0.019),
        (px(none, out, top), px(elbow[0], out * 1.08, elbow[1]), 0.032, 0.028),
        (px(elbow[0], out * 1.08, elbow[1]), px(hand[0], out * 1.02, hand[1]), 0.027, 0.021),
    ]
    starts, ends = (np.stack([j[i] for j in joints], axis=2) for i in (0, 1))
    scale = frames.right[:, None, None]
    radii = [np.array([j[i] for j in joints]) * scale for i in (2, 3)]
    return capsules(starts, ends, *(np.broadcast_to(r, starts.shape[:-1]) for r in radii)), hip


def _bodies(frames: _Frames, hip: Floats) -> tuple[Floats, ...]:
    """Trunk, its shaded side, skirt, coat, neck, head, hair and bag: polygons (n, k, 2) px each."""
    broad = np.hypot(0.112 * frames.away, 0.062 * frames.side)[:, None]
    narrow = np.hypot(0.082 * frames.away, 0.062 * frames.side)[:, None]

    def part(u: Floats, up: Floats) -> Floats:
        return np.stack(
            [frames.foot[:, :1] + u * frames.right[:, None], frames.foot[:, 1:] - up * frames.up[:, None]], axis=-1
        )

    h = hip[:, None]

    def above(*up: float) -> Floats:
        height: Floats = h + np.array(up)
        return height

    trunk_u = np.concatenate([-narrow, -broad, -0.7 * broad, 0.7 * broad, broad, narrow], axis=1)
    trunk_v = above(-0.03, 0.265, 0.302, 0.302, 0.265, -0.03)
    dark_u = np.concatenate([0.25 * narrow, 0.35 * broad, 0.7 * broad, broad, narrow], axis=1)
    dark_v = above(-0.03, 0.302, 0.302, 0.265, -0.03)
    skirt_u = np.concatenate([-1.55 * narrow, -0.95 * narrow, 0.95 * narrow, 1.55 * narrow], axis=1)
    coat_u = np.concatenate([-1.35 * narrow, -narrow, narrow, 1.35 * narrow], axis=1)
    lean = 0.02 * frames.side[:, None]
    head = CIRCLE * (0.056, 0.066)
    # the hair is the part of the head behind a plane that turns with the walker
    normal = np.stack([-0.75 * frames.side, np.full(len(hip), 0.75)], axis=1)
    normal /= np.hypot(*normal.T)[:, None]
    cut = np.where(frames.away > 0.35, -1.0, 0.18)
    gap = CIRCLE @ normal.T - cut  # (16, n)
    locks = CIRCLE[None] - (np.minimum(gap, 0).T[..., None] * normal[:, None])
    up = h + 0.40
    neck = np.array([(-0.03, -0.02), (0.03, -0.02), (0.028, -0.11), (-0.028, -0.11)])
    back = -0.105 * frames.side[:, None]
    pack = np.where(np.abs(frames.side[:, None]) > 0.5, 0.05, 0.085) * np.array([-1, -0.8, 0.8, 1, 1, -1])
    return (
        part(trunk_u, trunk_v),
        part(dark_u, dark_v),
        part(skirt_u, above(-0.20, 0.02, 0.02, -0.20)),
        part(coat_u, above(-0.17, 0.02, 0.02, -0.17)),
        part(lean + neck[:, 0], up + neck[:, 1]),
        part(lean + head[:, 0], up + head[:, 1]),
        part(lean + locks[..., 0] * 0.060, up + locks[..., 1] * 0.069),
        part(back + pack, above(0.24, 0.27, 0.27, 0.24, 0.06, 0.06)),
    )


def _dressed(clothes: _Clothes, limbs: Fixed, body: list[Fixed], side: float) -> list[Shape]:
    """One figure's shapes in the order of drawing, the far side first."""
    trunk, dark, skirt, coat, neck, head, hair, bag = body
    near, far = (1, 0) if side > 0 else (0, 1)
    sleeve = clothes.skin if clothes.bare_arms else clothes.top
    legs = clothes.skin if clothes.skirt else clothes.legs

    def leg(index: int, light: float) -> list[Shape]:
        thigh, shin, shoe = limbs[index, :3]
        cloth = shade(legs, light)
        return [Shape(thigh, cloth), Shape(shin, cloth), Shape(shoe, shade(clothes.shoes, light))]

    def arm(index: int, light: float) -> list[Shape]:
        return [Shape(limbs[index, 3], shade(clothes.top, light)), Shape(limbs[index, 4], shade(sleeve, light))]

    drawn = [*arm(far, 0.72), *leg(far, 0.78), *leg(near, 1.0)]
    if clothes.skirt:
        drawn.append(Shape(skirt, shade(clothes.legs, 1.1)))
    if clothes.coat:
        drawn.append(Shape(coat, shade(clothes.top, 0.94)))
    pack = Shape(bag, shade(clothes.shoes, 0.9))
    drawn += [pack] if clothes.bag and abs(side) > 0.5 else []
    drawn += [
        Shape(neck, shade(clothes.skin, 0.88)),
        Shape(trunk, clothes.top),
        Shape(dark, shade(clothes.top, 0.86)),
    ]
    drawn += [Shape(head, clothes.skin), Shape(hair, clothes.hair), *arm(near, 0.93)]
    return drawn
