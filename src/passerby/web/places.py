"""Reads the places that a page drew, and says of each what is wrong with it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from passerby import geometry
from passerby.geometry import Line, Place, Zone

NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")
_LONGEST_NAME: Final = 64
_DIGITS: Final = 4  # of a coordinate: a tenth of a pixel of a 1000-pixel picture


class Drawn(BaseModel):
    """One place as a page draws it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=1000)]
    kind: Literal["line", "zone"]
    points: Annotated[list[tuple[FiniteFloat, FiniteFloat]], Field(min_length=2, max_length=100)]


class Drawing(BaseModel):
    """All places of a page, in order."""

    model_config = ConfigDict(extra="forbid")

    places: Annotated[list[Drawn], Field(max_length=200)]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one place, said so that whoever draws can mend it."""

    place: int  # index in the drawing
    field: Literal["name", "points"]
    message: str


def read(body: bytes, known: Collection[str] = ()) -> tuple[list[Place], list[Problem]]:
    """The places of a drawing in JSON and what is wrong with them; the places are good if nothing is.

    Names in `known` are good as they are: the file has them already. Raises ValueError where it is no drawing
    at all, which no page of ours sends.
    """
    drawing = Drawing.model_validate_json(body)
    names = Counter(drawn.name for drawn in drawing.places)
    problems: list[Problem] = []
    places: list[Place] = []
    for index, drawn in enumerate(drawing.places):
        points = tuple((round(x, _DIGITS), round(y, _DIGITS)) for x, y in drawn.points)
        problems += (Problem(index, "name", text) for text in _wrong_name(drawn.name, names, known))
        wrong = list(_wrong_points(drawn.kind, points))
        problems += (Problem(index, "points", text) for text in wrong)
        if not wrong:
            places.append(Line(drawn.name, *points) if drawn.kind == "line" else Zone(drawn.name, points))
    return places, problems


def _wrong_name(name: str, names: Counter[str], known: Collection[str]) -> Iterator[str]:
    if not name:
        yield "Give it a name."
    elif len(name) > _LONGEST_NAME:
        yield f"Use at most {_LONGEST_NAME} characters."
    elif name not in known and not NAME.fullmatch(name):
        yield "Use small letters, digits, - and _ only, and begin with a letter or a digit."
    elif names[name] > 1:
        yield "Another place has this name already; each needs its own."


def _wrong_points(kind: str, points: Sequence[geometry.Point]) -> Iterator[str]:
    if not all(0 <= value <= 1 for point in points for value in point):
        yield "A point lies outside the picture: x and y run from 0 to 1."
    elif kind == "line" and len(points) != 2:
        yield "A line has two points."
    elif kind == "line" and math.dist(*points) == 0:
        yield "The line has no length: move one of its ends."
    elif kind == "zone" and len(points) < 3:
        yield "A zone needs at least three corners."
    elif kind == "zone" and len(set(points)) < len(points):
        yield "Two corners of the zone are in the same place: move or delete one."
    elif kind == "zone" and not geometry.simple(points):
        yield "The sides of the zone cross or touch each other: move a corner."
