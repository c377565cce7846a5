"""No password of a camera is in any output, argument or environment.

Thousands of addresses with passwords are drawn, as people, installers and generators write them. Each goes through
every way by which words leave passerby, as the product calls it, with cameras and plugins that fail with the
address in their words; some go through a real service, whose workers, arguments, environments, files and log are
read. What is left is searched for every password in every writing. And each goes through a second time with other
letters and digits in the password: not one character of what is said may change, however short it is.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, zip_longest
from pathlib import Path
from typing import Final

from redteam.processors import all_processors
from redteam.secrets.forms import STYLES, Form, forms
from redteam.secrets.paths import PATHS
from redteam.secrets.plants import LEAKS, SHORT
from redteam.secrets.searching import found, needles
from redteam.secrets.service import ran
from redteam.verdict import Figure, Size, Verdict

FORMS: Final = {Size.SMALL: 480, Size.FULL: 10_000}
REAL: Final = {Size.SMALL: 32, Size.FULL: 128}  # of them, cameras of a real service
BATCH: Final = 50  # cameras of one configuration
PLANTED: Final = len(LEAKS) + len(SHORT)
_SEED: Final = 14
_ROOM: Final = next(filter(os.path.isdir, ["/dev/shm"]), None)  # thousands of small files are quicker in memory
LIMITS: Final = (
    "A password of one to three characters is not blanked out of a stranger's words where it stands by itself: it "
    "would blank out words. Ours never repeat it.",
    "A secret in a path that does not say so (`/live/AbCdEf`) is taken for a path, and shown.",
    "What somebody types into a field of a form where it does not belong is shown to them again.",
    "Forms of settings hold the first 16 digits of a hash of the whole file, which only admins are given.",
    "The configuration file itself, the environment of `passerby run`, and root see what is written there.",
)


def attack(size: Size) -> Verdict:
    """Send all of them through every path, twice, and some through a real service."""
    drawn = list(forms(FORMS[size], _SEED))
    leaks, outputs = Counter[str](), Counter[str]()
    with all_processors() as pool:  # each batch is on its own
        for number, (said, leaked) in enumerate(pool.map(_went, _batches(drawn, BATCH)), 1):
            outputs += said
            leaks += leaked
            told = "".join(f"; {where}" for where in leaked)
            done = min(number * BATCH, len(drawn))
            print(f"{done} of {len(drawn)} addresses, {leaks.total()} leaks{told}", file=sys.stderr)
    real = [form for form in drawn if len(form.password) < 100][: REAL[size]]
    processes = 0
    for as_json in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            left = ran(real, Path(folder), as_json=as_json)
        processes += left.processes
        outputs["a real service"] += len(left.left)
        for where, text in left.left.items():
            leaks.update(f"a real service: {Path(where).name}: {form.style}" for form, _ in found(text, real))
    planted = [form for form in drawn if needles(form)][: len(STYLES)]
    missed = [name for name in LEAKS if not all(any(found(LEAKS[name](form), [form])) for form in planted)]
    missed += [name for name in SHORT if not _caught_by_twins(name, planted)]
    wrong = [f"{where} ({times} times)" for where, times in leaks.most_common()]
    wrong += [f"the planted leak is missed: {name}" for name in missed]
    return Verdict(
        "secrets",
        not wrong,
        _told(wrong, drawn, outputs),
        _figures(drawn, outputs, leaks, processes, missed),
        {"passwords found": "0", "planted and found": f"{PLANTED}, all"},
        LIMITS,
    )


def _went(batch: Sequence[Form]) -> tuple[Counter[str], Counter[str]]:
    """Send a batch through every path; how many outputs there were, and what leaked."""
    leaks = Counter[str]()
    return Counter({name: compared(name, path, batch, leaks) for name, path in PATHS.items()}), leaks


def _caught_by_twins(name: str, planted: Sequence[Form]) -> bool:
    leaks = Counter[str]()
    compared(name, lambda forms, _: ((name, SHORT[name](form)) for form in forms), planted, leaks)
    return leaks.total() > 0


def compared(
    name: str,
    path: Callable[[Sequence[Form], Path], Iterable[tuple[str, str]]],
    batch: Sequence[Form],
    leaks: Counter[str],
) -> int:
    """Send a batch and its twins through a path, and count what leaks; how many outputs there were."""
    with tempfile.TemporaryDirectory(dir=_ROOM) as one, tempfile.TemporaryDirectory(dir=_ROOM) as other:
        said = list(path(batch, Path(one)))
        again = list(path([form.twin for form in batch], Path(other)))
    if len(said) != len(again):
        leaks[f"{name}: another number of outputs"] += 1
    for (where, text), (_, twin) in zip(said, again, strict=False):
        leaks.update(f"{name}: {where}: {form.style}" for form, _ in found(text, batch))
        text, twin = text.replace(one, ""), twin.replace(other, "")
        if text != twin:
            if name not in SHORT:
                print(f"{name}: {where}: {next(_unlike(text, twin), 'how lines end')}", file=sys.stderr)
            leaks[f"{name}: {where}: it depends on a password"] += 1
    return len(said) + len(again)


def _unlike(said: str, again: str) -> Iterator[str]:
    """Where two texts differ, line by line."""
    for one, other in zip_longest(said.splitlines(), again.splitlines(), fillvalue=""):
        if one != other:
            yield f"{one!r} and {other!r}"


def _batches(drawn: Sequence[Form], size: int) -> Iterator[list[Form]]:
    rest = iter(drawn)
    while batch := list(islice(rest, size)):
        yield batch


def _told(wrong: list[str], drawn: Sequence[Form], outputs: Counter[str]) -> str:
    if wrong:
        return f"{len(wrong)} leaks: {'; '.join(wrong[:4])}."
    return (
        f"{len(drawn)} addresses with passwords went through {len(PATHS) + 1} ways out; none is in any of "
        f"{outputs.total()} outputs, arguments and environments, and all {PLANTED} planted leaks were found."
    )


def _figures(
    drawn: Sequence[Form], outputs: Counter[str], leaks: Counter[str], processes: int, missed: list[str]
) -> dict[str, Figure]:
    return {
        "n (addresses with passwords)": len(drawn),
        "ways in which they are written": len(STYLES),
        **{f"outputs searched: {name}": number for name, number in outputs.items()},
        "arguments and environments of processes read": processes,
        "passwords found": leaks.total(),
        "leaks planted": PLANTED,
        "planted and found": PLANTED - len(missed),
    }
