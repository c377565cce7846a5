"""What a drawing of lines, zones and ground points changes in a configuration."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from passerby.config.depending import Rewritten, rewritten
from passerby.config.editing import Edit
from passerby.geometry import Line, Place

DIGITS: Final = 4  # of a coordinate: a tenth of a pixel in a picture of 1000
Row = tuple[float, float, float, float]  # of a ground: x and y in the picture (0-1), x and y in metres


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is drawn of a camera."""

    places: tuple[Place, ...]
    ground: tuple[Row, ...] | None = None  # four or more; none removes it; None leaves the ground as it is
    was: Mapping[str, str] = field(default_factory=dict)  # name -> the name that the file has for this place


@dataclass(frozen=True, slots=True)
class Planned:
    """The edits that a drawing comes to."""

    edits: tuple[Edit, ...]
    dependents: tuple[str, ...]  # what names a removed place and goes with it, e.g. "alert full"


def version(text: str, camera: str) -> str:
    """Changes with whatever a text says of a camera's drawing, so that two people do not overwrite each other."""
    table = tomllib.loads(text).get("camera", {}).get(camera, {})
    said = repr((table.get("place"), table.get("ground")))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def planned(text: str, camera: str, drawing: Drawing) -> Planned:
    """What makes a text say this drawing of a camera; names of renamed places change wherever they stand."""
    data = tomllib.loads(text)
    table = data.get("camera", {}).get(camera, {})
    there = list(table.get("place", {}))
    names = {place.name for place in drawing.places}
    renamed = {old: new for new, old in drawing.was.items() if old in there and new in names and old != new}
    gone = [name for name in there if name not in names]
    rest: Rewritten = rewritten(data, camera, {name: renamed.get(name) for name in {*gone, *renamed}})
    edits = [Edit(("camera", camera, "place", name), None) for name in gone]
    for place in drawing.places:
        old = table.get("place", {}).get(drawing.was.get(place.name, place.name), {})
        edits.append(Edit(("camera", camera, "place", place.name), _kept(old, _plain(place))))
    edits += rest.edits
    if drawing.ground is not None:
        edits += _ground(camera, drawing.ground, table)
    return Planned(tuple(edits), rest.gone)


@dataclass(frozen=True, slots=True)
class GroundPoints:
    """The ground points that a file gives for a camera."""

    rows: tuple[Row, ...] = ()
    lens: Mapping[str, Any] = field(default_factory=dict)  # what the file says beside them
    other: str = ""  # the key by which it says otherwise where the ground is: wgs84, rectangle, height_m


def ground_points(text: str, camera: str) -> GroundPoints:
    """Read them from a text that is good."""
    data = tomllib.loads(text)
    common = data.get("defaults", {}).get("camera", {})
    written = {**common, **data.get("camera", {}).get(camera, {})}.get("ground", [])
    if isinstance(written, Mapping) and "points" not in written:
        return GroundPoints(other=next((form for form in ("wgs84", "rectangle") if form in written), "height_m"))
    table = written if isinstance(written, Mapping) else {"points": written}
    rows = tuple((x, y, east, north) for x, y, east, north in table["points"])
    return GroundPoints(rows, {key: value for key, value in table.items() if key != "points"})


def moved(places: Collection[Place], drawing: Drawing) -> list[str]:
    """Names of places that are drawn elsewhere than before, so that they begin to count anew."""
    before = {place.name: _plain(place) for place in places}
    was = {place.name: drawing.was.get(place.name, place.name) for place in drawing.places}
    return [p.name for p in drawing.places if was[p.name] in before and _plain(p) != before[was[p.name]]]


def _ground(camera: str, rows: Sequence[Row], table: Mapping[str, Any]) -> list[Edit]:
    path: tuple[str, ...]
    path, there = ("camera", camera, "ground"), table.get("ground")
    has_points = isinstance(there, Mapping) and "points" in there
    if not rows:  # a ground that is said in another way was not drawn, and stays
        return [Edit(path, None)] if has_points or isinstance(there, list) else []
    wanted = [[round(x, DIGITS), round(y, DIGITS), _short(east), _short(north)] for x, y, east, north in rows]
    if isinstance(there, Mapping) and has_points:  # a lens may be said beside them
        path, there = (*path, "points"), there["points"]
    return [] if _rounded(there) == _rounded(wanted) else [Edit(path, wanted)]


def _short(metres: float) -> float:
    return int(metres) if metres == int(metres) else metres


def _kept(there: Any, wanted: Any) -> Any:
    """What a file says already, where it only says it with more digits."""
    return there if _rounded(there) == _rounded(wanted) else wanted


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    return round(value, DIGITS) if isinstance(value, float) else value


def _plain(place: Place) -> dict[str, list[list[float]]]:
    points = [[round(x, DIGITS), round(y, DIGITS)] for x, y in place.points]
    return {"line" if isinstance(place, Line) else "zone": points}
