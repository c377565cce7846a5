"""What names a place of a camera: its measures, its alert rules, and areas; changed with the place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from passerby.config.editing import Edit

Names = Mapping[str, str | None]  # a place's name -> its new one; None: it is gone


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The edits where places are named, and what goes with the places that are gone."""

    edits: tuple[Edit, ...]
    gone: tuple[str, ...]  # e.g. "measure crossings", "alert full", "area fairground"


def rewritten(data: Mapping[str, Any], camera: str, names: Names) -> Rewritten:
    """Change the names of a camera's places wherever a file names them; what is about no place any more goes."""
    table = data.get("camera", {}).get(camera, {})
    edits = [*_measures(table, camera, names), *_alerts(table, camera, names), *_areas(data, camera, names)]
    gone_areas = {edit.path[1] for edit in edits if edit.path[0] == "area" and edit.value is None}
    for name, rule in data.get("alert", {}).items():
        if _subject(rule.get("when", "")) in gone_areas:
            edits.append(Edit(("alert", name), None))
    gone = tuple(f"{edit.path[-2]} {edit.path[-1]}" for edit in edits if edit.value is None)
    return Rewritten(tuple(edits), gone)


def without_camera(data: Mapping[str, Any], camera: str) -> Rewritten:
    """What else changes where a camera is removed: the areas that its places are part of."""
    places = data.get("camera", {}).get(camera, {}).get("place", {})
    found = rewritten({**data, "camera": {}}, camera, dict.fromkeys(places))
    return Rewritten((Edit(("camera", camera), None), *found.edits), found.gone)


def _measures(table: Mapping[str, Any], camera: str, names: Names) -> Iterator[Edit]:
    for name, measure in table.get("measure", {}).items():
        at, path = measure.get("at"), ("camera", camera, "measure", name)
        if isinstance(at, str) and at in names:
            yield Edit((*path, "at"), names[at]) if names[at] is not None else Edit(path, None)
        elif isinstance(at, list) and not names.keys().isdisjoint(at):
            left = [new for old in at if (new := names.get(old, old)) is not None]
            yield Edit((*path, "at"), left) if left else Edit(path, None)


def _alerts(table: Mapping[str, Any], camera: str, names: Names) -> Iterator[Edit]:
    for name, rule in table.get("alert", {}).items():
        path = ("camera", camera, "alert", name)
        when = str(rule.get("when", ""))
        for key, subject in (("at", rule.get("at")), ("when", _subject(when))):
            if subject not in names:
                continue
            new = names[subject]
            if new is None:
                yield Edit(path, None)
                break
            yield Edit((*path, key), new if key == "at" else new + when.strip().removeprefix(subject))


def _areas(data: Mapping[str, Any], camera: str, names: Names) -> Iterator[Edit]:
    for name, area in data.get("area", {}).items():
        for key in ("zones", "lines"):
            written = area.get(key, [])
            left = [new for old in written if (new := _member(old, camera, names)) is not None]
            if left != written:
                yield Edit(("area", name, key), left) if left else Edit(("area", name), None)


def _member(written: str, camera: str, names: Names) -> str | None:
    """``-north.gate`` with the place's new name; None where it is gone."""
    sign = "-" if written.startswith("-") else ""
    of, _, place = written.removeprefix(sign).partition(".")
    if of != camera or place not in names:
        return written
    return None if names[place] is None else f"{sign}{camera}.{names[place]}"


def _subject(when: str) -> str:
    """What a condition is about: ``square`` of ``square.density > 3.5``."""
    return when.strip().partition(".")[0]
