"""Where a stream is: what kind of place, how FFmpeg must be told, and how it may be shown to people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote, unquote, urlsplit

Kind = Literal["local", "device", "network"]

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*)://(.*)", re.IGNORECASE | re.DOTALL)
_PLAYLIST: Final = (b"#EXTM3U", b"ffconcat version", b"v=0", b"<MPD", b"[playlist]")


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """A url or path. Its user, password and query are for FFmpeg only: `shown` and repr are without them."""

    kind: Kind
    target: str  # for FFmpeg; may hold a password
    shown: str  # for people

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read a path, ``file://``, ``v4l2://`` or any other url; never fails."""
        match = _SCHEME.match(url)
        if match is None:
            return _local(Path(url).expanduser(), url)
        scheme, rest = match[1].lower(), match[2]
        if scheme == "file":
            path = Path(url.partition("://")[2])
            return _local(path if path.exists() else Path(unquote(urlsplit(url).path)), url)
        if scheme == "v4l2":
            return cls("device", f"/{rest.lstrip('/')}", url)
        return cls("network", f"{match[1]}://{_quoted(rest)}", _shown(scheme, rest))

    @property
    def scheme(self) -> str:
        """The protocol, in lower case; empty for a path."""
        match = _SCHEME.match(self.target)
        return match[1].lower() if match else ""

    @property
    def path(self) -> Path:
        """The path on this machine; meaningless for a network address."""
        return Path(self.target)

    @property
    def is_finite(self) -> bool:
        """Whether this is a film or a folder on this machine, which ends by itself.

        Devices, pipes and sockets are not, and neither is a playlist, whatever it is called: it can name
        something live. A path where there is nothing yet counts as a film: opening it says that it is missing.
        """
        if self.kind != "local":
            return False
        path = self.path
        if not path.exists() or path.is_dir():
            return True
        return path.is_file() and not _is_playlist(path)

    def __repr__(self) -> str:
        return f"Address({self.shown!r})"


def _local(path: Path, shown: str) -> Address:
    is_device = path.is_char_device() or str(path).startswith("/dev/video")
    return Address("device" if is_device else "local", str(path), shown)


def _shown(scheme: str, rest: str) -> str:
    """An address without what may be secret: all before the last @, the query, and paths that carry settings.

    The *last* @, for a password may hold one, and some cameras want ``/user=admin_password=…`` in the path. Where
    an @ may as well be one of a query or such a path, nothing is shown.
    """
    before, at, _ = rest.rpartition("@")
    if at and re.search(r"[/?#].*=", before, re.DOTALL) and _quoted(rest) == rest:
        return f"{scheme}://…"
    place = re.split(r"[?#]", rest.rpartition("@")[2])[0]
    host, slash, path = place.partition("/")
    return f"{scheme}://{host}{slash}{'…' if '=' in path or ';' in path else path}"


def _quoted(rest: str) -> str:
    """Percent-encode a password in which ``/``, ``?`` or ``#`` would end the host, where that is plain to see.

    ``admin:a/b@10.0.0.1/2``: what stands before the first slash is no host and port, and an @ comes later.
    """
    authority = re.split(r"[/?#]", rest)[0]
    port = authority.rpartition(":")[2]
    is_plain = "@" in authority or "@" not in rest or ":" not in authority or port.isdecimal()
    if is_plain:
        return rest
    credentials, _, place = rest.rpartition("@")
    return f"{quote(credentials, safe=':%')}@{place}"


def _is_playlist(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError:
        return False
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(_PLAYLIST) or b"<MPD" in head
