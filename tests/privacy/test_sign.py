"""What a sign says of a configuration is so, and nothing more."""

from __future__ import annotations

from pathlib import Path

from passerby.config.reading import parse
from passerby.privacy import Sign, sign

CAMERA = """
[camera.square]
ground = { height_m = 10, tilt_deg = 22, focal_px = 662.4, size = [768, 576] }
live = "numbers"
[camera.square.place]
square = { zone = [[0.146, 0.671], [0.854, 0.671], [0.740, 0.466], [0.260, 0.466]] }
"""


def made(text: str) -> Sign:
    return sign(parse(text, Path("site.toml")))


def test_of_an_empty_configuration_there_is_nothing_to_say() -> None:
    said = made("")
    assert (said.counts, said.alerts, said.keeps, said.sends, said.live) == (False, False, False, False, "off")
    assert (said.operator, said.contact, said.days) == ("", "", 0)


def test_it_says_who_answers_what_is_kept_and_the_most_that_is_shown() -> None:
    said = made(
        'site = { name = "Market", operator = "City of Lisbon", contact = "data@lisbon.example" }\n'
        '[privacy]\ngrain = "30min"\nk = 25\n[store]\nuse = "sqlite"\npath = "rows.db"\nkeep = "36h"\n'
        f'[sink.control]\nuse = "webhook"\nurl = "http://127.0.0.1/"\n{CAMERA}[camera.gate]\nlive = "bands"\n'
    )
    assert (said.site, said.operator, said.contact) == ("Market", "City of Lisbon", "data@lisbon.example")
    assert (said.counts, said.keeps, said.days, said.grain_min, said.k) == (True, True, 2, 30.0, 25)
    assert (said.live, said.sends, said.crowds, said.alerts) == ("numbers", True, False, False)
    assert made(f'{CAMERA}[web]\nlisten = "off"\n').live == "off"


def test_it_says_whether_one_person_may_cause_an_alert() -> None:
    blind = f'{CAMERA}[camera.square.alert]\ndark = {{ when = "camera.blind" }}\n'
    assert not made(blind).alerts
    full = made(f'{blind}full = {{ when = "square.inside > 30" }}\n')
    assert (full.alerts, full.safety) == (True, False)
    assert made(f'{blind}rails = {{ safety = "track", at = "square" }}\n').safety
    crowd = f'{CAMERA}[camera.square.measure]\ncrowd = {{ use = "density", at = "square" }}\n'
    assert made(crowd).crowds
