"""A configuration, made ready to be watched: what engine, office and outlets are to be made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from passerby import config
from passerby.alerts import Rule
from passerby.areas import Area
from passerby.config import Camera, Config
from passerby.config.blanking import secrets_in
from passerby.engine import CameraPlan, Plan
from passerby.office import Desk, Kept
from passerby.stages import Measure, conflicts, movements

Tables = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Site:
    """All secrets filled in, all plugins known to take what they are given."""

    config: Config
    cameras: Mapping[str, CameraPlan]
    desks: Mapping[str, Desk]  # of the cameras that are watched
    disabled: Mapping[str, str]  # camera -> why
    detector: Mapping[str, object] = field(repr=False)
    sinks: Tables = field(repr=False)
    store: Mapping[str, object] | None = field(repr=False)
    secrets: frozenset[str] = field(repr=False)

    @property
    def rules(self) -> tuple[tuple[Rule, ...], tuple[Area, ...], ZoneInfo]:
        """Alert rules of all cameras that are watched and of areas, the areas, and the zone of their hours."""
        cameras = (self.config.cameras[name] for name in self.cameras)
        rules = (*(rule for c in cameras for rule in c.alerts.values()), *self.config.alerts.values())
        return rules, tuple(self.config.areas.values()), self.config.site.timezone

    def plan(self) -> Plan:
        """What an engine is to do."""
        engine = self.config.engine
        return Plan(
            tuple(self.cameras.values()),
            self.detector,
            engines=engine.workers,
            cameras_per_decoder=engine.cameras_per_decoder,
            share=engine.share,
        )


def load(path: Path) -> Site:
    """Read a configuration and check all it names; raises `ConfigError`, and opens no camera and no store."""
    return made(config.load(path))


def made(read: Config) -> Site:
    """As `load`, of what was read already."""
    cameras: dict[str, CameraPlan] = {}
    desks: dict[str, Desk] = {}
    disabled: dict[str, str] = {}
    for camera in read.cameras.values():
        if not camera.enabled:
            disabled[camera.name] = "it is switched off in the configuration."
        elif camera.source is None:
            disabled[camera.name] = "it has no source."
        else:
            cameras[camera.name] = _plan(camera)
            desks[camera.name] = _desk(camera)
    read.detector.check()
    for use in read.sinks.values():
        use.check(site=read.site.name)
    if read.store is not None:
        read.store.check()
    sinks = {name: use.table() for name, use in read.sinks.items()}
    store = None if read.store is None else read.store.table()
    detector = read.detector.table()
    tables = [detector, store, *sinks.values(), *(plan.source for plan in cameras.values())]
    return Site(read, cameras, desks, disabled, detector, sinks, store, frozenset(secrets_in(tables)))


def _plan(camera: Camera) -> CameraPlan:
    assert camera.source is not None
    camera.source.check(camera=camera.name)
    camera.tracker.check()
    return CameraPlan(
        camera.name,
        camera.source.table(),
        tracker=camera.tracker.table(),
        measures=tuple(use.table() for use in camera.measures.values()),
        ground=camera.ground,
        fps=camera.fps,
        loop=camera.loop,
        every_frame=camera.every_frame,
    )


def _desk(camera: Camera) -> Desk:
    measures = [use.build(Measure, ground=camera.ground) for use in camera.measures.values()]
    moves, kinds = movements(measures), conflicts(measures)
    kept = (
        Kept(place, camera.counted(place), moves.get(place.name, ()), kinds.get(place.name, ()))
        for place in camera.places
    )
    return Desk(camera.name, tuple(kept), camera.live)
