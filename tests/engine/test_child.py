from __future__ import annotations

import os
import select
import signal
from pathlib import Path

from passerby.engine.child import Child, inherited
from passerby.engine.commands import Begin, Stop
from passerby.engine.messages import Spent


def test_a_worker_inherits_what_it_needs_and_no_password() -> None:
    environ = {"PATH": "/bin", "PYTHONPATH": "x", "PASSERBY_MODELS": "y", "CAM_PASSWORD": "z", "AWS_SECRET": "z"}
    assert inherited(environ) == {"PATH": "/bin", "PYTHONPATH": "x", "PASSERBY_MODELS": "y"}


def test_a_worker_ends_when_it_is_told() -> None:
    child = Child("decode")
    child.tell(Begin(live=True))
    child.tell(Stop())
    assert isinstance(child.hear(), Spent)
    assert child.hear() is None
    child.tell(Stop())  # to nobody
    assert child.end(20.0) == "ended with exit code 0"
    assert not Path(f"/proc/{child.pid}").exists()


def test_a_worker_that_does_not_end_is_killed() -> None:
    child = Child("decode")
    os.kill(child.pid, signal.SIGSTOP)
    watching = os.pidfd_open(child.pid)
    assert child.end(0.0) == "was ended by SIGKILL"
    assert select.select([watching], [], [], 0.0)[0]
    os.close(watching)
