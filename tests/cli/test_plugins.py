"""``passerby plugins``."""

from __future__ import annotations

import json

from cli.verbs import Verb


def test_one_name_a_line(passerby: Verb) -> None:
    ran = passerby("plugins", "detector")
    assert ran == (0, "auto\nmotion\nonnx\nreplay\n", "")


def test_all_of_them_under_headings_on_stderr(passerby: Verb) -> None:
    ran = passerby("plugins")
    assert ran.code == 0
    assert {"stream", "synthetic", "motion", "passer", "line", "zone", "sqlite"} <= set(ran.out.splitlines())
    assert ran.err.splitlines() == ["source", "detector", "tracker", "measure", "sink", "store"]


def test_the_options_of_one(passerby: Verb) -> None:
    ran = passerby("plugins", "measure", "line")
    assert ran.code == 0
    (at,) = (line for line in ran.out.splitlines() if line.startswith("at "))
    assert at.split()[:6] == ["at", "name", "of", "a", "line", "needed"]
    assert "classes" in ran.out


def test_as_json(passerby: Verb) -> None:
    document = json.loads(passerby("plugins", "--json").out)
    assert {"line", "zone"} <= set(document["measure"])
    assert document["sink"] == ["webhook"]
    (at, *_) = json.loads(passerby("plugins", "measure", "line", "--json").out)
    assert at["name"] == "at"
    assert at["required"]


def test_what_does_not_exist(passerby: Verb) -> None:
    ran = passerby("plugins", "mesure")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean 'measure'?" in ran.err
    ran = passerby("plugins", "measure", "lin")
    assert (ran.code, ran.out) == (78, "")
    assert ran.err.startswith("passerby: no measure is called 'lin' (")
    assert ran.err.endswith("zone); did you mean 'line'?\n")
