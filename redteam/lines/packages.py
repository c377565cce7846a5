"""Rules over packages: none that recognises, none whose licence binds whoever uses passerby."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from redteam.lines.finding import Finding
from redteam.lines.house import House
from redteam.lines.words import behind

# Packages that recognise, read, identify or re-identify, or bring models that do. A name is denied wherever it
# stands in another's: "insightface-python-package" is denied for its first word.
DENIED: Final = re.compile(
    r"insightface|face.?recognition|face.?net|arc.?face|deep.?face|retina.?face|face.?alignment|face_?analysis|"
    r"FaceRecognizer|(^|[-_.])dlib|mediapipe|mtcnn|deep.?sort|strong.?sort|bot.?sort|torch.?re.?id|fast.?re.?id|"
    r"re.?identification|open.?alpr|fast.?alpr|fast.?plate|plate.?recogni|easy.?ocr|paddle.?ocr|rapid.?ocr|"
    r"doctr($|[-_.])|tesser|keras.?ocr|boxmot|norfair|ultralytics|supervision($|[-_.])|(^|[-_.])trackers($|-)|"
    r"hyper.?lpr|nomeroff|uniface|facexlib|fair.?face|compreface|mivolo|osnet|clip.?reid|"
    r"clip.?anytorch|open.?clip|openai.?clip|sentence.?transformers|faiss|annoy$|hnswlib|milvus|chromadb|qdrant|"
    r"opencv-python($|[^-])|opencv-python-(?!headless)|opencv-contrib|openvino|jupedsim",
    re.IGNORECASE,
)

BINDING: Final = re.compile(
    r"\bA?GPL|GNU (Affero )?General Public|Server Side Public|SSPL|Business Source|BUSL|Commons Clause|"
    r"non.?commercial|CC-BY-NC",
    re.IGNORECASE,
)
# Libraries under the GPL that binary wheels carry, by the beginning of their file names.
GPL_LIBRARIES: Final = re.compile(
    r"^lib(x264|x265|xvid|rubberband|vidstab|fdk-aac|postproc|readline)", re.IGNORECASE
)
# What stands here is loaded and said so: nothing of passerby is linked to it, and none of it is in our wheel.
LIBRARIES_KNOWN: Final[Mapping[tuple[str, str], str]] = {
    ("av", "libx264"): "PyAV's own wheel links it; only `passerby bench` encodes with it, a drawn street",
    ("av", "libx265"): "the same",
}


def dependencies(house: House) -> Iterator[Finding]:
    """No package behind the red lines is named, locked, or brought along by one that is."""
    for name in sorted({*house.named, *house.packages}):
        if DENIED.search(name) or any(behind(name)):
            yield Finding(f"the package {name}", "recognises, reads or identifies, or brings what does")


def licences(house: House) -> Iterator[Finding]:
    """What the product loads says its licence, and it is a permissive one."""
    for name, package in house.packages.items():
        if not package.runtime:
            continue
        freed = re.sub(r"\bLGPL|GNU Lesser[^;]*|[^;]* OR (Apache|MIT|BSD)[^;]*", "", package.licence)
        if not package.licence:
            yield Finding(f"the package {name}", "says no licence")
        elif BINDING.search(freed):
            yield Finding(f"the package {name}", f"its licence binds those who use it ({package.licence})")
        for library in package.libraries:
            if GPL_LIBRARIES.match(library) and (name, _stem(library)) not in LIBRARIES_KNOWN:
                yield Finding(f"the package {name}", f"carries {library}, which is under the GPL")


def _stem(library: str) -> str:
    return re.split(r"[-.]", library)[0]
