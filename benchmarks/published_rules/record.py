"""One training run as the published tools would have seen it: what each of their rules reads; it judges nothing.

It trains by itself, with the rules of the road by hand, and knows nothing of `backcheck.training` but the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from backcheck.roads.by_hand import rule
from backcheck.roads.work import idle
from backcheck.training.examples import split
from backcheck.training.plan import Choice, Plan
from backcheck.worksheet import Array, Phase, Worksheet

Arrays = dict[str, Array]
WORKED = (Phase.FORWARD, Phase.LOSS, Phase.BACKWARD)


class Seen(NamedTuple):
    """The network at one moment, over one set of examples. Layers count from 0; weights[0] belongs to layer 1."""

    loss: float
    accuracy: float | None
    weights: list[Array]
    biases: list[Array]
    sums: list[Array]  # z
    activations: list[Array]  # a
    gradients: list[Array]  # ∂L/∂W
    bias_gradients: list[Array]
    held_out_loss: float | None = None
    held_out_accuracy: float | None = None


class Record(NamedTuple):
    """All moments of a run, the first before any update, and what the tools know of the program."""

    seen: list[Seen]
    inputs: Array
    targets: Array
    rate: float
    activations: list[str]  # of each layer: relu, sigmoid, …
    loss: str
    epochs: int  # planned
    dropout: tuple[float, ...]
    summed: bool  # the losses of the examples are added, not averaged

    @property
    def classes(self) -> bool:
        """Whether targets are classes: one-hot rows, or one column of 0 and 1 (or −1 and 1)."""
        return classes(self.targets)


class Runs(NamedTuple):
    """All that a tool may look at: the training as planned, and the same updates on a single batch, as TheDeepChecker wants it."""

    record: Record
    batch: Record
    fit: list[tuple[float, float]]


def runs(sheet: Worksheet, plan: Plan) -> Runs:
    """50 examples for 200 updates, and 16 for 1000: what TheDeepChecker has in its settings."""
    return Runs(observed(sheet, plan), observed(sheet, alone(plan, 200), most=50), fitted(sheet, plan, 16, 1000))


def classes(targets: Array) -> bool:
    values = set(np.unique(targets))
    return len(targets) > 1 and (values <= {0.0, 1.0} or values <= {-1.0, 1.0})


def observed(sheet: Worksheet, plan: Plan, most: int | None = None) -> Record:
    """Trains as the plan says, on at most so many examples, and looks before the first and after every epoch."""
    training, unused = split(sheet, plan)
    x, t = training.x[:most], training.t[:most]
    held_out = None if unused is None else (unused.x, unused.t)
    draw, state = np.random.default_rng(plan.seed), dict(sheet.given)
    moments: dict[str, Arrays] = {}
    seen = [_look(sheet, state, (x, t), held_out)]
    step = 0
    for epoch in range(plan.epochs):
        for rows in _batches(len(x), plan, draw):
            step += 1
            worked = _work(sheet, state, x[rows], t[rows], WORKED, _kept(sheet, plan, len(x[rows]), draw))
            _update(sheet, state, worked, plan, moments, step, _rate(sheet, plan, epoch))
        seen.append(_look(sheet, state, (x, t), held_out))
        if not np.isfinite(seen[-1].loss):
            break
    return _record(sheet, plan, seen, x, t)


def alone(plan: Plan, updates: int) -> Plan:
    """The same updates on one batch that stays: no shuffling, nothing dropped, nothing held out."""
    return plan._replace(epochs=updates, batch_size=None, shuffle=False, dropout=(), held_out=None, schedule=Choice("constant"))


def fitted(sheet: Worksheet, plan: Plan, most: int, updates: int) -> list[tuple[float, float]]:
    """Loss, and accuracy or mean |t − y|, while a few examples are trained on: one pair for each update."""
    x, t = sheet.given["x"][:most], sheet.given["t"][:most]
    state = dict(sheet.given)
    moments: dict[str, Arrays] = {}
    seen: list[tuple[float, float]] = []
    for step in range(1, updates + 1):
        worked = _work(sheet, state, x, t, WORKED, {})
        y = worked[sheet.names.output]
        accuracy = _accuracy(y, t)
        seen.append((float(worked["L"].sum()), float(abs(t - y).mean()) if accuracy is None else accuracy))
        if not np.isfinite(seen[-1][0]):
            break
        _update(sheet, state, worked, alone(plan, updates), moments, step, float(sheet.given["eta"]))
    return seen


def _record(sheet: Worksheet, plan: Plan, seen: list[Seen], x: Array, t: Array) -> Record:
    ops = [row.op.split("|")[0] for row in sheet.in_phase(Phase.FORWARD) if row.name.startswith("a")]
    loss = next(row.op for row in sheet.in_phase(Phase.LOSS)).removesuffix(" of any targets").split("+")[-1]
    rate = float(sheet.given["eta"]) if "eta" in sheet.given else 0.0
    return Record(seen, x, t, rate, ops, loss, plan.epochs, plan.dropout, sheet["L"].op == "total")


def _batches(count: int, plan: Plan, draw: np.random.Generator) -> Iterator[Any]:
    size = plan.batch_size or count
    order = draw.permutation(count) if plan.shuffle and size < count else np.arange(count)
    for start in range(0, count, size):
        yield order[start : start + size]


def _kept(sheet: Worksheet, plan: Plan, count: int, draw: np.random.Generator) -> Arrays:
    """Inverted dropout: what the activations of each hidden layer are multiplied with."""
    if not plan.dropout:
        return {}
    return {
        f"a{l}": (draw.random((count, len(sheet.given[f"W{l}"]))) >= part) / (1 - part) for l, part in enumerate(plan.dropout, 1)
    }


def _work(sheet: Worksheet, state: Arrays, x: Array, t: Array, phases: tuple[Phase, ...], kept: Arrays) -> Arrays:
    """Every row of some phases over these examples; the numeral that a mean divides by is their number."""
    values = {**state, "x": x, "t": t}
    if sheet["L"].op == "mean":
        values[str(len(sheet.given["x"]))] = np.asarray(float(len(x)))
    aside = {row.name for row in idle(sheet)}
    with np.errstate(all="ignore"):
        for row in sheet.in_phase(*phases):
            if row.name not in aside:
                value = rule(row)(*[values[parent] for parent in row.parents])
                values[row.name] = np.asarray(value) * kept.get(row.name.removeprefix("dL/d"), 1.0)
    return values


def _look(sheet: Worksheet, state: Arrays, training: tuple[Array, Array], held_out: tuple[Array, Array] | None) -> Seen:
    values = _work(sheet, state, *training, WORKED, {})
    layers = range(1, 1 + sum(name.startswith("W") for name in sheet.given))
    biased = [l for l in layers if f"b{l}" in state]

    def every(name: str, which: Any = layers) -> list[Array]:
        return [values[name.format(l)] for l in which]

    seen = Seen(
        float(values["L"].sum()),
        _accuracy(values[sheet.names.output], training[1]),
        [w.copy() for w in every("W{}")],
        [b.copy() for b in every("b{}", biased)],
        every("z{}"),
        every("a{}"),
        every("dL/dW{}"),
        every("dL/db{}", biased),
    )
    if held_out is None:
        return seen
    other = _work(sheet, state, *held_out, WORKED[:2], {})
    accuracy = _accuracy(other[sheet.names.output], held_out[1])
    return seen._replace(held_out_loss=float(other["L"].sum()), held_out_accuracy=accuracy)


def _accuracy(y: Array, t: Array) -> float | None:
    if not classes(t):
        return None
    if t.shape[1] > 1:
        return float((y.argmax(1) == t.argmax(1)).mean())
    middle = 0.0 if t.min() < 0 else 0.5
    return float(((y > middle) == (t > middle)).mean())


def _rate(sheet: Worksheet, plan: Plan, epoch: int) -> float:
    eta, (name, settings) = float(sheet.given["eta"]), plan.schedule
    match name:
        case "step":
            return eta * float(settings["factor"] ** (epoch // settings["every"]))
        case "exponential":
            return eta * float(settings["factor"] ** epoch)
        case "cosine":
            return settings["to"] + (eta - settings["to"]) * (1 + float(np.cos(np.pi * epoch / plan.epochs))) / 2
    return eta


def _update(sheet: Worksheet, state: Arrays, worked: Arrays, plan: Plan, moments: dict[str, Arrays], step: int, eta: float) -> None:
    """One update of every parameter by the optimiser of the plan."""
    for p in [name for name in sheet.given if name[0] in "Wb" and name[1:].isdigit()]:
        g = worked[f"dL/d{p}"]
        if plan.l2 and (p[0] == "W" or plan.l2.biases):
            g = g + plan.l2.strength * (1 if plan.l2.half else 2) * state[p]
        if plan.l1 and (p[0] == "W" or plan.l1.biases):
            g = g + plan.l1.strength * np.sign(state[p])
        if plan.clip and plan.clip.name == "value":
            g = np.clip(g, -plan.clip.settings["limit"], plan.clip.settings["limit"])
        change = _change(g, plan, moments.setdefault(p, {"m": np.zeros_like(g), "v": np.zeros_like(g)}), step)
        state[p] = state[p] - eta * change * sheet.given.get(f"trainable {p}", 1.0)


def _change(g: Array, plan: Plan, kept: Arrays, step: int) -> Array:
    """What the rate is multiplied with."""
    name, settings = plan.optimiser
    with np.errstate(all="ignore"):
        if name in ("momentum", "nesterov"):
            kept["m"] = settings["beta"] * kept["m"] + g
            return kept["m"] if name == "momentum" else g + settings["beta"] * kept["m"]
        if name == "rmsprop":
            kept["v"] = settings["rho"] * kept["v"] + (1 - settings["rho"]) * g**2
            return np.asarray(g / (np.sqrt(kept["v"]) + settings["epsilon"]))
        if name in ("adam", "adamw"):
            kept["m"] = settings["beta1"] * kept["m"] + (1 - settings["beta1"]) * g
            kept["v"] = settings["beta2"] * kept["v"] + (1 - settings["beta2"]) * g**2
            m, v = kept["m"] / (1 - settings["beta1"] ** step), kept["v"] / (1 - settings["beta2"] ** step)
            return np.asarray(m / (np.sqrt(v) + settings["epsilon"]))
    return g
