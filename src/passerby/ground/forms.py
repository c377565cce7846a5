"""The ways in which a configuration may say where the ground is, and what is wrong with those that do not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.errors import ConfigError
from passerby.ground.lens import Lens
from passerby.ground.plane import Ground

Floats = NDArray[np.float64]

_FORMS: Final[Mapping[str, frozenset[str]]] = {  # the key that tells a form, and those beside it
    "points": frozenset(),
    "wgs84": frozenset(),
    "rectangle": frozenset({"width_m", "length_m"}),
    "height_m": frozenset({"tilt_deg", "roll_deg", "fov_deg", "focal_px", "guess"}),
}
_SHARED: Final = frozenset({"size", "distortion"})
_HINT: Final = "docs/ground.md shows the ways to give a ground: points, a rectangle, coordinates, or the camera."
_WGS84: Final = (6378137.0, 6.69437999014e-3)  # m, first eccentricity squared


def ground(written: object) -> Ground:
    """The ground that a table or a list of a configuration describes; raises `ConfigError`.

    A list is that of `points`: [x, y in shares of the picture, x, y in metres], four or more. Otherwise one of

    - ``points``: the same;
    - ``wgs84``: [x, y, latitude, longitude] in degrees, four or more, on the plane that touches the ellipsoid in
      their middle: within 1 km it is off by less than 1 mm sideways, which coordinates never are;
    - ``rectangle``: four corners [x, y] from near left over near right and far right, with ``width_m`` (near side)
      and ``length_m``;
    - ``height_m`` of the camera, its ``tilt_deg`` down from the horizon, ``roll_deg`` clockwise, and ``fov_deg``
      (from the left of the picture to its right) or ``focal_px``.

    With ``size`` = [width, height] of the picture in pixels where pixels matter, and ``distortion`` = [k1] or
    [k1, k2] (`Lens`).
    """
    if isinstance(written, list):
        return Ground.fit(_rows(written, 4, "points"))
    if not isinstance(written, Mapping):
        raise ConfigError("a ground is a list of points or a table.", _HINT)
    form = _form(written)
    lens = _lens(written)
    if form == "points":
        return Ground.fit(_rows(written["points"], 4, "points"), lens)
    if form == "wgs84":
        return Ground.fit(_flattened(_rows(written["wgs84"], 4, "wgs84")), lens)
    if form == "rectangle":
        return _rectangle(written, lens)
    return _camera(written, lens)


def _form(table: Mapping[str, object]) -> str:
    known = {*_FORMS, *_SHARED, *(key for keys in _FORMS.values() for key in keys)}
    for key in table:
        if key not in known:
            near = get_close_matches(key, sorted(known), n=1)
            ending = f"; did you mean '{near[0]}'?" if near else "."
            raise ConfigError(f"'{key}' is not a key of a ground ({', '.join(sorted(known))}){ending}")
    forms = [form for form in _FORMS if form in table]
    if len(forms) != 1:
        said = " and ".join(forms) if forms else "none of " + ", ".join(_FORMS)
        raise ConfigError(f"a ground is given in one way, and here is {said}.", _HINT)
    strange = sorted(set(table) - _FORMS[forms[0]] - _SHARED - set(forms))
    if strange:
        raise ConfigError(f"'{strange[0]}' does not go with '{forms[0]}'.", _HINT)
    return forms[0]


def _rows(value: object, width: int, key: str) -> list[list[float]]:
    rows = value if isinstance(value, list) else []
    plain = all(isinstance(row, list) and all(_is_number(v) for v in row) for row in rows)
    if not rows or not plain or any(len(row) != width for row in rows):
        raise ConfigError(f"'{key}' is a list of points of {width} numbers each.", _HINT)
    return [[float(v) for v in row] for row in rows]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _number(
    table: Mapping[str, object], key: str, least: float, most: float, default: float | None = None
) -> float:
    value = table.get(key, default)
    if value is None:
        raise ConfigError(f"'{key}' is missing.", _HINT)
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
        raise ConfigError(f"'{key}' is a number from {least:g} to {most:g}, not {value}.")
    return float(value)


def _size(table: Mapping[str, object], wanted_for: str) -> tuple[float, float]:
    size = table.get("size")
    if not isinstance(size, list) or len(size) != 2 or not all(_is_number(v) and v > 0 for v in size):
        raise ConfigError(f"'{wanted_for}' needs 'size', the picture's [width, height] in pixels.")
    return float(size[0]), float(size[1])


def _lens(table: Mapping[str, object]) -> Lens | None:
    if "distortion" not in table:
        return None
    k = table["distortion"]
    if not isinstance(k, list) or len(k) not in (1, 2) or not all(_is_number(v) and abs(v) < 2 for v in k):
        raise ConfigError("'distortion' is [k1] or [k1, k2], numbers between -2 and 2.")
    width, height = _size(table, "distortion")
    return Lens(float(k[0]), float(k[1]) if len(k) == 2 else 0.0, width / height)


def _rectangle(table: Mapping[str, object], lens: Lens | None) -> Ground:
    corners = _rows(table["rectangle"], 2, "rectangle")
    if len(corners) != 4:
        raise ConfigError(f"'rectangle' has four corners, not {len(corners)}.")
    width, length = (_number(table, key, 0.1, 10_000) for key in ("width_m", "length_m"))
    metres = ((0.0, 0.0), (width, 0.0), (width, length), (0.0, length))
    return Ground.fit([[*corner, *spot] for corner, spot in zip(corners, metres, strict=True)], lens)


def _flattened(rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """Metres east and north of the middle: ellipsoid to earth-centred to local (ENU, IOGP guidance note 7-2)."""
    table = np.array(rows)
    latitude, longitude = table[:, 2], table[:, 3]
    if (np.abs(latitude) > 90).any() or (np.abs(longitude) > 180).any():
        raise ConfigError("'wgs84' has rows [x, y, latitude, longitude], in degrees: check their order.")
    phi, lam = np.radians(latitude), np.radians(longitude)
    origin = phi.mean(), lam.mean()
    around = _earth(phi, lam) - _earth(*np.array(origin).reshape(2, 1))
    (sin_p, cos_p), (sin_l, cos_l) = ((math.sin(a), math.cos(a)) for a in origin)
    east = around @ (-sin_l, cos_l, 0.0)
    north = around @ (-sin_p * cos_l, -sin_p * sin_l, cos_p)
    if max(np.ptp(east), np.ptp(north)) > 5000:
        raise ConfigError("the points of 'wgs84' lie more than 5 km apart: no picture shows that.")
    flat: list[list[float]] = np.column_stack([table[:, :2], east, north]).tolist()
    return flat


def _earth(phi: Floats, lam: Floats) -> Floats:
    radius, e2 = _WGS84
    curve = radius / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    return np.column_stack(
        [curve * np.cos(phi) * np.cos(lam), curve * np.cos(phi) * np.sin(lam), curve * (1 - e2) * np.sin(phi)]
    )


def _camera(table: Mapping[str, object], lens: Lens | None) -> Ground:
    height = _number(table, "height_m", 0.5, 500)
    tilt, roll = _number(table, "tilt_deg", 1, 90), _number(table, "roll_deg", -45, 45, 0.0)
    if ("fov_deg" in table) == ("focal_px" in table):
        raise ConfigError("a camera's ground needs either 'fov_deg' or 'focal_px'.", _HINT)
    width, tall = _size(table, "height_m")
    if "focal_px" in table:
        focal = _number(table, "focal_px", 10, 1e6) / tall
    else:
        focal = width / tall / 2 / math.tan(math.radians(_number(table, "fov_deg", 3, 170)) / 2)
    guess = table.get("guess", False)
    if not isinstance(guess, bool):
        raise ConfigError("'guess' is true or false.")
    return overhead(height, tilt, roll, focal, width / tall, lens=lens, guess=guess)


def overhead(
    height_m: float,
    tilt_deg: float,
    roll_deg: float,
    focal: float,
    aspect: float,
    *,
    lens: Lens | None = None,
    guess: bool = False,
) -> Ground:
    """The ground under a camera; metres are right of its foot and ahead of it. focal: heights of the picture."""
    tilt, roll = math.radians(tilt_deg), math.radians(roll_deg)
    sin, cos = math.sin(tilt), math.cos(tilt)
    level = np.array([[1, 0, 0], [0, -sin, height_m * cos], [0, cos, height_m * sin]])
    turned = np.array([[math.cos(roll), math.sin(roll), 0], [-math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    onto = np.array([[focal / aspect, 0, 0.5], [0, focal, 0.5], [0, 0, 1]]) @ turned @ level
    matrix: Floats = np.linalg.inv(onto)
    return Ground(matrix * np.sign(matrix[2] @ (0.5, 10.0, 1.0)), 0.0, lens, guess)
