"""Collects the picture of one camera's empty place for somebody who has asked for it, and sends it once."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

import numpy as np

from passerby.engine.messages import Collected, Collecting, Message
from passerby.engine.plan import PlateWish
from passerby.frame import Frame, Size
from passerby.ground import Ground
from passerby.plate import PlateGate
from passerby.plate.gate import LEAST_S
from passerby.stages import Crop, Look, Step


class Emptying:
    """One wish for one camera, from its beginning to the message that ends it: pixels leave by that one only."""

    def __init__(
        self,
        camera: str,
        wish: PlateWish,
        *,
        looks_with: Size | None,
        ground: Ground | None,
        tell: Callable[[Message], None],
    ) -> None:
        self.wish = wish
        self._camera, self._tell, self._by_motion = camera, tell, looks_with is None
        least_s = LEAST_S if wish.least_s is None else wish.least_s
        self._gate = PlateGate(looks_with=looks_with, ground=ground, strict=wish.strict, least_s=least_s)
        self._asked: list[Crop] = []
        self._told: Collecting | None = None
        self._is_sent = False

    def ask(self, frame: Frame) -> list[Crop]:
        """What must be looked at for its sake."""
        self._asked = self._gate.ask(frame)
        return self._asked

    def parted(self, looks: Sequence[Look]) -> tuple[list[Look], list[Look]]:
        """The looks that were asked for here, and the others."""
        mine = {id(crop) for crop in self._asked}
        return [x for x in looks if id(x.crop) in mine], [x for x in looks if id(x.crop) not in mine]

    def see(self, frame: Frame, looks: Sequence[Look], step: Step) -> None:
        """Take in a frame, the looks that were asked for here, and all that is known of the frame besides."""
        if self._is_sent:
            return
        found = np.concatenate([step.found.xyxy, *(look.found.xyxy for look in looks)])
        regions = np.array([look.crop.region for look in looks], np.float64).reshape(-1, 4)
        looked = None if self._by_motion else regions
        self._gate.add(frame, found, looked, followed=step.tracks.xyxy[step.tracks.confirmed])
        if self._gate.is_over:
            self._send(frame.size)

    def report(self) -> None:
        """Say how far it is, if that has changed."""
        now = Collecting(self._camera, self.wish.id, round(self._gate.coverage, 2), self._gate.note)
        if not self._is_sent and now != self._told:
            self._told = now
            self._tell(now)

    def close(self) -> None:
        """Nobody wishes for it any more: forget what was collected."""
        self._gate.close()

    def _send(self, size: Size) -> None:
        made, self._is_sent = self._gate.candidate(), True
        png = "" if made is None else base64.b64encode(made.picture.png).decode()
        self._tell(
            Collected(
                self._camera, self.wish.id, self._gate.strict, self._gate.coverage, *size,
                png=png, reason=self._gate.reason, by_motion=self._by_motion,
            )
        )  # fmt: skip
