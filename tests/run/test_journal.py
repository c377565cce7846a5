"""The log: one line an event, and no secret in it."""

from __future__ import annotations

import base64
import io
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.run import Journal
from passerby.testing import HandClock

ODD = st.text(st.characters(min_codepoint=33, max_codepoint=0x24F), min_size=4, max_size=24)


def journal(*secrets: str, as_json: bool = False) -> tuple[Journal, io.StringIO]:
    out = io.StringIO()
    made = Journal(out, HandClock(), as_json=as_json)
    made.hide(secrets)
    return made, out


def test_an_event_is_one_line() -> None:
    log, out = journal()
    log.say("offline", camera="north", reason='it said "no".\nforged line', note="")
    assert out.getvalue() == (
        '2026-03-02T08:00:00Z offline camera=north reason="it said \\"no\\".\\nforged line"\n'
    )


def test_an_event_can_be_json() -> None:
    log, out = journal(as_json=True)
    log.say("offline", camera="nörd")
    assert json.loads(out.getvalue()) == {"time": "2026-03-02T08:00:00Z", "event": "offline", "camera": "nörd"}


@pytest.mark.parametrize("as_json", [False, True])
@given(user=ODD, password=ODD, is_encoded=st.booleans(), before=st.text(max_size=8), after=st.text(max_size=8))
def test_a_secret_is_blanked_out_in_every_form(
    user: str, password: str, is_encoded: bool, before: str, after: str, as_json: bool
) -> None:
    shown = quote(password, safe="") if is_encoded else password
    url = f"rtsp://{quote(user, safe='')}:{shown}@10.0.0.1/2"
    log, out = journal(url, as_json=as_json)
    forms = (
        password,
        quote(password, safe=""),
        quote(password),
        url,
        base64.b64encode(f"{user}:{password}".encode()).decode(),
        base64.b64encode(password.encode()).decode(),
    )
    for form in forms:
        log.say("event", reason=f"{before}{form}{after}")
    blanked = out.getvalue().replace("***", "")
    if password not in f"2026-03-02T08:00:00Z event reason={json.dumps(before + after)}":
        assert password not in blanked
    assert out.getvalue().count("***") >= len(forms)


def test_what_is_too_short_to_be_hidden_does_not_blank_out_words() -> None:
    log, out = journal("rtsp://a:b@host/1", "abc")
    log.say("offline", reason="a bad cable abc")
    assert "a bad cable abc" in out.getvalue()
