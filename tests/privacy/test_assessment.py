"""The draft of the assessment: made of the configuration, with what the operator has to say left open."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from promises import TOO_MUCH

from passerby.config.reading import parse
from passerby.privacy import Assessment, assessment, markdown

SITE = """
site = { name = "Market", operator = "City of Lisbon", contact = "data@lisbon.example" }
[sink.control]
use = "webhook"
url = "https://control.example/geheim"
[camera.north]
source = { use = "stream", url = "rtsp://user:geheim@10.0.4.12/2" }
live = "ghost"
[camera.north.place]
rails = { zone = [[0.1, 0.4], [0.9, 0.4], [0.9, 0.95], [0.1, 0.95]] }
[camera.north.alert]
fall = { safety = "track", at = "rails" }
"""


def made(text: str) -> Assessment:
    return assessment(parse(text, Path("site.toml")))


def asked(text: str) -> str:
    return "\n".join(item.text for section in made(text).sections for item in section.items if item.kind == "open")


def test_it_has_the_parts_of_the_regulation_and_asks_what_it_cannot_know() -> None:
    draft = made(SITE)
    titles = " ".join(section.title for section in draft.sections)
    for part in ("Description", "necessity and proportionality", "Risks", "Measures", "Advice", "Decision"):
        assert part in titles
    assert draft.open == len(re.findall(r"^- \[ \] \*\*To be filled in:", markdown(draft), re.MULTILINE)) > 15
    assert "legal basis" in asked(SITE)


def test_it_asks_about_what_this_configuration_does() -> None:
    for question in ("would bands do?", "one person may cause fall (track)", "what is sent to control"):
        assert question in asked(SITE)
        assert question not in asked("[camera.north]\n")
    assert "Who is responsible" not in asked(SITE)
    assert "Who is responsible" in asked("")
    store = '[store]\nuse = "sqlite"\npath = "rows.db"\n'
    assert "until they are deleted by hand" in asked(store)
    assert "until they are deleted by hand" not in asked(f'{store}keep = "400d"\n')
    assert "live_outputs" in asked("[privacy]\nlive_outputs = true\n")


def test_it_promises_no_more_than_can_be_kept_and_tells_no_secret() -> None:
    text = markdown(made(SITE))
    assert not TOO_MUCH.search(text)
    assert "geheim" not in text
    assert "no legal advice" in text
    assert "City of Lisbon" in text


@given(st.text(st.characters(codec="utf-8", exclude_characters='"\\', exclude_categories=["Cc"]), max_size=40))
def test_no_name_is_markup(name: str) -> None:
    text = markdown(made(f'site = {{ name = "Market", operator = "{name}" }}\n'))
    assert "<" not in text
    assert text.count("\n## ") == 6
