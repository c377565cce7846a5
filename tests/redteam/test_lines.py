"""The gate of the red lines, over this house and over what is planted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from passerby.detectors.onnx import Onnx
from passerby.errors import ModelError
from redteam.lines import RULES, caught, doors
from redteam.lines.finding import Finding
from redteam.lines.house import House, ours
from redteam.lines.plants import Plant, plants
from redteam.lines.words import behind


@pytest.fixture(scope="module")
def house() -> House:
    return ours()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_nothing_in_the_house_is_behind_a_red_line(
    rule: Callable[[House], Iterator[Finding]], house: House
) -> None:
    assert list(map(str, rule(house))) == []


def test_the_whole_house_is_read(house: House) -> None:
    assert len(house.sources) > 250
    assert len(house.pages) > 10
    assert len(house.named) > 30
    assert {"av", "numpy", "onnxruntime", "opencv-python-headless"} <= house.packages.keys()
    assert len(house.files) > 400 or "src/passerby/frame.py" in house.files
    assert len(house.plugins) > 15
    assert {"camera.live", "privacy.k", "tracker.passer.memory", "measure.line.at"} & set(house.keys)
    assert house.fields.keys() == {"Measurement", "Statistics", "Alert", "Bands", "Trial", "Picture", "Glyph"}
    assert {"intervals", "parts"} <= house.columns.keys()


@pytest.mark.parametrize("plant", list(plants()), ids=lambda plant: f"{plant.rule}: {plant.what!r}")
def test_what_is_planted_is_caught(plant: Plant) -> None:
    assert caught(plant)


def test_every_rule_has_violations_planted_for_it() -> None:
    assert {plant.rule for plant in plants()} == RULES.keys()


def test_an_empty_house_breaks_no_rule() -> None:
    assert [finding for rule in RULES.values() for finding in rule(House())] == []


@pytest.mark.parametrize("name", doors.GRAPHS)
def test_a_graph_behind_a_red_line_is_refused_when_it_is_loaded(name: str) -> None:
    assert doors.let_in(doors.GRAPHS[name]) == ""


@pytest.mark.parametrize("name", doors.DETECTORS)
def test_a_detector_is_let_in(name: str) -> None:
    assert doors.let_in(doors.DETECTORS[name]) == "it is let in"


@pytest.mark.parametrize("name", doors.ASKED)
def test_a_configuration_that_asks_for_it_is_refused(name: str) -> None:
    where, text = doors.ASKED[name]
    assert doors.read(**{where: text}) == ""


def test_an_ordinary_configuration_is_let_in() -> None:
    assert doors.read() == "it is let in"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("FaceRecognizerSF", ["face", "recognizer"]),
        ("license_plate", ["license plate"]),
        ("plate-text", ["plate text"]),
        ("reId", ["re id"]),
        ("surface", []),
        ("plate", []),
        ("interface", []),
        ("person", []),
    ],
)
def test_words_are_found_inside_names(name: str, words: list[str]) -> None:
    assert list(behind(name)) == words


@pytest.mark.clips
def test_a_real_face_model_is_no_detector(assets: Path) -> None:
    with pytest.raises(ModelError, match="detector"):
        Onnx(assets / "models" / "yunet_n_dynamic.onnx")
    assert Onnx(assets / "models" / "yolox_nano.onnx").name == "yolox_nano"
