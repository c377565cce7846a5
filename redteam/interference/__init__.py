"""Other people in the picture change no byte of what is shown, stored, sent or logged.

Pairs of films are drawn in which the same tracks and crowds are other people, and strangers whom nobody follows.
Both go through the whole chain (see `chain`), with other ids of tracks too, and all that leaves is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from passerby.ghost import Live
from redteam.interference import structure
from redteam.interference.chain import Outputs, run, together
from redteam.interference.leaks import LEAKS, spying
from redteam.interference.receiver import Receiver
from redteam.interference.site import MODES
from redteam.interference.street import LASTS_S, Cast, Script
from redteam.interference.watching import observe
from redteam.processors import all_processors
from redteam.verdict import Size, Verdict

PAIRS: Final = {Size.SMALL: 24, Size.FULL: 200}
CONTROLS: Final = {Size.SMALL: 4, Size.FULL: 20}  # of them, without replay: if these did not differ, nothing could
VISITS: Final = 3  # in each so many-th pair every page is asked for, which takes its time
_TRIES: Final = 3  # pairs on which a planted leak must show
# How much of the pictures the detector was shown: it follows what stirs, is told for each camera, and goes no
# farther than the service's own health.
_EFFORT: Final = re.compile(rb'"(looked|pictures)": [\d.]+')
LIMITS: Final = (
    "Tracks and crowds are replayed, so this is a proof about what comes after them. Where people are found and "
    "followed depends on what they look like, in every detector and every tracker; that is the control.",
    "Where attention chooses what the detector is shown, how much it was shown depends on what moves in the "
    "picture. That is told from the engine to the office as a camera's health, and nothing else is.",
    "How long the work takes is not compared: it may depend on the picture.",
    "The plate is a picture, and approved as one; see the attack on it.",
)


def attack(size: Size) -> Verdict:
    """Compare pairs in every mode, plant every leak, and read imports, types and messages."""
    wrong = [*structure.chains(), *structure.signatures(), *structure.said()]
    with all_processors() as pool:
        compared = list(pool.map(_compared, range(PAIRS[size])))
        missed = [name for name, is_caught in zip(LEAKS, pool.map(_caught, LEAKS), strict=True) if not is_caught]
        unlike = sum(pool.map(_is_unlike, range(CONTROLS[size])))
    different = {number: found for number, (found, _) in enumerate(compared) if found}
    effort = sum(not same_effort for _, same_effort in compared)
    wrong += [f"pair {number} differs in {', '.join(found)}" for number, found in different.items()]
    wrong += [f"the planted leak is missed: {name}" for name in missed]
    wrong += [] if unlike else ["no control differs, so that pairs that do not differ show nothing"]
    pairs = PAIRS[size]
    return Verdict(
        "interference",
        not wrong,
        f"{len(wrong)} found: {'; '.join(wrong[:3])}."
        if wrong
        else f"{pairs} pairs of films with other people gave the same bytes in all {len(MODES)} modes of live, "
        f"and all {len(LEAKS)} planted leaks were caught.",
        {
            "n (pairs of films)": pairs,
            "modes of live": len(MODES),
            "pairs whose outputs are the same, byte for byte": pairs - len(different),
            "pairs in which the detector was shown other pieces": effort,
            "controls (tracker and crowds are not replayed)": CONTROLS[size],
            "controls that differ": unlike,
            "leaks planted": len(LEAKS),
            "planted and caught": len(LEAKS) - len(missed),
            "modules whose imports and types were read": len(structure.modules()),
        },
        {
            "pairs whose outputs are the same, byte for byte": f"{pairs}, all",
            "controls that differ": "at least 1",
            "planted and caught": f"{len(LEAKS)}, all",
        },
        LIMITS,
    )


def differences(
    number: int, receiver: Receiver, modes: tuple[Live, ...] = MODES, lasts_s: float = LASTS_S
) -> tuple[tuple[str, ...], bool]:
    """Where the outputs of a pair differ, and whether the detector was shown as much.

    In every second pair the whole of each frame is looked at, and that must be the same too.
    """
    everywhere = number % 2 == 0
    one, other = pair(number, receiver, everywhere=everywhere, modes=modes, lasts_s=lasts_s)
    if everywhere:
        return one.differences(other), True
    return _effortless(one).differences(_effortless(other)), one.messages == other.messages


def pair(
    number: int, receiver: Receiver, *, everywhere: bool, modes: tuple[Live, ...] = MODES, lasts_s: float = LASTS_S
) -> tuple[Outputs, Outputs]:
    """The outputs of one street with two casts, and two sources of ids."""
    script = Script.drawn(number, lasts_s)
    one, other = (
        run(
            script,
            Cast(script, number, cast),
            receiver,
            everywhere=everywhere,
            ids=cast,
            modes=modes,
            visit=not number % VISITS,
        )
        for cast in (1, 2)
    )
    return one, other


def caught(leak: str, receiver: Receiver, lasts_s: float = LASTS_S) -> bool:
    """Whether a planted leak shows in one of a few pairs."""
    return any(_planted(leak, receiver, lasts_s))


def _planted(leak: str, receiver: Receiver, lasts_s: float) -> Iterator[bool]:
    for number in range(_TRIES):
        script, outputs = Script.drawn(number, lasts_s), []
        for cast in (1, 2):
            with spying() as spy, LEAKS[leak](spy):
                dressed = Cast(script, number, cast)
                outputs.append(
                    run(script, dressed, receiver, everywhere=True, ids=cast, modes=("ghost",), visit=True)
                )
        yield bool(outputs[0].differences(outputs[1]))


def _is_unlike(number: int) -> bool:
    """Whether a pair differs where our tracker and what estimates crowds look for themselves."""
    script = Script.drawn(number)
    one, other = (
        together(observe(script, Cast(script, number, cast), everywhere=True, ids=cast, replay=False))
        for cast in (1, 2)
    )
    return one != other


def _compared(number: int) -> tuple[tuple[str, ...], bool]:
    with Receiver() as receiver:
        return differences(number, receiver)


def _caught(leak: str) -> bool:
    with Receiver() as receiver:
        return caught(leak, receiver)


def _effortless(outputs: Outputs) -> Outputs:
    return Outputs(_EFFORT.sub(b"", outputs.messages), outputs.served)
