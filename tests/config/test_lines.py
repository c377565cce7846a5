"""On which line each key of a TOML text stands."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from passerby.config.lines import Lines

TEXT = """\
# a comment = "with = signs"
site = { name = "Market # one", timezone = 'Europe/Lisbon' }

[camera."market north".place]  # [not.a.header]
gate = { line = [[0.1, 0.6],   # a ] in a comment
                 [0.9, 0.62]] }
text = \"\"\"
[not.a.header]
not = "a key" \\\"\"\" still text\"\"\"\"
after = '''
# none ]'''
camera.deep . 'er' = 1

[[array]]
a = 1
[[array]]
b = 2
[array.below]
c = 3
"""


def test_every_kind_of_key_is_found() -> None:
    place = ("camera", "market north", "place")
    found = Lines(TEXT).found
    assert {path: line for path, line in found.items() if len(path) > 1 or path in {("site",), ("array",)}} == {
        ("site",): 2,
        ("site", "name"): 2,
        ("site", "timezone"): 2,
        ("camera", "market north"): 4,
        place: 4,
        (*place, "gate"): 5,
        (*place, "gate", "line"): 5,
        (*place, "gate", "line", 0): 5,
        (*place, "gate", "line", 0, 0): 5,
        (*place, "gate", "line", 0, 1): 5,
        (*place, "gate", "line", 1): 6,
        (*place, "gate", "line", 1, 0): 6,
        (*place, "gate", "line", 1, 1): 6,
        (*place, "text"): 7,
        (*place, "after"): 10,
        (*place, "camera"): 12,
        (*place, "camera", "deep"): 12,
        (*place, "camera", "deep", "er"): 12,
        ("array",): 14,
        ("array", 0): 14,
        ("array", 0, "a"): 15,
        ("array", 1): 16,
        ("array", 1, "b"): 17,
        ("array", 1, "below"): 18,
        ("array", 1, "below", "c"): 19,
    }


def test_what_is_not_written_is_sought_around_it() -> None:
    lines = Lines(TEXT)
    assert lines.of(("camera", "market north", "place", "gate", "zone")) == 5
    assert lines.of(("nothing",)) == 1
    assert lines.of(()) == 1


@pytest.mark.parametrize("text", ["", "\n\n", "# only this", "a=1", "a = 1\r\nb = 2\r\n"])
def test_small_texts(text: str) -> None:
    assert set(Lines(text).found) == {(key,) for key in tomllib.loads(text)}


values = st.recursive(
    st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


def paths(value: Any, at: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    items: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    return {at} - {()} | {path for key, inner in items for path in paths(inner, (*at, key))}


@settings(max_examples=60)
@given(st.dictionaries(st.text(min_size=1, max_size=5), values, max_size=4))
def test_all_that_the_parser_finds_has_a_line(data: dict[str, Any]) -> None:
    text = tomlkit.dumps(data)
    found = Lines(text).found
    assert set(found) == paths(tomllib.loads(text))
    assert all(1 <= line <= text.count("\n") + 1 for line in found.values())
