"""Many films as so many cameras of one engine: what a wall of cameras costs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from passerby.count import MIDDLE
from passerby.engine import CameraPlan, Engine, Observed, Plan, Watched


def plan(films: Sequence[Path], model: Path, fps: float) -> Plan:
    """Every film a camera that counts over a line across its middle; one engine worker for all."""
    measures = ({"use": "line", "at": MIDDLE},)
    cameras = tuple(
        CameraPlan(f"{n} {film.stem}", {"use": "stream", "url": str(film)}, measures=measures, fps=fps)
        for n, film in enumerate(films)
    )
    return Plan(cameras, {"use": "onnx", "model": str(model)}, live=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--fps", type=float, default=5.0, help="analysed frames a second of each camera")
    parser.add_argument("--at-once", type=int, default=1, help="films that are cameras at the same time")
    wish = parser.parse_args()
    analysed: dict[tuple[int, str], int] = {}
    passes = 0
    for first in range(0, len(wish.films), wish.at_once):
        with Engine(plan(wish.films[first : first + wish.at_once], wish.model, wish.fps)) as engine:
            for message in engine.messages():
                match message:
                    case Watched(camera=camera, analysed=count):
                        analysed[first, camera] = count
                    case Observed(observations=observations):
                        passes += len(observations)
    print(json.dumps({"analysed": sum(analysed.values()), "observations": passes}))


if __name__ == "__main__":
    main()
