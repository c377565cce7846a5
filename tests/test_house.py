"""The rules of the house that no type checker and no linter keeps: sizes, names, docs, red lines."""

from __future__ import annotations

import ast
import re
import subprocess
from importlib.metadata import entry_points, requires
from pathlib import Path

import pytest

from passerby.classes import LABELS
from passerby.cli import app

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
ATTICS = {"utils", "util", "helpers", "common", "base", "core", "manager", "misc"}

# Packages that recognise, identify or re-identify, bring such models, or a licence that binds our users.
DENIED = re.compile(
    r"insightface|face.?recognition|facenet|arcface|deepface|dlib|mediapipe|torchreid|fast.?reid|openalpr|easyocr|"
    r"paddleocr|tesseract|ultralytics|boxmot|norfair|opencv-python(?!-headless)|opencv-contrib|openvino|jupedsim",
    re.IGNORECASE,
)
# What no class, option or column may ever be about.
NEVER_A_CLASS = re.compile(
    r"face|plate|gender|sex|age\b|child|woman|man\b|ethnic|emotion|gait|cloth|wheelchair|name"
)


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


def test_no_dependency_is_behind_the_red_lines() -> None:
    locked = (ROOT / "requirements-dev.txt").read_text() + (ROOT / "requirements.txt").read_text()
    names = re.findall(r"^([A-Za-z0-9_.-]+)==", locked, re.MULTILINE)
    assert len(names) > 20
    assert [name for name in [*names, *(requires("passerby") or [])] if DENIED.search(name)] == []


def test_no_import_is_behind_the_red_lines() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(alias.name for alias in node.names)]
            assert not any(DENIED.search(name) or name in {"FaceRecognizerSF", "FaceDetectorYN"} for name in names)


def test_the_classes_are_the_closed_list() -> None:
    assert LABELS == (
        "person", "bicycle", "motorcycle", "car", "bus", "truck", "train", "animal", "vehicle", "unknown",
    )  # fmt: skip
    assert not any(NEVER_A_CLASS.search(label) for label in LABELS)


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
