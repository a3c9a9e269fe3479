"""Whole-process time of commands against the imports it cannot do without: python benchmarks/start_up.py [rounds]

backcheck has to be installed (pip install .), so that its modules are compiled as they are for a user.
"""

from __future__ import annotations

import sys
from pathlib import Path

from timing import process, side_by_side, table

PROBLEM = str(Path(__file__).parent.parent / "problems" / "two-two-two.yaml")
CASES = [
    ("step, piped", ["step", PROBLEM], {}, "at most 1.7"),
    ("step, rich tables", ["step", PROBLEM], {"FORCE_COLOR": "1"}, "at most 2.0"),
    ("step, JSON", ["step", PROBLEM, "--format", "json"], {}, ""),
    ("--help", ["--help"], {}, "at most 0.9"),
]
WITH_SYMPY = [
    ("check", ["check", PROBLEM], {}, "at most 2.2"),
    ("check, JSON", ["check", PROBLEM, "--format", "json"], {}, ""),
    ("derive", ["derive", PROBLEM], {}, ""),
]


def main(rounds: int = 21) -> None:
    compared("import numpy", CASES, rounds)
    compared("import numpy, sympy", WITH_SYMPY, rounds)


def compared(imports: str, cases: list[tuple[str, list[str], dict[str, str], str]], rounds: int) -> None:
    yardstick = process("-c", imports)
    rows = []
    for name, words, variables, goal in cases:
        run = process("-c", "from backcheck.cli import main; main()", *words, **variables)
        ours, theirs, ratio = side_by_side(run, yardstick, rounds)
        rows.append([name, f"{ours * 1e3:.0f} ms", f"{theirs * 1e3:.0f} ms", f"{ratio:.2f}", goal])
    table("Whole processes, 2-2-2 network", ["command", "backcheck", imports, "ratio", "goal"], rows)


if __name__ == "__main__":
    sys.path.pop(0)  # measure the installed package, not the checkout
    main(*map(int, sys.argv[1:]))
