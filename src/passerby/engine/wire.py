"""A two-way channel between two processes of ours that keeps messages whole and carries file descriptors."""

from __future__ import annotations

import socket
from array import array
from collections.abc import Sequence
from typing import Final, Self

_MOST: Final = 1 << 18  # bytes of a message
_MOST_FDS: Final = 4


class Channel:
    """One end of a nameless socket pair; dies with the processes that hold it."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end

    @classmethod
    def pair(cls) -> tuple[Self, Self]:
        """Both ends."""
        one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        return cls(one), cls(other)

    @classmethod
    def of(cls, fd: int) -> Self:
        """The end that this process was given as a file descriptor."""
        return cls(socket.socket(fileno=fd))

    def fileno(self) -> int:
        """For selectors."""
        return self._socket.fileno()

    def send(self, data: bytes, fds: Sequence[int] = ()) -> None:
        """Send one message; waits while the peer has too many unread. Raises ConnectionError if it is gone."""
        socket.send_fds(self._socket, [data], fds)

    def receive(self, *, most: int = _MOST, wait: bool = True) -> tuple[bytes, list[int]]:
        """The next message; b"" once the peer is gone. Without `wait`, BlockingIOError says that there is none."""
        flags = socket.MSG_CMSG_CLOEXEC | (0 if wait else socket.MSG_DONTWAIT)  # recv_fds forgets its flags
        room = socket.CMSG_SPACE(_MOST_FDS * 4)
        try:
            data, said, _, _ = self._socket.recvmsg(most, room, flags)
        except ConnectionError:
            # A peer that is gone without having read all is told of first and once; what it said comes after.
            data, said, _, _ = self._socket.recvmsg(most, room, flags)
        fds = array("i")
        for level, kind, content in said:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                fds.frombytes(content[: len(content) - len(content) % fds.itemsize])
        return data, list(fds)

    def close(self) -> None:
        """Let go; the peer reads b"" after what was sent."""
        self._socket.close()
