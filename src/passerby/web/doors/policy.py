"""Who may use a route: every endpoint says so itself, and one that does not is for nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

Role = Literal["viewer", "operator", "admin"]
RANK: Final = {"viewer": 0, "operator": 1, "admin": 2}

_T = TypeVar("_T", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a route."""

    least: Role | None  # None: everybody, also without signing in
    camera: str = ""  # the path parameter that names a camera: only those who may see it
    key: bool = False  # also with an API key


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: an account that is signed in, or an API key. Endpoints find it as ``request.state.visitor``."""

    name: str
    role: Role
    cameras: frozenset[str] | None  # those it may see; None: all
    by_key: bool = False
    csrf: str = ""  # goes into every form as the hidden field "csrf", and into the header X-CSRF-Token

    def sees(self, camera: str) -> bool:
        """Whether it may see a camera."""
        return self.cameras is None or camera in self.cameras

    def is_at_least(self, role: Role) -> bool:
        """Whether it may do what this role may."""
        return RANK[self.role] >= RANK[role]


def allow(least: Role | None, *, camera: str = "", key: bool = False) -> Callable[[_T], _T]:
    """Say who may use an endpoint, of HTTP or of a socket."""

    def declare(endpoint: _T) -> _T:
        setattr(endpoint, ATTRIBUTE, Access(least, camera, key))
        return endpoint

    return declare


ATTRIBUTE: Final = "__passerby_access__"


def declared(endpoint: object) -> Access | None:
    """What an endpoint says of itself; None: nothing, so nobody may use it."""
    found = getattr(endpoint, ATTRIBUTE, None)
    return found if isinstance(found, Access) else None
