"""The service's health for Prometheus, and counters that grow by whole released rows.

What follows the traffic more closely than a row does is left out: frames analysed and processor time rise when
somebody comes into an empty picture, and an alert's exact time would be kept by whoever scrapes often.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from passerby.classes import LABELS, MODES
from passerby.version import VERSION
from passerby.web.doors.policy import Visitor
from passerby.web.house import House, State

MEDIA_TYPE: Final = "text/plain; version=1.0.0; charset=utf-8"
SHARED: Final = "several"  # the label of passes that a row does not tell apart
_COARSE: Final = 10  # records: a queue is told in steps, so that one alert does not show in it
_STATES: Final[tuple[State, ...]] = get_args(State)


def metrics(house: House, visitor: Visitor) -> bytes:
    """All of it that a visitor may see, as text."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Health(house, visitor))
    return generate_latest(registry)


@dataclass(frozen=True)
class _Health(Collector):
    house: House
    visitor: Visitor

    def collect(self) -> Iterable[Metric]:
        """As the Prometheus client asks for it."""
        yield from self._cameras()
        yield from self._passes()
        if self.visitor.cameras is None:
            yield from self._house()

    def _cameras(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("passerby_camera_up", "Whether frames come and are looked at.", labels=["camera"])
        state = GaugeMetricFamily("passerby_camera_state", "1 for the state it is in.", labels=["camera", "state"])
        for camera in self.house.cameras():
            if self.visitor.sees(camera.name):
                up.add_metric([camera.name], camera.state in ("online", "degraded"))
                for one in _STATES:
                    state.add_metric([camera.name, one], camera.state == one)
        yield up
        yield state
        totals = self.house.totals()
        for name, said, numbers in (
            ("passerby_camera_frames", "Frames decoded.", totals.frames),
            ("passerby_camera_frames_dropped", "Frames dropped where the machine was too slow.", totals.dropped),
        ):
            frames = CounterMetricFamily(name, said, labels=["camera"])
            for camera_name, number in numbers.items():
                if self.visitor.sees(camera_name):
                    frames.add_metric([camera_name], number)
            yield frames

    def _passes(self) -> Iterator[Metric]:
        """Each table is a metric of its own: nobody adds up two of them by mistake."""
        told = {
            name: CounterMetricFamily(f"passerby_{name}", said, labels=["camera", "place", *labels])
            for name, (said, labels) in _TABLES.items()
        }
        sums: dict[tuple[str, tuple[str, ...]], int] = {}
        for (camera, place, part), number in self.house.totals().released.items():
            if self.visitor.sees(camera):
                name, labels = table(part)
                key = name, (camera, place, *labels)
                sums[key] = sums.get(key, 0) + number
        for (name, values), number in sums.items():
            told[name].add_metric(values, number)
        yield from told.values()

    def _house(self) -> Iterator[Metric]:
        build = GaugeMetricFamily("passerby_build_info", "What counts.", labels=["version", "detector"])
        build.add_metric([VERSION, self.house.detector], 1)
        yield build
        yield GaugeMetricFamily(
            "passerby_ready", "Whether the service does its work.", value=self.house.ready().ok
        )
        totals = self.house.totals()
        waiting = GaugeMetricFamily("passerby_sink_queue_items", "Records waiting, in tens.", labels=["sink"])
        dropped = CounterMetricFamily("passerby_sink_dropped", "Records dropped, in tens.", labels=["sink"])
        for name, (queued, lost) in totals.outlets.items():
            waiting.add_metric([name], queued // _COARSE * _COARSE)
            dropped.add_metric([name], lost // _COARSE * _COARSE)
        yield waiting
        yield dropped
        restarts = CounterMetricFamily("passerby_worker_restarts", "Workers started again.", labels=["worker"])
        for name, number in totals.restarts.items():
            restarts.add_metric([name], number)
        yield restarts


_TABLES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "passes": ("Passes in released rows.", ()),
    "mode_passes": ("Passes in released rows by mode and way.", ("mode", "way")),
    "class_passes": ("Passes in released rows by class and way.", ("class", "way")),
    "movement_passes": ("Passes in released rows by class and movement.", ("class", "movement")),
}


def table(part: str) -> tuple[str, tuple[str, ...]]:
    """Which metric a released part belongs to, and under which labels: ``"foot in"`` -> mode_passes, (foot, in).

    Several series that share a row, separated by ``;``, are counted as `SHARED`, and never as one of them.
    """
    first, *others = part.split(";")
    who, _, where = first.partition(" ")
    if not where:
        return "passes", ()
    if where not in ("in", "out"):
        name = "movement_passes"
    elif who in MODES:
        name = "mode_passes"
    elif who in LABELS:
        name = "class_passes"
    else:
        raise ValueError(f"'{part}' is no part of a table")
    return name, (SHARED, SHARED) if others else (who, where)
