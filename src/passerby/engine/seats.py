"""Places of workers: which cameras each has, and who works with whom, whatever becomes of the processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from passerby.engine.child import Child, Kind
from passerby.engine.pace import Backoff
from passerby.engine.plan import Plan


@dataclass(slots=True, eq=False)
class Seat:
    """A worker's place: whatever happens to the process, its cameras and its partners stay."""

    kind: Kind
    name: str
    backoff: Backoff
    numbers: list[int] = field(default_factory=list)  # of its cameras
    partners: list[Seat] = field(default_factory=list)
    child: Child | None = None
    began_s: float = 0.0
    again_s: float | None = None  # when to start it again

    @property
    def is_empty(self) -> bool:
        """Whether there is no worker, and none is going to be started."""
        return self.child is None and self.again_s is None


class Seats(list[Seat]):
    """All of an engine's: engine workers share the cameras evenly, and each has decode workers of its own."""

    def __init__(self, plan: Plan, backoff: Callable[[], Backoff]) -> None:
        super().__init__()
        self._backoff = backoff
        self._cameras_per_decoder = plan.cameras_per_decoder
        for index in range(max(1, min(plan.engines, len(plan.cameras)))):
            self.append(Seat("engine", f"engine {index}", backoff()))
        for number in range(len(plan.cameras)):
            self.place(number)

    def place(self, number: int) -> tuple[Seat, Seat]:
        """Give a camera to the engine worker and the decode worker that have the fewest."""
        engine = min((seat for seat in self if seat.kind == "engine"), key=lambda seat: len(seat.numbers))
        decoder = min(engine.partners, key=lambda seat: len(seat.numbers), default=None)
        if decoder is None or len(decoder.numbers) >= self._cameras_per_decoder:
            name = f"decode {sum(seat.kind == 'decode' for seat in self)}"
            decoder = Seat("decode", name, self._backoff(), partners=[engine])
            engine.partners.append(decoder)
            self.append(decoder)
        for seat in (engine, decoder):
            seat.numbers.append(number)
        return engine, decoder

    def leave(self, number: int) -> None:
        """Take a camera from the workers that have it."""
        for seat in self.having(number):
            seat.numbers.remove(number)

    def having(self, number: int) -> list[Seat]:
        """The engine worker of a camera, then its decode worker; none once it has left."""
        return [seat for seat in self if number in seat.numbers]
