"""From what a model calls things to the closed list of what passerby counts; everything else is dropped here."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import LABELS, Class, parse

DROPPED: Final = 255  # in a class map: not on the list

# The 80 categories of COCO 2017 in the order in which nearly every published detector numbers them.
COCO: Final[tuple[str, ...]] = (
    *("person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light"),
    *("fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow"),
    *("elephant", "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee"),
    *("skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard"),
    *("tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple"),
    *("sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch"),
    *("potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard"),
    *("cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase"),
    *("scissors", "teddy bear", "hair drier", "toothbrush"),
)

# Other words for classes on the list. Birds are left out: they fly, and are not traffic.
_WORDS: Final[Mapping[str, Class]] = {
    **dict.fromkeys(("pedestrian", "people"), Class.PERSON),
    **dict.fromkeys(("bike", "cyclist"), Class.BICYCLE),
    **dict.fromkeys(("motorbike", "motorcyclist"), Class.MOTORCYCLE),
    **dict.fromkeys(("tram",), Class.TRAIN),
    **dict.fromkeys(("van",), Class.CAR),
    **dict.fromkeys(("lorry",), Class.TRUCK),
    **dict.fromkeys(
        ("cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "deer"), Class.ANIMAL
    ),
}


def known(name: str) -> Class | None:
    """The class that a model's word means; None: not on the list."""
    word = name.strip().lower()
    return parse(word) if word in LABELS else _WORDS.get(word)


def class_map(names: Sequence[str], chosen: Mapping[str, str] | None = None) -> NDArray[np.uint8]:
    """For each output of a model the value of its `Class`, or `DROPPED`.

    Without `chosen` the model's own words decide. With it, only what it names is kept: from a model's word, or
    the number of its output, to a label of the list. Raises `ValueError` for a word or label that is unknown,
    or where nothing of what the model finds is on the list.
    """
    found = [known(name) for name in names]
    if chosen is not None:
        found = [None] * len(names)
        for word, label in chosen.items():
            found[_place(word, names)] = _label(label)
    if not any(c is not None for c in found):
        raise ValueError(f"nothing that it finds ({_listed(names)}) is counted by passerby ({', '.join(LABELS)})")
    return np.array([DROPPED if c is None else c for c in found], np.uint8)


def _place(word: str, names: Sequence[str]) -> int:
    if word in names:
        return names.index(word)
    if word.isdecimal() and int(word) < len(names):
        return int(word)
    raise ValueError(f"it has no class {word!r}; it has {_listed(names)}")


def _label(label: str) -> Class:
    found = known(label)
    if found is None:
        raise ValueError(f"{label!r} is not a class that passerby counts; those are {', '.join(LABELS)}")
    return found


def _listed(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def names_in(metadata: Mapping[str, str]) -> tuple[str, ...] | None:
    """The class names that an export wrote into its file, ``names = {0: 'person', ...}``; None if it has none."""
    try:
        written = ast.literal_eval(metadata.get("names", ""))
    except (ValueError, SyntaxError):
        return None
    if isinstance(written, dict) and sorted(written) == list(range(len(written))):
        return tuple(str(written[i]) for i in range(len(written)))
    return tuple(map(str, written)) if isinstance(written, list) else None
