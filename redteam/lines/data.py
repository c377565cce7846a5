"""Rules over what is shipped, offered, configured, kept and served."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Final

from redteam.lines.code import parsed
from redteam.lines.finding import Finding
from redteam.lines.house import House
from redteam.lines.words import behind, tokens

# Weights that somebody has looked at: what they give, and that they give no more.
REVIEWED: Final[Mapping[str, str]] = {
    "c789161ed43c8269fcd4e67c67eeeb4e80c622da2eb296a20bc6007bd18a0b7d": "yolox_nano: boxes of COCO's 80 classes",
    "427cc366d34e27ff7a03e2899b5e3671425c262ea2291f88bb942bc1cc70b0f7": "yolox_tiny: boxes of COCO's 80 classes",
    "c5c2d13e59ae883e6af3b45daea64af4833a4951c92d116ec270d9ddbe998063": "yolox_s: boxes of COCO's 80 classes",
}
CONTRACTS: Final = {"yolox", "detr", "yolo-generic"}
_WEIGHTS: Final = re.compile(
    r"\.(onnx|pt|pth|pkl|pickle|joblib|h5|hdf5|keras|tflite|pb|safetensors|caffemodel|prototxt|bin|dat|npz|npy|gguf|"
    r"engine|plan|mlmodel|mlpackage|xml\.gz|param|weights|ort|traineddata)$",
    re.IGNORECASE,
)
_LARGEST: Final = 1 << 20  # bytes of a committed file

LABELS: Final = {
    "person", "bicycle", "motorcycle", "car", "bus", "truck", "train", "animal", "vehicle", "unknown",
}  # fmt: skip
PLUGINS: Final = frozenset(
    """
    source stream|source synthetic|source film|detector onnx|detector motion|detector replay|detector auto|
    tracker passer|measure line|measure density|measure zone|measure speed|measure headway|measure movements|
    measure occupancy|measure queue|measure conflicts|measure signal|sink webhook|sink mqtt|store sqlite
    """.replace("\n", "").replace("    ", "").strip().split("|")
)  # fmt: skip

# What is kept or sent, field by field. A new one is argued for here: what does it say of one person?
FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "Measurement": frozenset(
        """
        camera place revision quantity cut part rest start end observed count mean p95 bands values detector
        version
        """.split()
    ),
    "Statistics": frozenset({"mean", "median", "p85", "histogram", "n"}),
    "Alert": frozenset(
        {"rule", "camera", "place", "state", "severity", "hour", "told"}
    ),  # told: new, or once more
    "Bands": frozenset(
        {"camera", "at", "places"}
    ),  # what a page shows of this moment, to nobody's name, kept nowhere
    "Trial": frozenset({"at"}),
    "Picture": frozenset({"png", "width", "height"}),
    "Glyph": frozenset({"class_label", "x", "y"}),
}
COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "intervals": frozenset("id camera place revision quantity cut start end observed detector version".split()),
    "parts": frozenset("interval part rest count mean p95 bands values".split()),
}

# A route that would serve one of these serves what no page shows.
ROUTES: Final = frozenset(
    """
    search find person people track tracks face faces snapshot snapshots frame frames video videos stream streams
    mjpeg hls rtsp clip clips recording recordings playback replay raw crop crops thumbnail thumbnails identity
    """.split()
)
ROUTES_ALLOWED: Final[Mapping[str, str]] = {"/people": "those who may sign in, and no others"}
_ROUTE_CALLS: Final = {"Route", "WebSocketRoute", "Mount", "route", "websocket_route", "get", "post", "put"}
# What a page can do with a picture or a camera in the browser, and ours do not.
_PAGES: Final = re.compile(
    r"<video|<audio|getUserMedia|getDisplayMedia|MediaRecorder|MediaSource|ImageCapture|RTCPeerConnection|"
    r"FaceDetector|BarcodeDetector|TextDetector|toDataURL|toBlob\(|captureStream|face-api|tfjs|ort\.min",
    re.IGNORECASE,
)


def files(house: House) -> Iterator[Finding]:
    """No weights are committed, by their name or by what they begin with, but those that were looked at."""
    for name, file in house.files.items():
        if file.sha256 in REVIEWED:
            continue
        if _WEIGHTS.search(name) or _looks_like_weights(file.head):
            yield Finding(name, "looks like a model's weights")
        elif file.size > _LARGEST:
            yield Finding(name, f"is {file.size} bytes long; nothing of ours is")


def models(house: House) -> Iterator[Finding]:
    """A model that can be pulled by name has bytes that were looked at, and a detector's contract."""
    for model in house.models:
        if model.sha256 not in REVIEWED or not REVIEWED[model.sha256].startswith(f"{model.name}:"):
            yield Finding(f"the model {model.name}", "nobody has looked at what these bytes give")
        if model.contract not in CONTRACTS:
            yield Finding(f"the model {model.name}", f"its contract {model.contract} is no detector's")
        for word in behind(f"{model.name} {model.note}"):
            yield Finding(f"the model {model.name}", f"'{word}'")


