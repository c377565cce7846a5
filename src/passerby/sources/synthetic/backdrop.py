"""The still part of a drawn street: sky, ground, markings, houses, trees and their shadows, drawn once."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from passerby.frame import Bgr, Gray
from passerby.scene import Layout, Pinhole, Street
from passerby.sources.synthetic.canvas import CIRCLE, Canvas, Colour, hexa, mix, rectangle, shade
from passerby.sources.synthetic.facades import Facades, closing, hazy, row
from passerby.sources.synthetic.shadows import SUN

_FINER: Final = 2  # drawn so many times larger, then averaged
_ASPHALT: Final = hexa("#66696e")
_SLABS: Final = hexa("#c3b9a9")
_TRACK: Final = hexa("#a8685a")
_GRASS: Final = hexa("#7f9a58")
_KERB: Final = hexa("#d8d3c8")
_PAINT: Final = hexa("#e9e7df")
_LEAVES: Final = tuple(map(hexa, ("#4f7440", "#5d8549", "#6f9752", "#86aa5e", "#9dba6c")))
_STEM: Final = hexa("#6b513d")
_SKY: Final = (hexa("#6fa8d6"), hexa("#dfeaf0"))
_TEXTURE_M: Final = 12.0  # the texture of the ground repeats after so many metres
_TILE: Final = 512  # its side in pixels


class Backdrop(NamedTuple):
    """The empty street, and where it shines by itself at night."""

    picture: Bgr  # (h, w, 3)
    lit: Gray  # (h, w) 0-255: lit windows


def backdrop(street: Street, size: tuple[int, int], *, night: bool) -> Backdrop:
    """The empty street in a picture of `size` (width, height)."""
    width, height = size[0] * _FINER, size[1] * _FINER
    image = np.zeros((height, width, 3), np.uint8)
    canvas = Canvas(image, street.camera)
    rng = np.random.default_rng([street.seed, 77])
    layout = street.layout
    _sky(image, street.camera, rng)
    closing(canvas, street.camera, rng)
    ground = np.zeros((height, width), np.uint8)
    _ground(canvas, Canvas(ground, street.camera, ink=255), layout)
    _crossing(canvas, layout)
    _markings(canvas, layout)
    _texture(image, ground, street.camera, rng)
    _soft_shadows(image, street)
    lit = np.zeros((height, width), np.uint8)
    facades = Facades(canvas, rng, Canvas(lit, street.camera, ink=255) if night else None)
    facades.draw(row(rng, -12.0, layout.reach[1] + 20, layout.doors), layout.facade, 1, 1.0)
    facades.draw(row(rng, 9.0, layout.reach[1] + 20, ()), layout.near_wall, -1, 0.72)
    _shrubs(canvas, layout, rng)
    for tree in sorted(layout.trees, reverse=True):
        _tree(canvas, tree, layout.far_pavement[0] + 0.35, rng)
    picture, shining = (cv2.resize(layer, size, interpolation=cv2.INTER_AREA) for layer in (image, lit))
    return Backdrop(np.asarray(picture, np.uint8), np.asarray(shining, np.uint8))


def _sky(image: Bgr, camera: Pinhole, rng: Generator) -> None:
    """A clear gradient with a few soft clouds."""
    height, width = image.shape[:2]
    low = max(int(camera.horizon * height), 2)
    rows = np.clip(np.arange(height) / low, 0, 1)[:, None] ** 0.8
    image[:] = (np.array(_SKY[0]) + rows * (np.array(_SKY[1]) - np.array(_SKY[0])))[:, None].astype(np.uint8)
    clouds = np.zeros((height // 4, width // 4), np.uint8)
    for _ in range(9):
        x, y = rng.uniform(0, width / 4), rng.uniform(0, low / 4 * 0.8)
        for _ in range(6):
            puff = (int(x + rng.normal(0, width / 60)), int(y + rng.normal(0, 2)))
            axes = (int(rng.uniform(width / 80, width / 26)), int(rng.uniform(2, low / 40 + 3)))
            cv2.ellipse(clouds, puff, axes, 0, 0, 360, 190, -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(clouds, (0, 0), width / 260)
    cover = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)[:low, :, None] / 255.0
    above = image[:low]
    above[:] = (above + cover * 0.8 * (np.array(hexa("#fbfbf8")) - above)).astype(np.uint8)


def _ground(canvas: Canvas, mask: Canvas, layout: Layout) -> None:
    """The strips across the street; `mask` takes the whole of the ground."""
    low = max(canvas.camera.horizon, 0.0)
    below = np.array([(-0.1, low), (1.1, low), (1.1, 1.1), (-0.1, 1.1)])
    canvas.fill(canvas.px(below), hazy(_SLABS, 60))
    mask.fill(mask.px(below), _SLABS)
    strips = (
        (layout.near_pavement, _SLABS),
        (layout.verge, _GRASS),
        (layout.carriageway, _ASPHALT),
        (layout.cycle_track, _TRACK),
        (layout.far_pavement, _SLABS),
    )
    steps = (-60.0, 0.0, 6.0, 12.0, 20.0, 35.0, 50.0, 70.0, 95.0, 130.0, 190.0, 300.0, 900.0)
    for start, end in pairwise(steps):
        for strip, colour in strips:
            canvas.flat(rectangle((start, end), strip), hazy(colour, max(start, 0)))
        for at, width in ((layout.verge[0], 0.16), (layout.verge[1], 0.2), (layout.carriageway[1], 0.2)):
            canvas.flat(rectangle((start, end), (at - width / 2, at + width / 2)), hazy(_KERB, max(start, 0)))
            edge = (at + width / 2, at + width / 2 + 0.07)
            canvas.flat(rectangle((start, end), edge), hazy(shade(_ASPHALT, 0.75), max(start, 0)))
        rim = (layout.far_pavement[0] - 0.09, layout.far_pavement[0] + 0.09)
        canvas.flat(rectangle((start, end), rim), hazy(_KERB, max(start, 0)))


def _crossing(canvas: Canvas, layout: Layout) -> None:
    """The paved way to the zebra, over the verge."""
    start, end = layout.zebra
    near, far = layout.verge
    canvas.flat(rectangle((start - 0.4, end + 0.4), (near - 0.1, far - 0.1)), hazy(_SLABS, start))


def _markings(canvas: Canvas, layout: Layout) -> None:
    """Lane lines, the zebra, stop lines, joints between slabs, and bicycles on the cycle track."""
    near, far = layout.carriageway
    middle = (near + far) / 2
    start, end = layout.zebra
    for x in np.arange(-21.0, 140.0, 6.0):
        if x + 3 < start - 1 or x > end + 1:
            _paint(canvas, (x, x + 3.0), (middle - 0.07, middle + 0.07))
    for y in np.arange(near + 0.35, far - 0.6, 1.05):
        _paint(canvas, (start, end), (y, y + 0.55))
    _paint(canvas, (start - 2.0, start - 1.6), (near + 0.3, middle - 0.2))
    _paint(canvas, (end + 1.6, end + 2.0), (middle + 0.2, far - 0.3))
    track = sum(layout.cycle_track) / 2
    for x in np.arange(-20.0, 110.0, 3.0):
        _paint(canvas, (x, x + 1.2), (track - 0.04, track + 0.04))
    _joints(canvas, layout)
    for x, y, way in ((12.5, track - 0.55, 1), (36.0, track - 0.55, 1), (23.0, track + 0.6, -1)):
        _bicycle(canvas, x, y, way)


def _paint(canvas: Canvas, x: tuple[float, float], y: tuple[float, float]) -> None:
    canvas.flat(rectangle(x, y), hazy(mix(_PAINT, _ASPHALT, 0.12), max(x[0], 0)))


def _joints(canvas: Canvas, layout: Layout) -> None:
    for strip in (layout.near_pavement, layout.far_pavement):
        for x in np.arange(0.0, 60.0, 1.4):
            fade = min(1.0, max(0.15, 18 / max(x, 1)))
            colour = hazy(mix(_SLABS, shade(_SLABS, 0.86), fade), x)
            canvas.flat(rectangle((x, x + 0.035), strip), colour)
        for y in np.arange(strip[0] + 1.1, strip[1], 1.1):
            canvas.flat(rectangle((0, 40), (y, y + 0.03)), hazy(mix(_SLABS, shade(_SLABS, 0.88), 0.7), 20))


def _bicycle(canvas: Canvas, x: float, y: float, way: int) -> None:
    """A bicycle as painted on cycle tracks, lying on the ground, 2 m long in the way of travel."""
    ink = hazy(mix(_PAINT, _TRACK, 0.1), x)

    def stroke(points: list[tuple[float, float]]) -> None:
        across, along = np.array(points, np.float64).T
        flat = np.stack([x + way * along * 1.5, y - way * across * 0.8, np.zeros(len(across))], axis=1)
        px = canvas.px(canvas.camera.picture(flat))
        canvas.line(px, ink, max(1, round(0.09 * float(canvas.camera.scale(flat[0])) * canvas.size[1] * 0.6)))

    for at in (-0.36, 0.36):
        ring = CIRCLE * 0.24 + (at, 0.0)
        stroke([(float(a), float(b)) for a, b in np.concatenate([ring, ring[:1]])])
    stroke([(-0.36, 0.0), (-0.12, 0.36), (0.2, 0.36), (0.0, 0.0), (-0.36, 0.0)])
    stroke([(0.0, 0.0), (-0.14, 0.46), (-0.24, 0.46)])
    stroke([(0.36, 0.0), (0.18, 0.5), (0.32, 0.52)])


def _texture(image: Bgr, ground: NDArray[np.uint8], camera: Pinhole, rng: Generator) -> None:
    """A fine grain that lies on the ground in perspective, and broad stains."""
    tile = 0.035 * _seamless(rng, 1.2) + 0.03 * _seamless(rng, 14.0)
    height, width = (side // _FINER for side in ground.shape)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    world = camera.ground(np.stack([(x + 0.5) / width, (y + 0.5) / height], axis=-1))
    far = np.hypot(world[..., 0], world[..., 1])
    world = np.nan_to_num(np.clip(world, -2000, 2000)) * (_TILE / _TEXTURE_M) % _TILE
    grain = cv2.remap(
        tile,
        world[..., 0].astype(np.float32),
        world[..., 1].astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )
    fade = np.nan_to_num(np.minimum(1.0, 14.0 / np.maximum(far, 1.0)))
    lift = cv2.resize((128 + 128 * grain * fade).clip(0, 255).astype(np.uint8), ground.shape[::-1])
    lift[ground == 0] = 128
    image[:] = cv2.multiply(image, cv2.cvtColor(np.asarray(lift, np.uint8), cv2.COLOR_GRAY2BGR), scale=1 / 128)


def _seamless(rng: Generator, blur: float) -> NDArray[np.float32]:
    """Blurred noise of spread 1 whose edges fit each other, (_TILE, _TILE)."""
    rim = round(3 * blur) + 1
    noise = np.pad(rng.normal(0, 1, (_TILE, _TILE)).astype(np.float32), rim, mode="wrap")
    tile = np.asarray(cv2.GaussianBlur(noise, (0, 0), blur), np.float32)[rim:-rim, rim:-rim]
    return np.asarray(tile / tile.std(), np.float32)


def _soft_shadows(image: Bgr, street: Street) -> None:
    """Shadows of trees and houses on the ground."""
    layout, camera = street.layout, street.camera
    dark = np.zeros((image.shape[0] // 2, image.shape[1] // 2), np.uint8)
    canvas = Canvas(dark, camera, ink=110)
    wall = layout.near_wall
    canvas.flat(rectangle((-40, 200), (wall, wall + 2.6)), (0, 0, 0))
    canvas.flat(rectangle((-40, 200), (layout.facade - 0.9, layout.facade)), (0, 0, 0))
    for tree in layout.trees:
        base = np.array([tree, layout.far_pavement[0] + 0.35])
        for height, radius in ((3.6, 1.5), (4.8, 1.7), (6.0, 1.1)):
            ring = base + SUN * height + CIRCLE * radius
            canvas.flat(np.concatenate([ring, np.zeros((len(ring), 1))], axis=1), (0, 0, 0))
        across = np.array([0.0, 0.12])
        trunk = np.array([base - across, base + across, base + SUN * 4 + (0, 0.1), base + SUN * 4 - (0, 0.1)])
        canvas.flat(np.concatenate([trunk, np.zeros((4, 1))], axis=1), (0, 0, 0))
    soft = cv2.GaussianBlur(dark, (0, 0), image.shape[0] / 260)
    cover = cv2.resize(soft, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR)[..., None]
    tint = np.array([0.80, 0.92, 1.0])  # shadows are a little blue: blue loses least
    image[:] = (image * (1 - cover / 255.0 * 0.78 * tint)).astype(np.uint8)


def _tree(canvas: Canvas, x: float, y: float, rng: Generator) -> None:
    """A trunk under a crown of leaves, lighter where the sun comes from."""
    foot, fork, top = canvas.px(canvas.camera.picture([(x, y, 0), (x, y, 2.6), (x, y, 5.0)]))
    metre = float(canvas.camera.scale((x, y, 0))) * canvas.size[1]
    wide = np.array([0.14 * metre, 0.0])
    stem = hazy(_STEM, x)
    canvas.fill(np.array([foot - wide, foot + wide, fork + wide * 0.7, fork - wide * 0.7]), stem)
    canvas.fill(np.array([fork - wide * 0.7, fork + wide * 0.7, top]), stem)
    sun = np.array([-0.45, -0.75])
    for layer, colour in enumerate(_LEAVES):
        spread = 1.55 - 0.22 * layer
        for _ in range(16 - 2 * layer):
            turn, reach = rng.uniform(0, 2 * np.pi), spread * np.sqrt(rng.random())
            at = top + (np.array([np.cos(turn), 0.82 * np.sin(turn)]) * reach + sun * 0.26 * layer) * metre
            size = rng.uniform(0.32, 0.62) * metre * (1 - 0.12 * layer)
            canvas.ellipse(at, (size, size * 0.9), hazy(shade(colour, float(rng.uniform(0.94, 1.06))), x))


def _shrubs(canvas: Canvas, layout: Layout, rng: Generator) -> None:
    """Low shrubs and flowers on the verge, away from where one crosses."""
    flowers: tuple[Colour, ...] = (hexa("#d9738a"), hexa("#f0d26a"), hexa("#f3efe6"))
    for x in sorted(rng.uniform(4, 60, 60), reverse=True):
        if layout.zebra[0] - 2.5 < x < layout.zebra[1] + 2.5:
            continue
        y = float(rng.uniform(layout.verge[0] + 0.4, layout.verge[1] - 0.8))
        foot = canvas.px(canvas.camera.picture((x, y, 0)))
        metre = float(canvas.camera.scale((x, y, 0))) * canvas.size[1]
        for layer in range(5):
            at = foot + (rng.normal(0, 0.16, 2) * (1, 0.4) - (0, 0.12 + 0.04 * layer)) * metre
            size = rng.uniform(0.12, 0.22) * metre
            canvas.ellipse(at, (size, size * 0.7), hazy(_LEAVES[layer], x))
        for _ in range(3):
            at = foot + (rng.normal(0, 0.18, 2) * (1, 0.5) - (0, 0.25)) * metre
            canvas.ellipse(at, (0.035 * metre, 0.03 * metre), hazy(flowers[int(rng.integers(3))], x))
