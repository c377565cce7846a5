"""Areas from their tables: zones or lines of any cameras that add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from passerby import plugins
from passerby.areas import Area, Member
from passerby.classes import Class, parse
from passerby.config.config import Camera
from passerby.config.schema import AreaTable
from passerby.errors import ConfigError
from passerby.geometry import Line, Place


def area(name: str, table: AreaTable, cameras: Mapping[str, Camera], where: Callable[[str], str]) -> Area:
    """The area of a table; raises `ConfigError` where it names what is not there."""
    if bool(table.zones) == bool(table.lines):
        raise ConfigError(
            f"{where('')}: an area is a sum either of zones or of lines.",
            'Write zones = ["camera.zone", …], or lines = ["camera.line", "-camera.line", …].',
        )
    key = "zones" if table.zones else "lines"
    members = [_member(written, key, cameras, where) for written in table.zones or table.lines]
    if len({(camera, place.name) for camera, place in members}) < len(members):
        raise ConfigError(f"{where(key)}: a place is named twice, and would count twice.")
    if table.zones and table.classes is not None:
        said = "a sum of zones counts what its zones count."
        raise ConfigError(f"{where('classes')}: {said}", "Give classes to the measures of the zones.")
    found: list[Member] = [(camera, place.name) for camera, place in members]
    ways = [-1 if written.startswith("-") else 1 for written in table.lines]
    classes = frozenset(Class if table.classes is None else map(parse, table.classes))
    if table.zones:
        crowds = frozenset(member for member in found if _is_crowd(cameras[member[0]], member[1]))
        return Area(name, zones=tuple(found), crowds=crowds, capacity=table.capacity)
    return Area(name, lines=tuple(zip(found, ways, strict=True)), capacity=table.capacity, classes=classes)


def _is_crowd(camera: Camera, zone: str) -> bool:
    """Whether how many people a zone holds is estimated, besides following them."""
    ats = (use.options.get("at") for use in camera.measures.values() if use.name == "density")
    return any(isinstance(at, Place) and at.name == zone for at in ats)


def _member(
    written: str, key: str, cameras: Mapping[str, Camera], where: Callable[[str], str]
) -> tuple[str, Place]:
    """Camera and place of ``camera.place``, with a minus before lines whose `in` leads out of the area."""
    name, _, wanted = written.removeprefix("-" if key == "lines" else "").partition(".")
    if name not in cameras:
        there = ", ".join(cameras) or "there is none"
        said = f"'{written}' names no camera ({there}){plugins.ending(name, cameras)}"
        raise ConfigError(f"{where(key)}: {said}", "Write 'camera.place'.")
    places = {place.name: place for place in cameras[name].places}
    if wanted not in places:
        there = ", ".join(places) or "there is none"
        said = f"camera {name} has no place '{wanted}' ({there}){plugins.ending(wanted, places)}"
        raise ConfigError(f"{where(key)}: {said}")
    place = places[wanted]
    if isinstance(place, Line) != (key == "lines"):
        other = "a line" if isinstance(place, Line) else "a zone"
        raise ConfigError(f"{where(key)}: '{wanted}' is {other}, which does not belong under {key}.")
    return name, place
