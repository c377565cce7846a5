"""The words that only code behind a red line needs, found inside identifiers however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

_SINGLE: Final = frozenset(
    """
    embedding embeddings embed embedder reid reidentify reidentified reidentification gallery watchlist
    biometric biometrics ocr anpr alpr lpr gait gender sex ethnicity ethnic emotion emotions mood arcface
    facenet sface cosface cosine cosines similarity faceprint mugshot suspect suspects recognizer recogniser
    appearance siamese triplet clothing clothes hair skin beard glasses mtmc face faces facial deepsort
    botsort strongsort keypoint keypoints soundbite voiceprint wheelchair elderly
    """.split()
)
_PAIRS: Final = frozenset(
    tuple(pair.split())
    for pair in """
    re id|re identify|re identified|re identification|license plate|licence plate|number plate|
    plate text|plate number|plate reader|plate string|plate characters|read plate|plate read|
    person id|person ids|person name|person search|find person|search person|person profile|
    person history|visitor id|returning visitor|repeat visitor|known person|known persons|
    same person|feature vector|feature descriptor|face descriptor|save snapshot|take snapshot|
    feature vectors|feature extractor|feature bank|feature distance|face id|age group|age estimate|
    cross camera|camera handover|multi camera|global id|global ids|global track|track history|
    raw video|raw frame|raw frames|save frame|save frames|save video|record video|record frame|
    record frames|video recorder|live video|last seen|first seen|skin colour|skin color|hair colour|
    hair color|upper colour|upper color|colour histogram|color histogram|voice print|who is|
    identify person|person identity
    """.replace("\n", "").split("|")
)


def tokens(name: str) -> list[str]:
    """The words of an identifier: "FaceRecognizerSF" and "face-recognizer" begin with "face"."""
    return [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def behind(name: str) -> Iterator[str]:
    """Each word, or pair of words, of an identifier that stands for something behind a red line."""
    parts = tokens(name)
    yield from (part for part in parts if part in _SINGLE)
    yield from (" ".join(pair) for pair in pairwise(parts) if pair in _PAIRS)
