"""Fields of forms that stand for keys of the configuration."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from passerby.config import Edit
from passerby.config.reading import parse
from passerby.web.fields import Field, Kind, effects, length, options, read

PATH = ("camera", "north", "x")


@pytest.mark.parametrize(
    ("kind", "now", "typed", "value"),
    [
        ("text", "a", " b ", "b"),
        ("text", "a", "", None),
        ("whole", 1, "2", 2),
        ("number", 1.0, "2,5", 2.5),
        ("number", None, "3", 3),
        ("check", True, "", False),
        ("check", False, "on", True),
        ("choice", "a", "b", "b"),
        ("length", None, "400d", "400d"),
    ],
)
def test_a_field_becomes_an_edit(kind: Kind, now: object, typed: str, value: object) -> None:
    assert read({"x": typed}, [Field("x", PATH, kind, now, ("a", "b"))]) == ([Edit(PATH, value)], {})


@pytest.mark.parametrize(
    ("kind", "now", "typed"),
    [
        ("text", "a", "a"),
        ("number", 5.0, "5"),
        ("number", None, ""),
        ("check", True, "on"),
        ("length", timedelta(minutes=15), "900s"),
    ],
)
def test_what_says_the_same_is_no_edit(kind: Kind, now: object, typed: str) -> None:
    assert read({"x": typed}, [Field("x", PATH, kind, now)]) == ([], {})


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("text", "a\nb", "on one line"),
        ("text", "a" * 201, "at most 200"),
        ("whole", "2.5", "whole number"),
        ("whole", "1e3", "whole number"),
        ("number", "inf", "Write a number"),
        ("number", "nan", "Write a number"),
        ("choice", "c", "Choose"),
        ("length", "soon", "length of time"),
    ],
)
def test_what_is_wrong_is_said(kind: Kind, typed: str, says: str) -> None:
    edits, wrong = read({"x": typed}, [Field("x", PATH, kind, None, ("a", "b"))])
    assert edits == []
    assert says in wrong["x"]


def test_a_browser_sets_no_text_and_no_path() -> None:
    config = parse('[detector]\nuse = "onnx"\nmodel = "street.onnx"\nscore = 0.3\n', Path("x.toml"))
    found = {field.path[-1]: field for field in options("detector", config.detector, ("detector",))}
    assert set(found) == {"score", "nms", "threads", "contract"}
    assert (found["score"].shown, found["threads"].default) == ("0.3", "1")
    assert found["contract"].choices == ("yolox", "detr", "yolo-generic", "auto")
    assert found["contract"].now == "auto"


@pytest.mark.parametrize("text", ["400d", "90min", "1h", "45s", "1d"])
def test_lengths_are_written_as_people_do(text: str) -> None:
    unit = {"d": 86400, "min": 60, "h": 3600, "s": 1}
    number = int(text.rstrip("dminhs"))
    assert length(timedelta(seconds=number * unit[text.lstrip("0123456789")])) == text


def test_what_a_change_does_besides() -> None:
    paths = [("detector", "use"), ("engine", "share"), ("privacy", "k"), ("camera", "a", "fps"), ("site", "name")]
    assert effects([Edit(path, 1) for path in paths]) == ["workers", "intervals", "camera", "outlets"]
