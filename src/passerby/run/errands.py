"""What other threads ask the loop of a service to do, in the order in which they asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

STOPPING: Final = "the service is stopping."


class Errands:
    """A queue of them; each answers with why it was refused, or with nothing.

    `wake`: has the loop come round soon. After `close` every errand is refused at once.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._waiting: deque[tuple[Future[str], Callable[[], str]]] = deque()
        self._is_closed = False

    def ask(self, what: Callable[[], str]) -> Future[str]:
        """Have the loop do something; what it said of it."""
        asked: Future[str] = Future()
        self._waiting.append((asked, what))
        if self._is_closed:
            self.close()  # it may have closed before it could see this one
        else:
            self._wake()
        return asked

    def run(self) -> None:
        """Do what waits; the loop's own thread calls this."""
        while self._waiting:
            asked, what = self._waiting.popleft()
            asked.set_result(what())

    def close(self) -> None:
        """Refuse what waits, and all that comes."""
        self._is_closed = True
        while self._waiting:
            try:
                asked, _ = self._waiting.popleft()
            except IndexError:  # another thread was faster
                return
            asked.set_result(STOPPING)
