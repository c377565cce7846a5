"""What a frame costs, stage by stage: the way of ``passerby count`` under a stopwatch."""

from passerby.bench.bench import bench
from passerby.bench.figures import STAGES, Figures
from passerby.bench.street import drawn_film

__all__ = ["STAGES", "Figures", "bench", "drawn_film"]
