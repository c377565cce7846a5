"""Rules of alerts and areas in a file: what is read, and what is refused in one sentence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from passerby.alerts import Condition
from passerby.classes import Class
from passerby.config import Config
from passerby.config.reading import parse
from passerby.errors import ConfigError

CAMERA = """\
[camera.c]
ground = [[0, 0, 0, 0], [1, 0, 20, 0], [1, 1, 20, 20], [0, 1, 0, 20]]
[camera.c.place]
gate = { line = [[0.1, 0.5], [0.9, 0.5]] }
square = { zone = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]] }
step = { zone = [[0.1, 0.1], [0.2, 0.1], [0.2, 0.15], [0.1, 0.15]] }
[camera.c.measure]
crowd = { use = "density", at = "square" }
push = { use = "density", at = "step" }
line = { use = "queue", at = "square", classes = ["person"] }
wheels = { use = "line", at = "gate", classes = ["bicycle"] }
"""
RULES = "[camera.c.alert]\n"


def read(text: str) -> Config:
    return parse(CAMERA + text, Path("street.toml"))


def wrong(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(text)
    said = str(caught.value)
    assert said.startswith("street.toml:")
    assert "\n" not in said
    return said


def test_a_rule_with_all_there_is() -> None:
    config = read(
        RULES + 'crush = { when = "square.density > 3.5", for = "30s", clear = 3, cooldown = "10min",'
        ' quiet = "22:00-06:00", severity = "critical" }'
    )
    rule = config.cameras["c"].alerts["crush"]
    assert rule.condition == Condition("square", "density", above=True, limit=3.5)
    assert (rule.clear, rule.lasting, rule.cooldown) == (3.0, timedelta(seconds=30), timedelta(minutes=10))
    assert (rule.severity, rule.safety, rule.camera) == ("critical", None, "c")
    assert rule.quiet is not None


def test_the_closed_list() -> None:
    rules = (
        read(
            RULES + 'fall = { safety = "edge", at = "step", for = "1s" }\n'
            'crush = { safety = "crowding", when = "square.density_peak > 5", clear = 4 }\n'
        )
        .cameras["c"]
        .alerts
    )
    assert [rule.severity for rule in rules.values()] == ["critical", "critical"]
    assert (rules["fall"].place, rules["fall"].condition.limit) == ("step", 0.0)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('when = "square.inside > 2"', "stands for 2 people; below 10"),
        ('when = "square.inside > 12", clear = 4', "stands for 4 people; below 10"),
        ('when = "square.inside < 3"', "stands for 3 people"),
        ('when = "step.density > 3.5"', "stands for 7 people"),
        ('when = "square.queue_m > 10"', "stands for 6 people"),
        ('when = "square.occupancy > 1"', "no rule can be about 'occupancy' of 'square'"),
        ('when = "sqare.inside > 20"', "no place 'sqare' (gate, square, step); did you mean 'square'?"),
        ('when = "square.densty > 4"', "did you mean 'density'?"),
        ('when = "step.queue > 20"', "'queue' is not measured at 'step'. Measure it"),
        ('when = "gate.inside > 20"', "no rule can be about 'inside' of 'gate' (nothing)"),
        ('when = "square"', "'square' is no condition"),
        ('when = "square.inside > 0.9 capacity"', "a capacity is an area's"),
        ('for = "30s"', "'when' is missing"),
        ('when = "square.inside > 20", clear = 25', "'clear' lies on the other side"),
        ('when = "square.inside > 20", quiet = "25:00-01:00"', "no quiet hours"),
        ('when = "square.inside > 20", at = "square"', "'at' belongs to a safety rule"),
        ('whn = "square.inside > 20"', "did you mean 'when'?"),
        (
            'safety = "loitering", at = "square"',
            "'loitering' is no safety rule (crowding, track, edge, ",
        ),
        ('safety = "track"', "'at' is missing: the zone it watches"),
        ('safety = "track", at = "gate"', "'gate' is a line"),
        ('safety = "track", at = "step", when = "step.inside > 0"', "has no 'when'"),
        ('safety = "wrong-way", at = "gate"', "way = 'in' or 'out'"),
        ('safety = "wrong-way", at = "gate", way = "in"', "'gate' counts bicycle only"),
        ('safety = "crowding", when = "square.density > 0.1"', "0.1 people per m² is no crowding"),
        ('safety = "crowding", when = "square.density > 3", clear = 1', "1 people per m² is no crowding"),
        ('safety = "crowding", when = "step.density > 3"', "'step' is only 2.0 m²"),
        ('safety = "crowding", when = "square.inside > 2"', "crowding is a density above a limit"),
    ],
)
def test_what_is_wrong_is_one_sentence(rule: str, said: str) -> None:
    assert said in wrong(f"{RULES}a = {{ {rule} }}")


def test_somebody_on_the_track_is_seen_whatever_else_is_measured_there() -> None:
    wheels = '[camera.c.measure.cars]\nuse = "queue"\nat = "step"\nclasses = ["car"]\n'
    rails = RULES + 'rails = { safety = "track", at = "step" }\n'
    assert read(rails + wheels).cameras["c"].alerts["rails"].place == "step"
    zone = '[camera.c.measure.only]\nuse = "zone"\nat = "step"\nclasses = ["car"]\n'
    assert "'step' counts car only" in wrong(rails + zone)


def test_rules_close_together_would_tell_a_number() -> None:
    many = "".join(f'r{n} = {{ when = "square.inside > {n}" }}\n' for n in range(20, 60))
    assert "21 people here and 20 in 'r20'" in wrong(RULES + many)
    assert "25 people" in wrong(RULES + 'a = { when = "square.inside > 25" }\nb = { when = "square.inside < 25" }')
    mixed = 'a = { when = "square.inside > 256" }\nb = { when = "square.density > 1.02" }'
    assert "so close" in wrong(RULES + mixed)
    apart = 'a = { when = "square.inside > 25" }\nb = { when = "square.inside > 35" }\n'
    longer = 'c = { when = "square.inside > 25", for = "5min" }'
    assert len(read(RULES + apart + longer).cameras["c"].alerts) == 3


def test_an_alert_cannot_wait_for_rare_samples() -> None:
    slow = CAMERA.replace('"density", at = "square"', '"density", at = "square", sample_s = 30')
    with pytest.raises(ConfigError, match="sampled every 30 s only"):
        parse(slow + RULES + 'a = { when = "square.density > 2" }', Path("street.toml"))


SITE = '[area.site]\nlines = ["c.gate"]\ncapacity = 400\nclasses = ["person"]\n[alert]\n'


def test_areas_and_their_rules() -> None:
    config = read(SITE + 'full = { when = "site.inside > 0.9 capacity", clear = 0.8 }')
    area = config.areas["site"]
    assert (area.lines, area.capacity) == (((("c", "gate"), 1),), 400)
    assert area.classes == {Class.PERSON}
    full = config.alerts["full"]
    assert (full.camera, full.place, full.condition.limit, full.clear) == ("", "site", 360.0, 320.0)


def test_an_area_knows_which_of_its_zones_are_estimated() -> None:
    config = read('[area.site]\nzones = ["c.square"]\n[area.gates]\nlines = ["c.gate"]')
    assert config.areas["site"].crowds == {("c", "square")}
    assert config.areas["gates"].crowds == frozenset()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[area.site]\n", "either of zones or of lines"),
        ('[area.site]\nzones = ["c.square"]\nlines = ["c.gate"]', "either of zones or of lines"),
        ('[area.site]\nzones = ["c.sqare"]', "camera c has no place 'sqare' (gate, square, step); did you mean"),
        ('[area.site]\nzones = ["d.square"]', "'d.square' names no camera (c)"),
        ('[area.site]\nlines = ["c.square"]', "'square' is a zone"),
        ('[area.site]\nlines = ["c.gate", "-c.gate"]', "named twice"),
        ('[area.site]\nzones = ["c.square"]\nclasses = ["person"]', "counts what its zones count"),
        ('[area.site]\nzones = ["c.square"]\ncapcity = 4', "did you mean 'capacity'?"),
        (SITE + 'a = { when = "site.inside > 0.01 capacity" }', "stands for 4 people"),
        (SITE + 'a = { when = "sit.inside > 100" }', "no area 'sit' (site); did you mean 'site'?"),
        (SITE + 'a = { when = "site.density > 3" }', "only 'inside' is told"),
        (SITE + 'a = { safety = "track", at = "site" }', "about one place of one camera"),
        (SITE.replace("capacity = 400\n", "") + 'a = { when = "site.inside > 0.9 capacity" }', "has no capacity"),
    ],
)
def test_what_is_wrong_with_an_area_is_one_sentence(text: str, said: str) -> None:
    assert said in wrong(text)


def test_what_nobody_acknowledges_goes_to_sinks_that_are_there() -> None:
    sink = '[sink.control]\nuse = "webhook"\nurl = "http://127.0.0.1/"\n'
    when = 'full = { when = "square.people > 60", '
    config = read(f'{sink}{RULES}{when}escalate = "2min", escalate_to = ["control"] }}')
    rule = config.cameras["c"].alerts["full"]
    assert (rule.escalate, rule.escalate_to) == (timedelta(minutes=2), ("control",))
    assert "no sink 'contrl' (control); did you mean 'control'" in wrong(
        f'{sink}{RULES}{when}escalate = "2min", escalate_to = ["contrl"] }}'
    )
    assert "'escalate' is missing" in wrong(f'{sink}{RULES}{when}escalate_to = ["control"] }}')
    assert "greater than" in wrong(f'{RULES}{when}escalate = "0s" }}')
    area = '[area.a]\nzones = ["c.square"]\n[alert]\nbusy = { when = "a.inside > 60", escalate = "2min", '
    assert "(there is none)" in wrong(f'{area}escalate_to = ["control"] }}')
