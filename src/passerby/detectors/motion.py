"""The detector that needs no model: it looks at nothing, and leaves finding to the camera's motion stage."""

from __future__ import annotations

from collections.abc import Sequence

from passerby.detections import Detections
from passerby.frame import Size
from passerby.stages import Crop


class Motion:
    """Counts with moving blobs alone; what it comes to is marked rough.

    Not to be confused with `passerby.motion.Motion`, the stage of one camera that finds the blobs: this one has
    no input, so nothing is cropped for it, and it finds nothing in what it is given.
    """

    @property
    def input(self) -> Size | None:
        """None: it needs no pixels."""
        return None

    @property
    def name(self) -> str:
        """What a result says it was counted with."""
        return "motion"

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        """Nothing, once a crop."""
        return [Detections.empty() for _ in crops]
