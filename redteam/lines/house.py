"""The house as the gate sees it: sources, packages, files, models, classes, keys, fields, columns, routes."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, fields
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel

from passerby import ghost, plugins, records
from passerby.classes import LABELS
from passerby.config.schema import FileTable
from passerby.models.manifest import MODELS, Model
from passerby.stores.sqlite import Sqlite
from redteam.pages import ROOT

KEPT: Final = (
    records.Measurement, records.Statistics, records.Alert, records.Bands, records.Trial, records.Picture,
    ghost.Glyph,
)  # fmt: skip
_HEAD: Final = 64  # bytes of a file by which its kind is told


@dataclass(frozen=True, slots=True)
class Package:
    """An installed distribution."""

    licence: str  # all that it says of it
    libraries: tuple[str, ...] = ()  # shared libraries that it brings, by file name
    runtime: bool = True  # the product loads it, and not only its tests


@dataclass(frozen=True, slots=True)
class File:
    """A file that is committed."""

    head: bytes  # its first bytes
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class House:
    """All that the rules look at; an empty one breaks none."""

    sources: Mapping[str, str] = field(default_factory=dict)  # Python, by path below src
    pages: Mapping[str, str] = field(default_factory=dict)  # scripts and templates of the pages, by path below src
    named: tuple[str, ...] = ()  # packages in requirements and pyproject.toml
    packages: Mapping[str, Package] = field(default_factory=dict)  # reachable ones, as they are installed
    files: Mapping[str, File] = field(default_factory=dict)
    models: tuple[Model, ...] = ()  # that can be pulled by name
    labels: tuple[str, ...] = ()  # of classes
    plugins: tuple[str, ...] = ()  # "kind name" of every entry point
    keys: tuple[str, ...] = ()  # of the configuration, with their tables
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of records, by type
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of the store, by table


def ours() -> House:
    """The house of this checkout, in this environment."""
    source = ROOT / "src"
    return House(
        sources={str(p.relative_to(source)): p.read_text() for p in sorted(source.rglob("*.py"))},
        pages={
            str(p.relative_to(source)): p.read_text()
            for p in sorted(source.rglob("*"))
            if p.suffix in {".js", ".html", ".css", ".svg"}
        },
        named=_named(),
        packages={**_reachable(_development(), runtime=False), **_reachable(["passerby"], runtime=True)},
        files={name: _file(ROOT / name) for name in _committed()},
        models=MODELS,
        labels=LABELS,
        plugins=tuple(f"{kind} {name}" for kind in plugins.KINDS for name in plugins.names(kind)),
        keys=tuple(_keys(FileTable, "")) + tuple(_options()),
        fields={record.__name__: tuple(f.name for f in fields(record)) for record in KEPT},
        columns=_columns(),
    )


def _named() -> tuple[str, ...]:
    text = "\n".join(path.read_text() for path in sorted(ROOT.glob("requirements*.txt")))
    locked = re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE)
    wanted = re.findall(r'^\s+"([A-Za-z0-9_.-]+)[^"]*",$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    return tuple(sorted({*locked, *wanted}))


def _development() -> list[str]:
    """The packages that tests use, of which the lock names every one."""
    locked = (ROOT / "requirements-dev.txt").read_text()
    return re.findall(r"^([A-Za-z0-9_.-]+)==", locked, re.MULTILINE)


def _reachable(names: list[str], *, runtime: bool) -> dict[str, Package]:
    """What these bring along, by their own metadata; whatever is not installed here is passed over."""
    found: dict[str, Package] = {}
    waiting = list(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            there = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = Package(_licence(there), tuple(_libraries(there)), runtime)
        waiting += [
            re.split(r"[\s<>=!~;(\[]", requirement, maxsplit=1)[0]
            for requirement in there.requires or []
            if "extra ==" not in requirement
        ]
    return found


def _licence(package: Distribution) -> str:
    said = package.metadata
    told = [
        line
        for name in ("License-Expression", "License")
        for line in (said.get_all(name) or [""])[0].splitlines()[:1]
    ]
    told += [c for c in said.get_all("Classifier") or [] if c.startswith("License ::")]
    return "; ".join(word for word in told if word)


def _libraries(package: Distribution) -> Iterator[str]:
    return (file.name for file in package.files or [] if re.search(r"\.so(\.|$)|\.dylib$|\.dll$", file.name))


def _committed() -> list[str]:
    try:
        asked = ["git", "ls-files", "-z"]
        listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive: all of what is packed
        there = (path for room in ("src", "docs") for path in (ROOT / room).rglob("*"))
        return [str(path.relative_to(ROOT)) for path in there if path.is_file() and path.suffix != ".pyc"]
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def _file(path: Path) -> File:
    data = path.read_bytes()
    return File(data[:_HEAD], len(data), hashlib.sha256(data).hexdigest())


def _keys(table: type[BaseModel], at: str) -> Iterator[str]:
    for name, entry in table.model_fields.items():
        here = f"{at}{entry.alias or name}"
        yield here
        for part in _parts(entry.annotation):
            yield from _keys(part, f"{here}.")


def _parts(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _options() -> Iterator[str]:
    for kind in plugins.KINDS:
        for name in plugins.names(kind):
            yield from (f"{kind}.{name}.{option.name}" for option in plugins.options(kind, name))


def _columns() -> dict[str, tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.db"
        Sqlite(path).close()
        with closing(sqlite3.connect(path)) as store:
            tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {
                table: tuple(column for _, column, *_ in store.execute(f'PRAGMA table_info("{table}")'))
                for table in tables
            }
