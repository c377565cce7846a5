"""Many films as so many cameras of one engine: what a wall of cameras costs, or how well it is watched live."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from passerby.count import MIDDLE
from passerby.engine import CameraPlan, Engine, Observed, Plan, Watched


def plan(films: Sequence[Path], model: Path, fps: float, *, live: bool) -> Plan:
    """Every film a camera that counts over a line across its middle; one engine worker for all."""
    measures = ({"use": "line", "at": MIDDLE},)
    cameras = tuple(
        CameraPlan(f"{n} {film.stem}", {"use": "stream", "url": str(film)}, measures=measures, fps=fps)
        for n, film in enumerate(films)
    )
    return Plan(cameras, {"use": "onnx", "model": str(model)}, live=live)


class Care:
    """How well one camera was watched, once it is known."""

    def __init__(self, known_s: float) -> None:
        self._known_s = known_s
        self._first: Watched | None = None
        self._last: Watched | None = None

    def hear(self, watched: Watched) -> None:
        """Take in what the engine says about once a second."""
        if watched.time_s >= self._known_s:
            self._first = self._first or watched
            self._last = watched

    @property
    def analysed(self) -> int:
        """Frames that were analysed."""
        return self._last.analysed - self._first.analysed if self._first and self._last else 0

    @property
    def dropped(self) -> int:
        """Frames that were due and dropped."""
        return self._last.dropped - self._first.dropped if self._first and self._last else 0

    @property
    def rate(self) -> float:
        """Frames analysed a second of the film."""
        past_s = self._last.time_s - self._first.time_s if self._first and self._last else 0.0
        return self.analysed / past_s if past_s else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--fps", type=float, default=5.0, help="analysed frames a second of each camera")
    parser.add_argument("--at-once", type=int, default=1, help="films that are cameras at the same time")
    parser.add_argument("--live", action="store_true", help="at their own pace; what is late is dropped")
    parser.add_argument("--known", type=float, default=0.0, help="seconds of each film that are not judged")
    wish = parser.parse_args()
    cares: dict[tuple[int, str], Care] = {}
    passes = 0
    for first in range(0, len(wish.films), wish.at_once):
        films = wish.films[first : first + wish.at_once]
        with Engine(plan(films, wish.model, wish.fps, live=wish.live)) as engine:
            for message in engine.messages():
                match message:
                    case Watched(camera=camera):
                        cares.setdefault((first, camera), Care(wish.known)).hear(message)
                    case Observed(observations=observations):
                        passes += len(observations)
    rates = [care.rate for care in cares.values()]
    said = {
        "analysed": sum(care.analysed for care in cares.values()),
        "dropped": sum(care.dropped for care in cares.values()),
        "observations": passes,
        "rate": sum(rates) / len(rates),
        "least_rate": min(rates),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
