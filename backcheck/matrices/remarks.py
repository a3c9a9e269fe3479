"""What has to be said beside an answer: how a text was read, what is agreed at a kink; it derives nothing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from backcheck.matrices.indices import Entries, Factor
from backcheck.matrices.tree import Tree, walk

AGREED = {
    "relu": "relu has the slope 0 at 0",
    "abs": "abs has the slope sign(0) = 0 at 0",
    "sign": "sign has the slope 0 everywhere, at its jump too",
    "step": "step(0) = 0, and step has the slope 0 everywhere, at its jump too",
}
SINGULAR = "there is no slope where a norm or a root that stands below a fraction is 0"


def remarks(tree: Tree, by: str, jacobian: Entries) -> Iterator[str]:
    """The remarks on one answer."""
    nodes = walk(tree)
    if not any(node.op == "name" and node.text == by for node in nodes):
        yield f"the expression does not depend on {by}"
    called = {node.text for node in nodes if node.op == "apply"}
    yield from (says for name, says in AGREED.items() if name in called)
    if any(exponent < 0 and (factor.kind == "norm" or exponent.denominator == 2) for factor, exponent in _powers(jacobian)):
        yield SINGULAR


def _powers(entries: Entries) -> Iterator[tuple[Factor, Fraction]]:
    for term in entries:
        for factor, exponent in term.powers:
            yield factor, exponent
            yield from _powers(factor.body)
