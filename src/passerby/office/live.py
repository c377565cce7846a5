"""What may be shown of a camera at this moment, and to which degree; memory only, and nothing where it is old."""

from __future__ import annotations

from datetime import datetime

from passerby.alerts import Readings
from passerby.alerts.readings import FRESH, View
from passerby.ghost import SHOWN, Condition, Glyph, Live, Moment, Value, band


class Board:
    """The latest glyphs and readings of all cameras."""

    def __init__(self) -> None:
        self.readings = Readings()
        self._live: dict[str, Live] = {}
        self._glyphs: dict[str, tuple[datetime, tuple[Glyph, ...]]] = {}
        self._overloaded: dict[str, bool] = {}

    def __contains__(self, camera: object) -> bool:
        """Whether a camera is open."""
        return camera in self._live

    def open(self, camera: str, live: Live) -> None:
        """Show a camera to this degree from now on."""
        self._live[camera] = live
        self._glyphs.pop(camera, None)

    def close(self, camera: str) -> None:
        """Forget a camera."""
        for known in (self._live, self._glyphs, self._overloaded):
            known.pop(camera, None)

    def show(self, camera: str, at: datetime, glyphs: tuple[Glyph, ...]) -> None:
        """Take glyphs; they are kept only for cameras that show them."""
        if self._live.get(camera) == "ghost":
            self._glyphs[camera] = at, glyphs

    def load(self, camera: str, *, is_overloaded: bool) -> None:
        """Whether too few frames of a camera are analysed for its values to be true."""
        self._overloaded[camera] = is_overloaded

    def health(self, now: datetime) -> dict[str, View]:
        """How each camera sees, without those that are silent or overloaded."""
        return {
            camera: view
            for camera, view in self.readings.health(now).items()
            if not self._overloaded.get(camera, False)
        }

    def condition(self, camera: str, now: datetime) -> Condition:
        """How far a camera can be believed now."""
        view: Condition = self.readings.health(now).get(camera, "silent")
        if view == "ok" and self._overloaded.get(camera, False):
            return "overloaded"
        return view

    def moment(self, camera: str, now: datetime) -> Moment:
        """What may be shown of a camera now; raises KeyError for one that is not open."""
        live, condition = self._live[camera], self.condition(camera, now)
        if condition != "ok" or live == "off":
            return Moment(camera, live, condition)
        values = tuple(
            Value(place, quantity, band(value, SHOWN[quantity]), None if live == "bands" else round(value, 2))
            for (name, place, quantity), value in sorted(self.readings.values(now).items())
            if name == camera and quantity in SHOWN
        )
        return Moment(camera, live, condition, values, self._seen(camera, now) if live == "ghost" else None)

    def _seen(self, camera: str, now: datetime) -> tuple[Glyph, ...] | None:
        at, glyphs = self._glyphs.get(camera, (None, ()))
        return None if at is None or now - at > FRESH else glyphs
