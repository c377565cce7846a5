"""Rules over the source: what is imported, named, compared, run on pictures and written."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping
from typing import Final

from redteam.lines.finding import Finding
from redteam.lines.house import House
from redteam.lines.packages import DENIED
from redteam.lines.words import behind, tokens

# Where a word of the list stands for something else, and for what. An entry that nothing needs is a finding too.
ALLOWED: Final[Mapping[tuple[str, str], str]] = {
    ("passerby/redact/", "faces"): "hides them: boxes only, and the one room that may",
    ("passerby/cli/redact.py", "faces"): "the option that names the model for it",
    ("passerby/measures/signal.py", "faces"): "the verb: who goes this way faces the signal",
    ("passerby/scene/walkers.py", "gait"): "how fast a drawn walker goes; nothing is measured",
    ("passerby/motion/texture.py", "cosines"): "the discrete cosine transform of how crowded a place looks",
    ("passerby/evaluate/disturb.py", "reidentified"): "a fault that is put into true tracks, to test a metric",
    ("passerby/evaluate/mot.py", "first seen"): "where a true track begins, in files of truth",
    ("passerby/sources/synthetic/", "clothes"): "of drawn figures, which are nobody",
    ("passerby/sources/synthetic/", "skin"): "the same",
    ("passerby/sources/synthetic/", "hair"): "the same",
}

# Only these may run a network on a picture, and each refuses a graph whose outputs are not a detector's.
RUNTIMES: Final = re.compile(
    r"^(onnxruntime|torch|torchvision|tensorflow|keras|jax|tflite_runtime|ai_edge_litert|openvino|tensorrt|"
    r"paddle|mxnet|ncnn|coremltools|sklearn|transformers|timm)(\.|$)"
)
MAY_RUN: Final[Mapping[str, str]] = {
    "passerby/detectors/runtime.py": "the one place",
    "passerby/bench/looks.py": "counts its calls",
    "passerby/cli/machine.py": "tells its version, for `doctor`",
}
MAY_OPEN_GRAPHS: Final = {
    "passerby/detectors/runtime.py", "passerby/detectors/onnx.py", "passerby/detectors/probe.py",
    "passerby/redact/faces.py",
}  # fmt: skip

# Only these may make a file or a stream out of a picture.
WRITERS: Final = {
    "imwrite", "imencode", "imencodemulti", "imwritemulti", "VideoWriter", "tofile", "savez", "savez_compressed",
    "add_stream", "add_stream_from_template", "add_mux_stream",
}  # fmt: skip
MAY_WRITE: Final = {
    ("passerby/plate", "imencode"): "the plate: a picture without people, approved before it is shown live",
    ("passerby/redact/writing.py", "add_stream"): "a film with all people filled over",
    ("passerby/bench/street.py", "add_stream"): "a drawn street, in a temporary file",
}

# What the house may ask of OpenCV: arithmetic, filters, geometry and outlines. Not on it, among others: `dnn`,
# `face`, `text`, HOG, cascades, QR codes, corner descriptors and their matchers, histograms and their comparison.
CV2: Final = frozenset(
    """
    absdiff Canny createCLAHE accumulate accumulateProduct accumulateSquare accumulateWeighted add addWeighted
    approxPolyDP arcLength arrowedLine bilateralFilter bitwise_and bitwise_not bitwise_or bitwise_xor blur
    boundingRect boxFilter boxPoints buildOpticalFlowPyramid calcOpticalFlowFarneback calcOpticalFlowPyrLK
    circle compare connectedComponents connectedComponentsWithStats contourArea convertScaleAbs convexHull
    copyMakeBorder copyTo countNonZero cvtColor cvtColorTwoPlane dct dft dilate distanceTransform divide
    drawContours ellipse erode error estimateAffine2D estimateAffinePartial2D exp extractChannel fillConvexPoly
    fillPoly filter2D findContours findHomography flip GaussianBlur getAffineTransform getPerspectiveTransform
    getRectSubPix getStructuringElement goodFeaturesToTrack grabCut hconcat idct inRange inpaint insertChannel
    integral Laplacian line log LUT magnitude max mean meanStdDev medianBlur merge min minAreaRect minMaxLoc
    mixChannels moments morphologyEx multiply norm normalize phase phaseCorrelate pointPolygonTest polarToCart
    cartToPolar polylines pow projectPoints putText pyrDown pyrUp rectangle reduce remap repeat resize rotate
    Scharr sepFilter2D setNumThreads setUseOptimized Sobel solvePnP split spatialGradient sqrBoxFilter sqrt
    stackBlur subtract sumElems threshold adaptiveThreshold transform transpose undistort undistortPoints
    vconcat warpAffine warpPerspective initUndistortRectifyMap ocl getNumThreads
    """.split()
)

BOXES: Final = frozenset({"NMSBoxes", "NMSBoxesBatched"})  # what `dnn` does with boxes, without a network


def imports(house: House) -> Iterator[Finding]:
    """No import, wherever it stands and however it is spelt, of a package behind the red lines."""
    for path, tree in _trees(house):
        for node in ast.walk(tree):
            for name in _imported(node):
                if DENIED.search(name):
                    yield _at(path, node, f"imports {name}")


def runtimes(house: House) -> Iterator[Finding]:
    """Networks are run in one module, and graphs opened in those that look at their outputs first."""
    for path, tree in _trees(house):
        for node in ast.walk(tree):
            for name in _imported(node):
                if RUNTIMES.match(name) and path not in MAY_RUN:
                    yield _at(path, node, f"runs networks of its own ({name})")
            opened = isinstance(node, ast.Call) and _last(node.func) in {"Runtime", "InferenceSession"}
            if opened and path not in MAY_OPEN_GRAPHS:
                yield _at(path, node, "opens a graph without looking at what it gives")


def symbols(house: House) -> Iterator[Finding]:
    """No name in the source stands for something behind the red lines, but for the reasoned list."""
    used = set()
    for path, tree in _trees(house):
        for node in ast.walk(tree):
            for name in _names(node):
                for word in behind(name):
                    allowed = next((a for a in ALLOWED if path.startswith(a[0]) and word == a[1]), None)
                    used.add(allowed)
                    if allowed is None:
                        yield _at(path, node, f"{name}: '{word}'")
    if "passerby/redact/faces.py" in house.sources:  # the whole house, and not a part of it
        for entry in ALLOWED.keys() - used:
            yield Finding(entry[0], f"needs no leave for '{entry[1]}' any more")


def comparisons(house: House) -> Iterator[Finding]:
    """No likeness of two vectors: a product divided by two norms, or what has the name of one."""
    for path, tree in _trees(house):
        for node in ast.walk(tree):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                norms = [n for n in ast.walk(node.right) if isinstance(n, ast.Call) and _last(n.func) == "norm"]
                if len(norms) > 1:
                    yield _at(path, node, "divides by two norms, as the likeness of two vectors does")
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
                sides = [_is_normalised(side) for side in (node.left, node.right)]
                if all(sides):
                    yield _at(path, node, "multiplies two normalised vectors")


def imaging(house: House) -> Iterator[Finding]:
    """Of OpenCV only what is on the list."""
    for path, tree in _trees(house):
        attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
        sorting = {n.value for n in attributes if n.attr in BOXES and _last(n.value) == "dnn"}
        for node in ast.walk(tree):
            if node in sorting:
                continue
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "cv2":
                asked = node.attr
            elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "cv2":
                asked = node.names[0].name
            elif isinstance(node, ast.Call) and _last(node.func) == "getattr" and _is_name(node.args[:1], "cv2"):
                asked = "whatever it is told (getattr)"
            else:
                continue
            if asked not in CV2 | {"imencode"} and not re.fullmatch(r"[A-Z][A-Z0-9_]*[A-Z0-9]|error", asked):
                yield _at(path, node, f"asks {asked} of OpenCV")


def writers(house: House) -> Iterator[Finding]:
    """A picture becomes a file, or a part of one, in two places only."""
    for path, tree in _trees(house):
        for node in ast.walk(tree):
            name = _last(node.func) if isinstance(node, ast.Call) else ""
            if name in WRITERS and not any(path.startswith(room) and name == what for room, what in MAY_WRITE):
                yield _at(path, node, f"writes pictures ({name})")


def _trees(house: House) -> Iterator[tuple[str, ast.Module]]:
    return ((path, parsed(text)) for path, text in house.sources.items())


@functools.cache
def parsed(text: str) -> ast.Module:
    """The tree of a module, which many rules walk."""
    return ast.parse(text)


def _imported(node: ast.AST) -> Iterator[str]:
    """What a node imports: as a statement, or by a text that has the form of a module's name."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (f"{node.module or ''}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[\w.]+", node.value):
        yield node.value


def _names(node: ast.AST) -> Iterator[str]:
    """Identifiers that a node brings: names, attributes, arguments, keywords, aliases, texts of that form."""
    match node:
        case ast.Name(name) | ast.Attribute(_, name) | ast.arg(name):
            yield name
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.keyword(str(name)):
            yield name
        case ast.ImportFrom(str(name)):
            yield name
        case ast.alias(name, other):
            yield from (name, other or "")
        case ast.Constant(str(text)) if re.fullmatch(r"[A-Za-z][\w./-]*", text):
            yield text


def _is_normalised(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return _is_normalised(node.value)
    if isinstance(node, ast.Call):
        return _last(node.func).startswith("normali")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return any(isinstance(n, ast.Call) and _last(n.func) == "norm" for n in ast.walk(node.right))
    return isinstance(node, ast.Name) and any(word.startswith("normali") for word in tokens(node.id))


def _is_name(nodes: list[ast.expr], name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in nodes)


def _last(function: ast.expr) -> str:
    """The last part of what is called."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _at(path: str, node: ast.AST, what: str) -> Finding:
    return Finding(f"{path}:{getattr(node, 'lineno', 0)}", what)
