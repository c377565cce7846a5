"""What every worker process owes the machine: to die with its parent, to dump nothing, to end when asked."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import socket
from pathlib import Path
from typing import Final, Self

_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
_PR_SET_DUMPABLE: Final = 4
_DUMPED: Final = Path("/proc/self/coredump_filter")  # core(5)


def settle(parent: int) -> None:
    """Call first in a worker; `parent` is the process that started it.

    The kernel ends the worker with its parent, even one that was killed; no core dump and no other process of this
    user can read its memory; Ctrl-C is the parent's business.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the kernel was told
        os._exit(0)
    dump_nothing()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def dump_nothing() -> None:
    """Have no core of this process written, whatever its limits were, and no process of this user read its memory.

    Its children inherit the limit, and not the rest.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # kernels may lack it; then the rest must do
        _DUMPED.write_text("0")  # no kind of memory; first, for then the file is root's
    _prctl(_PR_SET_DUMPABLE, 0)


def _prctl(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option} failed")


def cpu_s() -> float:
    """Processor time of this process so far, in seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Terminated:
    """Becomes readable, for selectors, when the process is asked to end by SIGTERM."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        self._theirs = theirs
        signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, lambda *_: None)  # the wakeup descriptor tells

    def fileno(self) -> int:
        """For selectors."""
        return self._ours.fileno()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(-1)
        self._ours.close()
        self._theirs.close()
