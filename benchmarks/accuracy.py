"""Counts the same boxes with passerby and with its peers, and writes how far each is from the truth.

    python benchmarks/accuracy.py --out docs/accuracy.md

Makes the peers' environment (.bench/) at the first run. Takes some ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import clips
import drawn
import report
from contest import Entry, Outcome, Tuned, passerby, score
from material import Piece
from rivals import Rivals, tune

ROOT = Path(__file__).parent.parent


def streets(quick: bool) -> list[Callable[[], Piece]]:
    """The drawn streets that are reported, made one at a time; none has the seed that peers were tuned on."""
    kinds = [(name, 10.0, drawn.DAY, traffic) for name, traffic in drawn.STREETS.items()]
    kinds += [("night", 10.0, drawn.NIGHT, drawn.STREETS["usual"])]
    kinds += [(f"usual, {fps:g} fps", fps, drawn.DAY, drawn.STREETS["usual"]) for fps in (5.0, 25.0)]

    def maker(number: int) -> Callable[[], Piece]:
        name, fps, faults, traffic = kinds[number]
        return lambda: drawn.piece(name, 100 + number, fps, traffic, faults, 30.0 if quick else drawn.DURATION_S)

    return [maker(number) for number in range(len(kinds))]


def contest(piece: Piece, folder: Path, tuned: Sequence[Tuned]) -> list[Outcome]:
    """passerby and every tuned peer on one piece."""
    path = folder / "piece.jsonl"
    piece.write(path)
    rivals = Rivals(path)
    entries: list[Entry] = [passerby(piece, path), *rivals.entries(piece, tuned)]
    print(f"  {piece.name}: {len(piece.passes)} true passes", file=sys.stderr)
    return [score(piece, entry) for entry in entries]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs/accuracy.md")
    parser.add_argument("--assets", type=Path, default=ROOT / "../shared")
    parser.add_argument("--quick", action="store_true", help="half a minute of each street, and few options tried")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sections = []
        for model in clips.MODELS:
            print(f"film, {model}", file=sys.stderr)
            choosing, reporting = clips.vtest(wish.assets, model)
            tuned = tune([choosing], folder, wish.quick)
            sections.append(
                report.Section(f"Film: PETS S2.L1, boxes of {model}", contest(reporting, folder, tuned), tuned)
            )
        print("drawn streets", file=sys.stderr)
        choosing = drawn.piece("choosing", 1, 10.0, drawn.STREETS["usual"], drawn.DAY, 30.0)
        tuned = tune([choosing], folder, wish.quick)
        outcomes = [outcome for make in streets(wish.quick) for outcome in contest(make(), folder, tuned)]
        sections.append(report.Section("Drawn streets", outcomes, tuned))
    wish.out.write_text(report.page(sections, clips.material(wish.assets), sys.argv))


if __name__ == "__main__":
    main()
