"""Counts the same boxes with passerby and with its peers, and writes how far each is from the truth.

    python benchmarks/accuracy.py --out docs/accuracy.md

Makes the peers' environment (.bench/) at the first run. Takes some ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import clips
import drawn
import report
from contest import Entry, Outcome, Tuned, ours, score
from material import Piece
from readme import place, put
from rivals import Rivals, tune

ROOT = Path(__file__).parent.parent


def streets(quick: bool) -> Iterator[Piece]:
    """The drawn streets that are reported; none has the seed that peers were tuned on.

    By night and at other frame rates the usual street is the same as by day.
    """
    duration_s = 30.0 if quick else drawn.DURATION_S
    for seed, (name, traffic) in enumerate(drawn.STREETS.items(), start=100):
        yield drawn.piece(name, seed, 10.0, traffic, drawn.DAY, duration_s)
    usual = drawn.STREETS["usual"]
    yield drawn.piece("usual, night", 100, 10.0, usual, drawn.NIGHT, duration_s)
    for fps in (5.0, 25.0):
        yield drawn.piece(f"usual, {fps:g} fps", 100, fps, usual, drawn.DAY, duration_s)


def contest(piece: Piece, folder: Path, tuned: Sequence[Tuned]) -> list[Outcome]:
    """passerby, the bound of what these boxes allow, and every tuned peer on one piece."""
    path = folder / "piece.jsonl"
    piece.write(path)
    rivals = Rivals(path)
    entries: list[Entry] = [*ours(piece, path), *rivals.entries(piece, tuned)]
    print(f"  {piece.name}: {len(piece.passes)} true passes", file=sys.stderr)
    return [score(piece, entry) for entry in entries]


def sections(assets: Path, folder: Path, quick: bool) -> Iterator[report.Section]:
    """Every table of the page, one after the other."""
    for model in clips.MODELS:
        print(f"film, {model}", file=sys.stderr)
        choosing, reporting = clips.vtest(assets, model)
        tuned = tune([choosing], folder, quick)
        outcomes = contest(reporting, folder, tuned)
        yield report.Section(f"PETS S2.L1, boxes of {model}", outcomes, tuned)
    print("drawn streets", file=sys.stderr)
    choosing = drawn.piece("choosing", 1, 10.0, drawn.STREETS["usual"], drawn.DAY, 30.0)
    tuned = tune([choosing], folder, quick)
    outcomes = [outcome for piece in streets(quick) for outcome in contest(piece, folder, tuned)]
    yield report.Section("drawn streets", outcomes, tuned)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs/accuracy.md")
    parser.add_argument("--readme", type=Path, help="put the summary between <!-- accuracy --> and <!-- end -->")
    parser.add_argument("--assets", type=Path, default=ROOT / "../shared")
    parser.add_argument("--quick", action="store_true", help="half a minute of each street, and few options tried")
    wish = parser.parse_args()
    if wish.readme:
        place(wish.readme, "accuracy")  # now, not after ten minutes
    with tempfile.TemporaryDirectory() as name:
        found = list(sections(wish.assets, Path(name), wish.quick))
    wish.out.parent.mkdir(parents=True, exist_ok=True)
    wish.out.write_text(report.page(found, clips.material(wish.assets), sys.argv))
    if wish.readme:
        put(wish.readme, "accuracy", report.summary(found))


if __name__ == "__main__":
    main()
