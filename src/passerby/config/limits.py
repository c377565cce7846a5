"""What the limits of alert rules stand for in people, and whether they tell of too few.

A limit of `inside` stands for itself, one of a density for itself times the zone's area, one of a queue's metres
for how many stand in so long a queue at least. It must stand for `K_FLOOR` people or more, and so must the
distance between two limits of one place, or many rules together would tell its number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from passerby.errors import ConfigError
from passerby.geometry import Place, area
from passerby.ground import Ground
from passerby.measures.gaps import FOOT, WHEELS
from passerby.release.rule import K_FLOOR

_ONE_CROWD: Final = {"inside": "crowd", "people": "crowd", "density": "crowd", "queue_m": "queue"}


@dataclass(frozen=True, slots=True)
class Level:
    """A limit of a rule, in people."""

    rule: str
    at: tuple[str, str]  # place, and what counts its people
    people: float
    above: bool
    where: str


def crowd(quantity: str) -> str:
    """Which crowd a quantity counts: limits of one crowd tell of each other."""
    return _ONE_CROWD.get(quantity, quantity)


def people(
    quantity: str, options: Mapping[str, object], place: Place, ground: Ground | None
) -> tuple[float, float]:
    """How many people a unit of a quantity stands for, and how many come on top."""
    if quantity == "density":
        return square_metres(place, ground), 0.0
    if quantity == "density_peak":
        window = options.get("window_m", 2.0)
        square = float(window) ** 2 if isinstance(window, int | float) else 0.0
        return min(square, square_metres(place, ground)), 0.0
    if quantity == "queue_m":
        gap, classes = options.get("gap_m"), options.get("classes")
        on_foot = isinstance(classes, list | tuple) and set(classes) == {"person"}
        usual = FOOT[1] if on_foot else WHEELS[1]
        return 1 / (float(gap) if isinstance(gap, int | float) else usual), 1.0
    return 1.0, 0.0


def square_metres(place: Place, ground: Ground | None) -> float:
    """Of a zone on the ground; 0 where there is no ground."""
    return 0.0 if ground is None else area(ground.metres(place.points))


def apart(levels: Sequence[Level]) -> None:
    """Raise where two rules together would tell a place's number to fewer than `K_FLOOR` people."""
    for number, one in enumerate(levels):
        for other in levels[:number]:
            same = (one.people, one.above) == (other.people, other.above)
            if other.rule == one.rule or other.at != one.at or same:
                continue
            if _between(one, other) < K_FLOOR:
                raise ConfigError(
                    f"{one.where}: {one.people:.3g} people here and {other.people:.3g} in '{other.rule}' are so "
                    f"close that both rules together tell of fewer than {K_FLOOR}.",
                    f"Take the same limit, or one that is {K_FLOOR} people away.",
                )


def _between(one: Level, other: Level) -> float:
    """How many numbers of people lie between two limits: of whole numbers, one less between `>` and `<`."""
    low, high = sorted((one, other), key=lambda level: level.people)
    return high.people - low.people - (low.above and not high.above)
