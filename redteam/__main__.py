"""Attacks the promise: one line an attack on stderr, one sentence on stdout, exit 0 only if all held."""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from unittest import mock
from zoneinfo import available_timezones

from passerby import plugins
from redteam import pages
from redteam.attacks import ATTACKS, run
from redteam.verdict import Size, Verdict

TESTS = Path(__file__).parent.parent / "tests"  # attackers share its material: walks, graphs, servers

WORDS = {True: "held", False: "GOT THROUGH", None: "skipped"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the attacks that are named, or all; 0 if all held, 1 if one did not, 2 for a name that there is not."""
    asked = _parser().parse_args(arguments)
    if asked.publish:
        pages.write(row for file in asked.publish for row in pages.read(file))
        return 0
    size = Size.FULL if asked.full else Size.SMALL
    sys.path.insert(0, str(TESTS))
    warnings.filterwarnings("ignore", "Using `httpx` with `starlette.testclient`")  # as in pyproject.toml
    verdicts = []
    # What is installed does not change meanwhile; reading it anew each time would be half of the work.
    with (
        mock.patch.object(plugins, "_points", cache(plugins._points)),
        mock.patch.object(plugins, "_parameters", cache(plugins._parameters)),
        mock.patch("passerby.config.schema.available_timezones", cache(available_timezones)),
    ):
        for name in asked.name or ATTACKS:
            begin = time.monotonic()
            verdict = run(name, size)
            verdicts.append(verdict)
            seconds = time.monotonic() - begin
            print(f"{name:13} {WORDS[verdict.held]:12} {seconds:6.1f} s  {verdict.sentence}", file=sys.stderr)
    rows = pages.rows(verdicts, size)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    if asked.write:
        pages.write(rows)
    print(conclusion(verdicts))
    return 1 if any(verdict.held is False for verdict in verdicts) else 0


def conclusion(verdicts: Sequence[Verdict]) -> str:
    """All of it in one sentence."""
    through = [verdict.name for verdict in verdicts if verdict.held is False]
    skipped = [f"{v.name} ({_reason(v)})" for v in verdicts if v.held is None]
    ran = len(verdicts) - len(skipped)
    left = f"; {len(skipped)} skipped: {', '.join(skipped)}" if skipped else ""
    if through:
        return f"{len(through)} of {ran} attacks got through: {', '.join(through)}{left}."
    if not ran:
        return f"No attack ran{left}."
    return f"{'The attack' if ran == 1 else f'All {ran} attacks'} held{left}."


def _reason(verdict: Verdict) -> str:
    return verdict.sentence.removeprefix("Skipped: ").removesuffix(".")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m redteam",
        description="Attacks what passerby promises.",
        epilog="\n".join(f"{name:13} {promise}" for name, promise in ATTACKS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="*", choices=[*ATTACKS, []], metavar="NAME", help="attack only these")
    parser.add_argument("--full", action="store_true", help="as often as the published figures need")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found as JSON")
    parser.add_argument("--write", action="store_true", help="write it into docs/privacy/results.md")
    parser.add_argument(
        "--publish",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="attack nothing; write there what --json wrote of earlier runs",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
