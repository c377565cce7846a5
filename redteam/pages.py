"""Keeps the latest figures in docs/privacy/results.json and writes them into its pages, between their markers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from passerby.version import VERSION
from redteam.attacks import ATTACKS
from redteam.verdict import Size, Verdict

ROOT: Final = Path(__file__).parent.parent
FOLDER: Final = ROOT / "docs" / "privacy"
RESULTS: Final = "results.json"  # in it
BEGIN, END = "<!-- begin: python -m redteam --write -->", "<!-- end -->"
ANSWERS: Final = {True: "held", False: "**did not hold**", None: "skipped"}

Row = Mapping[str, Any]  # a verdict as JSON, with "size", "version" and "date"


def rows(verdicts: Iterable[Verdict], size: Size) -> list[Row]:
    """The verdicts as JSON objects, each with the command's size and the version that it was told of."""
    date = _date()
    return [{**asdict(v), "size": size.value, "version": VERSION, "date": date} for v in verdicts]


def write(new: Iterable[Row], folder: Path = FOLDER) -> None:
    """Put these rows in the place of older ones of the same attack, and write the page anew.

    A skipped attack keeps the figures of the last machine that could run it, and one that held on a small scale
    keeps those of a full run, if there are.
    """
    kept = {row["name"]: row for row in read(folder / RESULTS)}
    kept |= {row["name"]: row for row in new if row["name"] not in kept or _replaces(row, kept[row["name"]])}
    ordered = [kept[name] for name in ATTACKS if name in kept]
    (folder / RESULTS).write_text(json.dumps(ordered, indent=2, ensure_ascii=False) + "\n")
    for name, made in (("results.md", text(ordered)), ("README.md", overview(ordered))):
        page = folder / name
        before, _, rest = page.read_text().partition(BEGIN)
        _, _, after = rest.partition(END)
        page.write_text(f"{before}{BEGIN}\n\n{made}\n{END}{after}")


def read(file: Path = FOLDER / RESULTS) -> list[Row]:
    """The rows in a file, or those that are published now."""
    return list(json.loads(file.read_text())) if file.exists() else []


def text(rows: Iterable[Row]) -> str:
    """The rows as Markdown: what was measured, an attack a section."""
    return "\n\n".join("\n".join(_section(row)) for row in rows) + "\n"


def overview(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table: what must hold, and what came of it."""
    lines = ["| attack | what must hold | held? | what came of it | command |", "|---|---|---|---|---|"]
    lines += [
        f"| [{row['name']}](results.md#{row['name']}) | {ATTACKS[row['name']]} | {ANSWERS[row['held']]} "
        f"| {row['sentence']} | `{_command(row)}` |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def _replaces(new: Row, old: Row) -> bool:
    if new["held"] and (old["size"], new["size"]) == (Size.FULL, Size.SMALL):
        return False
    return new["held"] is not None


def _section(row: Row) -> list[str]:
    name, answer = row["name"], ANSWERS[row["held"]]
    lines = [
        f"## {name}",
        "",
        f"{ATTACKS[name][0].upper()}{ATTACKS[name][1:]}: {answer}.",
        "",
        row["sentence"],
        "",
    ]
    figures, goals = row["figures"], row["goals"]
    if goals and figures:
        lines += ["| what must hold | figure | goal |", "|---|---:|---|"]
        lines += [f"| {name} | {_figure(figures[name])} | {goal} |" for name, goal in goals.items()]
        lines.append("")
    if rest := {name: value for name, value in figures.items() if name not in goals}:
        lines += ["| beside that | figure |" if goals else "| measured | figure |", "|---|---:|"]
        lines += [f"| {name} | {_figure(value)} |" for name, value in rest.items()]
        lines.append("")
    lines += [f"- {limit}" for limit in row["limits"]]
    lines += [""] if row["limits"] else []
    scale = "at full size" if row["size"] == Size.FULL else "on a small scale"
    lines.append(f"`{_command(row)}`, {scale}, passerby {row['version']}, {row['date']}")
    return lines


def _command(row: Row) -> str:
    return f"python -m redteam {'--full ' if row['size'] == Size.FULL else ''}{row['name']}"


def _figure(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _date() -> str:
    """Of the last change of the code that was attacked, with its commit; "undated" outside a checkout."""
    asked = ["git", "log", "-1", "--format=%cs (%h)", "--", "src"]
    try:
        told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "undated"
    return told.stdout.strip() or "undated"
