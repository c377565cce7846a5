"""Sentences can be said in another language, and all of the room's texts are such sentences."""

from __future__ import annotations

import ast
import copy
import re
from pathlib import Path

import pytest

from passerby import privacy
from passerby.privacy import Sentence, say, translated

ROOM = Path(privacy.__file__).parent
GERMAN = {
    "{camera} shows {what}; {places}.": "{places}: {camera} zeigt {what}.",
    "nothing": "nichts",
    "{place} ({kind})": "{kind} {place}",
    "line": "Linie",
}


def german(text: str) -> str:
    return GERMAN.get(text, text)


def test_a_sentence_is_its_english_text_and_can_be_said_in_another_language() -> None:
    places = [say("{place} ({kind})", place=place, kind=say("line")) for place in ("gate", "{door}")]
    said = say("{camera} shows {what}; {places}.", camera="north", what=say("nothing"), places=places)
    assert said == "north shows nothing; gate (line), {door} (line)."
    assert translated(said, german) == "Linie gate, Linie {door}: north zeigt nichts."
    assert translated(copy.deepcopy(said), german) == translated(said, german)
    assert copy.deepcopy(said) == said
    assert translated("no sentence", german) == "no sentence"
    assert translated(say("{n}", n=2), german) == "2"


def unsaid(source: str) -> list[str]:
    """Texts of several words that are no pattern of a sentence."""
    tree = ast.parse(source)
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"
    ]
    patterns = {id(call.args[0]) for call in calls if isinstance(call.args[0], ast.Constant)}
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in patterns | docs]
    return [str(text.value) for text in texts if re.search(r"\w \w", str(text.value))]


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: path.name)
def test_whoever_translates_finds_every_text(path: Path) -> None:
    assert unsaid(path.read_text()) == []


@pytest.mark.parametrize(
    "left_out", ['yield "Left out."', 'say(f"{n} are left out")', 'pattern = "is left"; say(pattern)']
)
def test_what_was_left_out_is_found(left_out: str) -> None:
    assert unsaid(left_out)


def test_what_is_said_is_a_sentence() -> None:
    assert isinstance(privacy.PROMISE, Sentence)
    assert privacy.PROMISE.pattern == privacy.PROMISE
