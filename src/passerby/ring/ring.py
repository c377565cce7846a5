"""A few slots of memory, shared by two processes, each as large as one decoded picture.

::

    decode worker                    memfd: no path, no name,                   engine worker
    create(size, slots)              sealed, locked, not dumped                  join(fd, size, slots)
                          ┌───────────────┬───────────────┬─────────┐
    write(slot, frame) ──►│ Y  │ U  │ V   │ Y  │ U  │ V   │ ...     │──► frame(slot) ─► Frame ─► close()
                          └───────────────┴───────────────┴─────────┘                  wipes the slot

Who may touch a slot is agreed elsewhere, by sending its number: a slot belongs to one side at a time. The memory
exists as long as one of the two processes holds it; when both are gone, by whatever signal, so is it.
"""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
from collections.abc import Callable
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from passerby.frame import Frame, Planes, Size

_SEALS: Final = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL  # else a peer could cut it off
_PAGE: Final = mmap.PAGESIZE


class Ring:
    """Memory for `slots` pictures of one size, 8-bit YUV 4:2:0."""

    def __init__(self, fd: int, size: Size, slots: int) -> None:
        """Map memory that is already as large as it must be; the ring closes `fd`. Use `create` or `join`."""
        self.fd, self.size, self.slots = fd, size, slots
        memory = mmap.mmap(fd, _stride(size) * slots)
        memory.madvise(mmap.MADV_DONTDUMP)
        memory.madvise(mmap.MADV_DONTFORK)
        pixels = np.frombuffer(memory, np.uint8)
        # Out of swap as far as RLIMIT_MEMLOCK goes; frames pass beyond it, too, and `passerby doctor` says so.
        ctypes.CDLL(None).mlock(ctypes.c_void_p(pixels.ctypes.data), ctypes.c_size_t(pixels.nbytes))
        self._pixels: NDArray[np.uint8] | None = pixels.reshape(slots, _stride(size))

    @classmethod
    def create(cls, size: Size, slots: int) -> Self:
        """New memory, all zero, whose size nobody can change any more."""
        fd = os.memfd_create("", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(fd, _stride(size) * slots)
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, _SEALS)
        return cls(fd, size, slots)

    @classmethod
    def join(cls, fd: int, size: Size, slots: int) -> Self:
        """The memory that another process has created; raises ValueError if it is not such memory."""
        try:
            is_sealed = fcntl.fcntl(fd, fcntl.F_GET_SEALS) & _SEALS == _SEALS
        except OSError:
            is_sealed = False
        if not is_sealed or min(size) < 1 or slots < 1 or os.fstat(fd).st_size != _stride(size) * slots:
            os.close(fd)
            raise ValueError(f"this is no ring of {slots} pictures of {size.width}x{size.height}")
        return cls(fd, size, slots)

    def write(self, slot: int, frame: Frame) -> None:
        """Copy a frame of the ring's size into a slot; the caller closes the frame."""
        frame.copy_to(self._planes(slot))

    def frame(
        self, slot: int, *, camera: str, index: int, time_s: float, release: Callable[[], None] | None = None
    ) -> Frame:
        """The picture of a slot as a Frame over the same memory; closing it wipes the slot and calls `release`."""
        return Frame(self._planes(slot), camera=camera, index=index, time_s=time_s, release=release)

    def close(self) -> None:
        """Wipe everything and let go; harmless when called twice."""
        if self._pixels is not None:
            self._pixels.fill(0)
        self.leave()

    def leave(self) -> None:
        """Let go without wiping: the other process still reads its slots, and will wipe them."""
        if self._pixels is not None:
            self._pixels = None  # unmaps, as soon as no frame looks at it any more
            os.close(self.fd)

    def _planes(self, slot: int) -> Planes:
        if self._pixels is None:
            raise ValueError("the ring is closed")
        (w, h), row = self.size, self._pixels[slot]
        half = ((h + 1) // 2, (w + 1) // 2)
        n, q = w * h, half[0] * half[1]
        return Planes(
            row[:n].reshape(h, w), row[n : n + q].reshape(half), row[n + q : n + 2 * q].reshape(half), owned=True
        )


def _stride(size: Size) -> int:
    """Bytes of one slot: three planes, up to whole pages."""
    w, h = size
    return -(-(w * h + 2 * ((w + 1) // 2) * ((h + 1) // 2)) // _PAGE) * _PAGE
