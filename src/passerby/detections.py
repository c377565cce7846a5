"""What was seen in one picture and what is followed through many, as columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_Columns = TypeVar("_Columns", bound="Detections | Tracks")


_Form = tuple[tuple[str, np.dtype[Any], tuple[int, ...]], ...]  # name, type and shape of a row of each column


def _form(**columns: tuple[type, tuple[int, ...]]) -> _Form:
    return tuple((name, np.dtype(kind), tail) for name, (kind, tail) in columns.items())


_DETECTIONS: Final = _form(xyxy=(np.float32, (4,)), score=(np.float32, ()), class_id=(np.uint8, ()))
_TRACKS: Final = _form(
    ids=(np.uint64, ()),
    xyxy=(np.float32, (4,)),
    foot=(np.float64, (2,)),
    velocity=(np.float64, (2,)),
    class_id=(np.uint8, ()),
    confirmed=(np.bool_, ()),
    lost_s=(np.float64, ()),
    height=(np.float64, ()),
    sigma=(np.float64, ()),
)


def _check(columns: object, form: _Form) -> None:
    n: int | None = None
    for name, dtype, tail in form:
        array: NDArray[Any] = getattr(columns, name)
        n = len(array) if n is None else n
        if array.shape != (n, *tail) or array.dtype != dtype:
            raise ValueError(
                f"{type(columns).__name__}.{name}: expected {dtype} {(n, *tail)}, got {array.dtype} {array.shape}"
            )


def _taken(columns: _Columns, form: _Form, take: Callable[[NDArray[Any]], NDArray[Any]]) -> _Columns:
    """The same with rows taken of every column alike; what was checked needs no second check."""
    kind = type(columns)
    taken = object.__new__(kind)
    for name, _, _ in form:
        object.__setattr__(taken, name, take(getattr(columns, name)))
    return taken


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Boxes found in one look, in pixels of the frame they were found in."""

    xyxy: NDArray[np.float32]  # (n, 4) px: left, top, right, bottom
    score: NDArray[np.float32]  # (n,) 0-1
    class_id: NDArray[np.uint8]  # (n,) values of classes.Class

    def __post_init__(self) -> None:
        _check(self, _DETECTIONS)

    def __len__(self) -> int:
        return len(self.score)

    @classmethod
    def empty(cls) -> Self:
        """No boxes."""
        return cls(np.empty((0, 4), np.float32), np.empty(0, np.float32), np.empty(0, np.uint8))

    @classmethod
    def concatenate(cls, parts: list[Self]) -> Self:
        """All boxes of several looks, in order."""
        filled = [part for part in parts if len(part)]
        if len(filled) < 2:
            return filled[0] if filled else cls.empty()
        return cls(*(np.concatenate([getattr(p, name) for p in filled]) for name, _, _ in _DETECTIONS))

    def keep(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Self:
        """The chosen rows (mask or indices)."""
        return _taken(self, _DETECTIONS, lambda column: column[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """What is being followed at one instant, in order of birth.

    Positions are shares of the picture (0-1, may lie outside for what is leaving); `xyxy` is in pixels of
    the current frame. `ids` tell tracks apart between two calls and mean nothing else: they are random,
    never reused, never sorted by and never written anywhere.
    """

    ids: NDArray[np.uint64]  # (n,) random
    xyxy: NDArray[np.float32]  # (n, 4) px of the frame
    foot: NDArray[np.float64]  # (n, 2) 0-1: bottom centre of the box, smoothed; the point that is counted
    velocity: NDArray[np.float64]  # (n, 2) shares of the picture per second
    class_id: NDArray[np.uint8]  # (n,) voted over the track's life
    confirmed: NDArray[np.bool_]  # (n,) seen often enough to be counted; others may still prove false
    lost_s: NDArray[np.float64]  # (n,) s since the track was last matched; 0 = seen in this frame
    height: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    # (n,) heights of the picture: how tall the object is, the length that margins are measured in; nan = unknown
    sigma: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    # (n,) heights of the picture: one standard deviation of where the foot is, along its worse axis; nan = unknown

    def __post_init__(self) -> None:
        for name in ("height", "sigma"):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.full(len(self.ids), np.nan))
        _check(self, _TRACKS)

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def empty(cls) -> Self:
        """No tracks."""
        return cls(
            np.empty(0, np.uint64),
            np.empty((0, 4), np.float32),
            np.empty((0, 2)),
            np.empty((0, 2)),
            np.empty(0, np.uint8),
            np.empty(0, np.bool_),
            np.empty(0),
        )

    def keep(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Self:
        """The chosen rows (mask or indices)."""
        return _taken(self, _TRACKS, lambda column: column[rows])
