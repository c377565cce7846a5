"""What is published of drawn cities tells of nobody where they were."""

from __future__ import annotations

from typing import Final

from passerby.classes import Class
from redteam.cities.city import steady
from redteam.cities.whereabouts import Target, play
from redteam.verdict import Size, Verdict

ONCE, REGULAR = 0.58, 0.72
_NOON: Final = Target(48, (Class.PERSON, "in"))
WORLDS: Final = {Size.SMALL: 60, Size.FULL: 2000}


def attack(size: Size) -> Verdict:
    """Guess whether somebody came, once and on thirty days."""
    once, _, _ = play(steady(0.2), _NOON, 1, WORLDS[size], 1, classes=(Class.PERSON,))
    regular, _, _ = play(steady(0.2), _NOON, 30, WORLDS[size], 1, classes=(Class.PERSON,))
    held = once.least <= ONCE and regular.least <= REGULAR
    return Verdict(
        "cities", held, f"One visit is told with {once}, a daily one with {regular}.", {"n": once.worlds}
    )
