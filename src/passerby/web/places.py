"""Reads what a page drew, and says of each place and ground point what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from passerby import config
from passerby.config.drawing import DIGITS, Drawing, Row
from passerby.config.places import NAME, check_name
from passerby.errors import ConfigError
from passerby.geometry import Line, Place, Zone
from passerby.ground import ground

_FEWEST: Final = 4  # ground points


class Drawn(BaseModel):
    """One place as a page draws it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=1000)]
    kind: Literal["line", "zone"]
    points: Annotated[list[tuple[FiniteFloat, FiniteFloat]], Field(min_length=2, max_length=100)]
    was: Annotated[str | None, Field(max_length=1000)] = None  # its name in the file


class Document(BaseModel):
    """All that is drawn on a page: places in order, and ground points [x, y, metres, metres]."""

    model_config = ConfigDict(extra="forbid")

    places: Annotated[list[Drawn], Field(max_length=200)]
    ground: Annotated[
        list[tuple[FiniteFloat, FiniteFloat, FiniteFloat | None, FiniteFloat | None]] | None, Field(max_length=50)
    ] = None  # None: the page draws no ground
    version: Annotated[str, Field(max_length=100)] = ""  # of what the page was opened with
    drop: bool = False  # what names a place that is gone goes with it


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a place or a ground point, said so that whoever draws can mend it."""

    place: int | None  # index in the drawing; None: of the ground
    field: Literal["name", "points", "ground"]
    message: str
    point: int | None = None  # index of a ground point


def document(body: bytes) -> Document:
    """What a page sent; raises ValueError where it is no drawing at all, which no page of ours sends."""
    return Document.model_validate_json(body)


def read(drawn: Document, lens: Mapping[str, object] | None = None) -> tuple[Drawing, list[Problem]]:
    """A drawing and what is wrong with it; it is good if nothing is. `lens`: what is said beside ground points."""
    names = Counter(place.name for place in drawn.places)
    problems: list[Problem] = []
    places: list[Place] = []
    for index, one in enumerate(drawn.places):
        points = [(round(x, DIGITS), round(y, DIGITS)) for x, y in one.points]
        problems += (Problem(index, "name", text) for text in _wrong_name(one.name, names))
        try:
            checked = config.line("a", points) if one.kind == "line" else config.zone("a", points)
        except ValueError as error:
            problems.append(Problem(index, "points", _sentence(error)))
        else:
            is_line = isinstance(checked, Line)
            places.append(Line(one.name, *checked.points) if is_line else Zone(one.name, checked.points))
    rows = None if drawn.ground is None else _rows(drawn.ground)
    problems += _wrong_ground(drawn.ground or [], rows or (), lens or {})
    was = {place.name: place.was for place in drawn.places if place.was is not None}
    return Drawing(tuple(places), rows, was), problems


def _wrong_name(name: str, names: Counter[str]) -> Iterator[str]:
    if not name:
        yield "Give it a name."
    elif not NAME.fullmatch(name):
        try:
            check_name(name)
        except ValueError as error:
            yield _sentence(error)
    elif names[name] > 1:
        yield "Another place has this name already; each needs its own."


def _rows(points: Sequence[tuple[float, float, float | None, float | None]]) -> tuple[Row, ...]:
    return tuple(
        (round(x, DIGITS), round(y, DIGITS), east, north)
        for x, y, east, north in points
        if east is not None and north is not None
    )


def _wrong_ground(
    points: Sequence[tuple[float, float, float | None, float | None]],
    rows: Sequence[Row],
    lens: Mapping[str, object],
) -> Iterator[Problem]:
    for index, (x, y, east, north) in enumerate(points):
        if not (0 <= x <= 1 and 0 <= y <= 1):
            yield Problem(None, "ground", "It lies outside the picture.", index)
        if east is None or north is None:
            yield Problem(None, "ground", "Say where it lies, in metres.", index)
    if 0 < len(points) < _FEWEST:
        yield Problem(None, "ground", f"The ground needs four points or more; {len(points)} so far.")
    elif len(points) == len(rows) > 0:
        try:
            ground({**lens, "points": [list(row) for row in rows]})
        except ConfigError as error:
            yield Problem(None, "ground", _sentence(error))


def _sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
