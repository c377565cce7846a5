"""Secrets of a configuration: filled in when a plugin is built, never when it is read, and never printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from passerby.config.blanking import holds_secret
from passerby.errors import ConfigError

Sealed = Callable[[str], SecretStr | None]  # the secret of this name that was typed in a browser

_NAMED: Final = re.compile(r"\$(\$|\{([^}]*)\})")
_CREDENTIAL: Final = re.compile(r"[\w.-]*\w")


def fill(
    value: object, environ: Mapping[str, str], where: str, sealed: Sealed | None = None, folder: Path = Path()
) -> object:
    """A value with ``${NAME}`` and ``{ file = "…" }`` replaced; what became or held a secret is a `SecretStr`.

    A name is that of a variable of the environment, else of a file in ``$CREDENTIALS_DIRECTORY`` (systemd's
    LoadCredential=), else `sealed`. ``$$`` is a plain ``$``. A relative file is one of `folder`.
    Raises `ConfigError` for a name that is in none of them, or a file that cannot be read.
    """
    if isinstance(value, str):
        return _text(value, environ, where, sealed)
    if isinstance(value, Mapping):
        if set(value) == {"file"}:
            return _from_file(folder / str(value["file"]), where)
        return {key: fill(part, environ, where, sealed, folder) for key, part in value.items()}
    if isinstance(value, list):
        return [fill(part, environ, where, sealed, folder) for part in value]
    return value


def _text(text: str, environ: Mapping[str, str], where: str, sealed: Sealed | None) -> str | SecretStr:
    used = False

    def replace(match: re.Match[str]) -> str:
        nonlocal used
        if match[1] == "$":
            return "$"
        used = True
        name = match[2]
        if name in environ:
            return environ[name]
        credential = Path(environ.get("CREDENTIALS_DIRECTORY", "/nowhere")) / name
        if _CREDENTIAL.fullmatch(name) and credential.is_file():
            return _from_file(credential, where).get_secret_value()
        typed = None if sealed is None else sealed(name)
        if typed is not None:
            return typed.get_secret_value()
        raise ConfigError(
            f"{where}: the environment has no variable {name}, systemd gave no credential of this name, "
            "and nobody typed one in the pages.",
            f"Set it, or write $${{{name}}} for the text itself.",
        )

    filled = _NAMED.sub(replace, text)
    return SecretStr(filled) if used or holds_secret(filled) else filled


def _from_file(path: Path, where: str) -> SecretStr:
    try:
        return SecretStr(path.read_text(encoding="utf-8").rstrip("\r\n"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError(f"{where}: cannot read the secret in {path}: {reason}.") from None
