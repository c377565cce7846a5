"""The rules of the house that no type checker keeps: sizes, names, docs; for the red lines, see redteam/lines."""

from __future__ import annotations

import ast
import hashlib
import re
import subprocess
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel
from starlette.routing import Route
from web.entrance import Entrance

from passerby.cli import app
from passerby.config.schema import FileTable

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
ATTICS = {"utils", "util", "helpers", "common", "base", "core", "manager", "misc"}

BOUGHT = {  # SHA-256, as their projects released them
    "htmx/LICENSE": "d3d2456f76414f2456104660ebd65aff1c04cd7966b942bdabd63f3cdb316a38",
    "htmx/htmx.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "uplot/LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
    "uplot/uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uplot/uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
}


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text())
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_a_module_is_small_and_says_what_it_is(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert len(lines) <= LONGEST_MODULE
    assert path.stem not in ATTICS
    said = ast.get_docstring(ast.parse("\n".join(lines))) or ""
    first = said.split("\n\n")[0]
    assert first.endswith((".", ":")), f"{path}: {first!r}"
    for function in functions(path):
        assert (function.end_lineno or 0) - function.lineno < LONGEST_FUNCTION, f"{path}: {function.name}"


def test_every_verb_and_plugin_is_in_the_docs() -> None:
    pages = "\n".join(page.read_text() for page in DOCS)
    verbs = [command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands]
    assert len(verbs) >= 9
    for verb in [*verbs, "models"]:
        assert f"passerby {verb}" in pages, f"no page shows `passerby {verb}`"
    for kind in ("source", "detector", "tracker", "measure", "sink", "store"):
        for point in entry_points(group=f"passerby.{kind}"):
            assert f"`{point.name}`" in pages or f'use = "{point.name}"' in pages, f"no page names {point.name}"


def tables(of: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A table of the configuration and all tables that may stand in it."""
    yield of
    for field in of.model_fields.values():
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from tables(part)


def test_every_key_of_the_configuration_is_in_the_docs() -> None:
    said = "\n".join(page.read_text() for page in DOCS)
    keys = {field.alias or name for table in tables(FileTable) for name, field in table.model_fields.items()}
    assert {"timezone", "k", "for", "capacity", "share", "trusted_proxy"} <= keys
    for key in keys:
        assert re.search(rf"(?<!\w){key}(`| +=|\]|\.\w)", said), f"no page of docs/ names {key}"


def test_every_page_and_address_is_in_the_docs(tmp_path: Path) -> None:
    said = {shape(address) for page in DOCS for address in re.findall(r"`(/[^`\s?]*)", page.read_text())}
    routes = [route for route in Entrance(tmp_path).app.routes if isinstance(route, Route)]
    paths = {route.path for route in routes if "GET" in (route.methods or ())}
    assert {"/", "/metrics", "/cameras/{camera}/edit"} <= paths
    for path in paths:
        assert shape(path) in said or re.search(r"\.\w+$", path), f"no page of docs/ names {path}"


def shape(address: str) -> str:
    """An address whose parts in braces or capitals stand for anything."""
    return re.sub(r"\{\w+\}|\b[A-Z]+\b", "*", address)


def test_tests_stand_where_what_they_test_stands() -> None:
    houses = [ROOT / "src" / "passerby", ROOT]
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        folder = path.parent.relative_to(ROOT / "tests")
        assert any((house / folder).is_dir() for house in houses), f"{folder} is no room"


def test_bought_parts_are_unchanged() -> None:
    vendor = ROOT / "src" / "passerby" / "web" / "static" / "vendor"
    there = {path for path in vendor.rglob("*") if path.is_file() and path.name != "README.md"}
    assert {
        str(path.relative_to(vendor)): hashlib.sha256(path.read_bytes()).hexdigest() for path in there
    } == BOUGHT


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*DOCS, ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_nothing_committed_is_footage_weights_or_a_registry_s_address() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = [name for name in listed.stdout.decode().split("\0") if name]
    footage = (".mp4", ".avi", ".mkv", ".gif", ".mov", ".onnx", ".pt", ".pth", ".npz", ".db")
    assert [name for name in names if name.endswith(footage)] == []
    hosts = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian")
    for name in names:
        path = ROOT / name
        if (
            path.suffix in {".txt", ".toml", ".py", ".md", ".lock", ".json", ""}
            and path.is_file()
            and name != __file__
        ):
            assert path == Path(__file__) or not hosts.search(path.read_text(errors="ignore")), name
