"""The models that `passerby models pull` knows: address, size, hash, licence and how their numbers are read.

A model is listed only where its address, its full SHA-256 and a contract that passerby reads are all known.
Any other ONNX file that keeps one of the contracts is welcome by its path.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal

Contract = Literal["yolox", "detr", "yolo-generic"]


@dataclass(frozen=True, slots=True)
class Model:
    """One file that can be fetched, and what is known about it before it is opened."""

    name: str
    url: str
    bytes: int
    sha256: str
    licence: str
    contract: Contract
    input: tuple[int, int]  # px: width, height
    ap: float  # COCO val2017 average precision (IoU 0.5:0.95), as its authors state it; ranks the models
    note: str = ""

    @property
    def file(self) -> str:
        """The name under which it is kept."""
        return f"{self.name}.onnx"


_YOLOX = "https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0"
_WEIGHTS = "COCO, 80 classes. The licence is the YOLOX repository's; the release names none for the weights alone."

MODELS: Final = (
    Model(
        name="yolox_nano",
        url=f"{_YOLOX}/yolox_nano.onnx",
        bytes=3_659_407,
        sha256="c789161ed43c8269fcd4e67c67eeeb4e80c622da2eb296a20bc6007bd18a0b7d",
        licence="Apache-2.0",
        contract="yolox",
        input=(416, 416),
        ap=25.8,
        note=f"The light one: about 15 ms of one core a picture. {_WEIGHTS}",
    ),
    Model(
        name="yolox_tiny",
        url=f"{_YOLOX}/yolox_tiny.onnx",
        bytes=20_219_662,
        sha256="427cc366d34e27ff7a03e2899b5e3671425c262ea2291f88bb942bc1cc70b0f7",
        licence="Apache-2.0",
        contract="yolox",
        input=(416, 416),
        ap=32.8,
        note=f"Finds more than nano, at several times its cost. {_WEIGHTS}",
    ),
    Model(
        name="yolox_s",
        url=f"{_YOLOX}/yolox_s.onnx",
        bytes=35_858_002,
        sha256="c5c2d13e59ae883e6af3b45daea64af4833a4951c92d116ec270d9ddbe998063",
        licence="Apache-2.0",
        contract="yolox",
        input=(640, 640),
        ap=40.5,
        note=f"For a strong machine, or few pictures a second. {_WEIGHTS}",
    ),
)


def find(name: str, models: tuple[Model, ...] = MODELS) -> Model | None:
    """The listed model of this name, with or without ``.onnx``; None if there is none."""
    wanted = name.removesuffix(".onnx")
    return next((m for m in models if m.name == wanted), None)


def nearest(name: str, models: tuple[Model, ...] = MODELS) -> str | None:
    """The listed name that someone may have meant."""
    return next(iter(get_close_matches(name.removesuffix(".onnx"), [m.name for m in models], n=1)), None)
