"""A constant-velocity Kalman filter over the edges of many boxes at once.

Each axis of each box is a filter of its own with the state ``(position, extent, velocity)``. Across, the
position is the middle of the box; down, it is its bottom, so that the two positions together are the foot::

        left   right          across:  position = (left + right) / 2     extent = width
      top ┌─────┐             down:    position = bottom                 extent = height
          │     │
          │     │             state    mean (n, 2, 3), cov (n, 2, 3, 3)
    bottom└──×──┘             edges    (n, 2, 2): [[left, right], [top, bottom]]
           foot

What is measured are the edges, each with its own noise. An edge that is cut by the picture's border may lie
beyond it. An edge that jumps while the other one does not, so that the extent is wrong, weighs little; the
other edge and the extent known so far still tell where the foot is. Jumps into the box weigh least: what hides
a part of somebody makes the box smaller. The weight follows Huber, "Robust Estimation of a Location Parameter"
(1964), in one step. Process noise is white acceleration (Bar-Shalom, Li and Kirubarajan, "Estimation with
Applications to Tracking and Navigation", 2001, section 6.2.2). Edges are taken in one after the other, which
for independent noises is the same as together and needs no inverse.

Lengths are in heights of the picture, times in seconds; noises are given in parts of each object's own size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# An edge is position + share * extent: left = x - w/2, right = x + w/2; top = y - h, bottom = y.
_SHARE: Final = np.array([[-0.5, 0.5], [-1.0, 0.0]])
_OUTWARD: Final = np.array([-1.0, 1.0])  # which way out of the box an edge faces
_REST: Final = 1.0  # sigmas of a velocity below which it cannot be told from rest
_WALK: Final = 1.2  # sizes/s: 2 m/s for somebody 1.7 m tall
_DEAFEST: Final = 25.0  # times the variance: the most that a jump makes of it
_HIDDEN: Final = 1.2  # sigmas from which a bottom that is too high is a jump: something hides the feet
_HIDES: Final = 1000.0  # times the variance: the most that is made of it
_UNSEEN: Final = 0.5  # sizes (one sigma) by which an object may be larger that is only partly in
_BLIND: Final = 1e6  # times the variance: what such an edge says is not heard
_LEAST: Final = 1e-4  # heights of the picture: no extent is smaller


@dataclass(frozen=True, slots=True)
class Noise:
    """How objects move and how boxes lie, in parts of an object's size."""

    acceleration: float = 0.3  # sizes/s by which a velocity changes in one second (one sigma)
    growth: float = 0.1  # sizes by which a width changes in one second (one sigma): strides and turns
    change: float = 0.03  # the same for a height
    tilt: float = 0.35  # more of that for each size that the foot moves up or down: perspective, if unknown
    nearing: float = 0.2  # more of both, times the square of its speed beyond a walk in sizes/s: perspective
    edge: float = 0.05  # sizes by which an edge is off (one sigma)
    huber: float = 1.5  # sigmas from which an edge counts as a jump,
    slip: float = 3.0  # and from which a measured shift is taken for that of something else


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What is believed about n boxes; never changed in place."""

    mean: Floats  # (n, 2, 3) position and extent in heights of the picture, velocity in heights/s
    cov: Floats  # (n, 2, 3, 3)

    def __len__(self) -> int:
        return len(self.mean)

    @classmethod
    def none(cls) -> Self:
        """No boxes."""
        return cls(np.empty((0, 2, 3)), np.empty((0, 2, 3, 3)))

    def keep(self, rows: Mask | NDArray[np.intp]) -> Self:
        """The chosen boxes."""
        return type(self)(self.mean[rows], self.cov[rows])

    def put(self, rows: NDArray[np.intp], other: Self) -> Self:
        """The same boxes, of which the chosen ones are replaced by others."""
        mean, cov = self.mean.copy(), self.cov.copy()
        mean[rows], cov[rows] = other.mean, other.cov
        return type(self)(mean, cov)

    def join(self, other: Self) -> Self:
        """These boxes and then those."""
        return type(self)(np.concatenate([self.mean, other.mean]), np.concatenate([self.cov, other.cov]))

    @property
    def foot(self) -> Floats:
        """Bottom centre (n, 2), heights of the picture."""
        return self.mean[:, :, 0]

    @property
    def extent(self) -> Floats:
        """Width and height (n, 2), heights of the picture."""
        return self.mean[:, :, 1]

    @property
    def velocity(self) -> Floats:
        """Of the foot (n, 2), heights of the picture per second."""
        return self.mean[:, :, 2]

    @property
    def edges(self) -> Floats:
        """The boxes as edges (n, 2, 2)."""
        edges: Floats = self.mean[:, :, :1] + _SHARE * self.mean[:, :, 1:2]
        return edges

    @property
    def size(self) -> Floats:
        """The length (n,) in which an object's noises are measured: its height, or less if it is very tall."""
        size: Floats = np.minimum(self.mean[:, 1, 1], 4 * self.mean[:, 0, 1])
        return size


