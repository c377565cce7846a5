"""A constant-velocity Kalman filter over the four edges of many boxes at once.

Each axis of each box is a filter of its own with the state ``(position, extent, velocity)``. Across, the
position is the middle of the box; down, it is its bottom, so that the two positions together are the foot::

        left   right          across:  position = (left + right) / 2     extent = width
      top ┌─────┐             down:    position = bottom                 extent = height
          │     │
          │     │             state    mean (n, 2, 3), cov (n, 2, 3, 3)
    bottom└──×──┘             edges    (n, 2, 2): [[left, right], [top, bottom]]
           foot

What is measured are the edges, each with its own noise: an edge that is cut by the picture's border says
nothing, and one that jumps (somebody walks in front of the legs) weighs little, while the other edge and the
extent known so far still tell where the foot is. The weight of a jump follows Huber, "Robust Estimation of a
Location Parameter" (1964), in one step. Process noise is white acceleration (Bar-Shalom, Li and Kirubarajan,
"Estimation with Applications to Tracking and Navigation", 2001, section 6.2.2).

Lengths are in heights of the picture, times in seconds; noises are given in parts of each object's own size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# From state to edges: left = x - w/2, right = x + w/2; top = y - h, bottom = y.
_EDGES = np.array([[[1.0, -0.5, 0.0], [1.0, 0.5, 0.0]], [[1.0, -1.0, 0.0], [1.0, 0.0, 0.0]]])
_POSITION = np.array([[1.0, 0.0, 0.0]])


@dataclass(frozen=True, slots=True)
class Noise:
    """How objects move and how boxes lie, in parts of an object's size."""

    acceleration: float = 0.3  # sizes/s that a velocity may change by in one second (one sigma)
    growth: float = 0.15  # share by which an extent may change in one second (one sigma)
    edge: float = 0.05  # sizes by which an edge is off (one sigma)
    huber: float = 2.0  # sigmas from which an edge counts as a jump


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What is believed about n boxes; never changed in place."""

    mean: Floats  # (n, 2, 3) position, extent in heights of the picture, velocity in heights/s
    cov: Floats  # (n, 2, 3, 3)

    def __len__(self) -> int:
        return len(self.mean)

    @classmethod
    def born(cls, edges: Floats, speed: Floats, noise: Noise) -> Self:
        """Boxes seen once, at rest, with a velocity known to `speed` (n,) sizes/s (one sigma)."""
        mean = np.zeros((len(edges), 2, 3))
        mean[:, :, 1] = edges[:, :, 1] - edges[:, :, 0]
        mean[:, 0, 0], mean[:, 1, 0] = edges[:, 0].mean(axis=1), edges[:, 1, 1]
        size = sizes(mean)
        cov = np.zeros((len(edges), 2, 3, 3))
        cov[:, :, 0, 0] = ((noise.edge * size) ** 2)[:, None]
        cov[:, :, 1, 1] = ((2 * noise.edge * size) ** 2)[:, None]
        cov[:, :, 2, 2] = ((speed * size) ** 2)[:, None]
        return cls(mean, cov)

    def keep(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Self:
        """The chosen boxes."""
        return type(self)(self.mean[rows], self.cov[rows])

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
        edges: Floats = (_EDGES @ self.mean[..., None])[..., 0]
        return edges


def sizes(mean: Floats) -> Floats:
    """The length (n,) in which an object's noises are measured: its height, or less if it is very tall."""
    width, height = np.maximum(mean[:, :, 1], 1e-4).T
    size: Floats = np.minimum(height, 4 * width)
    return size


def predict(state: State, dt_s: float, noise: Noise) -> State:
    """Where the boxes should be `dt_s` later."""
    if dt_s <= 0 or not len(state):
        return state
    step = np.eye(3)
    step[0, 2] = dt_s
    size2 = (sizes(state.mean) ** 2)[:, None]
    a2 = size2 * noise.acceleration**2
    cov = step @ state.cov @ step.T
    cov[:, :, 0, 0] += a2 * dt_s**3 / 3
    cov[:, :, 0, 2] += a2 * dt_s**2 / 2
    cov[:, :, 2, 0] += a2 * dt_s**2 / 2
    cov[:, :, 2, 2] += a2 * dt_s
    cov[:, :, 1, 1] += size2 * noise.growth**2 * dt_s
    return State((step @ state.mean[..., None])[..., 0], cov)


def correct(state: State, edges: Floats, cut: NDArray[np.bool_], noise: Noise, scale: Floats) -> State:
    """Take in measured edges (n, 2, 2); those `cut` (n, 2, 2) say nothing, `scale` (n,) multiplies the noise."""
    if not len(state):
        return state
    sigma = noise.edge * scale * sizes(state.mean)
    r = np.broadcast_to((sigma**2)[:, None, None], edges.shape)
    off = edges - state.edges
    spread = np.einsum("aei,naij,aej->nae", _EDGES, state.cov, _EDGES) + r
    jump = np.abs(off) / np.sqrt(spread) / noise.huber
    r = np.where(cut, 1e6 * r, r * np.maximum(jump, 1.0) ** 2)
    return _gain(state, _EDGES, off, r)


def nudge(state: State, foot: Floats, sigma: Floats) -> State:
    """Take in a measured foot (n, 2) alone, known to `sigma` (n,) heights of the picture."""
    off = (foot - state.foot)[..., None]
    return _gain(state, _POSITION, off, np.broadcast_to((sigma**2)[:, None, None], off.shape))


def _gain(state: State, seen: Floats, off: Floats, r: Floats) -> State:
    to = np.swapaxes(seen, -1, -2)
    ph = state.cov @ to
    s = seen @ ph
    s[..., range(s.shape[-1]), range(s.shape[-1])] += r
    k = ph @ np.linalg.inv(s)
    mean = state.mean + (k @ off[..., None])[..., 0]
    mean[:, :, 1] = np.maximum(mean[:, :, 1], 1e-4)
    cov = state.cov - k @ np.swapaxes(ph, -1, -2)
    return State(mean, (cov + np.swapaxes(cov, -1, -2)) / 2)  # rounding errors would tear it apart
