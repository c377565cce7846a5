"""Secrets that were typed in a browser: sealed in a file, to be replaced and used, and never shown."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from passerby import files
from passerby.errors import ConfigError

CREDENTIAL: Final = "passerby-key"  # of systemd: LoadCredentialEncrypted=passerby-key
FILE: Final = "secrets"  # in the state folder; the key that passerby makes itself is beside it
LONGEST: Final = 4096  # characters of a secret

_NAME: Final = re.compile(r"\w[\w.-]{0,127}")
_NONCE: Final = 12  # bytes
_LEAST_KEY: Final = 16  # bytes


class Keyring:
    """One file in the state folder, readable by its owner only; AES-256-GCM, bound to each secret's name.

    The key is the content of systemd's credential `CREDENTIAL`, else of a file of random bytes that is made once
    beside it. The second keeps secrets out of backups of one file, and of screens, but not from who may read the
    whole folder. Every method raises `ConfigError` where the file or the key cannot be read or written.
    """

    def __init__(self, folder: Path, environ: Mapping[str, str] = os.environ) -> None:
        self._path = folder / FILE
        self._environ = environ

    def names(self) -> tuple[str, ...]:
        """Of what is kept, in alphabetical order."""
        return tuple(sorted(self._read()))

    def keep(self, name: str, value: str) -> None:
        """Keep a secret under a name, in place of the one that may be there."""
        if not _NAME.fullmatch(name):
            raise ConfigError(f"'{name}' is no name of a secret: take letters, digits, -, _ and .")
        if not value or len(value) > LONGEST or "\0" in value:
            raise ConfigError(f"a secret has 1 to {LONGEST} characters.")
        with self._writing() as kept:
            nonce = os.urandom(_NONCE)
            sealed = nonce + AESGCM(self._key(make=True)).encrypt(nonce, value.encode(), name.encode())
            kept[name] = base64.b64encode(sealed).decode()

    def forget(self, name: str) -> None:
        """Throw a secret away, if it is there."""
        if name in self._read():
            with self._writing() as kept:
                kept.pop(name, None)

    def unsealed(self, name: str) -> SecretStr | None:
        """A secret, for a plugin that is built now; None if there is none of this name."""
        kept = self._read().get(name)
        if kept is None:
            return None
        try:
            sealed = base64.b64decode(kept, validate=True)
            plain = AESGCM(self._key()).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
        except (InvalidTag, ValueError):
            raise ConfigError(
                f"the secret {name} in {self._path} cannot be opened: it was sealed with another key, or damaged.",
                "Type it again in the camera's settings.",
            ) from None
        return SecretStr(plain.decode())

    def _read(self) -> dict[str, str]:
        try:
            with self._path.open("rb") as file:
                if os.fstat(file.fileno()).st_mode & 0o077:
                    raise ConfigError(f"{self._path} can be read by others.", f"Run: chmod 600 {self._path}")
                kept = json.load(file)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is damaged"
            raise ConfigError(f"cannot read the secrets in {self._path}: {reason}.") from None
        return {str(name): str(sealed) for name, sealed in kept["sealed"].items()}

    @contextmanager
    def _writing(self) -> Iterator[dict[str, str]]:
        """What is kept, to be changed by one at a time, and written when the block is left."""
        folder = self._path.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                kept = self._read()
                yield kept
                files.replace_private(self._path, json.dumps({"version": 1, "sealed": kept}).encode())
            finally:
                os.close(lock)
        except OSError as error:
            raise ConfigError(f"cannot keep a secret in {folder}: {error.strerror}.") from None

    def _key(self, *, make: bool = False) -> bytes:
        """32 bytes from the credential or the file."""
        given = Path(self._environ.get("CREDENTIALS_DIRECTORY", "/nowhere")) / CREDENTIAL
        own = self._path.with_name(f"{FILE}.key")
        path = given if given.is_file() else own
        if make and path == own and not own.exists():
            with suppress(FileExistsError):
                descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "wb") as file:
                    file.write(os.urandom(32))
                    file.flush()
                    os.fsync(descriptor)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ConfigError(f"cannot read the key of the secrets, {path}: {error.strerror}.") from None
        if len(content) < _LEAST_KEY:
            raise ConfigError(f"the key of the secrets, {path}, is too short.", "Take 32 random bytes.")
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"passerby secrets").derive(content)
