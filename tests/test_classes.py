"""The closed list of classes."""

from __future__ import annotations

from typing import get_args

import pytest

from passerby.classes import LABELS, MODES, Class, Label, parse


def test_labels_and_classes_are_one_list() -> None:
    assert get_args(Label) == LABELS
    assert [parse(label) for label in LABELS] == list(Class)
    assert [class_.label for class_ in Class] == list(LABELS)


def test_every_class_has_a_mode() -> None:
    assert {class_.mode for class_ in Class} == set(MODES)


def test_nothing_else_is_on_the_list() -> None:
    with pytest.raises(KeyError):
        parse("face")
