from __future__ import annotations

import json
from pathlib import Path

from cli.verbs import Verb


def test_it_is_said_in_plain_words(passerby: Verb, tmp_path: Path) -> None:
    path = tmp_path / "street.toml"
    path.write_text('store = "street.db"\n[camera.north.place]\ngate = { line = [[0.1, 0.6], [0.9, 0.6]] }\n')
    ran = passerby("privacy", path)
    assert ran.code == 0
    for heading in ("What is kept", "What is shown live", "What is sent", "What is never done", "Limits"):
        assert f"\n{heading}\n- " in ran.out
    assert not (tmp_path / "street.db").exists()


def test_it_is_said_to_programs_too(passerby: Verb, tmp_path: Path) -> None:
    path = tmp_path / "street.toml"
    path.write_text("[camera.north]\n")
    document = json.loads(passerby("privacy", path, "--json").out)
    assert {"promise", "keeps", "shows", "sends", "never", "limits"} <= set(document)


def test_a_wrong_configuration_is_said(passerby: Verb, tmp_path: Path) -> None:
    ran = passerby("privacy", tmp_path / "missing.toml")
    assert ran.code == 78
    assert "missing.toml" in ran.err
