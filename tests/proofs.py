"""Random networks, and every proof about them confirmed by training: `python tests/proofs.py 10000 --seed 1`.

Each network is trained by a trainer of its own, with several optimisers, penalties, batches and orders. What is proven to
stand still must not change by one bit, a dead unit must give 0 with ∂L/∂z = 0, and identical units must be equal to the last
bit where every sum is rounded once, so that the order of its terms does not matter.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, repeat
from typing import Any

import numpy as np
from naive_training import EACH, LOSSES, WHOLE, Net, Setting, Trainer, Work, exact_dot, plain_dot

from backcheck.api import loads
from backcheck.reasons.finding import Finding
from backcheck.reasons.proven import proven
from backcheck.training.plan import Choice, Penalty, Plan

KINKED = ["relu", "relu", "relu", "{relu: {at_zero: 1}}", "{relu: {at_zero: 0.5}}", "max(0, z)", "{leaky_relu: {slope: 0}}"]
SMALL = [-1.0, -0.5, 0.0, 0.5, 1.0]

# random networks


def network(rng: random.Random) -> Net:
    """One of many kinds, most of them with something to prove."""
    sizes = [rng.randint(1, 3), *(rng.randint(1, 4) for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3]))), rng.choice([1, 1, 2, 3])]
    W = [numbers(rng, (sizes[l + 1], sizes[l])) for l in range(len(sizes) - 1)]
    b = [numbers(rng, (size,)) if rng.random() < 0.75 else None for size in sizes[1:]]
    if rng.random() < 0.3:
        W, b = alike(rng, W, b)
    activations = [hidden(rng, size) for size in sizes[1:-1]]
    last, loss = output(rng, sizes[-1])
    x = inputs(rng, sizes[0])
    t = targets(rng, len(x), sizes[-1], loss)
    masks = {
        f"{letter}{l}": mask(rng, p.shape) for letter, ps in (("W", W), ("b", b)) for l, p in enumerate(ps, 1) if p is not None
    }
    net = Net(W, b, [*activations, last], masks, [], x, t, loss)
    return tied(rng, net) if rng.random() < 0.12 else net


def numbers(rng: random.Random, shape: tuple[int, ...]) -> Any:
    draw = np.random.default_rng(rng.getrandbits(32))
    match rng.choice(["any", "any", "zero", "zero", "one", "few", "below", "some zero", "same rows", "digits"]):
        case "any":
            return draw.normal(size=shape)
        case "zero":
            return np.zeros(shape)
        case "one":
            return np.full(shape, draw.choice([*SMALL, 0.1, 0.3]))
        case "few":
            return draw.choice(SMALL, shape)
        case "below":
            return -abs(draw.normal(size=shape))
        case "some zero":
            return draw.normal(size=shape) * (draw.random(shape) < 0.5)
        case "same rows":
            return np.repeat(draw.normal(size=(1, *shape[1:])), shape[0], 0)
    return np.round(draw.normal(size=shape), 1)


def alike(rng: random.Random, W: list[Any], b: list[Any]) -> tuple[list[Any], list[Any]]:
    """Some unit becomes the twin of another, and sometimes not quite."""
    W, b = [w.copy() for w in W], [None if v is None else v.copy() for v in b]
    for l in range(len(W) - 1):
        if len(W[l]) > 1:
            i, j = rng.sample(range(len(W[l])), 2)
            W[l][j] = W[l][i]
            W[l + 1][:, j] = W[l + 1][:, i]
            if b[l] is not None:
                b[l][j] = b[l][i]
            if rng.random() < 0.15:
                rng.choice([W[l], W[l + 1].T])[j] += rng.choice([1e-9, 1e-15])
    if rng.random() < 0.3:  # the twins exchange their weights to the twins above
        for l in range(1, len(W)):
            order = list(range(W[l].shape[0]))
            rng.shuffle(order)
            if W[l].shape[0] == W[l].shape[1]:
                W[l] = np.where(np.eye(len(W[l]))[order] > 0, rng.choice(SMALL), rng.choice(SMALL))
    return W, b


def hidden(rng: random.Random, units: int) -> list[str]:
    if rng.random() < 0.12:
        return [rng.choice(list(WHOLE))]
    one = rng.choice(KINKED) if rng.random() < 0.5 else rng.choice(list(EACH))
    return [rng.choice([one, rng.choice(list(EACH))]) for _ in range(units)] if rng.random() < 0.2 else [one] * units


def output(rng: random.Random, units: int) -> tuple[list[str], str]:
    match rng.choice(["any", "any", "any", "cross_entropy", "binary_cross_entropy", "whole"]):
        case "cross_entropy":
            return ["softmax"], "cross_entropy"
        case "binary_cross_entropy":
            return ["sigmoid"] * units, "binary_cross_entropy"
        case "whole":
            return [rng.choice(list(WHOLE))], rng.choice(list(LOSSES))
    return [rng.choice(["identity", "identity", "sigmoid", "tanh", rng.choice(list(EACH))])] * units, rng.choice(list(LOSSES))


def inputs(rng: random.Random, width: int) -> Any:
    draw = np.random.default_rng(rng.getrandbits(32))
    count = rng.choice([1, 2, 3, 4, 4, 4, 5, 90]) if rng.random() < 0.5 else rng.choice([1, 3, 4])
    x = rng.choice([draw.normal(size=(count, width)), draw.choice(SMALL, (count, width)), abs(draw.normal(size=(count, width)))])
    x = np.round(x, rng.choice([1, 2, 16]))
    if rng.random() < 0.2:
        x[:, rng.randrange(width)] = 0
    if width > 1 and rng.random() < 0.1:
        x[:, 0] = x[:, 1]
    return x


def targets(rng: random.Random, count: int, outputs: int, loss: str) -> Any:
    draw = np.random.default_rng(rng.getrandbits(32))
    t = draw.random((count, outputs)) if rng.random() < 0.5 else draw.choice([0.0, 1.0], (count, outputs))
    if loss == "cross_entropy":
        return np.eye(outputs)[draw.integers(outputs, size=count)]
    return np.repeat(t[:, :1], outputs, 1) if rng.random() < 0.3 else t


def mask(rng: random.Random, shape: tuple[int, ...]) -> Any:
    match rng.choice(["all", "all", "all", "all", "none", "some"]):
        case "all":
            return np.ones(shape)
        case "none":
            return np.zeros(shape)
    return (np.random.default_rng(rng.getrandbits(32)).random(shape) < 0.6) * 1.0


def tied(rng: random.Random, net: Net) -> Net:
    """Some parameters become one."""
    places = [(f"W{l}", index) for l, W in enumerate(net.W, 1) for index in np.ndindex(W.shape)]
    places += [(f"b{l}", index) for l, b in enumerate(net.b, 1) if b is not None for index in np.ndindex(b.shape)]
    if len(places) < 2:
        return net
    chosen = rng.sample(places, rng.randint(2, min(4, len(places))))
    arrays = {f"W{l}": W for l, W in enumerate(net.W, 1)} | {f"b{l}": b for l, b in enumerate(net.b, 1) if b is not None}
    value = arrays[chosen[0][0]][chosen[0][1]]
    for row, index in chosen:
        arrays[row][index] = value
        net.masks[row][index] = 1
    return net._replace(ties=[chosen])


# as a file


def text(net: Net) -> str:
    """The network as a problem file."""
    names = {place: f"p{g}" for g, group in enumerate(net.ties) for place in group}

    def written(array: Any, row: str, index: tuple[int, ...] = ()) -> str:
        if array.ndim == len(index):
            value = repr(float(array[index]))
            return f"{{{names[row, index]}: {value}}}" if (row, index) in names else value
        return f"[{', '.join(written(array, row, (*index, i)) for i in range(array.shape[len(index)]))}]"

    def quoted(name: str) -> str:
        return name if name[0] == "{" or name.isidentifier() else f'"{name}"'

    lines = [f"inputs: {net.x.tolist()}", f"targets: {net.t.tolist()}", "layers:"]
    for l, (W, b, names_of) in enumerate(zip(net.W, net.b, net.activations, strict=True), 1):
        lines.append(f"  - weights: {written(W, f'W{l}')}")
        lines += [f"    biases: {written(b, f'b{l}')}"] if b is not None else []
        f = quoted(names_of[0]) if len(set(names_of)) == 1 else f"[{', '.join(map(quoted, names_of))}]"
        truth = {row: str((net.masks[f"{row}{l}"] > 0).tolist()).lower() for row in "Wb" if f"{row}{l}" in net.masks}
        trainable = ", ".join(f"{'weights' if row == 'W' else 'biases'}: {value}" for row, value in truth.items())
        lines += [f"    activation: {f}", f"    trainable: {{{trainable}}}"]
    return "\n".join([*lines, f"loss: {quoted(net.loss)}", "learning_rate: 0.1"]) + "\n"


# ways to train


def ways(rng: random.Random, net: Net) -> Iterator[tuple[Plan, Setting]]:
    """A plan, and the same for the other trainer."""
    batch = rng.choice([None, 1, 2])
    for optimiser in ("sgd", "momentum", "nesterov", "adam", "rmsprop"):
        how = Setting(optimiser, rng.choice([0.05, 0.3, 1.0]), _epochs(net, batch), batch, rng.getrandbits(16))
        yield plan(how._replace(factor=rng.choice([1, 0.8])))
    optimisers = ["sgd", "sgd", "momentum", "nesterov", "adam", "adamw", "adamw", "rmsprop"]
    for _ in range(4):
        batch = rng.choice([None, 1, 2])
        how = Setting(rng.choice(optimisers), rng.choice([0.05, 0.3]), _epochs(net, batch), batch, rng.getrandbits(16))
        how = how._replace(output_first=rng.random() < 0.3 and not net.ties)
        if rng.random() < 0.6:
            how = how._replace(**{rng.choice(["l1", "l2"]): (rng.choice([0.01, 0.2]), rng.random() < 0.5)})
        if rng.random() < 0.3:
            how = how._replace(clip=(rng.choice(["norm", "value"]), 0.1))
        if how.output_first and how.clip:
            how = how._replace(clip=None)
        if rng.random() < 0.3:
            how = how._replace(dropout=tuple(rng.choice([0.0, 0.5]) for _ in net.W[:-1]))
        yield plan(how)


def _epochs(net: Net, batch: int | None) -> int:
    """About 20 updates, at least one epoch."""
    return max(1, min(8, 20 * (batch or len(net.x)) // len(net.x)))


def plan(how: Setting) -> tuple[Plan, Setting]:
    found = Plan(batch_size=how.batch, optimiser=Choice(how.optimiser), dropout=how.dropout)
    found = found._replace(l1=how.l1 and Penalty(how.l1[0], biases=how.l1[1]), l2=how.l2 and Penalty(how.l2[0], biases=how.l2[1]))
    found = found._replace(order="output_first" if how.output_first else "together")
    return found._replace(clip=how.clip and Choice(how.clip[0], {"limit": how.clip[1]})), how


# confirmation

PLACE = re.compile(r"([Wab]\d+)\[([\d,]+)\]")


def places(net: Net, name: str) -> list[tuple[str, tuple[int, ...]]]:
    """Where a name of a finding stands."""
    if found := PLACE.fullmatch(name):
        return [(found[1], tuple(int(i) - 1 for i in found[2].split(",")))]
    return net.ties[int(name[1:])]


def broken(net: Net, findings: list[Finding], how: Setting, dot: Any) -> list[tuple[Finding, str]]:
    """The findings that training refutes, and how; after the first number that is none, nothing is looked at."""
    trainer, found = Trainer(net, how, dot), {}
    start = {name: p.copy() for name, p in trainer.p.items()}
    with np.errstate(all="ignore"):
        for n, work in enumerate(_until_infinite(trainer)):
            for k, finding in enumerate(findings):
                if k not in found and (says := CHECKS[finding.id](net, finding, trainer, start, work)):
                    found[k] = (finding, f"after {n} updates: {says}")
    return list(found.values())


def _until_infinite(trainer: Trainer) -> Iterator[Work]:
    """Every quantity at the start and after each update, as long as all are numbers."""
    try:
        for _ in chain([None], trainer.steps()):
            work, _ = trainer.work(trainer.net.x, trainer.net.t)
            if not all(np.isfinite(array).all() for array in (*work.z, *work.a, *work.delta, *trainer.p.values())):
                return
            yield work
    except (ValueError, OverflowError):  # a sum of infinite terms
        return


def frozen(net: Net, finding: Finding, trainer: Trainer, start: Any, work: Work) -> str:
    every = [place for name in finding.cells for place in places(net, name)]
    return next((f"{row}{index} moved" for row, index in every if trainer.p[row][index] != start[row][index]), "")


def dead(net: Net, finding: Finding, trainer: Trainer, start: Any, work: Work) -> str:
    for name in finding.cells:
        ((row, (j,)),) = places(net, name)
        l = int(row[1:]) - 1
        if work.a[l][:, j].any() or work.delta[l][:, j].any():
            return f"{name} is alive"
    return ""


def identical(net: Net, finding: Finding, trainer: Trainer, start: Any, work: Work) -> str:
    units = [places(net, name)[0] for name in finding.cells]
    columns = [work.a[int(row[1:]) - 1][:, j] for row, (j,) in units]
    return "" if all((column == columns[0]).all() for column in columns) else f"{finding.cells} differ"


def softmax_of_one(net: Net, finding: Finding, trainer: Trainer, start: Any, work: Work) -> str:
    l = int(places(net, finding.cells[0])[0][0][1:]) - 1
    return "" if (work.a[l] == 1).all() and not work.delta[l].any() else "it is not 1, or ∂L/∂z is not 0"


def apart(finding: Finding) -> list[Finding]:
    """A finding, and what never moves because of it as one of its own."""
    return [finding, *([finding._replace(id="frozen", cells=finding.follows)] if finding.follows else [])]


CHECKS: dict[str, Any] = {"frozen": frozen, "dead_units": dead, "identical_units": identical, "softmax_of_one": softmax_of_one}


def confirm(net: Net, rng: random.Random) -> tuple[Counter[str], list[str]]:
    """How many claims were made, of which kind, and those that are false."""
    sheet = loads(text(net))
    made: Counter[str] = Counter()
    false: list[str] = []
    if not proven(sheet, Plan()):  # nothing that a penalty or dropout could make provable
        return made, false
    for plan_, how in ways(rng, net):
        findings = [part for finding in proven(sheet, plan_) for part in apart(finding)]
        made.update(finding.id for finding in findings)
        twins = [finding for finding in findings if finding.id == "identical_units"]
        others = [finding for finding in findings if finding.id != "identical_units"]
        for dot, some in ((plain_dot, others), (exact_dot, twins)):
            for finding, says in broken(net, some, how, dot) if some else ():
                made[f"false {finding.id}"] += 1
                false.append(f"{finding.id} {finding.says}\n{says}\n{how} {dot.__name__}\n{text(net)}")
    return made, false


def one(n: int, seed: int) -> tuple[Counter[str], list[str]]:
    rng = random.Random(f"{seed} {n}")
    return confirm(network(rng), rng)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args(arguments)
    made: Counter[str] = Counter()
    started, claimed = time.perf_counter(), 0
    with ProcessPoolExecutor(asked.jobs) as pool:
        every = (
            pool.map(one, range(asked.count), repeat(asked.seed), chunksize=20)
            if asked.jobs > 1
            else map(one, range(asked.count), repeat(asked.seed))
        )
        for n, (found, false) in enumerate(every):
            made += found
            claimed += bool(found)
            for says in false:
                sys.stdout.write(f"network {n}: {says}\n")
    lines = [f"{asked.count} networks, claims about {claimed}, {time.perf_counter() - started:.0f} s"]
    lines.append(f"{'claim':16} {'made':>8} {'false':>6}")
    lines += [f"{name:16} {made[name]:8} {made[f'false {name}']:6}" for name in CHECKS]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if any(made[f"false {name}"] for name in CHECKS) else 0


if __name__ == "__main__":
    sys.exit(main())
