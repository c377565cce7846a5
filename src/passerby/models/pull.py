"""Fetches a listed model, from the network or from a folder, and lets it in only with the right hash."""

from __future__ import annotations

import hashlib
import http.client
import os
import ssl
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

from passerby.errors import ModelError, NotReachable
from passerby.models.manifest import MODELS, Model, find, nearest
from passerby.models.shelf import folder, located

Progress = Callable[[int, int], None]  # bytes so far, bytes in all

_CHUNK = 1 << 16


def pull(
    name: str,
    *,
    where: Path | None = None,
    offline: Path | None = None,
    progress: Progress | None = None,
    timeout_s: float = 30.0,
    models: tuple[Model, ...] = MODELS,
) -> Path:
    """Put a listed model into the folder and return its path; one that is there already is left alone.

    With `offline`, a folder that someone carried into a closed network, nothing connects: the model is found
    there by its hash, whatever its file is called. The file appears under its name only once it is whole and
    its SHA-256 is right. Raises `ModelError` (no such model, not in `offline`, a wrong hash, a folder that
    cannot be written) or `NotReachable` (the address does not answer, or the download broke off).
    """
    model = find(name, models)
    if model is None:
        meant = nearest(name, models)
        hint = f"Did you mean {meant}?" if meant else "`passerby models list` names those that are known."
        raise ModelError(f"There is no model {name!r} to pull.", hint)
    shelf = where or folder()
    ready = located(model, shelf)
    if ready is not None:
        return ready
    with _source(model, offline, timeout_s) as stream:
        try:
            return _let_in(stream, model, shelf, progress or (lambda _done, _all: None))
        except (TimeoutError, ConnectionError, ssl.SSLError, http.client.HTTPException) as error:
            raise _unreachable(model, shelf, "the download broke off") from error
        except OSError as error:
            raise ModelError(
                f"{model.name} cannot be written to {shelf}: {error.strerror or error}.",
                "Set PASSERBY_MODELS to a folder that can be written.",
            ) from error


def _source(model: Model, offline: Path | None, timeout_s: float) -> AbstractContextManager[IO[bytes]]:
    if offline is not None:
        carried = located(model, offline)
        if carried is None:
            raise ModelError(
                f"{offline} holds no file with the bytes of {model.name} (sha256 {model.sha256}).",
                f"On a machine with a network, fetch {model.url} into that folder.",
            )
        return carried.open("rb")
    request = urllib.request.Request(model.url, headers={"User-Agent": "passerby"})  # noqa: S310 - from the manifest
    try:
        opened: AbstractContextManager[IO[bytes]] = urllib.request.urlopen(  # noqa: S310
            request, timeout=timeout_s, context=ssl.create_default_context()
        )
    except urllib.error.HTTPError as error:
        error.close()
        raise _unreachable(model, folder(), f"the server answers {error.code} {error.reason}") from error
    except OSError as error:  # URLError, timeouts and refused certificates are OSErrors too
        reason = getattr(error, "reason", error)
        raise _unreachable(model, folder(), str(getattr(reason, "strerror", None) or reason)) from error
    return opened


def _let_in(stream: IO[bytes], model: Model, shelf: Path, progress: Progress) -> Path:
    """Copy to a nameless neighbour, hash on the way, and rename only what is right."""
    shelf.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    done = 0
    handle, partial = tempfile.mkstemp(prefix=f".{model.name}.", suffix=".part", dir=shelf)
    try:
        with os.fdopen(handle, "wb") as file:
            while chunk := stream.read(_CHUNK):
                done += len(chunk)
                if done > model.bytes:
                    break  # whatever this is, it is not the model
                digest.update(chunk)
                file.write(chunk)
                progress(done, model.bytes)
        if done < model.bytes:
            raise _unreachable(model, shelf, f"the download broke off at {done:,} of {model.bytes:,} bytes")
        if digest.hexdigest() != model.sha256:
            raise ModelError(
                f"What came as {model.name} is refused and removed: its sha256 is {digest.hexdigest()}, "
                f"the manifest says {model.sha256}.",
                "The download may have been tampered with; do not use the file from elsewhere either.",
            )
        Path(partial).chmod(0o644)
        return Path(partial).rename(shelf / model.file)
    finally:
        Path(partial).unlink(missing_ok=True)


def _unreachable(model: Model, shelf: Path, why: str) -> NotReachable:
    return NotReachable(
        f"{model.name} could not be fetched from {model.url}: {why}.",
        f"Fetch it on another machine and put it into {shelf}, or count without it: --detector motion.",
    )
