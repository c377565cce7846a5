"""Makes the messages of the live sockets: what may be shown of this moment, always in equally many bytes.

Whoever watches the traffic of a page, encrypted or not, learns from it neither how many road users there are nor
when they come: a message goes out at a fixed rate whether anything changed or not, and its size depends on the
configuration only. So it must not be compressed on its way.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, get_args

from passerby.areas import Area, Held
from passerby.classes import LABELS
from passerby.config import Camera, Config
from passerby.geometry import Place, Zone
from passerby.ghost import SHOWN, STEP, Condition, Glyph, Live, Moment, band, cells
from passerby.records import AlertState, Severity
from passerby.web.house import Alarm, CameraNow, House, PlateNow, State
from passerby.web.reasons import REASONS, reason_key

EVERY_S: Final = 0.5  # between two messages
MOST_GLYPHS: Final = 160  # of one camera in a message
_MOST: Final = 99_999.99  # the largest number that is told
_LIVE: Final[tuple[Live, ...]] = ("off", "bands", "numbers", "ghost")  # from least to most
_EXACT: Final = ("numbers", "ghost")  # show numbers
_NAME: Final = 64  # letters of an account's name
_ROUND: Final = 256  # bytes: sizes are multiples of it, so that near configurations do not differ either


class Messages:
    """Of one visitor: all cameras that it may see or, with `ghost`, that camera with its glyphs.

    A message is ASCII JSON, filled up with blanks::

        {"at": "2026-06-01T12:00:00+01:00",
         "cameras": {NAME: {"state", "reason_key", "condition", "live", "aspect",
                            "plate": [number of the approved picture, whether it is stale] or null,
                            "drawn": another after its lines and zones have changed,
                            "values": [[zone, quantity, band, number or null], ...],
                            "grid": [columns, rows] or null, "glyphs": [[class, column, row], ...] or null}},
         "areas": {NAME: {"band", "number", "fill", "off"}},
         "alarms": [{"key", "rule", "camera", "place", "state", "severity", "acknowledged", "escalated"}, ...]}

    An area is told to those who see all of its cameras, as far as the least shown of them allows; an alarm to
    those who see its camera or area.
    """

    def __init__(self, cameras: Collection[str] | None, *, ghost: str | None = None) -> None:
        self._seen = cameras  # None: all
        self._ghost = ghost
        self._config: Config | None = None
        self._size = 0

    def make(self, house: House) -> str:
        """What may be shown now. Its length is the same until the configuration is another."""
        config = house.config
        if config is not self._config:
            self._config, self._size = config, self._full(config)
        shown = {camera.name: camera for camera in house.cameras() if self._shows(camera.name)}
        message = {
            "at": house.now().astimezone(config.site.timezone).isoformat(timespec="seconds"),
            "cameras": {name: self._camera(house, now) for name, now in shown.items()},
            "areas": self._areas(config, house.areas()),
            "alarms": self._alarms(config, house.alarms()),
        }
        text = _json(message)
        return text.ljust(-(-len(text) // self._size) * self._size)

    def _shows(self, camera: str) -> bool:
        return camera == self._ghost if self._ghost is not None else self._sees(camera)

    def _sees(self, camera: str) -> bool:
        return self._seen is None or camera in self._seen

    def _camera(self, house: House, now: CameraNow) -> dict[str, Any]:
        moment, is_own = moment_of(house, now), now.name == self._ghost
        has_marks = is_own and moment.live == "ghost" and moment.condition == "ok"
        aspect = now.aspect if has_marks else None
        return {
            "state": now.state,
            "reason_key": reason_key(now.state, now.reason, moment.condition),
            "condition": moment.condition,
            "live": moment.live,
            "plate": told_plate(plate_of(house, now.name)) if is_own else None,
            "aspect": None if now.aspect is None else round(now.aspect, 4),
            "drawn": drawn(now.places),
            "values": _values(now, moment),
            "grid": None if aspect is None else list(cells(aspect)),
            "glyphs": None if aspect is None else snapped(moment.glyphs, aspect),
        }

    def _areas(self, config: Config, held: Mapping[str, Held]) -> dict[str, Any]:
        return {
            name: told_area(held[name], area_live(area, config))
            for name, area in config.areas.items()
            if name in held and self._sees_area(area)
        }

    def _sees_area(self, area: Area) -> bool:
        return self._ghost is None and all(map(self._sees, area.cameras))

    def _alarms(self, config: Config, alarms: Iterable[Alarm]) -> list[dict[str, Any]]:
        return [
            {
                "key": alarm.key,
                "rule": alarm.rule,
                "camera": alarm.camera,
                "place": alarm.place,
                "state": alarm.state,
                "severity": alarm.severity,
                "acknowledged": alarm.acknowledged[:_NAME],
                "escalated": alarm.escalated,
            }
            for alarm in alarms
            if (self._shows(alarm.camera) if alarm.camera else self._hears_of(config, alarm.place))
        ]

    def _hears_of(self, config: Config, area: str) -> bool:
        return area in config.areas and self._sees_area(config.areas[area])

    def _full(self, config: Config) -> int:
        """The size of the largest message that this configuration can come to."""
        cameras = {name: self._fullest(camera) for name, camera in config.cameras.items() if self._shows(name)}
        areas = {
            name: {"band": "99995-99999", "number": -_MOST, "fill": 999, "off": -99999} for name in config.areas
        }
        rules = [rule for camera in config.cameras.values() for rule in camera.alerts.values()]
        alarms = [
            {
                "key": rule.key,
                "rule": rule.name,
                "camera": rule.camera,
                "place": rule.place,
                "state": _longest(AlertState),
                "severity": _longest(Severity),
                "acknowledged": "x" * _NAME,
                "escalated": False,
            }
            for rule in (*rules, *config.alerts.values())
        ]
        at = "2026-06-01T12:00:00+01:00:00"
        size = len(_json({"at": at, "cameras": cameras, "areas": areas, "alarms": alarms}))
        return -(-size // _ROUND) * _ROUND

    def _fullest(self, camera: Camera) -> dict[str, Any]:
        zones = [place.name for place in camera.places if isinstance(place, Zone)]
        values = [[zone, quantity, "99999.5-99999.9", -_MOST] for zone in zones for quantity in SHOWN]
        glyph = [max(LABELS, key=len), 63, 63]
        has_glyphs = camera.name == self._ghost and camera.live == "ghost"
        return {
            "state": _longest(State),
            "reason_key": max(REASONS, key=len),
            "condition": _longest(Condition),
            "live": _longest(Live),
            "plate": [2**32 - 1, False],
            "aspect": 9999.9999,
            "drawn": drawn(camera.places),
            "values": values,
            "grid": [64, 64],
            "glyphs": [glyph] * MOST_GLYPHS if has_glyphs else None,
        }


def snapped(glyphs: Sequence[Glyph] | None, aspect: float) -> list[tuple[str, int, int]] | None:
    """Glyphs as class, column and row, each once; where there are too many, those in some cells are left out.

    Which cells go first is the same at every moment and for every class, and spread evenly over the picture (the
    R2 sequence, Roberts 2018), so that it depends on nobody in it.
    """
    if glyphs is None:
        return None
    columns, rows = cells(aspect)
    found = {(g.class_label, min(int(g.x * columns), columns - 1), min(int(g.y * rows), rows - 1)) for g in glyphs}
    kept = sorted(found, key=lambda g: ((g[1] * 0.7548776662 + g[2] * 0.5698402910) % 1, g))[:MOST_GLYPHS]
    return sorted(kept, key=lambda g: (g[2], g[1], g[0]))


def drawn(places: Sequence[Place]) -> str:
    """Eight letters that change with the lines and zones of a camera."""
    return hashlib.sha256(_json([(place.name, place.revision) for place in places]).encode()).hexdigest()[:8]


def area_live(area: Area, config: Config) -> Live:
    """To which degree an area may be shown: that of the camera of which least may be shown."""
    return min((config.cameras[name].live for name in area.cameras), key=_LIVE.index)


def told_area(held: Held, live: Live) -> dict[str, Any]:
    """What is told of an area: `fill` is how full it is in percent; nothing but nulls where nobody can tell."""
    is_exact = live in _EXACT
    step = 1 if is_exact else STEP
    off = None if held.off is None or live == "off" else min(99_999, -int(-held.off // step) * step)
    if held.inside is None or live == "off":
        return {"band": None, "number": None, "fill": None, "off": off}
    low = min(_MOST, held.inside // step * step)
    fill = min(999, round(100 * low / held.capacity)) if held.capacity else None
    number = _bounded(held.inside) if is_exact else None
    return {"band": band(min(held.inside, _MOST), STEP), "number": number, "fill": fill, "off": off}


def moment_of(house: House, camera: CameraNow) -> Moment:
    """What may be shown of a camera now; silent where it was removed meanwhile."""
    with suppress(KeyError):
        return house.moment(camera.name)
    return Moment(camera.name, camera.live, "silent")


def _values(camera: CameraNow, moment: Moment) -> list[tuple[str, str, str, float | None]]:
    """Of zones only; none where the camera may not show any, or cannot be believed.

    Where the people of a crowd are told, those who could be told apart in it are not: they would be taken for all.
    """
    if moment.live == "off" or moment.condition != "ok":
        return []
    zones = {place.name for place in camera.places if isinstance(place, Zone)}
    crowds = {value.place for value in moment.values if value.quantity == "people"}
    is_exact = moment.live in _EXACT
    return [
        (value.place, value.quantity, value.band, _bounded(value.number) if is_exact else None)
        for value in moment.values
        if value.place in zones
        and value.quantity in SHOWN
        and not (value.quantity == "inside" and value.place in crowds)
    ]


def plate_of(house: House, camera: str) -> PlateNow:
    """What there is of a camera's picture; none where it is not watched."""
    with suppress(KeyError):
        return house.plate(camera)
    return PlateNow("none")


def told_plate(plate: PlateNow) -> tuple[int, bool] | None:
    """A number that changes with the approved picture, and whether it is stale; None without a picture."""
    return None if plate.approved is None else (zlib.crc32(plate.approved.png), plate.is_stale)


def _bounded(value: float | None) -> float | None:
    return None if value is None else max(-_MOST, min(_MOST, round(value, 2)))


def _longest(words: Any) -> str:
    return max((str(word) for word in get_args(words)), key=len)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
