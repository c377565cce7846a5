"""Addresses of cameras with passwords, as people, installers and generators write them."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

PLACE: Final = "127.0.0.1:9"  # nobody answers there
_PLAIN: Final = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_ODD: Final = "@:/#?%$`'\"\\&=+;,!*()[]{}<>|^~ -_."
_WIDE: Final = "äßéñçøΩж漢字パス🔑"
_TURNED: Final = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "nopqrstuvwxyzabcdefghijklmNOPQRSTUVWXYZABCDEFGHIJKLM5678901234",
)
_TAIL: Final = "/live/1"


def _settings(user: str, password: str, path: str) -> str:
    return path.format(user=quote(user, safe=""), password=quote(password, safe=""))


def _basic(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode()


STYLES: Final[Mapping[str, Callable[[str, str], str]]] = {
    "encoded": lambda u, p: f"rtsp://{quote(u, safe='')}:{quote(p, safe='')}@{PLACE}{_TAIL}",
    "as typed": lambda u, p: f"rtsp://{u}:{p}@{PLACE}{_TAIL}",
    "half encoded": lambda u, p: f"http://{u}:{quote(p, safe=':/')}@{PLACE}{_TAIL}",
    "twice encoded": lambda u, p: f"rtsp://{u}:{quote(quote(p, safe=''), safe='')}@{PLACE}{_TAIL}",
    "no user": lambda _, p: f"rtsp://:{quote(p, safe='')}@{PLACE}{_TAIL}",
    "token": lambda _, p: f"https://{quote(p, safe='')}@{PLACE}{_TAIL}",
    "large letters": lambda u, p: f"RTSP://{u}:{quote(p, safe='')}@{PLACE}{_TAIL}",
    "query": lambda u, p: f"http://{PLACE}/cgi?user={u}&password={quote(p, safe='')}",
    "query as typed": lambda u, p: f"http://{PLACE}/cgi?user={u}&pwd={p}",
    "query with a key": lambda _, p: f"http://{PLACE}/mjpg?token={quote(p, safe='')}&res=640",
    "query with basic": lambda u, p: f"http://{PLACE}/mjpg?auth={_basic(u, p)}",
    "path": lambda u, p: _settings(u, p, f"rtsp://{PLACE}/user={{user}}_password={{password}}_channel=1.sdp"),
    "path with semicolons": lambda u, p: _settings(u, p, f"rtsp://{PLACE}/cam;user={{user}};pwd={{password}}"),
    "both": lambda u, p: f"rtsp://{u}:{quote(p, safe='')}@{PLACE}/cgi?user={u}&password={quote(p, safe='')}",
    "unknown kind": lambda u, p: f"nonsense://{u}:{quote(p, safe='')}@{PLACE}{_TAIL}",
    "stream key": lambda _, p: f"srt://{PLACE}?streamid=cam&passphrase={quote(p, safe='')}",
}


@dataclass(frozen=True, slots=True)
class Form:
    """One camera's address."""

    style: str
    user: str
    password: str = field(repr=False)
    written: str = "literal"  # in the configuration: literal, variable, file

    @property
    def url(self) -> str:
        """The address with the password."""
        return STYLES[self.style](self.user, self.password)

    @property
    def twin(self) -> Form:
        """The same with other letters and digits."""
        return Form(self.style, self.user, self.password.translate(_TURNED), self.written)

    @property
    def toml(self) -> str:
        """The address as a value of a configuration, literally."""
        return json.dumps(self.url.replace("$", "$$"), ensure_ascii=False)


def forms(number: int, seed: int) -> Iterator[Form]:
    """So many, the same every time; each style, length and way to be written in turn."""
    pick = random.Random(seed)
    styles = list(STYLES)
    for at in range(number):
        yield Form(
            styles[at % len(styles)],
            "".join(pick.choices(_PLAIN, k=pick.randint(1, 12))),
            _password(pick, at // len(styles)),
            ("literal", "literal", "variable", "file")[at // 3 % 4],
        )


def _password(pick: random.Random, kind: int) -> str:
    """Short, common, long and very long; plain, odd and of other alphabets."""
    length = (pick.randint(1, 7), pick.randint(8, 20), pick.randint(8, 20), pick.randint(100, 400))[kind % 4]
    letters = (_PLAIN, _PLAIN + 2 * _ODD, _PLAIN + _ODD + 3 * _WIDE)[kind % 3]
    password = "".join(pick.choices(letters, k=length))
    return password.strip() or pick.choice(_PLAIN)
