"""What is known about each track besides where it is: what it was seen to be and do over its life."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from passerby.trackers.boxes import Boxes
from passerby.trackers.voting import elected, settled

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]

_HITS: Final = 3  # matches without which nothing is believed, however long they took
_RARE_HITS: Final = 2  # the same for what has been known for longer, since somebody looks now and then only
_STIR_S: Final = 0.2  # s between two looks at whether something stirs
_LOOKS: Final = 5  # looks without which nobody can say that it does
_ROUGH_REACH: Final = 2.0  # times as far as others a rough blob must have moved
_TINY_S: Final = 1e-6  # s by which times may differ from what they stand for


@dataclass(frozen=True, slots=True)
class Belief:
    """What it takes to be counted."""

    seen_s: float  # s for which it must have been seen
    reach: float  # own heights it must have moved
    score: float  # mean score that stands in for that
    stir: float  # own heights its sides move in a fifth of a second while it stands, which stands in too
    still_s: float  # s for which either of them does


@dataclass(eq=False)
class Lives:
    """One row a track, in order of birth."""

    ids: NDArray[np.uint64]
    born_s: Floats
    seen_s: Floats  # when it was last matched
    sure_s: Floats  # when it was last matched with a sure box
    missed_s: Floats  # since when it has been looked for in vain; nan = it is not missed
    hits: Floats  # how often it was matched
    trust: Floats  # sum of the scores
    votes: Floats  # (n, classes)
    rough: Floats  # how often it was matched with a rough blob
    speed: Floats  # sum over the matches of its speed, own sizes/s
    width: Floats  # sum over the matches of its width, own heights
    origin: Floats  # (n, 2) foot at birth, heights of the picture
    reach: Floats  # how far from there it has ever been, own sizes
    sides: Floats  # (n, 2) left and right when it was last looked at for stirring, heights of the picture
    sides_s: Floats  # when that was
    looks: Floats  # how often that was
    stirs: Floats  # how often it had moved a side

    def __post_init__(self) -> None:
        self._news()

    def _news(self) -> None:
        """Something new is seen: what follows from it must be found anew."""
        self._proved: tuple[Mask, Mask] | None = None
        self._classes: NDArray[np.uint8] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def born(cls, ids: NDArray[np.uint64], boxes: Boxes, time_s: float) -> Self:
        """Lives that begin with these boxes."""
        n = len(boxes)
        now, zero = np.full(n, time_s), np.zeros(n)
        return cls(
            ids=ids,
            born_s=now,
            seen_s=now.copy(),
            sure_s=now.copy(),
            missed_s=np.full(n, np.nan),
            hits=np.ones(n),
            trust=boxes.score.copy(),
            votes=boxes.votes.copy(),
            rough=boxes.rough.astype(np.float64),
            speed=zero,
            width=zero.copy(),
            origin=boxes.foot,
            reach=zero.copy(),
            sides=boxes.edges[:, 0].copy(),
            sides_s=now.copy(),
            looks=zero.copy(),
            stirs=zero.copy(),
        )

    def keep(self, rows: Rows | Mask) -> Self:
        """The chosen tracks."""
        return type(self)(*(getattr(self, f.name)[rows] for f in fields(self)))

    def join(self, other: Self) -> Self:
        """These tracks and then those."""
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return type(self)(*(np.concatenate(pair) for pair in pairs))

    def match(self, rows: Rows, boxes: Boxes, sure: Mask, time_s: float) -> None:
        """These tracks were found again, as these boxes."""
        self._news()
        self.seen_s[rows], self.missed_s[rows] = time_s, np.nan
        self.sure_s[rows[sure]] = time_s
        self.hits[rows] += 1
        self.trust[rows] += boxes.score
        self.votes[rows] += boxes.votes
        self.rough[rows] += boxes.rough

    def move(self, rows: Rows, foot: Floats, velocity: Floats, extent: Floats, size: Floats) -> None:
        """Where these tracks are now and how they move: foot and extent (n, 2), velocity (n, 2), size (n,)."""
        self._news()
        away = np.hypot(*(foot - self.origin[rows]).T) / size
        self.reach[rows] = np.maximum(self.reach[rows], away)
        self.speed[rows] += np.hypot(*velocity.T) / size
        self.width[rows] += extent[:, 0] / extent[:, 1]

    def look(self, rows: Rows, sides: Floats, size: Floats, stir: float, time_s: float) -> None:
        """Whether these tracks stir: sides (n, 2) are their left and right now."""
        self._news()
        due = time_s - self.sides_s[rows] >= _STIR_S - _TINY_S
        rows, sides = rows[due], sides[due]
        moved = np.abs(sides - self.sides[rows]).max(axis=1, initial=0.0)
        self.looks[rows] += 1
        self.stirs[rows] += moved >= stir * size[due]
        self.sides[rows], self.sides_s[rows] = sides, time_s

    @property
    def class_id(self) -> NDArray[np.uint8]:
        """What each track is (n,), voted over its life."""
        if self._classes is None:
            self._classes = self._settled() if self.rough.any() else elected(self.votes)
        return self._classes

    def _settled(self) -> NDArray[np.uint8]:
        moves = np.maximum(self.hits - 1, 1)
        return settled(self.votes, 2 * self.rough > self.hits, self.speed / moves, self.width / moves)

    def young(self, seen_s: float) -> Mask:
        """Which have not yet been seen for `seen_s`, or hardly ever."""
        known_s = self.seen_s - self.born_s
        few = self.hits < np.where(known_s < 2 * seen_s - _TINY_S, _HITS, _RARE_HITS)
        young: Mask = few | (known_s < seen_s - _TINY_S)
        return young

    def confirmed(self, belief: Belief, time_s: float) -> Mask:
        """Which are to be counted (n,).

        A board that looks like a person is found in every frame, but never moves and never stirs; a person who
        stands still does not move either, but sways, and a parked car is seen very surely. For `still_s` that
        is enough; then it must have moved. A moving blob proves nothing by stirring: it must have gone somewhere.
        """
        moved, alive = self._proofs(belief)
        confirmed: Mask = moved | (alive & (time_s - self.born_s < belief.still_s))
        return confirmed

    def _proofs(self, belief: Belief) -> tuple[Mask, Mask]:
        """Which have proved what they are by moving, for good, and which by seeming alive, for a while."""
        if self._proved is None:
            known, guessed = ~self.young(belief.seen_s), 2 * self.rough > self.hits
            moved = known & (self.reach >= belief.reach * np.where(guessed, _ROUGH_REACH, 1.0))
            stirs = (self.looks >= _LOOKS) & (2 * self.stirs >= self.looks)
            alive = known & ~guessed & (stirs | (self.trust >= belief.score * self.hits))
            self._proved = moved, alive
        return self._proved
