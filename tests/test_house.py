"""The rules of the house that no type checker keeps: sizes, names, docs; for the red lines, see redteam/lines."""

from __future__ import annotations

import ast
import re
import subprocess
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from passerby.cli import app

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
ATTICS = {"utils", "util", "helpers", "common", "base", "core", "manager", "misc"}


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
    for kind in ("source", "detector", "tracker", "measure", "store"):
        for point in entry_points(group=f"passerby.{kind}"):
            assert f"`{point.name}`" in pages or f'use = "{point.name}"' in pages, f"no page names {point.name}"


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
