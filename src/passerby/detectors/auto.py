"""Chooses a detector: the best model on this machine, else moving blobs; and says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from passerby.detections import Detections
from passerby.detectors.motion import Motion
from passerby.detectors.onnx import Onnx
from passerby.errors import ModelError
from passerby.frame import Size
from passerby.models import shelf
from passerby.models.manifest import MODELS, Model
from passerby.stages import Crop, Detector

_FIRST: Final = "yolox_nano"  # the one to begin with: small, and light on a processor


@dataclass(frozen=True, slots=True)
class Choice:
    """The detector that was chosen, with one sentence each on why, and how to get a better one (may be empty)."""

    detector: Detector
    why: str
    better: str

    @property
    def input(self) -> Size | None:
        """As the chosen one's."""
        return self.detector.input

    @property
    def name(self) -> str:
        """As the chosen one's."""
        return self.detector.name

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        """Let the chosen one look."""
        return self.detector.detect(crops)


def auto(model: str | Path | None = None, *, score: float | None = None, threads: int = 1) -> Choice:
    """The best detector that this machine has; nothing is fetched.

    `model`: a model's name, or the path of an ONNX file; default: the best in the folder of models, else motion.
    `score`: floor of a model's score, 0-1; default by contract.
    `threads`: threads of one run of a model.
    """
    return choose(model, score=score, threads=threads)


def choose(
    model: str | Path | None = None,
    *,
    score: float | None = None,
    threads: int = 1,
    where: Path | None = None,
    models: tuple[Model, ...] = MODELS,
) -> Choice:
    """The best detector that this machine has, and why; nothing connects.

    Listed models come first, the most accurate before the others, then one's own in the folder, the largest
    first; what does not load is passed over and named. Raises `ModelError` only for a model that was asked for.
    """
    if model is not None:
        chosen = Onnx(model, score=score, threads=threads)
        return Choice(chosen, f"{chosen.name} was asked for.", "")
    folder = where or shelf.folder()
    there = shelf.installed(folder, models)
    passed_over = [m.file for m in models if (folder / m.file).is_file() and shelf.located(m, folder) is None]
    for item in there:
        try:
            found = Onnx(item.path, score=score, threads=threads)
        except ModelError:
            passed_over.append(item.path.name)
            continue
        why = f"{item.name} is the best model in {folder}{_except(passed_over)}."
        return Choice(found, why, _better(item.model, models))
    first = next((m for m in models if m.name == _FIRST), models[0])
    return Choice(
        Motion(),
        f"There is no model in {folder}{_except(passed_over)}, so what moves is counted, roughly told apart.",
        f"`passerby models pull {first.name}` fetches a model ({first.bytes / 1e6:.1f} MB) that counts better.",
    )


def _except(files: list[str]) -> str:
    if not files:
        return ""
    return f" (passed over, as `passerby models verify` and `--model` will explain: {', '.join(files)})"


def _better(used: Model | None, models: tuple[Model, ...]) -> str:
    """How to get a model that finds more than a listed one; nothing is known of one's own."""
    if used is None:
        return ""
    best = max(models, key=lambda m: m.ap)
    if best.ap <= used.ap:
        return ""
    return f"`passerby models pull {best.name}` fetches one that finds more, at a higher cost."
