"""The frame that the attacks run in: what it says, how it exits, what it writes."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from redteam import pages
from redteam.__main__ import conclusion, main
from redteam.attacks import ATTACKS, run
from redteam.verdict import Size, Verdict, skipped

HELD = Verdict(
    "lines", True, "Nothing was found.", {"n": 3, "share": 0.123456}, {"share": "≤ 0.2"}, ("Only what was tried.",)
)
THROUGH = Verdict("canary", False, "A file held it.", {"n": 9})
MISSING = skipped("traffic", "no network namespaces here")
WHY = "(no network namespaces here)"


def plant(monkeypatch: pytest.MonkeyPatch, name: str, verdict: Verdict | Exception) -> None:
    def attack(size: Size) -> Verdict:
        if isinstance(verdict, Exception):
            raise verdict
        return verdict

    module = ModuleType(f"redteam.{name}")
    module.attack = attack  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, f"redteam.{name}", module)


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([HELD], "The attack held."),
        ([HELD, HELD], "All 2 attacks held."),
        ([HELD, HELD, MISSING], f"All 2 attacks held; 1 skipped: traffic {WHY}."),
        ([HELD, THROUGH], "1 of 2 attacks got through: canary."),
        ([MISSING, THROUGH], f"1 of 1 attacks got through: canary; 1 skipped: traffic {WHY}."),
        ([MISSING], f"No attack ran; 1 skipped: traffic {WHY}."),
    ],
)
def test_the_last_line_is_one_sentence(verdicts: list[Verdict], said: str) -> None:
    assert conclusion(verdicts) == said


@pytest.mark.parametrize(("verdict", "code"), [(HELD, 0), (THROUGH, 1), (MISSING, 0), (RuntimeError("oh"), 1)])
def test_the_exit_code_tells_whether_all_held(
    verdict: Verdict | Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(monkeypatch, "secrets", verdict)
    assert main(["secrets"]) == code
    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    assert err.startswith("secrets")


def test_a_name_that_is_no_attack_is_refused() -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["nonsense"])
    assert exit_.value.code == 2


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, "masks", ModuleNotFoundError("no", name="sklearn.svm"))
    assert run("masks", Size.SMALL).sentence == "Skipped: no package sklearn.svm here."
    plant(monkeypatch, "masks", ModuleNotFoundError("no", name="passerby.gone"))
    assert run("masks", Size.SMALL).held is False


def test_what_earlier_runs_found_is_published_without_an_attack(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plant(monkeypatch, "lines", HELD)
    plant(monkeypatch, "canary", THROUGH)
    files = [tmp_path / "lines.json", tmp_path / "canary.json"]
    for file in files:
        main(["--full", file.stem, "--json", str(file)])
    published: list[str] = []
    monkeypatch.setattr(pages, "write", lambda rows: published.extend(row["sentence"] for row in rows))
    assert main(["--publish", *map(str, files)]) == 0
    assert published == ["Nothing was found.", "A file held it."]


def test_what_is_published_is_replaced_attack_by_attack(tmp_path: Path) -> None:
    page, front = tmp_path / "results.md", tmp_path / "README.md"
    for one in (page, front):
        one.write_text(f"before\n{pages.BEGIN}\nstale\n{pages.END}\nafter\n")
    pages.write(pages.rows([HELD, THROUGH], Size.SMALL), tmp_path)
    pages.write(pages.rows([Verdict("canary", True, "Nothing was found.")], Size.FULL), tmp_path)
    pages.write(pages.rows([skipped("canary", "no loop device")], Size.FULL), tmp_path)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "stale" not in text
    assert "| share | 0.1235 | ≤ 0.2 |" in text
    assert "| n | 3 |" in text
    assert "`python -m redteam lines`" in text
    assert "`python -m redteam --full canary`" in text
    assert "did not hold" not in text
    assert "| held | Nothing was found. | `python -m redteam --full canary` |" in front.read_text()
    assert [row["name"] for row in pages.read(tmp_path / pages.RESULTS)] == ["lines", "canary"]


@pytest.mark.parametrize(
    ("before", "after", "is_kept"),
    [
        ((True, Size.FULL), (True, Size.SMALL), True),  # fewer tries tell less
        ((True, Size.FULL), (False, Size.SMALL), False),
        ((True, Size.FULL), (None, Size.SMALL), True),
        ((True, Size.FULL), (True, Size.FULL), False),
        ((False, Size.SMALL), (True, Size.SMALL), False),
        ((True, Size.SMALL), (True, Size.FULL), False),
    ],
)
def test_a_small_run_that_held_does_not_replace_the_figures_of_a_full_one(
    before: tuple[bool | None, Size], after: tuple[bool | None, Size], is_kept: bool, tmp_path: Path
) -> None:
    for name in ("results.md", "README.md"):
        (tmp_path / name).write_text(f"{pages.BEGIN}\n{pages.END}\n")
    for (held, size), sentence in ((before, "Before."), (after, "After.")):
        pages.write(pages.rows([Verdict("cities", held, sentence)], size), tmp_path)
    assert [row["sentence"] for row in pages.read(tmp_path / pages.RESULTS)] == [
        "Before." if is_kept else "After."
    ]


def test_the_published_pages_are_made_of_the_published_figures() -> None:
    published = pages.read()
    for name, made in (("results.md", pages.text(published)), ("README.md", pages.overview(published))):
        between = (pages.FOLDER / name).read_text().partition(pages.BEGIN)[2].partition(pages.END)[0]
        assert between.strip() == made.strip()
    assert {row["name"] for row in published} <= set(ATTACKS)


def test_the_attackers_are_in_no_package() -> None:
    built = tomllib.loads((pages.ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]
    assert built["wheel"]["packages"] == ["src/passerby"]
    assert not any("redteam" in part for part in built["sdist"]["include"])


def test_a_verdict_is_a_sentence() -> None:
    with pytest.raises(ValueError, match="full stop"):
        Verdict("lines", True, "held")
    with pytest.raises(ValueError, match="not measured: m"):
        Verdict("lines", True, "It held.", {"n": 1}, {"m": "0"})
