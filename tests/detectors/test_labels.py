"""From a model's words to the closed list."""

from __future__ import annotations

import pytest

from passerby.classes import Class
from passerby.detectors.labels import COCO, DROPPED, class_map, known, names_in


def test_coco_has_eighty_categories_in_their_order() -> None:
    assert len(COCO) == len(set(COCO)) == 80
    assert [COCO.index(n) for n in ("person", "truck", "dog", "toilet", "cell phone", "toothbrush")] == [
        *(0, 7, 16, 61, 67, 79)
    ]


def test_coco_comes_out_on_the_list() -> None:
    mapped = class_map(COCO)
    kept = {COCO[i]: Class(int(c)) for i, c in enumerate(mapped) if c != DROPPED}
    assert kept.pop("person") is Class.PERSON
    assert kept.pop("train") is Class.TRAIN
    assert {kept.pop(v) for v in ("bicycle", "car", "motorcycle", "bus", "truck")} == {
        Class(v) for v in range(1, 6)
    }
    assert set(kept.values()) == {Class.ANIMAL}
    assert {"dog", "horse"} <= set(kept)


@pytest.mark.parametrize(
    "word", ["face", "license plate", "toilet", "handbag", "man", "woman", "child", "age 20-30"]
)
def test_what_is_not_on_the_list_is_dropped(word: str) -> None:
    assert known(word) is None


def test_words_are_read_loosely() -> None:
    assert known(" Pedestrian ") is known("PERSON") is Class.PERSON
    assert known("motorbike") is Class.MOTORCYCLE


def test_chosen_words_and_numbers_alone_are_kept() -> None:
    mapped = class_map(["hgv", "person", "cart"], {"hgv": "truck", "2": "bicycle"})
    assert mapped.tolist() == [Class.TRUCK, DROPPED, Class.BICYCLE]


@pytest.mark.parametrize(
    ("names", "chosen", "said"),
    [
        (["face"], None, r"nothing that it finds \(face\) is counted"),
        (["a"], {"b": "car"}, "no class 'b'; it has a"),
        (["a"], {"1": "car"}, "no class '1'"),
        (["a"], {"a": "face"}, "'face' is not a class that passerby counts"),
    ],
)
def test_what_cannot_be_mapped(names: list[str], chosen: dict[str, str] | None, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        class_map(names, chosen)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("{0: 'person', 1: 'car'}", ("person", "car")),
        ("['person', 'car']", ("person", "car")),
        ("{1: 'person'}", None),
        ("__import__('os')", None),
        ("", None),
    ],
)
def test_names_in_a_file(written: str, names: tuple[str, ...] | None) -> None:
    assert names_in({"names": written}) == names
