"""The way of the data for one camera and for a film: pure, without thread, clock or network."""

from passerby.pipeline.camera import Camera
from passerby.pipeline.empty import empty
from passerby.pipeline.film import Played, play
from passerby.pipeline.series import Film, Gap, Series

__all__ = ["Camera", "Film", "Gap", "Played", "Series", "empty", "play"]
