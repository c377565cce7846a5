"""The list of attacks, in the order in which they are run; a new one is a line here and a module of its name."""

from __future__ import annotations

import importlib
from typing import Final

from redteam.verdict import Attack, Size, Verdict, skipped

ATTACKS: Final = {
    "lines": "the gate of the red lines finds nothing here, and every violation that is planted",
    "interference": "other people in the picture change no byte of what is shown, stored, sent or logged",
    "canary": "a texture in the picture is found in no file, deleted block, socket, memory or log, whatever fails",
    "plates": "no plate that could be approved holds a hundredth of anybody, however long they stay",
    "cities": "what is published of drawn cities tells of nobody where they were: one occasion is told right "
    "at most 58 % of the time, thirty days 72 %, and no part under k within k",
    "masks": "under solid masks of one size, who trained on masks tells people apart no better than by chance, "
    "and a point",
    "secrets": "no password of a camera is in any output, argument or environment",
    "traffic": "no packet goes where the configuration does not send it",
}


def run(name: str, size: Size) -> Verdict:
    """Run one attack; one that breaks has not held, whatever it was about to find."""
    try:
        attack: Attack = importlib.import_module(f"redteam.{name}").attack
        return attack(size)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is reported and counts
        lacking = error.name if isinstance(error, ModuleNotFoundError) else None
        if lacking is not None and lacking.partition(".")[0] not in {"passerby", "redteam"}:
            return skipped(name, f"no package {lacking} here")
        return Verdict(name, False, f"The attack itself broke: {type(error).__name__}: {error}.")
