"""What mistakes at many kinds of steps have in common: a quantity left out, examples put together in the wrong way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from backcheck.formula import ONE, Cell, Formula, Number, cells, multiply, rebuild
from backcheck.grading.edits import Candidate, exchanged, seen
from backcheck.slips.at_outputs import ALIKE

if TYPE_CHECKING:
    from backcheck.grading.mistakes import Book

OTHER_ACTIVATIONS = {"sigmoid": "sigmoid(z)", "tanh": "tanh(z)", "relu": "max(0, z)"}

SLOPES_IN_A = {"sigmoid": "a*(1 - a)", "tanh": "1 - a**2"}


def alike(loss: str) -> set[str]:
    """Losses that differ by a factor only, which is a mistake of its own."""
    return ALIKE if loss in ALIKE else {loss}


def over_examples(tree: Formula, examples: int, mean: bool) -> Iterator[Candidate]:
    N = Number(str(examples))
    if mean:
        yield Candidate("sum_for_mean", f"it is not divided by the {examples} examples", multiply(N, tree))
        yield Candidate("mean_twice", f"it is divided by the {examples} examples twice", tree / N)
    else:
        yield Candidate("mean_for_sum", f"it is divided by the {examples} examples", tree / N)


def of_examples(book: Book, tree: Formula) -> Iterator[Candidate]:
    """What a batch, or a mean over outputs, makes of a slope."""
    if book.sheet.names.examples > 1:
        yield from over_examples(tree, book.sheet.names.examples, book.sheet["L"].op == "mean")
    outputs = book.at.shape(book.sheet.names.output)[-1]
    loss = book.sheet["L[n]" if "L[n]" in book.sheet else "L"].op
    if outputs > 1 and loss == "mean_squared_error":
        yield Candidate("sum_for_mean", f"it is not divided by the {outputs} outputs", multiply(Number(str(outputs)), tree))


def stripped(tree: Formula, id: str, says: str, book: Book, row: str) -> Iterator[Candidate]:
    """Every quantity of a row left out of the products it stands in."""

    def strip(node: Formula) -> Formula:
        if isinstance(node, Cell):
            return ONE if book.steps.place(node.name)[0] == row else node
        return rebuild(node, strip)

    yield Candidate(id, says, strip(tree))


def one_by_one(tree: Formula, id: str, change: Callable[[str], str | None]) -> Iterator[Candidate]:
    """The same change to one quantity at a time."""
    for name in dict.fromkeys(cells(tree)):
        if other := change(name):
            says = f"{seen(other)} is taken for {seen(name)}"
            yield from exchanged(tree, id, says, lambda cell, name=name, other=other: other if cell == name else None)  # type: ignore[misc]
