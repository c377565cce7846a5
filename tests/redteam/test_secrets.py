"""The search for passwords finds what is planted, and nothing where there is nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from redteam.secrets import compared
from redteam.secrets.forms import STYLES, Form, forms
from redteam.secrets.paths import PATHS
from redteam.secrets.plants import LEAKS, SHORT
from redteam.secrets.searching import found, needles

FORM = Form("encoded", "ada", "zQ@7/k#ü hush")


@pytest.mark.parametrize("name", LEAKS)
def test_every_planted_leak_is_found(name: str) -> None:
    for form in (FORM, *(form for form in forms(64, 3) if needles(form))):
        assert list(found(f"a line of a log: {LEAKS[name](form)}", [form])), form


@pytest.mark.parametrize("name", SHORT)
def test_what_is_too_short_to_be_found_is_told_by_a_twin(name: str) -> None:
    leaks, short = Counter[str](), Form("encoded", "ada", "k3")
    assert not any(needles(short))
    compared(name, lambda batch, _: [("a log", SHORT[name](one)) for one in batch], [short], leaks)
    assert leaks.total() == 1
    compared("silent", lambda batch, _: [("a log", one.style) for one in batch], [short], leaks)
    assert leaks.total() == 1


def test_what_does_not_hold_it_is_let_go() -> None:
    said = "rtsp://127.0.0.1:9/live/1 refuses the user or the password. cGFzc3dvcmQ= ***"
    assert list(found(said, forms(200, 3))) == []


def test_forms_are_the_same_every_time_and_of_every_kind() -> None:
    drawn = list(forms(400, 3))
    assert drawn == list(forms(400, 3))
    assert {form.style for form in drawn} == set(STYLES)
    assert {form.written for form in drawn} == {"literal", "variable", "file"}
    lengths = [len(form.password) for form in drawn]
    assert min(lengths) < 4
    assert max(lengths) > 300
    assert any(not form.password.isascii() for form in drawn)


@pytest.mark.parametrize("form", list(forms(32, 4)), ids=lambda form: form.style)
def test_a_twin_has_other_letters_in_the_same_places(form: Form) -> None:
    password, twin = form.password, form.twin.password
    assert len(password) == len(twin)
    same = [c for c, d in zip(password, twin, strict=True) if c == d]
    assert not any(c.isascii() and c.isalnum() for c in same)
    assert "hush" not in repr(FORM)


@pytest.mark.parametrize("name", ["sources", "webhooks", "services"])
def test_a_few_leave_no_trace(name: str, tmp_path: Path) -> None:
    few = list(forms(4, 9))
    (tmp_path / "a").mkdir()
    said = list(PATHS[name](few, tmp_path / "a"))
    assert said
    assert [hit for _, text in said for hit in found(text, few)] == []
