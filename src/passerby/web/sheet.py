"""What the page on which lines, zones and ground points are drawn is told, whoever serves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import Request

from passerby.config import overlaps
from passerby.config.drawing import Drawing, GroundPoints, Row
from passerby.geometry import Place
from passerby.ground import Ground, Upright, doubts, ground
from passerby.web import places as drawn
from passerby.web import site

_LONGEST_BODY: Final = 256 * 1024  # bytes
_STEPS_M: Final = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # between the lines of a grid on the ground
_LINES: Final = 12  # of a grid, along its longer side
_DOTS: Final = 13  # that one of them is drawn through

Read = tuple[drawn.Document, Drawing, list[drawn.Problem]]


def scene(
    title: str, aspect: float, places: Sequence[Place], points: GroundPoints, *, plate: bool, version: str = ""
) -> dict[str, Any]:
    """What a page begins with."""
    return {
        "title": title,
        "aspect": aspect,
        "plate": plate,
        "places": [{**place, "was": place["name"]} for place in site.drawing(places)],
        "ground": points.rows,
        "other_ground": points.other,
        "version": version,
    }


async def read(request: Request, lens: Mapping[str, object]) -> Read:
    """What a page sent, as a drawing with what is wrong with it; raises HTTPException where it is none."""
    if request.headers.get("content-type") != "application/json":
        raise HTTPException(415, "A drawing comes as application/json.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_BODY:
            raise HTTPException(413, "A drawing is not that long.")
    try:
        document = drawn.document(bytes(body))
    except ValueError as error:
        raise HTTPException(400, "This is not a drawing.") from error
    return document, *drawn.read(document, lens)


def missing() -> HTTPException:
    """There is no such camera any more."""
    return HTTPException(404, "There is no such camera.")


def told(problem: drawn.Problem) -> dict[str, Any]:
    """A problem as a page reads it."""
    return asdict(problem)


def judged(
    drawing: Drawing, problems: Sequence[drawn.Problem], aspect: float, lens: Mapping[str, object]
) -> dict[str, Any]:
    """What a page shows of a drawing while it is drawn: problems, warnings, and the ground with its grid."""
    is_ground = drawing.ground and not any(problem.field == "ground" for problem in problems)
    return {
        "problems": [told(problem) for problem in problems],
        "overlaps": [asdict(pair) for pair in overlaps(drawing.places)],
        "ground": _ground(drawing.ground, aspect, lens) if is_ground and drawing.ground else None,
    }


def _ground(rows: Sequence[Row], aspect: float, lens: Mapping[str, object]) -> dict[str, Any]:
    fitted = ground({**lens, "points": [list(row) for row in rows]})
    table = np.array(rows)
    off = np.hypot(*(fitted.metres(table[:, :2]) - table[:, 2:]).T)
    upright = Upright.of(fitted, aspect)
    return {
        "rms_m": round(fitted.rms_m, 3),
        "off_m": [round(float(value), 3) for value in off],  # of each point
        "height_m": None if upright is None else round(upright.height_m, 1),
        "doubts": [text[:1].upper() + text[1:] for text in doubts(fitted, aspect)],
        **_grid(fitted, table[:, 2:]),
    }


def _grid(fitted: Ground, metres: Any) -> dict[str, Any]:
    """Lines on the ground, each as points of the picture, over what the ground points span."""
    low, high = metres.min(axis=0), metres.max(axis=0)
    step = next((s for s in _STEPS_M if max(high - low) / s <= _LINES), _STEPS_M[-1])
    low, high = np.floor(low / step) * step, np.ceil(high / step) * step
    lines = []
    for axis in (0, 1):
        for value in np.arange(low[axis], high[axis] + step / 2, step):
            dots = np.empty((_DOTS, 2))
            dots[:, axis], dots[:, 1 - axis] = value, np.linspace(low[1 - axis], high[1 - axis], _DOTS)
            shown = fitted.picture(dots)
            seen = np.isfinite(shown).all(axis=1) & (shown > -0.5).all(axis=1) & (shown < 1.5).all(axis=1)
            if seen.sum() > 1:
                lines.append(np.round(shown[seen], 4).tolist())
    return {"step_m": step, "grid": lines}
