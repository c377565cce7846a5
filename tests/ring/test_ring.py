from __future__ import annotations

import fcntl
import mmap
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.frame import Frame, FrameClosed, Planes, Size
from passerby.ring import Ring


def textured(size: Size, seed: int = 1) -> Frame:
    rng = np.random.default_rng(seed)
    half = ((size.height + 1) // 2, (size.width + 1) // 2)
    y, u, v = (rng.integers(1, 256, shape, np.uint8) for shape in ((size.height, size.width), half, half))
    return Frame(Planes(y, u, v), camera="a", index=7, time_s=0.7)


def looked_at(fd: int) -> np.ndarray:
    """The memory behind a descriptor, as a third process would see it."""
    return np.frombuffer(mmap.mmap(os.dup(fd), os.fstat(fd).st_size), np.uint8)


@given(st.integers(1, 70), st.integers(1, 50), st.integers(1, 3))
def test_what_one_side_writes_the_other_reads(width: int, height: int, slots: int) -> None:
    size = Size(width, height)
    ring = Ring.create(size, slots)
    joined = Ring.join(os.dup(ring.fd), size, slots)
    for slot in range(slots):
        with textured(size, slot) as frame:
            ring.write(slot, frame)
    for slot in range(slots):
        with textured(size, slot) as frame, joined.frame(slot, camera="b", index=3, time_s=0.3) as read:
            assert (read.camera, read.index, read.time_s, read.size) == ("b", 3, 0.3, size)
            assert np.array_equal(read.bgr(read.whole, size), frame.bgr(frame.whole, size))
    joined.close()
    ring.close()


def test_a_closed_frame_has_wiped_its_slot_and_no_other() -> None:
    size, freed = Size(64, 48), []
    ring = Ring.create(size, 2)
    memory = looked_at(ring.fd)
    for slot in (0, 1):
        with textured(size, slot) as frame:
            ring.write(slot, frame)
    frame = ring.frame(0, camera="a", index=0, time_s=0.0, release=lambda: freed.append(0))
    first, second = memory.reshape(2, -1)
    assert first.any()
    frame.close()
    frame.close()
    assert freed == [0]
    assert not first.any()
    assert second.any()
    with pytest.raises(FrameClosed):
        frame.luma((4, 4))
    ring.close()


def test_a_closed_ring_is_wiped() -> None:
    ring = Ring.create(Size(64, 48), 3)
    kept = os.dup(ring.fd)
    for slot in range(3):
        with textured(Size(64, 48), slot) as frame:
            ring.write(slot, frame)
    assert looked_at(kept).any()
    ring.close()
    ring.close()
    assert not looked_at(kept).any()
    os.close(kept)


def test_who_leaves_a_ring_wipes_nothing() -> None:
    ring = Ring.create(Size(8, 8), 1)
    joined = Ring.join(os.dup(ring.fd), Size(8, 8), 1)
    with textured(Size(8, 8)) as frame:
        ring.write(0, frame)
    ring.leave()
    with pytest.raises(ValueError, match="closed"):
        ring.frame(0, camera="a", index=0, time_s=0.0)
    with joined.frame(0, camera="a", index=0, time_s=0.0) as read:
        joined.leave()  # the frame keeps its memory
        assert read.luma((8, 8)).any()


def test_the_memory_has_no_name_no_growth_and_no_place_in_a_core_dump() -> None:
    before = set(os.listdir("/dev/shm"))
    ring = Ring.create(Size(64, 48), 2)
    assert set(os.listdir("/dev/shm")) == before
    assert os.readlink(f"/proc/self/fd/{ring.fd}") == "/memfd: (deleted)"
    for length in (0, 1 << 20):
        with pytest.raises(PermissionError):
            os.ftruncate(ring.fd, length)
    with pytest.raises(PermissionError):
        fcntl.fcntl(ring.fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE)
    flags = Path("/proc/self/smaps").read_text().partition("/memfd: (deleted)")[2].partition("VmFlags:")[2]
    assert {"dd", "dc"} <= set(flags.splitlines()[0].split())  # not dumped, not copied at a fork
    ring.close()


def test_only_a_ring_of_that_size_can_be_joined() -> None:
    def refused(fd: int, width: int = 64, slots: int = 2) -> None:
        with pytest.raises(ValueError, match="is no ring of"):
            Ring.join(fd, Size(width, 48), slots)
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(fd)  # it is not kept either

    ring = Ring.create(Size(64, 48), 2)
    refused(os.dup(ring.fd), slots=3)
    refused(os.dup(ring.fd), width=640)
    refused(os.dup(ring.fd), width=0, slots=0)
    unsealed = os.memfd_create("", os.MFD_ALLOW_SEALING)
    os.ftruncate(unsealed, os.fstat(ring.fd).st_size)
    refused(unsealed)  # whoever made it could cut it off below our feet
    refused(os.open("/dev/null", os.O_RDWR))
    ring.close()


def test_its_memory_is_locked_as_far_as_this_process_may_and_not_dumped() -> None:
    ring = Ring.create(Size(64, 48), 1)
    smaps = Path("/proc/self/smaps").read_text().split("/memfd:")[1]
    flags = next(line for line in smaps.splitlines() if line.startswith("VmFlags:")).split()
    assert {"dd", "dc", "lo"} <= set(flags)  # not dumped, not copied on fork, locked
    ring.close()
