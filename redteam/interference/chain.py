"""The whole chain from frames in a ring to rows in a file, with tracks and crowd replayed, clocks and ids fixed.

::

    Cast ─ frames ─► Ring ─► View ─► Camera (real motion and attention; tracker and crowd replay the script)
                                       └ messages, as JSON ─► Service ─► office, release, alerts
                                                                ├ journal, states, live values, glyphs
                                                                └ store (SQLite), sink (webhook, to a real server)
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, fields

from passerby.ghost import Live
from redteam.interference.receiver import Receiver
from redteam.interference.serving import Served, serve
from redteam.interference.site import MODES
from redteam.interference.street import Cast, Script
from redteam.interference.watching import Said, observe


@dataclass(frozen=True, slots=True)
class Outputs:
    """Every byte that left."""

    messages: bytes  # from the engine to the office, and what it printed
    served: Mapping[Live, Served]

    def differences(self, other: Outputs) -> tuple[str, ...]:
        """Where the two differ, e.g. "files (ghost)"; empty: nowhere, byte for byte."""
        found = ["messages"] if self.messages != other.messages else []
        for mode, mine in self.served.items():
            theirs = other.served[mode]
            found += [
                f"{f.name} ({mode})" for f in fields(Served) if getattr(mine, f.name) != getattr(theirs, f.name)
            ]
        return tuple(found)


def run(
    script: Script,
    cast: Cast,
    receiver: Receiver,
    *,
    everywhere: bool,
    ids: int,
    modes: Sequence[Live] = MODES,
    visit: bool = False,
) -> Outputs:
    """All that leaves, in these modes of what may be shown; `visit`: and each page."""
    with redirect_stdout(io.StringIO()) as printed, redirect_stderr(printed):
        said = observe(script, cast, everywhere=everywhere, ids=ids)
    return Outputs(
        together(said) + printed.getvalue().encode(),
        {mode: serve(said, mode, receiver, visit=visit) for mode in modes},
    )


def together(said: Said) -> bytes:
    """Messages and their times, in one."""
    return b"\n".join(b"%.3f %s" % (at_s, data) for at_s, data in said)
