"""How time and memory of a step grow with width and depth: python benchmarks/growth.py"""

from __future__ import annotations

import tracemalloc
from statistics import median

from timing import seconds, table  # first, because it sets the number of threads

# isort: split
import backcheck


def problem(width: int, depth: int, examples: int = 16) -> str:
    layer = f"  - {{units: {width}, weights: {{init: xavier, seed: 1}}, biases: {{init: zeros}}, activation: tanh}}\n"
    targets = f"{{init: uniform, shape: [{examples}, {width}], seed: 2}}"
    inputs = f"{{init: uniform, shape: [{examples}, {width}], seed: 3}}"
    return f"inputs: {inputs}\ntargets: {targets}\nlayers:\n{layer * depth}loss: squared_error\nlearning_rate: 0.1\n"


def measured(width: int, depth: int) -> list[str]:
    text = problem(width, depth)
    load = median(seconds(lambda: backcheck.loads(text)) for _ in range(3))
    sheet = backcheck.loads(text)
    step = median(seconds(lambda: backcheck.step(sheet)) for _ in range(7))
    tracemalloc.start()
    done = backcheck.step(sheet)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    numbers = sum(done.array(row.name).size for row in sheet.rows)
    parameters = depth * (width + 1) * width
    cells = [f"{width}", f"{depth}", f"{parameters:,}", f"{load * 1e3:.1f} ms", f"{step * 1e3:.2f} ms"]
    return [*cells, f"{step / numbers * 1e9:.1f} ns", f"{peak / 2**20:.1f} MiB"]


def main() -> None:
    header = ["width", "depth", "parameters", "load", "step", "a number", "memory of a step"]
    table("Growth with width, 3 layers, batch 16", header, [measured(width, 3) for width in (4, 16, 64, 256, 1024)])
    table("Growth with depth, 16 wide, batch 16", header, [measured(16, depth) for depth in (1, 4, 16, 64, 256)])


if __name__ == "__main__":
    main()
