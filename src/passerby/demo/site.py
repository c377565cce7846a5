"""A folder with all that a service of the drawn street needs: configuration, rows of a month, empty places."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from passerby import config, plugins
from passerby.geometry import Line
from passerby.pipeline import Film, Series, empty
from passerby.plate.pictures import photo
from passerby.run.plate_files import PlateFiles, Said, named
from passerby.scene import Layout, Pinhole
from passerby.scene.layout import clip_line
from passerby.stages import Detector, Source
from passerby.web.house import Paths

STREET: Final = "street"
_EMPTY: Final[Mapping[str, Any]] = {"duration": 4.0, "fps": 4.0, "noise": 0.0, "light": 0.0}
_NOBODY: Final = dict.fromkeys(("people", "cyclists", "cars", "buses", "trucks", "motorcycles"), 0.0)
_PLATE: Final = 480  # px: how wide the pictures of empty places are
_CONFIG: Final = """\
# The drawn street and a drawn square, as two cameras; nobody in them is real.
site = {{ name = "Drawn street", timezone = "{zone}", operator = "Nobody", contact = "nobody@example.org" }}
store = {store}   # begins with thirty simulated days
state = {state}
detector = {{ use = "motion" }}   # no model is needed

[web]
listen = "{listen}"

[camera.street]
source = {{ use = "synthetic", seed = {seed}, duration = 600, fps = 5, width = 768, height = 480, people = 40 }}
loop = true
live = "ghost"
ground = {{ height_m = 6.8, tilt_deg = 14, focal_px = 600, size = [768, 480] }}

[camera.street.place]
gate = {{ line = {gate} }}
plaza = {{ zone = [[0.490, 0.574], [0.337, 0.537], [0.542, 0.441], [0.665, 0.460]] }}

[camera.street.measure]
passes = {{ use = "line", at = "gate" }}
inside = {{ use = "zone", at = "plaza" }}

[camera.street.alert]
busy = {{ when = "plaza.inside > 10", for = "3s", severity = "info" }}

[camera.square]
source = {{ use = "synthetic", seed = {seed}, crowd = 3.5, duration = 120, fps = 3, width = 512, height = 384 }}
loop = true
live = "numbers"                # in a dense crowd nobody is told apart, so there are no marks
fps = 3
ground = {{ height_m = 10, tilt_deg = 22, focal_px = 441.6, size = [512, 384] }}

[camera.square.place]
stage = {{ zone = [[0.146, 0.671], [0.854, 0.671], [0.740, 0.466], [0.260, 0.466]] }}

[camera.square.measure]
crowd = {{ use = "density", at = "stage" }}

[camera.square.alert]
filling = {{ safety = "crowding", when = "stage.density > 2.3", for = "5s", clear = 2 }}

[area.pavement]
zones = ["street.plaza"]
capacity = 20
"""


@dataclass(frozen=True, slots=True)
class Site:
    """Where it is to be, and of which street."""

    folder: Path
    seed: int
    zone: str
    listen: str = "127.0.0.1:0"  # a port that is free

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "street.toml"

    def lay_out(self, rows: Path, today: date) -> Path:
        """Write all of it, with a copy of a store; the configuration file. Raises OSError."""
        store, state = self.folder.resolve() / "rows.db", self.folder.resolve() / "state"
        self.config.write_text(
            _CONFIG.format(
                zone=self.zone,
                listen=self.listen,
                seed=self.seed,
                gate=list(map(list, gate().points)),
                store=json.dumps(str(store)),
                state=json.dumps(str(state)),
            )
        )
        shutil.copyfile(rows, store)
        cameras = config.load(self.config).cameras.values()
        files = PlateFiles(Paths(state).plates)
        for camera in cameras:
            assert camera.source is not None
            options = camera.source.options
            film = Film(camera.name, plugins.build("source", _emptied(options), Source, camera=camera.name))
            plate, size = empty(Series([film]), plugins.build("detector", {"use": "motion"}, Detector), _PLATE)
            assert plate is not None
            said = Said(strict=False, day=today, source=named(options), aspect=size.width / size.height)
            files.write(camera.name, photo(plate.bgr, plate.seen), said)
        return self.config


def gate() -> Line:
    """A line over the whole street, from house to house; `in` is away from the camera."""
    layout = Layout()
    camera = Pinhole(aspect=768 / 480)
    ends = clip_line(camera.picture([(11.5, layout.near_wall + 0.1, 0.0), (11.5, layout.facade - 0.1, 0.0)]))
    assert ends is not None
    return Line("gate", ends[0], ends[1])


def _emptied(options: Mapping[str, object]) -> dict[str, object]:
    """The same place with nobody in it: the first moment of the square, the street without traffic."""
    if "crowd" in options:
        return {**options, **_EMPTY, "duration": 1.5}
    return {**options, **_EMPTY, **_NOBODY}
