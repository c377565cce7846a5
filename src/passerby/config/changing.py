"""A change of a configuration file: tried first, then written in one step, or refused with what to do by hand."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from passerby import files
from passerby.config.config import Config
from passerby.config.differing import difference
from passerby.config.editing import Edit, edited, lines_for
from passerby.config.reading import parse
from passerby.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Change:
    """What edits make of a file, checked and not yet written."""

    path: Path
    before: str = field(repr=False)
    after: str = field(repr=False)
    config: Config
    edits: tuple[Edit, ...] = field(repr=False)

    def difference(self, hidden: Iterable[str] = ()) -> str:
        """Its lines with + and -, without secrets; empty where nothing changes."""
        return difference(self.before, self.after, hidden)

    @property
    def is_writable(self) -> bool:
        """Whether it can be written at all; False for a file that is to be changed by hand."""
        target = self.path if self.path.exists() else self.path.parent
        return os.access(target, os.W_OK) and os.access(self.path.parent, os.W_OK)

    def write(self) -> None:
        """Replace the file in one step, or not at all.

        Raises `ConfigError` where it cannot be written or was changed by others since it was read; the hint holds
        the lines to add by hand.
        """
        by_hand = f"Write this in by hand:\n{lines_for(self.edits)}"
        if read(self.path) != self.before:
            raise ConfigError(f"{self.path} has just been changed by somebody else.", by_hand)
        if self.after == self.before:
            return
        try:
            files.replace(self.path, self.after.encode())
        except OSError as error:
            raise ConfigError(f"cannot write {self.path}: {error.strerror}.", by_hand) from None


def change(path: str | Path, edits: Sequence[Edit], *, known: str | None = None) -> Change:
    """Try edits of a file that need not exist yet.

    `known` is the text that the edits were thought of for: where the file says something else by now, that is
    refused. Raises `ConfigError` if the file is not valid now, was changed meanwhile, or would not be valid
    afterwards.
    """
    path = Path(path).resolve()
    before = read(path)
    if known is not None and before != known:
        raise ConfigError(
            f"{path} was changed on disk, and passerby has not read it again yet:\n{difference(known, before)}",
            "Reload it (`systemctl reload`, or SIGHUP), look again, and repeat your change.",
        )
    parse(before, path)
    try:
        after = edited(before, edits) if before.strip() else lines_for(edits)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error.message}", error.hint) from None
    return Change(path, before, after, parse(after, path), tuple(edits))


def read(path: Path) -> str:
    """The text of a file, with its own ends of lines; empty if there is none. Raises `ConfigError`."""
    try:
        with path.open(encoding="utf-8", newline="") as file:  # their ends of lines stay
            return file.read()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError(f"cannot read the configuration {path}: {reason}.") from None
