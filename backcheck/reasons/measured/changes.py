"""One thing at a time changed in a network or in how it is trained: another rate, start, loss, activation; it trains nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from backcheck.catalogue import ACTIVATIONS, LOSSES
from backcheck.reasons.measured.rows import layers, loss_row, rebuilt, with_numbers
from backcheck.roads.forward import of_outputs
from backcheck.training.plan import Choice, HeldOut, Penalty, Plan
from backcheck.worksheet import Array, Phase, Row, Worksheet

GIVEN, FORWARD, LOSS = Phase.GIVEN, Phase.FORWARD, Phase.LOSS
Case = tuple[Worksheet, Plan]


class Change(NamedTuple):
    """What is done, in words that follow "with", and the doing of it."""

    says: str
    of: Callable[[Worksheet, Plan], Case]


def rate(factor: float) -> Change:
    """The learning rate times a factor."""

    def of(sheet: Worksheet, plan: Plan) -> Case:
        return with_numbers(sheet, {"eta": np.asarray(float(sheet.given["eta"]) * factor)}), plan

    return Change(f"{factor:g} times the learning rate", of)


def start(scheme: str, says: str = "", seed: int = 0) -> Change:
    """Weights drawn by xavier or he, biases 0; what is frozen or tied stays as it is."""

    def of(sheet: Worksheet, plan: Plan) -> Case:
        drawn: dict[str, Array] = {}
        for l, layer in enumerate(layers(sheet)):
            old = sheet.given[layer.W]
            drawn[layer.W] = _where_free(sheet, layer.W, _drawn(scheme, old.shape, np.random.default_rng([seed, l])))
            if layer.b:
                drawn[layer.b] = _where_free(sheet, layer.b, np.zeros(sheet.given[layer.b].shape))
        return with_numbers(sheet, drawn), plan

    return Change(says or f"weights drawn by {scheme} and biases of 0", of)


def _drawn(scheme: str, shape: tuple[int, ...], draw: np.random.Generator) -> Array:
    outgoing, incoming = shape
    if scheme == "he":  # normal, variance 2/incoming: He et al. 2015
        return draw.normal(0.0, math.sqrt(2 / incoming), shape)
    edge = math.sqrt(6 / (incoming + outgoing))  # uniform, variance 2/(incoming + outgoing): Glorot and Bengio 2010
    return draw.uniform(-edge, edge, shape)


def _where_free(sheet: Worksheet, name: str, new: Array) -> Array:
    free = np.asarray(sheet.given.get(f"trainable {name}", np.ones(new.shape))) > 0
    return np.where(free & (np.asarray(sheet.given.get(f"places {name}", np.zeros(new.shape))) == 0), new, sheet.given[name])


def scheme_for(sheet: Worksheet) -> str:
    """he where most hidden layers are cut off below 0, else xavier."""
    hidden = [layer.a.op for layer in layers(sheet)[:-1]]
    return "he" if sum(op in ("relu", "leaky_relu", "elu", "gelu", "silu") for op in hidden) * 2 > len(hidden) else "xavier"


def standardised() -> Change:
    """Every column of the inputs with mean 0 and standard deviation 1; a column that never changes stays."""

    def of(sheet: Worksheet, plan: Plan) -> Case:
        x = sheet.given["x"]
        mean, spread = x.mean(0), x.std(0)
        mean, spread = np.where(spread > 0, mean, 0.0), np.where(spread > 0, spread, 1.0)
        held_out = plan.held_out
        if isinstance(held_out, HeldOut):
            held_out = held_out._replace(inputs=(held_out.inputs - mean) / spread)
        return with_numbers(sheet, {"x": (x - mean) / spread}), plan._replace(held_out=held_out)

    return Change("inputs standardised to mean 0 and deviation 1 in every column", of)


def hidden(op: str, instead_of: tuple[str, ...] = ()) -> Change:
    """Another activation in the hidden layers, or in those that have one of some."""

    def of(sheet: Worksheet, plan: Plan) -> Case:
        rows = [layer.a for layer in layers(sheet)[:-1] if not instead_of or set(layer.a.op.split("|")) & set(instead_of)]
        new = {row.name: Row(row.name, op, (row.parents[0], *ACTIVATIONS[op].values())) for row in rows}
        return rebuilt(sheet, new) if new else sheet, plan

    return Change(f"{op} in the hidden layers", of)


def output(op: str) -> Change:
    """Another activation of the outputs."""

    def of(sheet: Worksheet, plan: Plan) -> Case:
        row = layers(sheet)[-1].a
        return rebuilt(sheet, {row.name: Row(row.name, op, (row.parents[0], *ACTIVATIONS[op].values()))}), plan

    return Change(f"{op} outputs", of)


def loss(op: str) -> Change:
    """Another loss."""

    def of(sheet: Worksheet, plan: Plan) -> Case:
        row = of_outputs(loss_row(sheet))
        return rebuilt(sheet, {row.name: Row(row.name, op, (*row.parents[:2], *LOSSES[op].values()), LOSS)}), plan

    return Change(f"{op} as the loss", of)


def both(first: Change, second: Change) -> Change:
    """Two changes that make sense only together."""
    return Change(f"{first.says} and {second.says}", lambda sheet, plan: second.of(*first.of(sheet, plan)))


def biases(value: float) -> Change:
    """A bias for every unit of layers without one."""

    def of(sheet: Worksheet, plan: Plan) -> Case:
        bare = [layer for layer in layers(sheet) if layer.b is None]
        rows = {z.name: Row(z.name, "affine", (*z.parents, f"b{z.name[1:]}")) for z, _ in bare}
        new = {f"b{layer.z.name[1:]}": np.full(len(sheet.given[layer.W]), value) for layer in bare}
        return rebuilt(sheet, rows, new) if bare else sheet, plan

    return Change(f"a bias of {value:g} for every unit", of)


def raised() -> Change:
    """Biases below 0 of hidden layers made 0, as far as they may move."""

    def of(sheet: Worksheet, plan: Plan) -> Case:
        names = [layer.b for layer in layers(sheet)[:-1] if layer.b]
        return with_numbers(sheet, {b: _where_free(sheet, b, np.maximum(sheet.given[b], 0)) for b in names}), plan

    return Change("hidden biases below 0 made 0", of)


def all_trainable() -> Change:
    """Nothing frozen."""

    def of(sheet: Worksheet, plan: Plan) -> Case:
        masks = {name: np.ones(array.shape) for name, array in sheet.given.items() if name.startswith("trainable ")}
        return sheet.with_given(masks, sheet.names), plan

    return Change("every weight trainable", of)


def l2(strength: float) -> Change:
    """A penalty on the squares of the weights."""
    return Change(f"L2 of strength {strength:g}", lambda sheet, plan: (sheet, plan._replace(l2=Penalty(strength))))


def stopped_early(patience: int) -> Change:
    """The end where the held-out loss has not been lower for some epochs."""
    choice = Choice("early_stopping", {"patience": patience, "least": 0.0, "keep_best": 1.0})
    return Change("early stopping", lambda sheet, plan: (sheet, plan._replace(early_stopping=choice)))


def clipped(limit: float) -> Change:
    """All slopes together cut to a length."""
    choice = Choice("norm", {"limit": limit})
    return Change(f"slopes clipped to a length of {limit:g}", lambda sheet, plan: (sheet, plan._replace(clip=choice)))
