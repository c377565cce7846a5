"""What a run under the stopwatch came to, and what follows from it by arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from passerby.bench.looks import Looks
from passerby.bench.stopwatch import OTHER

STAGES: Final = ("decode", "motion", "look", "pack", "detect", "sight", "track", "measure", OTHER)
WALL_FPS: Final = 5.0  # analysed pictures a second of each camera in a wall of cameras


@dataclass(frozen=True, slots=True)
class Figures:
    """What one film cost. All `_s` of the processor are user and system time of the whole process."""

    film: str
    detector: str
    frames: int
    analysed_frames: int
    duration_s: float  # of the film's own time
    spent_s: Mapping[str, float]  # by stage; together all of the run
    looks: Looks
    input_pixels: int | None  # of one whole input of the detector; None: it needs no pixels
    startup_cpu_s: float  # until film and model were open
    wall_s: float  # of the run
    memory_peak_mb: float
    complete: bool
    notes: tuple[str, ...] = ()  # what the user should know, one sentence each

    @property
    def cpu_s(self) -> float:
        """Processor time of the run, start excluded."""
        return sum(self.spent_s.values())

    def stage_ms(self, stage: str) -> float:
        """Milliseconds a frame of the film, whether it was analysed or not."""
        return 1000 * self.spent_s.get(stage, 0.0) / self.frames

    def cameras_per_core(self, fps: float = WALL_FPS) -> float:
        """How many cameras like this film one core carries, computed from this run.

        Every frame of a camera must be decoded, whatever is analysed of it; an analysed frame is taken to cost
        what it cost here, which was at this run's rate.
        """
        analysed_s = (self.cpu_s - self._decode_s) / max(self.analysed_frames, 1)
        return 1 / (self._decode_s / self.duration_s + analysed_s * min(fps, self._fps))

    def cameras_per_core_decoded_only(self) -> float:
        """The limit: as many as it could carry if all else cost nothing."""
        return self.duration_s / self._decode_s

    @property
    def _decode_s(self) -> float:
        return self.spent_s.get("decode", 0.0)

    @property
    def _fps(self) -> float:
        return self.frames / self.duration_s

    def document(self) -> dict[str, Any]:
        """The JSON document of ``passerby bench --json``: flat keys, as docs/bench.md explains them."""
        whole = None if self.input_pixels is None else self.input_pixels * self.analysed_frames
        return {
            "film": self.film,
            "detector": self.detector,
            "complete": self.complete,
            "frames": self.frames,
            "analysed_frames": self.analysed_frames,
            "duration_s": round(self.duration_s, 3),
            "cpu_ms_frame": round(1000 * self.cpu_s / self.frames, 4),
            **{f"{stage}_ms_frame": round(self.stage_ms(stage), 4) for stage in STAGES},
            "frames_looked_share": round(self.looks.frames / self.frames, 4),
            "pixels_looked_share": round(self.looks.wholes / self.frames, 4),
            "model_inputs": self.looks.inputs,
            "model_inputs_frame": round(self.looks.inputs / self.frames, 4),
            "model_pixels_share": round(self.looks.input_pixels / whole, 4) if whole else None,
            "cameras_per_core_5fps": round(self.cameras_per_core(), 2),
            "cameras_per_core_decode_only": round(self.cameras_per_core_decoded_only(), 2),
            "startup_cpu_s": round(self.startup_cpu_s, 3),
            "cpu_s": round(self.cpu_s, 3),
            "wall_s": round(self.wall_s, 3),
            "memory_peak_mb": round(self.memory_peak_mb, 1),
            "notes": list(self.notes),
        }
