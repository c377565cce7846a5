"""A worker process as the office sees it: started, told, heard, ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from passerby.engine import commands, messages
from passerby.engine.commands import Command
from passerby.engine.messages import Failed, Message
from passerby.engine.wire import Channel

Kind = Literal["decode", "engine"]

_MODULES: Final[Mapping[Kind, str]] = {"decode": "passerby.engine.decoding", "engine": "passerby.engine.looking"}

# All that a worker inherits of the environment: passwords of cameras may stand in the rest of it.
_INHERITED: Final = frozenset(
    (
        "HOME",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "LD_LIBRARY_PATH",
        "PASSERBY_MODELS",
        "PATH",
        "TMPDIR",
        "TZ",
        "VIRTUAL_ENV",
    )
)
_INHERITED_KINDS: Final = ("CUDA_", "NVIDIA_", "OMP_", "OPENBLAS_", "ORT_", "PYTHON", "XDG_")


class Child:
    """One worker process. It is told nothing through its arguments and environment, all through its channel.

    The process dies with the thread that makes this object (Linux, PR_SET_PDEATHSIG).
    """

    def __init__(self, kind: Kind, environ: Mapping[str, str] = os.environ) -> None:
        self._channel, theirs = Channel.pair()
        fd = theirs.fileno()
        self._process = subprocess.Popen(  # noqa: S603 - our own module, in our own interpreter
            [sys.executable, "-m", _MODULES[kind], str(fd), str(os.getpid())],
            pass_fds=(fd,),
            env=inherited(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # a terminal's Ctrl-C is for the office, which then says stop
        )
        theirs.close()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def fileno(self) -> int:
        """For selectors: readable when the worker has said something, or is gone."""
        return self._channel.fileno()

    def tell(self, command: Command, fds: Sequence[int] = ()) -> None:
        """Send a command; a worker that is gone does not hear it, which is noticed when listening to it."""
        try:
            self._channel.send(commands.encode(command), fds)
        except ConnectionError:
            return

    def hear(self) -> Message | Failed | None:
        """The next message; None once the worker is gone."""
        data, _ = self._channel.receive()
        return messages.decode(data) if data else None

    def end(self, patience_s: float = 1.0) -> str:
        """Wait for the end of a process that is ending, kill it if it does not, and say how it ended."""
        try:
            code = self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._channel.close()
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def inherited(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that a worker needs and may have."""
    return {k: v for k, v in environ.items() if k in _INHERITED or k.startswith(_INHERITED_KINDS)}
