"""No packet goes where the configuration does not send it.

passerby runs in a network namespace in which every address on earth leads back to its own loopback: whatever is
called, by name or number, is seen there as a packet. Where strace is, calls to the kernel are read beside that.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from redteam.verdict import Figure, Size, Verdict, skipped

_HERE: Final = Path(__file__).parents[2]
_LIMITS: Final = (
    "What runs is what a test can run: some minutes of a service with four cameras. A timer of days is not waited "
    "for; there is none in the code that calls anybody.",
    "The namespace belongs to the process. What a camera, a receiver or a browser does elsewhere is theirs.",
    "`passerby models pull` calls whom the list of models names: that is what it is asked to do.",
)
_ISOLATED: Final = ("unshare", "--net", "--map-root-user")


def attack(size: Size) -> Verdict:
    """Run it all inside, and read what was seen."""
    if lacking := _lacking():
        return skipped("traffic", lacking)
    inside = subprocess.run(
        [*_ISOLATED, sys.executable, "-m", "redteam.traffic.inside", size],
        cwd=_HERE, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if inside.returncode:
        raise RuntimeError(f"what runs inside failed: {inside.stderr.strip().splitlines()[-1:]}")
    return judged(json.loads(inside.stdout.splitlines()[-1]))


def judged(runs: list[dict[str, Any]]) -> Verdict:
    """What the runs come to."""
    own, planted = ([run for run in runs if run["planted"] is bad] for bad in (False, True))
    wrong = [f"{run['name']}: {stranger}" for run in own for stranger in run["strangers"]]
    wrong += [f"{run['name']}: {run['missed']} packets were not seen" for run in own if run["missed"]]
    wrong += [f"the plant is missed: {run['name']}" for run in planted if not run["strangers"]]
    packets = sum(run["packets"] for run in own)
    found: dict[str, Figure] = {
        "n (runs)": len(own),
        "packets seen": packets,
        "packets and calls that nobody named": sum(len(run["strangers"]) for run in own),
        "runs that sent none at all": sum(not run["packets"] for run in own),
        "phone calls planted": len(planted),
        "planted and caught": sum(bool(run["strangers"]) for run in planted),
        "calls to the kernel were read, too": shutil.which("strace") is not None,
    }
    goals = {"packets and calls that nobody named": "0", "planted and caught": f"{len(planted)}, all"}
    sentence = (
        f"{len(wrong)} found: {'; '.join(wrong[:3])}."
        if wrong
        else f"{len(own)} runs sent {packets} packets, all between ends that the configuration names, and all "
        f"{len(planted)} planted phone calls were caught."
    )
    return Verdict("traffic", not wrong, sentence, found, goals, _LIMITS)


def _lacking() -> str:
    """What this machine does not have or allow; nothing where all is well."""
    for program in ("unshare", "ip"):
        if shutil.which(program) is None:
            return f"no {program} here"
    script = "from redteam.traffic.capture import capturing, prepare\nprepare()\nwith capturing(): pass"
    tried = subprocess.run(
        [*_ISOLATED, sys.executable, "-c", script], cwd=_HERE, check=False, capture_output=True, text=True
    )
    return "" if tried.returncode == 0 else "no network namespace of one's own here"
