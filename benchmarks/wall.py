"""Many films as so many cameras of one engine: what a wall of cameras costs, or how well it is watched live."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Care:
    """How well one camera was watched."""

    analysed: int = 0  # frames
    dropped: int = 0  # frames that were due
    past_s: float = 0.0  # of the film

    def since(self, before: Care) -> Care:
        """Without what was before."""
        return Care(self.analysed - before.analysed, self.dropped - before.dropped, self.past_s - before.past_s)

    @property
    def rate(self) -> float:
        """Frames analysed a second."""
        return self.analysed / self.past_s if self.past_s else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--fps", type=float, default=5.0, help="analysed frames a second of each camera")
    parser.add_argument("--at-once", type=int, default=1, help="films that are cameras at the same time")
    parser.add_argument("--live", action="store_true", help="at their own pace; what is late is dropped")
    parser.add_argument("--known", type=float, default=0.0, help="seconds of each film that are not judged")
    wish = parser.parse_args()
    begun: dict[tuple[int, str], Care] = {}
    watched: dict[tuple[int, str], Care] = {}
    passes = 0
    for first in range(0, len(wish.films), wish.at_once):
        films = wish.films[first : first + wish.at_once]
        with Engine(plan(films, wish.model, wish.fps, live=wish.live)) as engine:
            for message in engine.messages():
                match message:
                    case Watched(camera=camera, time_s=time_s):
                        care = Care(message.analysed, message.dropped, time_s)
                        (begun if time_s < wish.known else watched)[first, camera] = care
                    case Observed(observations=observations):
                        passes += len(observations)
    cares = [care.since(begun.get(camera, Care())) for camera, care in watched.items()]
    rates = [care.rate for care in cares]
    said = {
        "analysed": sum(care.analysed for care in cares),
        "dropped": sum(care.dropped for care in cares),
        "observations": passes,
        "rate": sum(rates) / len(rates),
        "least_rate": min(rates),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