def feet(edges: Floats) -> Floats:
    """Bottom centres (n, 2) of boxes given as edges (n, 2, 2)."""
    return np.stack([(edges[:, 0, 0] + edges[:, 0, 1]) / 2, edges[:, 1, 1]], axis=1)


def born(edges: Floats, speed: Floats, noise: Noise) -> State:
    """Boxes (n, 2, 2) seen once, at rest, with a velocity known to `speed` (n,) sizes/s (one sigma)."""
    mean = np.zeros((len(edges), 2, 3))
    mean[:, :, 0] = feet(edges)
    mean[:, :, 1] = np.maximum(edges[:, :, 1] - edges[:, :, 0], _LEAST)
    size = State(mean, np.empty((len(edges), 2, 3, 3))).size
    cov = np.zeros((len(edges), 2, 3, 3))
    cov[:, :, 0, 0] = ((noise.edge * size) ** 2)[:, None]
    cov[:, :, 1, 1] = ((2 * noise.edge * size) ** 2)[:, None]
    cov[:, :, 2, 2] = ((speed * size) ** 2)[:, None]
    return State(mean, cov)


def predict(state: State, dt_s: float, noise: Noise, *, tilt: float | None = None) -> State:
    """Where the boxes should be `dt_s` later; `tilt` in place of the noise's where perspective is known."""
    if dt_s <= 0 or not len(state):
        return state
    size = state.size
    haste = np.abs(state.velocity) / size[:, None]  # across and down, sizes/s
    nearing = noise.nearing * np.maximum(np.hypot(haste[:, 0], haste[:, 1]) - _WALK, 0.0) ** 2
    wander = (size * (noise.acceleration + nearing)) ** 2
    mean, cov = state.mean.copy(), state.cov.copy()  # F P F' + Q, in place: products of small matrices are slow
    mean[:, :, 0] += dt_s * mean[:, :, 2]
    cov[:, :, 0] += dt_s * cov[:, :, 2]
    cov[..., 0] += dt_s * cov[..., 2]
    half = dt_s**2 / 2
    cov += wander[:, None, None, None] * np.array([[dt_s**3 / 3, 0.0, half], [0.0, 0.0, 0.0], [half, 0.0, dt_s]])
    grows = (noise.tilt if tilt is None else tilt) * haste[:, 1]
    cov[:, 0, 1, 1] += (size * (noise.growth + nearing)) ** 2 * dt_s
    cov[:, 1, 1, 1] += (size * (noise.change + grows + nearing)) ** 2 * dt_s
    return State(mean, cov)


def scaled(state: State, ratio: Floats) -> State:
    """The same with every extent `ratio` (n,) times as large: what comes nearer grows."""
    by = np.ones((len(ratio), 1, 3))
    by[:, 0, 1] = ratio
    return State(state.mean * by, state.cov * by[..., None] * by[..., None, :])


