"""The folder in which models lie: what is there, which file a name means, and whether it is what it claims.

The folder is ``$PASSERBY_MODELS``, else ``$XDG_DATA_HOME/passerby/models``, else
``~/.local/share/passerby/models``. Nothing here connects to anything.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from passerby.errors import ModelError
from passerby.models.manifest import MODELS, Model, find, nearest


@dataclass(frozen=True, slots=True)
class Installed:
    """An ONNX file in the folder; `model` is set where its bytes are those of a listed one."""

    name: str
    path: Path
    model: Model | None


def folder() -> Path:
    """Where models are kept on this machine; it need not exist yet."""
    if chosen := os.environ.get("PASSERBY_MODELS"):
        return Path(chosen)
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "passerby" / "models"


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_listed(path: Path, model: Model) -> bool:
    """Whether a file's bytes are those of a listed model."""
    return path.stat().st_size == model.bytes and sha256(path) == model.sha256


def installed(where: Path | None = None, models: tuple[Model, ...] = MODELS) -> list[Installed]:
    """Every ONNX file in the folder, best first: listed ones by accuracy, then one's own by size.

    A listed model is known by its bytes, whatever its file is called. A file that carries a listed name but
    has other bytes is left out: `verify` says what is wrong with it.
    """
    found: list[Installed] = []
    for path in sorted((where or folder()).glob("*.onnx")):
        model = next((m for m in models if is_listed(path, m)), None)
        if model is not None or find(path.stem, models) is None:
            found.append(Installed(model.name if model else path.stem, path, model))
    return sorted(found, key=_rank)


def _rank(item: Installed) -> tuple[float, float, str]:
    return (-item.model.ap if item.model else 1.0, -item.path.stat().st_size, item.name)


def path(name_or_path: str | Path, where: Path | None = None, models: tuple[Model, ...] = MODELS) -> Path:
    """The file that a name or a path means.

    A path to an existing file is taken as it is. A name is looked up in the folder, by file name and then by
    hash; a listed name is never answered with a file that has other bytes. Raises `ModelError` where there is
    no such file or model, or it is not on this machine yet, or not what its name claims.
    """
    text = str(name_or_path)
    given = Path(name_or_path).expanduser()
    if given.is_file():
        return given
    if given.name != text:
        raise ModelError(f"{text}: there is no such model file.", "Give a path to an ONNX file or a model's name.")
    model = find(text, models)
    shelf = where or folder()
    if model is None:
        own = shelf / f"{text.removesuffix('.onnx')}.onnx"
        if own.is_file():
            return own
        meant = nearest(text, models)
        hint = f"Did you mean {meant}?" if meant else "`passerby models list` names those that are known."
        raise ModelError(f"There is no model {text!r}, here or in {shelf}.", hint)
    ready = located(model, shelf)
    if ready is not None:
        return ready
    if (shelf / model.file).is_file():
        raise _not_listed(shelf / model.file, model, "Remove it or give it another name, then pull again.")
    raise ModelError(
        f"The model {model.name} is not on this machine ({shelf}).",
        f"`passerby models pull {model.name}` fetches it ({model.bytes / 1e6:.1f} MB).",
    )


def located(model: Model, where: Path) -> Path | None:
    """The file of a folder that holds a listed model's bytes: the one of its name, else any; None if none does."""
    named = where / model.file
    others = (p for p in sorted(where.glob("*.onnx")) if p != named)
    return next((p for p in (named, *others) if p.is_file() and is_listed(p, model)), None)


def verify(name: str, where: Path | None = None, models: tuple[Model, ...] = MODELS) -> Path:
    """Check a listed model's bytes against the manifest; a file that claims its name falsely is removed.

    Raises `ModelError` where the model is not listed or not there, or its file was wrong and is gone now.
    """
    model = find(name, models)
    shelf = where or folder()
    if model is not None and (shelf / model.file).is_file() and located(model, shelf) is None:
        wrong = shelf / model.file
        refused = _not_listed(wrong, model, f"`passerby models pull {model.name}` fetches the right one.")
        try:
            wrong.unlink()
        except OSError as error:
            raise ModelError(
                refused.message, f"It could not be removed ({error.strerror}); do not use it."
            ) from error
        raise ModelError(f"{refused.message} It was removed.", refused.hint)
    if model is None and (shelf / f"{name.removesuffix('.onnx')}.onnx").is_file():
        raise ModelError(f"{name} is not a listed model, so there is no hash to hold it against.")
    return path(name, shelf, models)


def _not_listed(wrong: Path, model: Model, hint: str) -> ModelError:
    return ModelError(
        f"{wrong} is not {model.name}: its sha256 is {sha256(wrong)}, the manifest says {model.sha256}.", hint
    )
