"""The houses on both sides of the street, with windows, shops, awnings and doors, and no writing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from passerby.scene import Pinhole
from passerby.sources.synthetic.canvas import Canvas, Colour, Floats, hexa, mix, shade, upright

HAZE: Final = hexa("#d9e3ea")
_HAZE_M: Final = 170.0  # distance at which two thirds of a colour are haze

_WALLS: Final = tuple(
    map(hexa, ("#e3c9a0", "#d98f6e", "#c9d0c4", "#e8dccb", "#a9bccb", "#d9b36a", "#b8776a", "#dfd3dc", "#9fb39a"))
)
_AWNINGS: Final = tuple(map(hexa, ("#b3423a", "#2f6f63", "#d9982f", "#35577d", "#7d4a6b", "#5b7f3a")))
_FRAME: Final = hexa("#f4efe6")
_GLASS: Final = hexa("#51687a")
_LIT: Final = hexa("#ffdf9a")
_SHOP: Final = hexa("#3d4a52")
_ROOF: Final = hexa("#8a5a4a")


@dataclass(frozen=True, slots=True)
class House:
    """One house of a row."""

    start: float  # m along
    end: float  # m along
    storeys: int
    wall: Colour
    awning: Colour
    door: float | None  # m along; None: no door that anyone uses

    @property
    def height(self) -> float:
        """Height of the wall, m."""
        return 3.7 + 3.1 * (self.storeys - 1) + 0.5


def row(rng: Generator, start: float, end: float, doors: tuple[float, ...]) -> list[House]:
    """Houses side by side from `start` to `end` m, each with at most one of `doors`."""
    houses: list[House] = []
    x, last = start, -1
    while x < end:
        width = float(rng.uniform(8.0, 12.5))
        colour = int(rng.choice([i for i in range(len(_WALLS)) if i != last]))
        inside = [d for d in doors if x + 1.0 < d < x + width - 1.0]
        houses.append(
            House(
                x,
                x + width,
                int(rng.choice([2, 2, 3, 3])),
                _WALLS[colour],
                _AWNINGS[int(rng.integers(len(_AWNINGS)))],
                inside[0] if inside else None,
            )
        )
        x, last = x + width, colour
    return houses


class Facades:
    """Draws rows of houses, the farthest first; at night lit windows go to a stencil too."""

    def __init__(self, canvas: Canvas, rng: Generator, lit: Canvas | None) -> None:
        self._canvas, self._rng, self._lit = canvas, rng, lit

    def draw(self, houses: list[House], y: float, side: int, light: float) -> None:
        """A row whose walls stand at `y` m; `side` is 1 where they look towards the camera's side, else -1."""
        for house in reversed(houses):
            self._house(house, y, side, light)

    def _tone(self, colour: Colour, x: float, y: float, light: float = 1.0) -> Colour:
        return hazy(shade(colour, light), math.hypot(x, y))

    def _house(self, house: House, y: float, side: int, light: float) -> None:
        canvas, x = self._canvas, (house.start, house.end)
        middle = (house.start + house.end) / 2
        back, top, ridge = y + 10.0 * side, house.height, house.height + 1.6
        crest = y + 5.0 * side
        gable = [(x[0], y, 0), (x[0], back, 0), (x[0], back, top), (x[0], crest, ridge), (x[0], y, top)]
        canvas.flat(gable, self._tone(house.wall, x[0], y, 0.78 * light))
        roof = [(x[0], y, top), (x[1], y, top), (x[1], crest, ridge), (x[0], crest, ridge)]
        canvas.flat(roof, self._tone(_ROOF, middle, y, light))
        canvas.flat(upright(x, y, (0, house.height)), self._tone(house.wall, middle, y, light))
        out = y - 0.25 * side
        canvas.flat(
            upright(x, out, (house.height - 0.35, house.height)), self._tone(_FRAME, middle, y, 0.93 * light)
        )
        canvas.flat(upright(x, y, (3.45, 3.62)), self._tone(_FRAME, middle, y, 0.85 * light))
        for storey in range(1, house.storeys):
            self._windows(house, y, 3.7 + 3.1 * (storey - 1), light)
        self._shop(house, y, side, light)

    def _windows(self, house: House, y: float, floor: float, light: float) -> None:
        width = house.end - house.start
        many = max(2, int(width / 2.7))
        for index in range(many):
            x = house.start + width * (index + 0.5) / many
            frame = self._tone(_FRAME, x, y, light)
            self._canvas.flat(upright((x - 0.62, x + 0.62), y, (floor + 0.62, floor + 2.5)), frame)
            gleam, awake = float(self._rng.uniform(0.85, 1.2)), bool(self._rng.random() < 0.35)
            glass = shade(_GLASS, gleam * light)
            for left, right in ((-0.52, -0.04), (0.04, 0.52)):
                pane = upright((x + left, x + right), y, (floor + 0.75, floor + 2.4))
                self._pane(pane, self._tone(glass, x, y), awake=awake)
            sill = upright((x - 0.75, x + 0.75), y - 0.1, (floor + 0.5, floor + 0.63))
            self._canvas.flat(sill, self._tone(_FRAME, x, y, 0.8 * light))

    def _pane(self, pane: Floats, colour: Colour, *, awake: bool) -> None:
        """A window (4, 3), lit at night where someone is awake."""
        shines = awake and self._lit is not None
        self._canvas.flat(pane, _LIT if shines else colour)
        if shines and self._lit is not None:
            self._lit.flat(pane, _LIT)

    def _shop(self, house: House, y: float, side: int, light: float) -> None:
        canvas, tone = self._canvas, self._tone
        door = house.door if house.door is not None else house.start + 1.3
        for start, end in _besides(house, door):
            canvas.flat(upright((start, end), y, (0.0, 3.1)), tone(shade(house.awning, 0.6), start, y, light))
            glass = mix(_SHOP, _GLASS, float(self._rng.random()) * 0.6)
            window = upright((start + 0.15, end - 0.15), y, (0.55, 2.75))
            self._pane(window, tone(glass, start, y, light), awake=True)
            middle = (start + end) / 2
            canvas.flat(
                upright((middle - 0.05, middle + 0.05), y, (0.55, 2.75)), tone(_FRAME, start, y, 0.8 * light)
            )
            self._awning((start - 0.1, end + 0.1), y, side, house.awning, light)
        canvas.flat(upright((door - 0.62, door + 0.62), y, (0, 2.65)), tone(_FRAME, door, y, 0.9 * light))
        canvas.flat(
            upright((door - 0.5, door + 0.5), y, (0, 2.15)), tone(shade(house.awning, 0.75), door, y, light)
        )
        canvas.flat(upright((door - 0.5, door + 0.5), y, (2.22, 2.55)), tone(_GLASS, door, y, light))

    def _awning(self, x: tuple[float, float], y: float, side: int, colour: Colour, light: float) -> None:
        stripes = max(2, round((x[1] - x[0]) / 0.7))
        edges = np.linspace(x[0], x[1], stripes + 1)
        front = y - 0.95 * side
        for index in range(stripes):
            cloth = colour if index % 2 == 0 else _FRAME
            left, right = float(edges[index]), float(edges[index + 1])
            slope = [(left, y, 3.35), (right, y, 3.35), (right, front, 2.75), (left, front, 2.75)]
            self._canvas.flat(slope, self._tone(cloth, left, y, light))
            flap = upright((left, right), front, (2.55, 2.76))
            self._canvas.flat(flap, self._tone(cloth, left, y, 0.86 * light))


