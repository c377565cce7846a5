"""The one device that a service may write to: a file system in a file, whose blocks can all be read."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final, Self

BYTES: Final = 192 << 20


class Disk:
    """``with Disk() as disk``: `folder` is on it; `unmount`, then read `image`.

    Where there is no root or no loop device it is a plain folder, and `why` says what is not seen then.
    """

    def __init__(self, size: int = BYTES) -> None:
        self._size = size
        self.why = ""
        self._holder = Path(tempfile.mkdtemp(prefix="passerby-canary-"))
        self.image, self.folder = self._holder / "device", self._holder / "disk"
        self._is_mounted = False

    def __enter__(self) -> Self:
        self.folder.mkdir()
        if os.geteuid():
            self.why = "deleted blocks (no root)"
        elif not all(map(shutil.which, ("mkfs.ext4", "mount", "umount"))):
            self.why = "deleted blocks (no mkfs.ext4)"
        else:
            with self.image.open("wb") as file:
                file.truncate(self._size)
            made = subprocess.run(["mkfs.ext4", "-q", "-E", "nodiscard", self.image], capture_output=True)
            how: list[str | Path] = ["mount", "-o", "loop,nodiscard", self.image, self.folder]
            if made.returncode or subprocess.run(how, capture_output=True).returncode:
                self.why = "deleted blocks (no loop device)"
            self._is_mounted = not self.why
        return self

    def unmount(self) -> None:
        """Have everything written that waits to be, and let go of it; `image` holds all of it then."""
        if self._is_mounted:
            os.sync()
            if subprocess.run(["umount", self.folder], capture_output=True).returncode:
                subprocess.run(["umount", "-l", self.folder], capture_output=True)
                self.why = "deleted blocks (something still held the device)"
            self._is_mounted = False

    def __exit__(self, *_: object) -> None:
        self.unmount()
        shutil.rmtree(self._holder, ignore_errors=True)
