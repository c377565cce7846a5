"""The service's health for Prometheus, and counters that grow by whole released rows.

What follows the traffic more closely than a row does is left out: frames analysed and processor time rise when
somebody comes into an empty picture, and an alert's exact time would be kept by whoever scrapes often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, get_args

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from passerby.classes import MODES
from passerby.release.cuts import WAYS
from passerby.version import VERSION
from passerby.web.doors.policy import Visitor
from passerby.web.house import House, State

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST
TOGETHER: Final = "together"  # the mode of passes that their row does not tell apart
_RECORDS: Final = 10  # a queue is told in steps, so that one alert does not show in it
_FRAMES: Final = 100  # and what was dropped, so that somebody who makes more work does not
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
        frames = CounterMetricFamily("passerby_camera_frames", "Frames decoded.", labels=["camera"])
        dropped = CounterMetricFamily(
            "passerby_camera_frames_dropped",
            "Frames that it was too slow for, in hundreds.",
            labels=["camera"],
        )
        for name in filter(self.visitor.sees, totals.frames):
            frames.add_metric([name], totals.frames[name])
            dropped.add_metric([name], totals.dropped.get(name, 0) // _FRAMES * _FRAMES)
        yield frames
        yield dropped

    def _passes(self) -> Iterator[Metric]:
        passes = CounterMetricFamily(
            "passerby_passes", "Passes in released rows.", labels=["camera", "place", "mode", "way"]
        )
        sums: Counter[tuple[str, ...]] = Counter()
        for (camera, place, part), number in self.house.totals().released.items():
            if self.visitor.sees(camera):
                sums[camera, place, *series(part)] += number
        for labels, number in sums.items():
            passes.add_metric(labels, number)
        yield passes

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
            waiting.add_metric([name], queued // _RECORDS * _RECORDS)
            dropped.add_metric([name], lost // _RECORDS * _RECORDS)
        yield waiting
        yield dropped
        restarts = CounterMetricFamily("passerby_worker_restarts", "Workers started again.", labels=["worker"])
        for name, number in totals.restarts.items():
            restarts.add_metric([name], number)
        yield restarts


def series(part: str) -> tuple[str, str]:
    """Mode and way of a released part, e.g. ``("foot", "in")``; `TOGETHER` where it is several, and never one."""
    mode, _, way = part.partition(" ")
    return (mode, way) if mode in MODES and way in WAYS else (TOGETHER, "")