def classes(house: House) -> Iterator[Finding]:
    """The classes are the closed list."""
    for label in house.labels:
        if label not in LABELS:
            yield Finding(f"the class {label}", "is not on the closed list")


def plugins(house: House) -> Iterator[Finding]:
    """The plugins that are installed are those of the house."""
    for name in house.plugins:
        if name not in PLUGINS:
            yield Finding(f"the {name}", "is no plugin of the house")


def keys(house: House) -> Iterator[Finding]:
    """No key of the configuration stands for something behind the red lines, nor for keeping pictures."""
    for key in house.keys:
        table, _, name = key.rpartition(".")
        found = [
            *behind(name),
            *(w for w in tokens(name) if w in {"record", "video", "clips", "identity", "snapshot", "snapshots"}),
        ]
        for word in found:
            yield Finding(f"[{table}] {name}", f"'{word}'")


def records(house: House) -> Iterator[Finding]:
    """What is kept or sent has the fields that were argued for."""
    for kind, names in house.fields.items():
        for name in names:
            if name not in FIELDS.get(kind, ()):
                yield Finding(f"the record {kind}", f"has a field {name} that nobody has argued for")


def schema(house: House) -> Iterator[Finding]:
    """So have the tables of the store."""
    for table, names in house.columns.items():
        for name in names:
            if name not in COLUMNS.get(table, ()):
                yield Finding(f"the table {table}", f"has a column {name} that nobody has argued for")


def routes(house: House) -> Iterator[Finding]:
    """No page is served that searches, or that shows a picture of now."""
    for path, text in house.sources.items():
        if not path.startswith("passerby/web/"):
            continue
        for node in ast.walk(parsed(text)):
            called = node.func if isinstance(node, ast.Call) else None
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            first = node.args[0] if isinstance(node, ast.Call) and node.args else None
            if name not in _ROUTE_CALLS or not isinstance(first, ast.Constant) or not isinstance(first.value, str):
                continue
            address = first.value
            for start in ROUTES_ALLOWED:
                address = address.removeprefix(start)
            for word in tokens(address) if first.value.startswith("/") else ():
                if word in ROUTES:
                    yield Finding(f"{path}:{first.lineno}", f"serves {first.value}: '{word}'")


def pages(house: House) -> Iterator[Finding]:
    """No script or template of a page opens a camera, shows a film or takes a picture."""
    for path, text in house.pages.items():
        for number, line in enumerate(text.splitlines(), 1):
            if found := _PAGES.search(line):
                yield Finding(f"{path}:{number}", f"'{found[0]}'")


def _looks_like_weights(head: bytes) -> bool:
    """Zip archives (torch, Keras, NumPy), HDF5, pickles, TFLite, safetensors, GGUF, and ONNX."""
    is_onnx = (
        len(head) > 3 and head[0] == 0x08 and 1 <= head[1] <= 20 and head[2] in {0x12, 0x1A, 0x22, 0x3A, 0x42}
    )
    is_safetensors = len(head) > 9 and head[6:8] == b"\0\0" and head[8:9] == b"{"
    magic = (b"PK\x03\x04", b"\x89HDF", b"GGUF", b"\x93NUMPY", b"ORTM")
    is_pickle = len(head) > 2 and head[0] == 0x80 and 2 <= head[1] <= 5
    return is_onnx or is_safetensors or is_pickle or head.startswith(magic) or head[4:8] in {b"TFL3", b"ORTM"}