def _besides(house: House, door: float) -> Iterator[tuple[float, float]]:
    """The shop windows left and right of a door, m along."""
    for start, end in ((house.start + 0.5, door - 0.9), (door + 0.9, house.end - 0.5)):
        if end - start > 1.4:
            yield start, end


def hazy(colour: Colour, distance: float) -> Colour:
    """A colour seen over so many metres."""
    return mix(colour, HAZE, 1 - math.exp(-max(distance - 15, 0) / _HAZE_M))


def closing(canvas: Canvas, camera: Pinhole, rng: Generator) -> None:
    """What closes the view at the end of the street: hills, roofs and trees in the haze."""
    for distance, low, high, tone in ((420, 8, 26, "#a8bcc6"), (300, 6, 15, "#9fb3a4"), (200, 4, 9, "#8fa78c")):
        x = np.linspace(-1.2, 2.2, 90)
        line = np.interp(x, np.linspace(-1.2, 2.2, 18), rng.uniform(low, high, 18))
        line += rng.uniform(0, 0.12 * high, 90)
        scale = camera.focal / distance
        top = np.stack([x, camera.horizon - (line - camera.height_m) * scale], axis=1)
        base = np.array([(2.2, camera.horizon + 0.03), (-1.2, camera.horizon + 0.03)])
        canvas.fill(canvas.px(np.concatenate([top, base])), hazy(hexa(tone), distance / 3))
