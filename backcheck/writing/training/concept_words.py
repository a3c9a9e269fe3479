"""What is found of initial weights and of the weights that matter, in sentences; it works nothing out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

from backcheck.reasons.concepts.importance import CRITERIA, Importance
from backcheck.reasons.concepts.initialisation import OWN, Initialisation
from backcheck.spelling import Figures
from backcheck.worksheet import Array

SHOWN_INPUTS = 6
CALLED = {"xavier": "Xavier", "he": "He", OWN: "the file"}
FOUR = Figures(digits=4)


def figure(value: Any) -> str:
    """A number to four digits; a dash where there is none."""
    if value is None:
        return "—"
    return FOUR(float(value)).replace("-", "−") if isfinite(value) else "infinite"


def line(weights: Sequence[Any] | Array) -> str:
    """The decision line of weights whose last is the bias.

    >>> line([2.3, 0, -5])
    '2.3·x1 − 5 = 0'
    """
    terms = [(float(w), f"·x{j}") for j, w in enumerate(weights[:-1], 1)] + [(float(weights[-1]), "")]
    used = [(w, x) for w, x in terms if w]
    if len(used) > SHOWN_INPUTS:
        return f"w·x + b = 0 with {len(terms) - 1} weights and b = {figure(terms[-1][0])}"
    text = "".join(f" {'−' if w < 0 else '+'} {figure(abs(w))}{x}" for w, x in used)
    return f"{text.removeprefix(' + ').replace(' − ', '−', 1) if text.startswith(' − ') else text.removeprefix(' + ')} = 0"


def of_initialisation(found: Initialisation) -> Iterator[str]:
    """Where the figures come from, and which scheme keeps the variance."""
    source = f"{found.examples} examples of the file" if found.inputs == "data" else f"{found.examples} standard normal inputs"
    yield (
        f"Over {source} and {found.draws} seeds, biases of 0; δ of the last layer is drawn with variance 1. In theory "
        "E[z²] = n·Var(w)·E[a²] from one layer to the next and E[δ²] = n·Var(w)·E[δ²]·E[f′(z)²] back, with Var(w) = 2/(n + n_out) "
        "(Glorot and Bengio 2010) and 2/n (He et al. 2015), and z normal, which it is in wide layers."
    )
    if found.keeps is None:
        yield "With one layer, or a variance that is lost on the way, there is no growth to compare."
        return
    for scheme in found.schemes:
        name, on, back = CALLED[scheme.name], figure(scheme.forward), figure(scheme.backward)
        name = name[0].upper() + name[1:]
        yield f"{name}: from one layer to the next the variance of z is multiplied by {on}, back that of δ by {back}."
    yield f"{CALLED[found.keeps]} comes nearer to keeping both, a factor of 1, with {_functions(found.functions)} in these widths."


def of_importance(found: Importance) -> Iterator[str]:
    """What was tried, which weight matters least, and which criterion foretells it."""
    used, all_examples = found.examples
    if len(found.weights) < found.of:
        yield f"{len(found.weights):,} of {found.of:,} weights were tried, evenly among all."
    if used < all_examples:
        yield f"L is taken over {used:,} of {all_examples:,} examples, evenly among all."
    yield (
        f"L = {figure(found.loss)}, without penalties; g = ∂L/∂w, h = ∂²L/∂w². "
        "A weight is removed by making it 0 in all its places."
    )
    least, most = (pick(found.weights, key=lambda w: abs(w.change)) for pick in (min, max))
    yield f"Least matters {least.name}: without it L changes by {figure(least.change)}; most {most.name}, by {figure(most.change)}."
    told = [f"{CRITERIA[name][0]} {figure(value)}" for name, value in found.agreement.items() if value is not None]
    if told:
        yield f"Rank correlation (Spearman) of each criterion with what removal really does, both by size: {'; '.join(told)}."
    flat = [CRITERIA[name][0] for name, value in found.agreement.items() if value is None]
    if flat:
        yield f"No correlation where all weights rank alike: {', '.join(flat)}."
    steepest = max(abs(w.slope) for w in found.weights)
    yield (
        "The second derivative alone (optimal brain damage, LeCun, Denker and Solla 1990) is meant for where the loss is least and "
        f"every slope 0; here the largest |g| is {figure(steepest)}."
    )
    if found.at_kink:
        yield "At a kink, where some z is exactly 0, slopes are those of the side below."


def _functions(functions: tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(op.partition(":")[2].strip() if ":" in op else op.replace("|", ", ") for op in functions))


def count(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
