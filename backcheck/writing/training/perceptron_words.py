"""What a perceptron and logistic regression made of the same examples, in sentences; it works nothing out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from backcheck.reasons.concepts.perceptron import Comparison
from backcheck.writing.training.concept_words import SHOWN_INPUTS, count, figure, line

SHOWN_EXAMPLES = 12


def of_perceptron(found: Comparison) -> Iterator[str]:
    """The rule, what became of it, the bound, the likelihood, and where the two differ."""
    low, high = found.labels
    yield (
        "Rosenblatt's rule from weights of 0, with the examples in the order of the file: wherever s·(w·x + b) is not above 0, "
        f"w + s·x and b + s take the place of w and b; s is 1 for the class {high} and −1 for the class {low}."
    )
    yield from _rule(found)
    yield from _planes(found)
    yield from _likelihood(found)
    others = found.disagreements
    yield f"They disagree on {_examples(others)}." if others else "They agree on every example."


def _rule(found: Comparison) -> Iterator[str]:
    rule = found.perceptron
    if rule.ended == "converged":
        made = count(rule.updates, "mistake")
        yield f"Epoch {len(rule.mistakes)} has no mistake, after {made} in all: the perceptron stays there."
        yield f"Its line is {line(rule.weights)}; that it puts every example on its side proves that the classes are separable."
    elif rule.cycle:
        first, again = rule.cycle
        most, least = max(rule.in_cycle), min(rule.in_cycle)
        between = str(most) if most == least else f"between {least} and {most}"
        yield (
            f"Epochs {first} and {again} begin with the same weights, and an epoch depends on nothing else: from there on it goes "
            f"round in a cycle of {count(again - first, 'epoch')} and never ends, with {between} of {len(found.points)} examples "
            "right at the end of an epoch."
        )
    else:
        never = found.separation.kind in ("touching", "overlapping")
        ends = "it never ends, though" if never else "it would end, though" if found.separation.kind == "separable" else "and"
        yield f"After {len(rule.mistakes):,} epochs it still makes mistakes; {ends} no weights have come back so far."


def _planes(found: Comparison) -> Iterator[str]:
    if found.bound is not None:
        yield _novikoff(found, found.bound)
    if found.common:
        shares = [(n, share) for n, share in enumerate(found.separation.weights, 1) if share]
        where = f"({', '.join(map(figure, found.common))})" if len(found.common) <= SHOWN_INPUTS else "one and the same"
        told = ", ".join(f"{_share(2 * share)} of example {n}" for n, share in shares)
        yield (
            f"No line separates the classes: the point {where} is a mean of examples of the one and of the other, with the shares "
            f"{told}; beside a line that separates, it would lie on both sides."
        )
    if found.separation.kind == "undecided":
        yield "Whether a line separates the classes was not decided: the examples are too many for exact arithmetic."


def _novikoff(found: Comparison, bound: Fraction | float) -> str:
    margin = (
        f"the largest margin there is, that of {line(found.separation.direction)}"
        if found.exact
        else "the margin of its own line, as the largest is not known here"
    )
    return (
        f"On separable examples it makes at most (R/γ)² = {_bound(bound)} mistakes (Novikoff 1962): R = {figure(found.radius)} is "
        f"the length of the longest (x, 1), γ = {figure(found.margin)} {margin}. It made {found.perceptron.updates:,}."
    )


def _likelihood(found: Comparison) -> Iterator[str]:
    if found.exists is False:
        yield from _without_end(found)
        return
    fit, surely = found.logistic, "" if found.exists else ", if there is one (that was not decided)"
    drawn = (
        f"Its line p = ½ is {line(fit.weights)}." if any(fit.weights[:-1]) else "Its p is the same everywhere: there is no line."
    )
    yield (
        f"Logistic regression is at its largest likelihood{surely} after {count(fit.steps, 'step')} of Newton's method: there "
        f"Σ (p − t)·(x, 1) = 0, here to {figure(fit.slope)}. {drawn}"
    )


def _without_end(found: Comparison) -> Iterator[str]:
    falls = (
        "towards 0, if w and b separate the classes"
        if found.separation.kind == "separable"
        else f"for the w and b of {line(found.separation.direction)}, which has examples on it, but none on its wrong side"
    )
    yield (
        "Logistic regression has no weights of the largest likelihood here: L = Σ ln(1 + exp(−c·s·(w·x + b))) falls for ever as c "
        f"grows, {falls}. Its weights grow without bound; a penalty λ/2·(‖w‖² + b²) that vanishes shows how, and the figures are "
        "those of its last λ."
    )
    if found.separation.margin_squared is not None:
        yield (
            "Their direction tends to that of the largest margin (Rosset, Zhu and Hastie 2004); gradient descent goes there as "
            "well (Soudry et al. 2018)."
        )


def _examples(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:SHOWN_EXAMPLES]))
    more = f" and {len(numbers) - SHOWN_EXAMPLES:,} more" if len(numbers) > SHOWN_EXAMPLES else ""
    return f"example{'' if len(numbers) == 1 else 's'} {shown}{more}"


def _bound(bound: Fraction | float) -> str:
    return str(bound) if isinstance(bound, Fraction) and bound.denominator == 1 else figure(bound)


def _share(share: Fraction) -> str:
    return str(share) if share.denominator < 1000 else figure(share)
