"""Says in words why libav could not read something, without libav's own text, which repeats the url."""

from __future__ import annotations

import errno
from typing import Final

import av

_ENCODE: Final = "In a url the characters @ : / ? # of a password are written %40 %3A %2F %3F %23."


class NoPicture(Exception):
    """Something came, and nothing of it was a picture."""


def why(error: Exception, waited_s: float) -> tuple[str, str]:
    """What a source did, as the end of a sentence that begins with its name, and what to do about it."""
    match error:
        case av.error.HTTPUnauthorizedError() | av.error.HTTPForbiddenError():
            return "refuses the user or the password", f"Check both. {_ENCODE}"
        case av.error.HTTPNotFoundError():
            return "answers that there is no such stream", "Check the path in its address."
        case av.error.HTTPError():
            return "answers with an error", "Look at it in a browser or player from this machine."
        case NoPicture():
            return f"sent no picture for {waited_s:g} s, though it sent something", "Look at it in a player."
        case av.error.ExitError() | TimeoutError():
            return f"did not answer for {waited_s:g} s", "Check its power, its network and its address."
        case ConnectionRefusedError():
            return "refuses the connection", "Check its address and port, and whether it is running."
        case ConnectionError() | av.error.EOFError():
            return "closed the connection", ""
        case FileNotFoundError():
            return "does not exist", ""
        case PermissionError():
            return "may not be read by this user", ""
        case av.error.InvalidDataError():
            return "is nothing that FFmpeg can read as a film or picture", ""
        case av.error.ProtocolNotFoundError():
            return "has an address of a kind that FFmpeg does not know", ""
        case OSError(errno=errno.EIO):
            return "cannot be reached, or stopped sending", f"Check its address. {_ENCODE}"
        case av.FFmpegError():
            return f"cannot be read: {(error.strerror or 'unknown error').lower()}", ""
        case _:
            return "cannot be read", ""
