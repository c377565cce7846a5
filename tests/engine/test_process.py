from __future__ import annotations

import os
import subprocess
import sys

SETTLED = """
import os, resource, signal, sys
from passerby.engine.process import settle
settle(int(sys.argv[1]))
print(resource.getrlimit(resource.RLIMIT_CORE), signal.getsignal(signal.SIGINT).name)
print(os.stat("/proc/self/mem").st_uid, os.getuid())
"""


def run(parent: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", SETTLED, str(parent)], capture_output=True, text=True, check=True)


def test_a_worker_dumps_nothing_and_leaves_ctrl_c_to_its_parent() -> None:
    limits, owners = run(os.getpid()).stdout.splitlines()
    assert limits == "(0, 0) SIG_IGN"
    assert owners.split()[0] == "0"  # its memory is nobody's but root's to read


def test_a_worker_whose_parent_is_gone_ends_at_once() -> None:
    assert run(1 if os.getpid() != 1 else 2).stdout == ""


def test_a_process_that_dumps_nothing_leaves_no_kind_of_memory_to_dump() -> None:
    script = """
import resource
from pathlib import Path
from passerby.engine.process import dump_nothing
dump_nothing()
print(resource.getrlimit(resource.RLIMIT_CORE), int(Path("/proc/self/coredump_filter").read_text(), 16))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    if os.getuid():  # the file is root's by then
        assert done.returncode == 1
    else:
        assert done.stdout == "(0, 0) 0\n"