def correct(state: State, edges: Floats, cut: Mask, doubt: Floats, noise: Noise) -> State:
    """Take in measured edges (n, 2, 2), with `doubt` (n,) times the noise.

    Those `cut` (n, 2, 2) by the picture's border say that the object reaches that far, not that it ends there.
    """
    if not len(state):
        return state
    off, size = edges - state.edges, state.size
    inward = _OUTWARD * off < 0
    cov = state.cov
    if cut.any():
        enters = (cut & ~inward).any(axis=2)  # it comes in over the border, and grows
        cov = cov.copy()
        cov[:, :, 1, 1] = np.maximum(cov[:, :, 1, 1], np.where(enters, (_UNSEEN * size[:, None]) ** 2, 0.0))
    extent = cov[:, :, 1, 1, None]
    spread = cov[:, :, 0, 0, None] + 2 * _SHARE * cov[:, :, 0, 1, None] + _SHARE**2 * extent
    variance = ((noise.edge * doubt * size) ** 2)[:, None, None]
    grown2 = ((off[:, :, 1] - off[:, :, 0]) ** 2)[:, :, None]
    odd2 = np.minimum(off**2 / (spread + variance), grown2 / (extent + 2 * variance))
    jump2 = np.maximum(odd2 / noise.huber**2, 1.0)
    jump2 = np.minimum(np.where(inward, jump2**2, jump2), _DEAFEST)
    hidden2 = np.minimum(np.maximum((odd2[:, 1, 1] / _HIDDEN**2) ** 2, 1.0), _HIDES)
    jump2[:, 1, 1] = np.where(inward[:, 1, 1], hidden2, jump2[:, 1, 1])
    variance = np.where(cut & inward, _BLIND, jump2) * variance
    state = State(state.mean, cov)
    for edge in (0, 1):
        state = _hear(state, edges[:, :, edge], variance[:, :, edge], _SHARE[:, edge, None])
    return state


def calmed(state: State, rows: Mask) -> State:
    """The same, with velocities that cannot be told from rest set to rest, in the chosen rows (n,)."""
    variance = (state.cov[:, 0, 2, 2] + state.cov[:, 1, 2, 2]) / 2
    rests = rows & ((state.velocity**2).sum(axis=1) < _REST**2 * variance)
    mean = state.mean.copy()
    mean[rests, :, 2] = 0.0
    return State(mean, state.cov)


def moved(before: State, state: State, elapsed_s: float, shift: Floats, sigma: Floats, noise: Noise) -> State:
    """Take in how far feet went from `before` to `state`, which is predicted from it.

    `shift` (n, 2) heights of the picture, nan = unknown, is known to `sigma` (n,). It is a difference of two
    positions and says nothing about either: taken for a position it would make the filter sure of where the foot
    is, and deaf to the next look. So what it is correlated with in the state before counts, too (Roumeliotis and
    Burdick, "Stochastic Cloning", 2002).
    """
    known: Mask = np.isfinite(shift[:, 0] + shift[:, 1])
    then = before.cov[..., 0]
    cross = then.copy()  # (n, 2, 3): covariance of the state with the position before
    cross[..., 0] += elapsed_s * then[..., 2]
    cross[..., 1] *= state.mean[..., 1] / before.mean[..., 1]
    gained = state.cov[..., 0] - cross  # covariance of the state with what is measured
    spread = gained[..., 0] - cross[..., 0] + then[..., 0]
    variance = sigma[:, None] ** 2
    off = np.where(known[:, None], shift - (state.foot - before.foot), 0.0)
    variance = variance * np.maximum(off**2 / (spread + variance) / noise.slip**2, 1.0)
    gain = np.where(known[:, None, None], gained / (spread + variance)[..., None], 0.0)
    return State(state.mean + gain * off[..., None], state.cov - gain[..., :, None] * gained[..., None, :])


def _hear(state: State, value: Floats, variance: Floats, share: Floats) -> State:
    """Take in a measurement (n, 2) of position + share (2, 1) * extent on both axes."""
    mean, cov = state.mean, state.cov
    with_value = cov[..., 0] + share * cov[..., 1]  # (n, 2, 3): covariance of the state with what is measured
    spread = with_value[..., 0] + share[:, 0] * with_value[..., 1] + variance
    gain = with_value / spread[..., None]
    off = value - mean[..., 0] - share[:, 0] * mean[..., 1]
    mean = mean + gain * off[..., None]
    mean[..., 1] = np.maximum(mean[..., 1], _LEAST)
    return State(mean, cov - gain[..., :, None] * with_value[..., None, :])
