"""Side-by-side timing: the two are run in turn, so that a machine that drifts slows both; ratios are taken within a round."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

# One thread: with more, OpenBLAS's waiting threads make the wall time of `import numpy` jump between two values.
os.environ["OPENBLAS_NUM_THREADS"] = "1"


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def side_by_side(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> tuple[float, float, float]:
    """Median seconds of each, and the median of the ratios ours/theirs."""
    ours(), theirs()  # warm up
    pairs = []
    for turn in range(rounds):  # each goes first in every other round
        first, second = (ours, theirs) if turn % 2 else (theirs, ours)
        a, b = seconds(first), seconds(second)
        pairs.append((a, b) if turn % 2 else (b, a))
    return median(a for a, _ in pairs), median(b for _, b in pairs), median(a / b for a, b in pairs)


def process(*words: str, **variables: str) -> Callable[[], object]:
    """A whole process, its output thrown away."""
    environment = {**os.environ, **variables}
    return lambda: subprocess.run([sys.executable, *words], env=environment, stdout=subprocess.DEVNULL, check=True)


def table(title: str, header: list[str], rows: list[list[str]]) -> None:
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    print(f"\n{title}\n")
    for row in [header, ["-" * width for width in widths], *rows]:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
