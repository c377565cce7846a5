"""The site that is watched: its configuration, and a clock that stands until it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from passerby.ghost import Live

NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
MODES: Final[tuple[Live, ...]] = ("off", "bands", "numbers", "ghost")
CAMERA, PLACE, AREA = "north", "gate", "market"
CONFIG: Final = """
site = {{ name = "Market", timezone = "Europe/Lisbon" }}
store = "market.db"
[detector]
use = "motion"
[privacy]
grain = "5min"
k = 10
[sink.control]
use = "webhook"
url = "{url}"
[camera.north]
source = {{ use = "stream", url = "rtsp://127.0.0.1:9/1" }}
live = "{live}"
ground = [[0.05, 0.98, 0, 0], [0.95, 0.98, 10, 0], [0.75, 0.35, 10, 12], [0.25, 0.35, 0, 12]]
[camera.north.place]
gate = {{ line = [[0.02, 0.65], [0.98, 0.65]] }}
square = {{ zone = [[0.1, 0.5], [0.9, 0.5], [0.95, 0.95], [0.05, 0.95]] }}
[camera.north.measure]
passes = {{ use = "line", at = "gate" }}
speeds = {{ use = "speed", at = "gate" }}
gaps = {{ use = "headway", at = "gate" }}
inside = {{ use = "zone", at = "square" }}
crowd = {{ use = "density", at = "square" }}
waits = {{ use = "queue", at = "square" }}
[camera.north.alert]
crush = {{ safety = "crowding", when = "square.density > 2", for = "3s" }}
dark = {{ when = "camera.blind", for = "5s" }}
[area.market]
lines = ["north.gate"]
"""


class Hand:
    """A clock that stands until it is told."""

    now_s = 0.0

    def monotonic(self) -> float:
        """The machine's clock."""
        return self.now_s

    def utc(self) -> datetime:
        """The time of day."""
        return NOON + timedelta(seconds=self.now_s)


def written(folder: Path, live: Live, url: str) -> Path:
    """Write the configuration into a folder."""
    path = folder / "street.toml"
    path.write_text(CONFIG.format(live=live, url=url))
    return path
