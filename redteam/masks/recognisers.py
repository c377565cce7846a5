"""Recognisers that are trained on the spot, on rendered people; none is kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

MODELS: Final[Mapping[str, Callable[[], Any]]] = {
    "nearest": lambda: KNeighborsClassifier(5, weights="distance"),
    "linear": lambda: make_pipeline(StandardScaler(), RidgeClassifier(100.0)),
    "network": lambda: make_pipeline(
        StandardScaler(), MLPClassifier((128,), max_iter=60, early_stopping=True, random_state=0)
    ),
    "trees": lambda: ExtraTreesClassifier(200, random_state=0),
}
_Z95: Final = 1.6449  # one-sided


def rates(
    trained: NDArray[np.floating], names: NDArray[np.intp], probed: NDArray[np.floating], truth: NDArray[np.intp]
) -> dict[str, float]:
    """The share of each one's probes (m, k) that each model names right, trained on (n, k) with their names.

    It is the mean over people, so that naming everybody like the one who was seen most is no better than chance.
    """
    found = {}
    each = [truth == name for name in np.unique(truth)]
    for name, model in MODELS.items():
        made = model()
        made.fit(trained, names)
        right = made.predict(probed) == truth
        found[name] = float(np.mean([right[theirs].mean() for theirs in each]))
    return found


def upper(rate: float, n: int) -> float:
    """The bound below which the true rate lies with 95 %, after n probes (Wilson, one-sided)."""
    share = _Z95**2 / n
    return (rate + share / 2 + _Z95 * math.sqrt(rate * (1 - rate) / n + share / (4 * n))) / (1 + share)
