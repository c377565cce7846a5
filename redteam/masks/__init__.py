"""A recogniser that is trained on redacted pictures does not tell people apart under solid masks.

People are rendered, pass many times and are redacted by the masks of `passerby redact`. Two attackers try to name
them again: a naive one, trained on clear pictures, and a parrot, trained on redacted ones (McPherson et al. 2016).
Passes are either for training or for probing, never both. What they are shown is each mask alone, at one size.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from redteam.masks.crowd import STYLES, Person, Seen, seen
from redteam.masks.recognisers import rates, upper
from redteam.verdict import Figure, Size, Verdict

PEOPLE: Final = {Size.SMALL: 40, Size.FULL: 100}
PASSES: Final = {Size.SMALL: 108, Size.FULL: 64}  # of each; four in ten moments show a mask of theirs alone
TRAINING: Final = 0.37  # of the passes
PROBES: Final = 4000  # at least
ABOVE: Final = 0.01  # chance, and so much
WORKS: Final = 8.0  # times chance: what an attacker must reach where there is something to be recognised
_SEED: Final = 2016

Rates = Mapping[str, Mapping[str, float]]  # of a style, of a model: the share named right
LIMITS: Final = (
    "People are drawn, forty or a hundred of them, and differ in body, clothes, bag and pace. Real people differ "
    "in more, so blur and pixelate leave more of them than is measured here.",
    "Masks here are of people who pass alone. A mask around many who touch keeps its outline.",
    "Where a mask is, how large it is and how it moves stays in a redacted film. Whoever knows the place, the "
    "hour or the company can still know who it is, and so can whoever knows how tall somebody is.",
)


def attack(size: Size) -> Verdict:
    """Train on redacted and on clear pictures, and probe."""
    rng = np.random.default_rng(_SEED)
    people = [Person.draw(rng) for _ in range(PEOPLE[size])]
    moments = list(seen(people, PASSES[size], _SEED))
    passes = rng.permutation(np.unique([moment.passing for moment in moments]))
    training = set(passes[: round(len(passes) * TRAINING)].tolist())
    known = [moment for moment in moments if moment.passing in training]
    probes = [moment for moment in moments if moment.passing not in training]
    if len(probes) < PROBES:
        return Verdict("masks", False, f"Only {len(probes)} probes were drawn, {PROBES} are needed.")
    chance = 1 / len(people)
    parrot: dict[str, dict[str, float]] = {
        name: _parrot(known, probes, name) for name in ("clear", "mean", *STYLES)
    }
    naive: dict[str, dict[str, float]] = {name: _naive(known, probes, name) for name in STYLES}
    bulk = rates(_bulk(known), _names(known), _bulk(probes), _names(probes))
    worst = max(*parrot["solid"].values(), *naive["solid"].values())
    bound = upper(worst, len(probes))
    figures = _figures(parrot, naive, bulk) | {
        "people": len(people),
        "n": len(probes),
        "chance": _percent(chance),
        "solid, worst, 95 % bound": _percent(bound),
    }
    goals = {
        "n": f"≥ {PROBES}",
        "solid, worst, 95 % bound": f"≤ {_percent(chance + ABOVE)}: chance, and a point",
        "clear, parrot": f"≥ {_percent(WORKS * chance)}: attackers that see nothing prove nothing",
    }
    blunt = [name for name in ("clear", "mean") if max(parrot[name].values()) < WORKS * chance]
    if blunt:
        sentence = f"The attackers do not recognise {' or '.join(blunt)} pictures, so that they prove nothing."
        return Verdict("masks", False, sentence, figures, goals, LIMITS)
    held = bound <= chance + ABOVE
    pixelated, blurred, by_bulk = (max(of.values()) for of in (parrot["pixelate"], parrot["blur"], bulk))
    sentence = (
        f"Of {len(probes)} solid masks at one size at most {_percent(worst)} were named right (95 % bound "
        f"{_percent(bound)}, chance {_percent(chance)}); of pixelated ones {_percent(pixelated)}, of blurred ones "
        f"{_percent(blurred)}, by size and motion alone {_percent(by_bulk)}."
    )
    return Verdict("masks", held, sentence, figures, goals, LIMITS)


def _figures(parrot: Rates, naive: Rates, bulk: Mapping[str, float]) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for attacker, by_style in (("parrot", parrot), ("naive", naive)):
        for style, by_model in by_style.items():
            best = max(by_model, key=lambda model: by_model[model])
            found[f"{style}, {attacker}"] = f"{_percent(by_model[best])} ({best})"
    found["size and motion of masks"] = _percent(max(bulk.values()))
    return found


def _parrot(known: list[Seen], probes: list[Seen], style: str) -> dict[str, float]:
    return rates(_pixels(known, style), _names(known), _pixels(probes, style), _names(probes))


def _naive(known: list[Seen], probes: list[Seen], style: str) -> dict[str, float]:
    return rates(_pixels(known, "clear"), _names(known), _pixels(probes, style), _names(probes))


def _pixels(moments: list[Seen], style: str) -> NDArray[np.floating]:
    return np.array([moment.pictures[style].ravel() for moment in moments], np.float32) / 255


def _bulk(moments: list[Seen]) -> NDArray[np.float64]:
    return np.array([moment.bulk for moment in moments], np.float64)


def _names(moments: list[Seen]) -> NDArray[np.intp]:
    return np.array([moment.person for moment in moments])


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
